#!/usr/bin/env python3
"""Certificates of kind "cells": both checkers hold those of the library and refuse what is damaged.

Prints TAP. Environment: RNNWIT is the program, SPECS the folder of the spec library."""
import copy
import hashlib
import itertools
import json
import pathlib
import random
import sys
import tempfile

from recheck_harness import SHARE, Bench, in_c, in_python, make, run, weights, with_sizes

LIBRARY = [("stack/" + name, "mlp") for name in ("anbncn", "copy", "dyck-2", "last-in", "palindrome-marked", "three-kinds", "circuit-value")] + \
    [("turing/" + name, "mlp") for name in ("increment", "busy-beaver-2", "busy-beaver-3", "busy-beaver-4", "busy-beaver-5", "universal-2-3")] + \
    [("counter/" + name, "mlp") for name in ("anbn", "anbncn", "dyck1", "equal-as-and-bs", "majority", "connectivity-target-last")] + \
    [("counter/resets", "gated"), ("counter/connectivity-printed", "gated")] + \
    [("counter/" + name, "relu") for name in ("anbn", "anbncn", "dyck1", "majority")]
DAMAGED = [("stack/palindrome-marked", "mlp"), ("stack/anbncn", "mlp"), ("turing/busy-beaver-2", "mlp"), ("counter/anbn", "mlp"),
           ("counter/resets", "gated"), ("counter/dyck1", "relu")]


def damages(root):
    """(what, certificate) with one thing wrong; all of them must be refused."""
    for key in root:
        yield f"without {key}", {k: v for k, v in root.items() if k != key}
    yield "another key", {**root, "more": 1}
    yield "another claim", {**root, "claim": "values"}
    yield "other tokens", {**root, "tokens": root["tokens"][::-1] + ["x"]}
    for history in (False, True, "step", 1, "rule"):
        if (type(history), history) != (type(root["history"]), root["history"]):
            yield f"history {history}", {**root, "history": history}
    for m, mode in enumerate(root["modes"]):
        def changed(key, value, m=m):
            modes = copy.deepcopy(root["modes"])
            modes[m][key] = value
            return {**root, "modes": modes}
        yield f"without mode {m}", {**root, "modes": root["modes"][:m] + root["modes"][m + 1:]}
        yield f"mode {m} twice", {**root, "modes": root["modes"] + [mode]}
        for key in mode:
            yield f"mode {m} without {key}", {**root, "modes": [{k: v for k, v in one.items() if one is not mode or k != key}
                                                                for one in root["modes"]]}
        yield f"mode {m}: number", changed("mode", -1)
        yield f"mode {m}: a coordinate that is not there", changed("constant", mode["constant"] + [[10 ** 6, "1"]])
        for e, (at, value) in enumerate(mode["constant"]):
            for other in (f"{int(value) + 1}" if "/" not in value else "0", *(("1/0", None, "0") if e == 0 else ())):
                entries = copy.deepcopy(mode["constant"])
                entries[e] = [at, other]
                yield f"mode {m}: constant {at} {value} -> {other}", changed("constant", entries)
        for i, slope in enumerate(mode["slopes"]):
            for e, (at, value) in enumerate(slope):
                slopes = copy.deepcopy(mode["slopes"])
                slopes[i][e] = [at, "3/2"]
                # a slope means nothing where the number is always 0, or was 0 before the one step that leads here
                if mode["classes"][i] != [0] and not (root["history"] == "step" and "= 0" in mode["name"]):
                    yield f"mode {m}: slope {i} {at} {value} -> 3/2", changed("slopes", slopes)
        for key in ("classes", "content") if "stack" in root or root["stacks_here"] else ("classes",):
            for i, known in enumerate(mode[key]):
                for cls in known:
                    sets = copy.deepcopy(mode[key])
                    sets[i] = [c for c in known if c != cls]
                    yield f"mode {m}: {key} {i} without {cls}", changed(key, sets)
                sets = copy.deepcopy(mode[key])
                sets[i] = known + [64]
                yield f"mode {m}: {key} {i} with 64", changed(key, sets)


