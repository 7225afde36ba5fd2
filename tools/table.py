#!/usr/bin/env python3
"""The spec library as a table: what was verified, what was proved, and whether both checkers hold the certificate.

    tools/table.py RNNWIT SPEC...        (problems are verified with their direct solvers)

Exit: 1 if anything differs, or a certificate is refused."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

CHECKER = pathlib.Path(__file__).resolve().parent / "recheck.py"
RNNWIT = sys.argv[1] if len(sys.argv) > 1 else "rnnwit"


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


def result_of(*command):
    try:
        return json.loads(run(RNNWIT, *command, "--json").stdout)["results"][0]
    except (ValueError, KeyError, IndexError):
        return {}


def recheck(command, *files):
    return {0: "holds", 1: "REFUSED", 2: "not read"}.get(run(*command, *files).returncode, "failed")


def row(spec):
    verified = result_of("verify", spec)
    if "problem" in verified:
        good = verified.get("holds") and verified.get("solver_agrees")
        return [spec, verified.get("family", ""), f"its word of {verified['problem']['word_length']}",
                "solver, machine, network agree" if good else "DIFFERS", ""]
    family = verified.get("family", "?")
    with tempfile.TemporaryDirectory() as folder:
        net, certificate = os.path.join(folder, "net.json"), os.path.join(folder, "certificate.json")
        run(RNNWIT, "build", spec, "-o", net)
        proved = result_of("prove", spec, "--certificate", certificate)
        checked = "none"
        if os.path.exists(certificate):
            both = [recheck((RNNWIT, "recheck"), certificate, spec, net),
                    recheck((sys.executable, str(CHECKER)), certificate, spec, net)]
            checked = ", ".join(both)
    verdict = str(proved.get("result", "?")).upper()
    if verdict != "PROVED":
        verdict += ": " + str(proved.get("reason", ""))
    return [spec, family, f"{verified.get('length', '?')}" if verified.get("holds") else "DIFFERS", verdict, checked]


def main():
    specs = sys.argv[2:]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        rows = list(pool.map(row, specs))
    table = [["spec", "family", "verified to length", "for all words", "certificate (rnnwit recheck, recheck.py)"]] + rows
    widths = [max(len(line[i]) for line in table if i != 3 or len(line[3]) < 60) for i in range(5)]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    proved = sum(line[3] == "PROVED" for line in rows)
    print(f"{len(rows)} specs: {proved} proved for all words, {sum(line[4] == 'holds, holds' for line in rows)} with a certificate that both checkers hold")
    return int(any("DIFFERS" in line or "REFUSED" in line[4] for line in rows))


if __name__ == "__main__":
    sys.exit(main())
