#!/usr/bin/env python3
"""Certificates of kind "contexts", damaged: both checkers hold the good ones and refuse all others.

Prints TAP. Environment: RNNWIT is the program, SPECS the folder of the spec library."""
import json
import pathlib
import sys
import tempfile

from recheck_harness import SPECS, Bench, run

# Beside a spec blocks are written down where they apply: here are networks beside each other.
# one spec's two networks, one of how many damages; what it is for
NETWORKS = [
    ("wfa/fibonacci", ["--to=dplr"], ["--to=rwkv7"], 23),  # values
    ("wfa/fibonacci", ["--to=rwkv7", "--pad"], ["--to=deltanet", "--pad"], 23),  # blanks; contexts on both sides
    ("wfa/powers", ["--to=pd"], ["--to=rwkv7", "--layers=4"], 83),  # three layers before the last
    ("wfa/fibonacci", ["--to=dplr"], ["--to=deltanet"], 307),  # the other family
    ("nfa/ambiguous", ["--to=rwkv7", "--pad"], ["--to=rwkv7", "--layers=4", "--pad"], 61),  # verdicts
]


def swapped_contexts(certificate):
    """Two contexts change places, and every number of them with it: nothing but the first context is what it is by its place."""
    order = list(range(len(certificate["contexts"])))
    order[1], order[2] = 2, 1
    contexts = [dict(certificate["contexts"][c]) for c in order]
    for context in contexts:
        context["next"] = [order[c] for c in context["next"]]
    rows = [{**row, "context": order[row["context"]]} for row in certificate["rows"]]
    return {**certificate, "contexts": contexts, "rows": rows}


def without_contexts(certificate):
    """The last contexts are taken away, and what led there leads back to the first."""
    kept = len(certificate["contexts"]) // 2
    contexts = [{**c, "next": [n if n < kept else 0 for n in c["next"]]} for c in certificate["contexts"][:kept]]
    rows = [i for i, row in enumerate(certificate["rows"]) if row["context"] < kept]
    numbers = {i: k for k, i in enumerate(rows)}
    short = [{**certificate["rows"][i], "steps": [[[numbers[r], c] for r, c in step if r in numbers]
                                                  for step in certificate["rows"][i]["steps"]]} for i in rows]
    return {**certificate, "contexts": contexts, "rows": short}


def without_outputs(certificate):
    """All rows lose their last entry, which is the right side's output where there is one."""
    return {**certificate, "rows": [{**row, "row": row["row"][:-1]} for row in certificate["rows"]]}


def renamed(bench, left, right):
    """Other ways to say the same hold, and ways to say less do not."""
    path = bench.folder / "certificate.json"
    run("prove", left, right, "--certificate", path)
    good = json.loads(path.read_text())
    other = bench.write("other-certificate.json", json.dumps(swapped_contexts(good)))
    bench.undamaged("contexts in another order", other, left, right)
    for what, changed in (("half of the contexts", without_contexts(good)),
                          ("rows without the output", without_outputs(good)),
                          ("no rows", {**good, "rows": [], "start": []}),
                          ("no contexts", {**good, "contexts": [], "rows": [], "start": []})):
        held = bench.accepted(bench.write("damaged.json", json.dumps(changed)), left, right)
        bench.tell(f"{what}: refused", held)


def expect_kind(bench, name, left, right):
    proved = run("prove", left, right, "--certificate", "-").stdout
    bench.tell(f"{name}: the certificate is of this kind", [] if '"kind": "contexts"' in proved else [proved])


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder))
        one, other = bench.folder / "one.json", bench.folder / "other.json"
        for spec, options, more, every in NETWORKS:
            run("build", SPECS / f"{spec}.yaml", *options, "-o", one)
            run("build", SPECS / f"{spec}.yaml", *more, "-o", other)
            name = " ".join([spec, *options, "beside", *more])
            expect_kind(bench, name, one, other)
            bench.everything(name, one, other, every)
        run("build", SPECS / "wfa/ambiguity.yaml", "--to=dplr", "-o", one)
        run("build", SPECS / "wfa/ambiguity.yaml", "--to=rwkv7", "-o", other)
        renamed(bench, one, other)
    return bench.finish()


if __name__ == "__main__":
    sys.exit(main())
