#!/usr/bin/env python3
"""The layout is the architecture: includes only point down, the two sides of a verification never meet, and no file grows two jobs.

Prints TAP. The house is the table of ARCHITECTURE.md, as data."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASE = {"src/base"}
EXACT = BASE | {"src/exact"}
AUTOMATA = EXACT | {"automata"}
NETS = EXACT | {"src/rnn"}
SPEC = AUTOMATA | {"src/spec"}
HOUSE = {
    "src/base": BASE,
    "src/exact": EXACT,
    "automata": AUTOMATA,
    "src/spec": SPEC,
    "src/rnn": NETS,
    "reductions/problems": SPEC | {"reductions/problems"},
    "reductions/witness": AUTOMATA | NETS | {"reductions/witness"},
    "src/interchange": SPEC | NETS | {"src/interchange"},
    "src/verify": AUTOMATA | NETS | {"src/verify"},
    "src/recheck": SPEC | {"src/recheck"},  # neither the prover nor the runtime
    "src/report": SPEC | NETS | {"src/interchange", "src/verify", "src/report", "reductions/witness", "reductions/problems"},
    "src/cli": SPEC
    | NETS
    | {
        "src/interchange",
        "src/verify",
        "src/recheck",
        "src/report",
        "reductions/witness",
        "reductions/problems",
        "src/cli",
    },
}
# Longest first, so that "src/base/x.h" is not looked for as "base/x.h" of another root.
LONGEST_FILE = 600
PRINTS = re.compile(r"\b(printf|puts|putchar|perror|exit|_exit|abort)\s*\(")


def sources(folder):
    return sorted(p for p in (ROOT / folder).glob("*.[ch]"))


def folder_of(include):
    for prefix in ("src/", ""):
        path = prefix + include
        folder = path.rsplit("/", 1)[0]
        if folder in HOUSE:
            return folder
    return None


def wrong_includes(folder):
    for path in sources(folder):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'#include "([^"]+)"', line)
            if match and match.group(1) not in ("config.h",):
                target = folder_of(match.group(1))
                if target is None or target not in HOUSE[folder]:
                    yield f"{path.relative_to(ROOT)}:{number}: {line.strip()}"


def strip(text):
    """Without comments and string literals."""
    return re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\])*"', "", text, flags=re.S)


def printing(folder):
    for path in sources(folder):
        if path.name == "memory.c":  # the out-of-memory handler's last resort
            continue
        for match in PRINTS.finditer(strip(path.read_text())):
            yield f"{path.relative_to(ROOT)}: {match.group(1)}"


def too_long(folder):
    for path in sources(folder):
        lines = len(path.read_text().splitlines())
        if lines > LONGEST_FILE:
            yield f"{path.relative_to(ROOT)}: {lines} lines"


def main():
    results = []
    for folder in HOUSE:
        results.append((f"{folder} includes only what stands below it", list(wrong_includes(folder))))
        results.append((f"{folder} has no file of more than {LONGEST_FILE} lines", list(too_long(folder))))
        if folder != "src/cli":
            results.append((f"{folder} neither prints nor exits", list(printing(folder))))
    unknown = [str(p.relative_to(ROOT)) for root in ("src", "automata", "reductions") for p in (ROOT / root).rglob("*.c")
               if str(p.parent.relative_to(ROOT)) not in HOUSE]
    results.append(("every source file lives in a room of the house", unknown))
    print(f"1..{len(results)}")
    failed = 0
    for number, (name, problems) in enumerate(results, 1):
        print(f"{'not ok' if problems else 'ok'} {number} - {name}")
        for problem in problems:
            print(f"# {problem}")
        failed += bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
