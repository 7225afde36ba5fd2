#!/usr/bin/env python3
"""Certificates, damaged in every way that can be thought of: both checkers hold the good one and refuse all others.

Prints TAP. Environment: RNNWIT is the program, SPECS the folder of the spec library."""
import json
import pathlib
import sys
import tempfile

from recheck_harness import SPECS, Bench, run, with_sizes

# spec, family; what it is for
SUBJECTS = [
    ("dfa/parity.yaml", "pd"),
    ("dfa/tomita2.yaml", "pd"),  # missing transitions
    ("dfa/s3.yaml", "dplr"),
    ("nfa/with-epsilon.yaml", "dplr"),  # counts paths
    ("nfa/two-initial.yaml", "pd"),  # determinised
    ("wfa/fibonacci.yaml", "dplr"),  # values
    ("wfa/probabilistic.yaml", "dplr"),  # fractions
    ("dfa/parity.yaml", "deltanet"),  # A and B from steps of the delta rule
    ("dfa/s3.yaml", "deltaproduct"),  # several steps for a token
]
# A net with one weight changed that changes no verdict: shown by something else.
HARMLESS = [
    ("dfa/s3.yaml", "pd", "transition", [0, 2, 0], "3", "supports"),
    ("dfa/s3.yaml", "pd", "query", [4, 3], "-1", "pairs"),
    ("dfa/parity.yaml", "pd", "query", [0, 0], "-1", "last-symbol"),  # read as -1 after a 0
    ("wfa/equal-unary.yaml", "dplr", "query", [0, 3], "1/4", "space"),  # 1/4 - d^2 for 1/2 - d^2: a shift by the lattice
    ("wfa/equal-unary.yaml", "dplr", "query", [0, 0], "-1/3", "last-symbol"),  # infinitely many rows
]

# Numbers that grow: its certificate has the reduced basis.
LARGE = """rnnwit: 1
kind: wfa
alphabet: [a, b]
states: [p, q]
initial: {p: 1}
final: {p: 1, q: -1/3}
transitions:
  - [p, a, p, 10000000001]
  - [p, a, q, 1/7]
  - [q, a, p, 1]
  - [q, a, q, 10000000000]
  - [p, b, q, 1]
"""

# A spec that may be taken for a net file.
BRACES = """{"rnnwit": 1, "kind": "dfa", "alphabet": ["a"], "states": ["p", "q"], "initial": "p", "accepting": ["q"],
  "transitions": {"p": {"a": "q"}, "q": {"a": "p"}}}
"""


def changed_net(left, family, param, row, value):
    """The net of a spec with one entry of a parameter changed, or added."""
    net = json.loads(run("build", str(left), "--to", family).stdout)
    rows = net["layers"][0]["heads"][0]["params"][param]
    same = [old for old in rows if old[:-1] == row]
    if same:
        same[0][-1] = value
    else:
        rows.append([*row, value])
    return json.dumps(with_sizes(net))


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder))
        for spec_name, family in SUBJECTS:
            left, right = SPECS / spec_name, bench.folder / "net.json"
            run("build", str(left), "--to", family, "-o", str(right))
            bench.everything(f"{spec_name} to {family}", left, right)
        left, right = bench.write("large.yaml", LARGE), bench.folder / "net.json"
        run("build", str(left), "--to", "dplr", "-o", str(right))
        bench.everything("large numbers", left, right)
        left = bench.write("braces.yaml", BRACES)
        run("build", str(left), "-o", str(right))
        run("prove", str(left), str(right), "--certificate", str(bench.folder / "certificate.json"))
        bench.undamaged("a spec in braces", bench.folder / "certificate.json", left, right)
        for spec_name, *change, argument in HARMLESS:
            left, right = SPECS / spec_name, bench.write("net.json", changed_net(SPECS / spec_name, *change))
            proved = run("prove", "--json", str(left), str(right)).stdout
            bench.tell(f"{spec_name} is shown by {argument}", [] if f'"argument": "{argument}"' in proved else [proved])
            bench.everything(f"{spec_name} by {argument}", left, right)
    return bench.finish()


if __name__ == "__main__":
    sys.exit(main())
