#!/usr/bin/env python3
"""Certificates of kind "registers": both checkers hold those of the library and refuse what is damaged.

Prints TAP. Environment: RNNWIT is the program, SPECS the folder of the spec library."""
import hashlib
import pathlib
import sys
import tempfile

from recheck_harness import SPECS, Bench, in_c, in_python, make, run

LIBRARY = sorted("cra/" + path.stem for path in (SPECS / "cra").glob("*.yaml"))
DAMAGED = ["cra/flow-shop", "cra/heap", "cra/no-neighbours"]
# What the letter makes of x, and whether it is the same as x = 2*y + max(x, y + 1): the same network must not be certified for others.
UPDATES = [("x = 2*y + max(x, y + 1)", True), ("x = y + y + max(y+1, x)", True), ("x = max(x + y, 2*y + 1) + y", True),
           ("x = 2*y + max(x, y)", False), ("x = y + max(x, y + 1)", False), ("x = 2*y + x", False),
           ("x = 2*y + max(x, 2*y + 1)", False), ("y = 2*y + max(x, y + 1)", False)]
SPEC = "rnnwit: 1\nkind: cra\nname: one\nalphabet: [a, b]\nregisters: {{x: 3, y: 1}}\nupdates:\n  a: [{}]\n  b: [y = y + 1]\noutput: x + 1\n"


def test_library(bench):
    for name in LIBRARY:
        left, net, certificate, made = make(bench.folder, name, "relu-input")
        codes = (in_c(certificate, left, net), in_python(certificate, left, net)) if made else None
        bench.tell(f"{name}: both hold", [] if codes == (0, 0) else [f"made {made}, codes {codes}"])


def test_damages(bench):
    for name in DAMAGED:
        left, right = SPECS / (name + ".yaml"), bench.folder / "net.json"
        run("build", left, "-o", right)
        bench.everything(name, left, right)


def with_spec(certificate, spec):
    """The certificate, said to be about another spec."""
    text = certificate.read_text()
    at = text.index('"sha256": "') + len('"sha256": "')
    return text[:at] + hashlib.sha256(spec.read_bytes()).hexdigest() + text[at + 64:]


def test_updates(bench):
    """One network, beside automata that are and are not the same."""
    spec, net, certificate = bench.write("one.yaml", SPEC.format(UPDATES[0][0])), bench.folder / "net.json", bench.folder / "certificate.json"
    run("build", spec, "-o", net)
    run("prove", spec, net, "--certificate", certificate)
    for update, holds in UPDATES:
        other = bench.write("other.yaml", SPEC.format(update))
        moved = bench.write("moved.json", with_spec(certificate, other))
        accepted = bench.accepted(moved, other, net)
        bench.tell(f"{update}: {'held' if holds else 'refused'}", [] if accepted == (["C", "Python"] if holds else []) else [str(accepted)])


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder))
        test_library(bench)
        test_damages(bench)
        test_updates(bench)
    return bench.finish()


if __name__ == "__main__":
    sys.exit(main())
