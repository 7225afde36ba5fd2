#!/usr/bin/env python3
"""Checks a certificate of rnnwit prove again: a second, independent checker with nothing but the standard library.

    tools/recheck.py CERTIFICATE SPEC NET       (or two specs, or two nets)

Exit: 0 the certificate holds, 1 a line of it is not true, 2 it or a file is damaged, 4 a file cannot be read.

The format is rnnwit-certificate(5); each kind of certificate has a module of its own beside this file. Vectors are dicts from places to
nonzero Fractions. Specs are read in the YAML they are usually written in: mappings and lists in block or flow style, quoted
scalars, comments."""
import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import recheck_blocks  # noqa: E402
import recheck_cells  # noqa: E402
import recheck_contexts  # noqa: E402
import recheck_linear  # noqa: E402
import recheck_registers  # noqa: E402
import recheck_visited  # noqa: E402
from recheck_base import Certificate, Problem  # noqa: E402

MODULES = (recheck_linear, recheck_contexts, recheck_cells, recheck_registers, recheck_blocks, recheck_visited)


def check(certificate, paths, texts):
    root = certificate.root
    if not isinstance(root, dict) or type(root.get("rnnwit-certificate")) is not int or \
            root["rnnwit-certificate"] != 1:
        raise certificate.damaged("rnnwit-certificate", None, "not a certificate of format 1")
    for module in MODULES:
        if isinstance(root.get("kind"), str) and root["kind"] in module.KEYS:
            certificate.keys(root, "kind", None, module.KEYS[root["kind"]])
            module.check(certificate, paths, texts)
            return
    raise certificate.damaged("kind", None, "not a kind of certificate that is known here")


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Problem(f"{path}: {error.strerror}", 4) from None


def main():
    parser = argparse.ArgumentParser(description="Check a certificate of rnnwit prove again.")
    parser.add_argument("certificate")
    parser.add_argument("spec")
    parser.add_argument("net")
    arguments = parser.parse_args()
    paths = [arguments.spec, arguments.net]
    try:
        text, texts = read(arguments.certificate), [read(path) for path in paths]
        check(Certificate(arguments.certificate, text), paths, texts)
    except Problem as problem:
        print(problem)
        if problem.code < 4:
            print("certificate FAILS" if problem.code == 1 else "certificate cannot be checked")
        return problem.code
    print(f"{arguments.certificate}: certificate holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