def test_library(bench):
    for name, family in LIBRARY:
        left, net, certificate, made = make(bench.folder, name, family)
        codes = (in_c(certificate, left, net), in_python(certificate, left, net)) if made else None
        bench.tell(f"{name} --to {family}: both hold", [] if codes == (0, 0) else [f"made {made}, codes {codes}"])


def test_damages(bench):
    for name, family in DAMAGED:
        left, net, certificate, made = make(bench.folder, name, family)
        root, notes, count = json.loads(certificate.read_text()), [], 0
        stacks = not name.startswith("counter")
        for what, wrong in itertools.islice(damages({**root, "stacks_here": stacks}), 0, None, SHARE):
            wrong = {k: v for k, v in wrong.items() if k != "stacks_here"}
            if what == "without stacks_here":
                continue
            certificate.write_text(json.dumps(wrong))
            codes = in_c(certificate, left, net), in_python(certificate, left, net)
            count += 1
            if 0 in codes or any(code not in (1, 2) for code in codes):
                notes.append(f"{what}: {codes}")
        certificate.write_text(json.dumps(root)[:-20])
        if 0 in (in_c(certificate, left, net), in_python(certificate, left, net)):
            notes.append("cut short: held")
        bench.tell(f"{name} --to {family}: {count} damages are refused", notes if made and count > 20 // SHARE else [f"made {made}, {count} damages"])


def test_weights(bench):
    """A single wrong weight, the hash made to fit: refused, unless the changed net is proved too."""
    draw = random.Random(5)
    for name, family in DAMAGED:
        left, net, certificate, _ = make(bench.folder, name, family)
        root, good_net, notes, refused = json.loads(certificate.read_text()), json.loads(net.read_text()), [], 0
        for _ in range(14):
            wrong = copy.deepcopy(good_net)
            row = draw.choice(list(weights(wrong)))
            row[-1] = draw.choice(["2", "-3", "1/2", "7"])
            wrong.pop("size")
            net.write_text(json.dumps(wrong))
            changed = copy.deepcopy(root)
            changed["right"]["sha256"] = hashlib.sha256(net.read_bytes()).hexdigest()
            certificate.write_text(json.dumps(changed))
            codes = in_c(certificate, left, net), in_python(certificate, left, net)
            refused += 0 not in codes
            if (codes[0] == 0) != (codes[1] == 0):
                notes.append(f"{row}: {codes}")
            elif codes == (0, 0):
                wrong["size"] = good_net["size"]
                net.write_text(json.dumps(wrong))
                verified = run("verify", left, net, "--no-states", "--budget=20000")
                if verified.returncode == 1:
                    notes.append(f"{row}: held, and a word refutes it")
        bench.tell(f"{name} --to {family}: {refused} of 14 wrong weights are refused, none wrongly held", notes if refused > 5 else ["too few are refused"])


def test_cuts(bench):
    """A unit ReLU(n - 3), which is nowhere read: the positive numbers are cut below 3 or at it."""
    left, net, certificate, _ = make(bench.folder, "counter/equal-as-and-bs", "mlp")
    changed = json.loads(net.read_text())
    for row in changed["layers"][0]["heads"][0]["params"]["hidden1_bias"]:
        row[-1] = "-3" if row[0] == 7 else row[-1]
    net.write_text(json.dumps(with_sizes(changed)))
    proved = run("prove", left, net, "--certificate", certificate)
    root = json.loads(certificate.read_text())
    notes = [] if proved.returncode == 0 and root["modes"][0].get("cuts") == [[3]] else [proved.stdout, str(root["modes"])]
    for cuts, holds in (([[3]], True), ([[1, 3]], True), ([[2]], True), ([[1]], False), ([[4]], False), ([[]], False), ([[3, 3]], False), ([["3"]], False),
                        ([[3.5]], False), ([3], False), ([[3], [3]], False), (None, False)):
        root["modes"][0]["cuts"] = cuts
        certificate.write_text(json.dumps(root))
        codes = in_c(certificate, left, net), in_python(certificate, left, net)
        if codes != (0, 0) if holds else 0 in codes:
            notes.append(f"cuts {cuts}: {codes}")
    bench.tell("a class is cut where a sign changes in it", notes)


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder))
        test_library(bench)
        test_damages(bench)
        test_weights(bench)
        test_cuts(bench)
    return bench.finish()


sys.exit(main())
