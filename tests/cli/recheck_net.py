#!/usr/bin/env python3
"""The Python checker's own reader and runner of nets, against rnnwit run: every family, as built and with weights changed.

Prints TAP. Environment: RNNWIT is the program, SPECS the folder of the spec library."""
import json
import pathlib
import random
import sys
import tempfile

from recheck_harness import SPECS, base, run, weights, with_sizes
import recheck_net
import recheck_series

# spec, family and options
SUBJECTS = [
    ("dfa/s3", "pd"),
    ("nfa/ambiguous", "dplr"),
    ("wfa/fibonacci", "dplr"),
    ("dfa/parity", "deltanet"),
    ("wfa/fibonacci", "deltaproduct"),
    ("dfa/parity", "rwkv7"),
    ("dfa/parity", "rwkv7", "--layers=4"),
    ("dfa/parity", "rwkv7", "--pad"),
    ("wfa/ones-minus-zeros", "deltanet", "--pad"),
    ("counter/anbn", "relu"),
    ("counter/anbn", "mlp"),
    ("counter/resets", "gated"),
    ("stack/palindrome-marked", "mlp"),
    ("cra/longest-block", "relu-input"),
]
WORDS, LENGTH = 4, 6


def in_python(text, words):
    net, results = recheck_net.read_net(text), []
    for word in words:
        state = {}
        for token in [len(net.tokens), *word]:
            x = net.input(token)
            net.step(0, len(net.layers), state, x)
        results.append(net.output(x))
    return results


def by_automaton(text, words):
    """The same by alpha M_w omega, if the net is a weighted automaton; else None."""
    try:
        series = recheck_series.net_series(text)
    except base.Problem:
        return None
    results = []
    for word in words:
        row = series.alpha
        for token in word:
            after = {}
            for q, value in row.items():
                for to, weight in series.letters[token][q].items():
                    base.add(after, to, value * weight)
            row = after
        results.append(sum(value * series.omega.get(q, 0) for q, value in row.items()))
    return results


def in_c(path, names, words):
    done = run("run", "--json", path, *[" ".join(names[token] for token in word) for word in words])
    return [base.number(result["result"]) for result in json.loads(done.stdout)["results"]]


def changed(net, draw):
    """A copy of which some weights are others."""
    net = json.loads(json.dumps(net))
    rows = list(weights(net))
    for row in draw.sample(rows, min(6, len(rows))):
        row[-1] = draw.choice(["2", "-3", "1/2", "-2/3"])
    return with_sizes(net)


def problems_of(net, path, draw):
    net["decision"] = "value"  # so that run tells numbers
    path.write_text(json.dumps(net))
    text, names = path.read_bytes(), net["tokens"]
    words = [[draw.randrange(len(names)) for _ in range(draw.randrange(LENGTH + 1))] for _ in range(WORDS)]
    expected, linear = in_c(path, names, words), by_automaton(text, words)
    for what, results in (("runs", in_python(text, words)), ("is the automaton", linear)):
        if results is not None and results != expected:
            yield f"{what} on {words} to {results}, not {expected}"


def main():
    draw, results = random.Random(1), []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "net.json"
        for name, family, *options in SUBJECTS:
            built = run("build", SPECS / f"{name}.yaml", "--to", family, *options)
            try:
                net = json.loads(built.stdout)
                problems = [p for version in (net, changed(net, draw), changed(net, draw))
                            for p in problems_of(version, path, draw)]
            except (ValueError, KeyError, base.Problem) as error:
                problems = [f"{error!r} {built.stderr}"]
            results.append((" ".join([name, family, *options]), problems))
    print(f"1..{len(results)}")
    for i, (name, problems) in enumerate(results, 1):
        print(f"{'not ok' if problems else 'ok'} {i} - {name}: numbers as rnnwit run has them")
        for problem in problems:
            print("# " + problem.replace("\n", "\n# "))
    return int(any(problems for _, problems in results))


if __name__ == "__main__":
    sys.exit(main())
