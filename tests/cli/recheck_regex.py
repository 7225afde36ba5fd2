#!/usr/bin/env python3
"""recheck.py reads patterns itself: its position automata accept what Python's re matches, and both checkers hold the library's certificates.

Prints TAP. Environment: RNNWIT is the program, SPECS the folder of the spec library."""
import itertools
import pathlib
import random
import re
import sys
import tempfile

from recheck_harness import SPECS, Bench, base, in_c, in_python, make
from recheck_regex import positions_of

ALPHABET = "ab.-"
ATOMS = ["a", "b", r"\.", ".", "-", "[ab]", "[^a]", "[a-b]", "[-a]", "[^-b]", r"\x61", r"\w", r"\W", r"[\w.]", r"[\x61\-]", "()", r"\-", "[.]"]
QUANTIFIERS = ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}", "{1,3}", "{0}", "{2,}?"]
REFUSED = ["a**", "(a", "a)", "[a", "^a", "a$", r"\1", r"\b", "a{2", "a{3,1}", "*", "(?=a)", "(?i)a", "[b-a]", "[[:alpha:]]", "c", "a{x}", "\\", r"\q",
           r"[\w-a]", "a{,2}"]
PATTERNS, LONGEST = 300, 4


def drawn(draw, depth):
    if depth == 0 or draw.random() < 0.3:
        return draw.choice(ATOMS)
    branches = ["".join((f"({drawn(draw, depth - 1)})" if draw.random() < 0.5 else draw.choice(ATOMS)) + draw.choice(QUANTIFIERS)
                        for _ in range(draw.randrange(4))) for _ in range(draw.choice((1, 1, 2)))]
    return "|".join(branches)


def accepts(automaton, word):
    states = {0}
    for symbol in word:
        states = {q for p, a, q in automaton.edges if p in states and a == symbol}
    return bool(states & automaton.accepting)


def test_patterns(bench):
    draw, symbols, notes = random.Random(2), {char: i for i, char in enumerate(ALPHABET)}, []
    for _ in range(PATTERNS):
        pattern = drawn(draw, 2)
        automaton = positions_of(pattern, symbols)
        if automaton.count > 40:
            continue
        for length in range(LONGEST + 1):
            for word in itertools.product(ALPHABET, repeat=length):
                if accepts(automaton, [symbols[c] for c in word]) != bool(re.fullmatch(pattern, "".join(word))):
                    notes.append(f"{pattern!r} on {''.join(word)!r}")
                    break
    bench.tell(f"{PATTERNS} patterns mean what Python's re says", notes)


def test_refused(bench):
    notes = []
    for pattern in REFUSED:
        try:
            positions_of(pattern, {char: i for i, char in enumerate(ALPHABET)})
            notes.append(pattern)
        except base.Problem:
            pass
    bench.tell("what is no pattern is refused", notes)


def test_library(bench):
    for path in sorted((SPECS / "regex").glob("*.yaml")):
        for family in ("pd", "dplr"):
            left, net, certificate, made = make(bench.folder, "regex/" + path.stem, family)
            codes = (in_c(certificate, left, net), in_python(certificate, left, net)) if made else None
            bench.tell(f"{path.stem} to {family}: both hold", [] if codes == (0, 0) else [f"made {made}, codes {codes}"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder))
        test_patterns(bench)
        test_refused(bench)
        test_library(bench)
    return bench.finish()


if __name__ == "__main__":
    sys.exit(main())
