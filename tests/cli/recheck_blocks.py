#!/usr/bin/env python3
"""Certificates of kind "blocks": both checkers hold those of the library and refuse what is damaged.

Prints TAP. Environment: RNNWIT is the program, SPECS the folder of the spec library."""
import hashlib
import json
import pathlib
import sys
import tempfile

from recheck_harness import SPECS, Bench, in_c, in_python, make

# spec, family and options
LIBRARY = [
    ("matrix-product/imm-2-fibonacci", "rwkv7"),
    ("matrix-product/imm-3", "deltanet"),
    ("matrix-product/imm-3-sign", "deltanet"),
    ("dfa/tomita2", "deltanet"),
    ("dfa/mod-3", "rwkv7", "--layers=4"),
    ("nfa/kth-from-end-3", "rwkv7"),
    ("nfa/ambiguous", "rwkv7"),
    ("wfa/probabilistic", "rwkv7"),
    ("wfa/equal-unary", "deltanet", "--pad"),
    ("dfa/s3", "rwkv7", "--pad"),
]
DAMAGED = [
    ("matrix-product/imm-2-fibonacci", "rwkv7"),
    ("dfa/tomita1", "rwkv7"),
    ("wfa/ones-minus-zeros", "rwkv7", "--pad"),
]


def test_library(bench):
    for name, *options in LIBRARY:
        left, net, certificate, made = make(bench.folder, name, *options)
        codes = (in_c(certificate, left, net), in_python(certificate, left, net)) if made else None
        bench.tell(f"{name} --to {' '.join(options)}: both hold", [] if codes == (0, 0) else [f"made {made}, codes {codes}"])


def test_damages(bench):
    for name, *options in DAMAGED:
        left, net, certificate, made = make(bench.folder, name, *options)
        if not made:
            bench.tell(f"{name}: made", ["it is not"])
            continue
        bench.everything(f"{name} --to {' '.join(options)}", left, net)


def test_other_machine(bench):
    """The certificate of one automaton is none of another, even if the hash is made to fit."""
    _, net, certificate, _ = make(bench.folder, "dfa/tomita1", "rwkv7")
    other = SPECS / "dfa" / "tomita2.yaml"
    root = json.loads(certificate.read_text())
    root["left"]["sha256"] = hashlib.sha256(other.read_bytes()).hexdigest()
    certificate.write_text(json.dumps(root))
    codes = in_c(certificate, other, net), in_python(certificate, other, net)
    bench.tell("another automaton's certificate is refused", [] if codes == (1, 1) else [f"codes {codes}"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder))
        test_library(bench)
        test_damages(bench)
        test_other_machine(bench)
    return bench.finish()


sys.exit(main())
