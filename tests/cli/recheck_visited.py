#!/usr/bin/env python3
"""Certificates of kind "visited": both checkers hold them for each kind of machine and family of heads, and refuse what is damaged.

Prints TAP. Environment: RNNWIT is the program, SPECS the folder of the spec library."""
import copy
import json
import pathlib
import random
import sys
import tempfile

from recheck_harness import SPECS, Bench, damages, run, with_sizes

# A machine with a counter that stays 0 or 1: its networks have few states, beside any machine of the same language.
TOGGLE = """rnnwit: 1
kind: counter
name: toggle
alphabet: ["0", "1"]
counters: [n]
range: natural
states: [s]
initial: s
accepting: {s: {n: zero}}
transitions:
  - {from: s, read: "0", to: s}
  - {from: s, read: "1", to: s, when: {n: zero}, add: {n: 1}}
  - {from: s, read: "1", to: s, when: {n: nonzero}, add: {n: -1}}
"""
HEAD = 'rnnwit: 1\nkind: {}\nname: even\nalphabet: ["0", "1"]\n'
MACHINES = {
    "dfa": HEAD.format("dfa") + 'states: [even, odd]\ninitial: even\naccepting: [even]\n'
                                'transitions:\n  even: {"0": even, "1": odd}\n  odd: {"0": odd, "1": even}\n',
    "nfa": HEAD.format("nfa") + 'states: [start, even, odd]\ninitial: start\naccepting: [even]\ntransitions:\n  - [start, ~, even]\n'
                                '  - [even, "0", even]\n  - [even, "1", odd]\n  - [odd, "0", odd]\n  - [odd, "1", even]\n  - [odd, "1", start]\n',
    "wfa": HEAD.format("wfa") + 'accept: positive\nstates: [q]\ninitial: {q: 1/2}\nfinal: {q: 1}\n'
                                'transitions:\n  - [q, "0", q, 1]\n  - [q, "1", q, -1]\n',
    "regex": HEAD.format("regex") + "pattern: (0|10*1)*\n",
}
THOROUGH = {("dfa", "relu"), ("nfa", "mlp"), ("wfa", "gated")}
# Several layers, with a feed-forward part that routes.
DEEP = [("dfa/parity", "--to=rwkv7"), ("dfa/parity", "--to=rwkv7", "--layers=4"), ("dfa/tomita2", "--to=rwkv7")]
# Of a large certificate so many damages are drawn.
DRAWN = 40
# A head that no argument about linear heads covers.
IDLE = {"family": "relu", "name": "idle", "dims": {"n": 1}, "coordinates": ["idle"],
        "params": {"recurrent": [], "input": [], "bias": [[0, "1"]]}, "output": []}


def certified(bench, name, left, right):
    """The certificate, or None."""
    certificate = bench.folder / "certificate.json"
    certificate.unlink(missing_ok=True)
    done = run("prove", left, right, "--certificate", certificate)
    good = done.returncode == 0 and certificate.exists() and json.loads(certificate.read_text())["kind"] == "visited"
    bench.tell(f"{name}: all pairs are visited and written down", [] if good else [done.stdout + done.stderr])
    return certificate if good else None


def test_kinds(bench):
    toggle = bench.write("toggle.yaml", TOGGLE)
    for family in ("relu", "mlp", "gated"):
        right = bench.folder / f"{family}.json"
        run("build", toggle, "--to", family, "-o", right)
        for kind, text in MACHINES.items():
            left = bench.write("even.yaml", text)
            certificate = certified(bench, f"{kind} beside {family}", left, right)
            if certificate and (kind, family) in THOROUGH:
                bench.everything(f"{kind} beside {family}", left, right)
            elif certificate:
                bench.undamaged(f"{kind} beside {family}", certificate, left, right)


def deep(bench, name, *options):
    """The network of the spec and an idle ReLU beside its last head."""
    left, right = SPECS / (name + ".yaml"), bench.folder / "net.json"
    run("build", left, *options, "-o", right)
    net = json.loads(right.read_text())
    net["layers"][-1]["heads"].append(IDLE)
    net["size"]["heads"] += 1
    net["size"]["coordinates"] += 1
    return left, bench.write("net.json", json.dumps(with_sizes(net)))


def test_deep(bench):
    for subject in DEEP:
        left, right = deep(bench, *subject)
        certificate = certified(bench, " ".join(subject), left, right)
        if certificate:
            bench.undamaged(" ".join(subject), certificate, left, right)


def test_damages(bench):
    """A network of several layers: some damages of its certificate, and of its weights."""
    name, draw = "dfa/tomita2", random.Random(3)
    left, right = deep(bench, name, "--to=rwkv7")
    certificate = certified(bench, name, left, right)
    root = json.loads(certificate.read_text())
    problems = []
    for _ in range(DRAWN):
        at = draw.randrange(len(root["rows"]))
        changed = copy.deepcopy(root)
        what, changed["rows"][at] = draw.choice([d for d in damages(root["rows"][at])])
        path = bench.write("damaged.json", json.dumps(changed))
        problems += [f"{checker} holds row {at}: {what}" for checker in bench.accepted(path, left, right)]
    for what, rows in (("a row less", root["rows"][:-1]), ("a row twice", root["rows"] + root["rows"][-1:]), ("no rows", [])):
        path = bench.write("damaged.json", json.dumps({**root, "rows": rows}))
        problems += [f"{checker} holds {what}" for checker in bench.accepted(path, left, right)]
    bench.tell(f"{name} to rwkv7: nothing in the certificate can be changed", problems)
    bench.wrong_nets(f"{name} to rwkv7", certificate, left, right)


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder))
        test_kinds(bench)
        test_deep(bench)
        test_damages(bench)
    return bench.finish()


if __name__ == "__main__":
    sys.exit(main())
