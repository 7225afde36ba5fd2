#!/usr/bin/env python3
"""Every automaton spec of the library: single wrong weights of its network, each refuted by a word or proved harmless; and the library proved.

usage: mutants.py RNNWIT SOURCE-FOLDER [COUNT [SEEDS]]. Prints a line for each kind and the sum, and every wrong weight that is undecided, which fails
it. Times are of this machine; the ratios are against reading and building the same specs."""
import collections
import json
import pathlib
import subprocess
import sys
import time

FATES = ("refuted", "refuted_in_configuration", "harmless", "undecided")


def run(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    try:
        return done.returncode, json.loads(done.stdout)["results"] if "--json" in arguments else []
    except (ValueError, KeyError):
        sys.exit(f"mutants.py: {' '.join(arguments)}: {done.stdout}{done.stderr}")


def timed(work):
    start = time.monotonic()
    result = work()
    return time.monotonic() - start, result


def wrong_weights(program, specs, count, seeds):
    """The sum of each fate for each kind, and the lines of those that are undecided."""
    fates, undecided = collections.defaultdict(collections.Counter), []
    for spec in specs:
        for seed in range(1, seeds + 1):
            _, results = run(program, "prove", str(spec), f"--mutate={count}", f"--seed={seed}", "--json")
            for result in results:
                for fate in FATES:
                    fates[spec.parent.name][fate] += result[fate]
                undecided += [f"{spec.parent.name}/{spec.name} seed {seed}: {m['place']}: {m['before']} -> {m['after']}: {m['reason']}"
                              for m in result["mutants"] if m["fate"] == "undecided"]
    return fates, undecided


def prove_library(program, specs, *options):
    """How many networks are proved, and of how many."""
    results = [result for spec in specs for result in run(program, "prove", str(spec), "--json", *options)[1]]
    wrong = [result for result in results if result["result"] == "differs"]
    if wrong:
        sys.exit(f"mutants.py: {wrong}")
    return sum(result["result"] == "proved" for result in results), len(results)


def main():
    if len(sys.argv) not in (3, 4, 5):
        sys.exit("usage: mutants.py RNNWIT SOURCE-FOLDER [COUNT [SEEDS]]")
    program, root = sys.argv[1], pathlib.Path(sys.argv[2])
    count, seeds = int(sys.argv[3]) if len(sys.argv) > 3 else 60, int(sys.argv[4]) if len(sys.argv) > 4 else 1
    specs = [spec for spec in sorted((root / "specs").glob("*/*.yaml")) if spec.parent.name != "problem"]
    base, _ = timed(lambda: [run(program, "build", str(spec), "-o", "/dev/null") for spec in specs])
    for name, options in (("prove the library", ()), ("prove the library --to all", ("--to=all",))):
        seconds, (proved, networks) = timed(lambda options=options: prove_library(program, specs, *options))
        print(f"{name:34} {proved} of {networks} networks of {len(specs)} specs in {seconds:.1f} s; {seconds / base:.1f} times building one of each", flush=True)
    seconds, (fates, undecided) = timed(lambda: wrong_weights(program, specs, count, seeds))
    total = collections.Counter()
    for kind, counts in sorted(fates.items()):
        total += counts
        print(f"{'wrong weights: ' + kind:34} {counts['refuted']} refuted by a word, {counts['refuted_in_configuration']} in the configuration only, "
              f"{counts['harmless']} proved harmless, {counts['undecided']} undecided")
    weights = sum(total.values())
    print(f"{'wrong weights: all':34} {total['refuted']} refuted by a word, {total['refuted_in_configuration']} in the configuration only, "
          f"{total['harmless']} proved harmless, {total['undecided']} undecided of {weights} in {seconds:.0f} s; "
          f"decided {100 * (weights - total['undecided']) / weights:.2f} %")
    for line in undecided:
        print(f"  UNDECIDED {line}")
    return 1 if undecided else 0


sys.exit(main())
