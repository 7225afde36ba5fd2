#!/usr/bin/env python3
"""Regular expressions in the Python checker: certificates of the spec library and of random patterns, with Python's own matcher for an oracle.

Prints TAP. Environment: RNNWIT is the program, SPECS the folder of the spec library."""
import itertools
import pathlib
import random
import re
import sys
import tempfile

from recheck_harness import SPECS, Bench, base, run
import recheck_regex

ALPHABET = "ab0-].^"
PATTERNS = 40
ATOMS = ["a", "b", "0", r"\-", r"\]", r"\.", ".", "[ab]", "[^a]", "[0-9]", "[]a]", "[^].]", "[a-]", r"[\]\-^]", r"\d", r"\W", r"[\w.]", r"\x61",
         r"\x{62}", "()", "[^ab0.^\\-\\]]"]
REPEATS = ["*", "+", "?", "{2}", "{0}", "{1,}", "{0,2}", "{2,3}", "*?", "+?", "{1,2}?"]
REFUSED = ["a**", "a{2", "a{2,1}", "(a", "a)", "[a", "[]", "^a", "a$", r"\1", "(?=a)", "(?<a>a)", "a++", r"\q", "[b-a]", r"[\d-a]", r"[a-\d]", "c",
           "[[:alpha:]]", r"\xg", r"\x{61", "*a", "a\\", "(*a)", r"\b", "{2}", "a{,2}", "a{1001}", "((a{999}){999}){2}"]


def random_pattern(draw, depth):
    kind = draw.randrange(5) if depth else 0
    if kind < 2:
        return draw.choice(ATOMS)
    if kind == 2:
        return draw.choice(["(%s)", "(?:%s)"]) % random_pattern(draw, depth - 1) + draw.choice(REPEATS)
    if kind == 3:
        return "(" + "|".join(random_pattern(draw, depth - 1) for _ in range(2)) + ")"
    return "".join(random_pattern(draw, depth - 1) for _ in range(draw.choice([1, 2, 3])))


def write_spec(path, pattern):
    quoted = pattern.replace("'", "''")
    symbols = ", ".join(f"'{symbol}'" for symbol in ALPHABET)
    path.write_text(f"rnnwit: 1\nkind: regex\nalphabet: [{symbols}]\npattern: '{quoted}'\n")


def matches(pattern, word):
    """By the positions."""
    edges, accepting, _ = recheck_regex.positions_of(pattern, list(ALPHABET))
    reached = {0}
    for symbol in word:
        reached = {q for p, s, q in edges if p in reached and ALPHABET[s] == symbol}
    return bool(reached & accepting)


def words_of(draw):
    short = ["".join(word) for length in (0, 1, 2) for word in itertools.product(ALPHABET, repeat=length)]
    return short + ["".join(draw.choice("ab0") for _ in range(draw.randrange(3, 7))) for _ in range(20)]


def check_pattern(bench, spec, pattern, draw):
    write_spec(spec, pattern)
    python = re.compile(re.sub(r"\\x\{(\w+)\}", lambda m: chr(int(m.group(1), 16)), pattern), re.ASCII)
    for word in words_of(draw):
        if matches(pattern, word) != bool(python.fullmatch(word)):
            yield f"{pattern!r} on {word!r}"
    for family in ("pd", "dplr"):
        net, certificate = spec.with_name("net.json"), spec.with_name("certificate.json")
        run("build", spec, "--to", family, "-o", net)
        proved = run("prove", spec, net, "--certificate", certificate)
        holds = bench.accepted(certificate, spec, net) if proved.returncode == 0 else [proved.stdout + proved.stderr]
        if holds != ["C", "Python"]:
            yield f"{pattern!r} to {family}: {holds}"


def refusals(spec):
    for pattern in REFUSED:
        write_spec(spec, pattern)
        if run("check", spec).returncode not in (2, 3):
            yield f"rnnwit reads {pattern!r}"
        try:
            recheck_regex.positions_of(pattern, list(ALPHABET))
            yield f"the checker reads {pattern!r}"
        except base.Problem:
            pass


def main():
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        bench, spec = Bench(pathlib.Path(folder)), pathlib.Path(folder) / "random.yaml"
        for path in sorted(SPECS.glob("regex/*.yaml")):
            for family in ("pd", "dplr"):
                net, certificate = bench.folder / "net.json", bench.folder / "certificate.json"
                run("build", path, "--to", family, "-o", net)
                run("prove", path, net, "--certificate", certificate)
                bench.undamaged(f"{path.name} to {family}", certificate, path, net)
        problems = [p for _ in range(PATTERNS) for p in check_pattern(bench, spec, random_pattern(draw, 3), draw)]
        bench.tell(f"{PATTERNS} random patterns are read as Python reads them, and certified", problems)
        bench.tell("what is not in the dialect is refused", list(refusals(spec)))
        net = bench.folder / "net.json"
        run("build", SPECS / "regex/ends-in-abb.yaml", "-o", net)
        bench.everything("ends-in-abb.yaml to pd", SPECS / "regex/ends-in-abb.yaml", net)
    return bench.finish()


if __name__ == "__main__":
    sys.exit(main())
