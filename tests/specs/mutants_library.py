#!/usr/bin/env python3
"""Negative controls over the library: single wrong weights of the network of every automaton spec are refuted by a word, or proved harmless.

Prints TAP: a line for each spec. A sample; ./run bench does it whole. RNNWIT_SANITIZED=1 makes the sample smaller."""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.path.abspath(os.environ.get("RNNWIT", str(ROOT / "build" / "rnnwit")))
SPECS = pathlib.Path(os.environ.get("SPECS", str(ROOT / "specs")))
SANITIZED = os.environ.get("RNNWIT_SANITIZED") == "1"
MUTANTS = "1" if SANITIZED else "10"


def check(spec):
    done = subprocess.run([PROGRAM, "prove", str(spec), "--json", f"--mutate={MUTANTS}"], capture_output=True, text=True,
                          timeout=300, check=False)
    try:
        (result,) = json.loads(done.stdout)["results"]
    except (ValueError, KeyError):
        return [done.stdout + done.stderr]
    problems = [json.dumps(mutant)[:400] for mutant in result["mutants"] if mutant["fate"] == "undecided"]
    decided = result["refuted"] + result["refuted_in_configuration"] + result["harmless"]
    if done.returncode != 0 or decided != int(MUTANTS) or result["undecided"] != 0:
        problems.append(f"exit code {done.returncode}, {decided} of {MUTANTS} decided")
    return problems


def main():
    specs = [spec for spec in sorted(SPECS.glob("*/*.yaml")) if spec.parent.name != "problem"]
    failed = 0
    print(f"1..{len(specs)}")
    for number, spec in enumerate(specs, 1):
        problems = check(spec)
        failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {number} - {MUTANTS} wrong weights of {spec.parent.name}/{spec.stem} are decided", flush=True)
        for problem in problems:
            print("# " + problem.replace("\n", "\n# "))
    return 1 if failed or not specs else 0


sys.exit(main())
