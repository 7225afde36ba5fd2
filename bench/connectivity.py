#!/usr/bin/env python3
"""The baseline of the connectivity benchmark: the same counter machine by hand in plain Python, on all sorted instances of up to 6 vertices.

An instance: every vertex has at most one edge, to a later vertex; a source s and a target t. Words as in
specs/counter/connectivity-target-first.yaml. Prints the number of instances, the number answered right, and the seconds of the runs alone."""
import itertools
import time


def word(s, edges, t):
    return "1" * t + "?" + "1" * s + "".join(";" + "1" * i + ">" + "1" * j for i, j in edges) + "$"


def rules():
    """(state, symbol) -> list of (tests of S, I, D; next state; additions)."""
    table = {}

    def add(q, a, tests, q2, delta):
        table.setdefault((q, a), []).append((tests, q2, delta))

    add("t", "1", "***", "t", (0, 0, -1))
    add("t", "?", "***", "s0", (0, 0, 0))
    add("s0", "1", "***", "s0", (1, 0, 1))
    for f in "01":
        add("i" + f, "1", "***", "i" + f, (-1, 1, -1))
        add("i" + f, ">", "0**", "m" + f, (0, 0, 0))
        add("i" + f, ">", "+**", "n" + f, (0, 0, 0))
        add("m" + f, "1", "*+*", "m" + f, (1, -1, 1))
        add("m" + f, "1", "*0*", "m" + f, (1, 0, 1))
        add("n" + f, "1", "*+*", "n" + f, (1, -1, 1))
        add("n" + f, "1", "*0*", "n" + f, (0, 0, 0))
        for q in (["s0"] if f == "0" else []) + ["m" + f, "n" + f]:
            for separator in ";$":
                yes = "i1" if separator == ";" else "accept"
                no = "i" + f if separator == ";" else ("accept" if f == "1" else "reject")
                add(q, separator, "*00", yes, (0, 0, 0))
                add(q, separator, "*0+", no, (0, 0, 0))
    return table


def run(table, text):
    state, counters = "t", (0, 0, 0)
    for symbol in text:
        for tests, target, delta in table.get((state, symbol), ()):
            if all(m == "*" or (m == "0") == (c == 0) for m, c in zip(tests, counters)):
                state, counters = target, tuple(c + d for c, d in zip(counters, delta))
                break
        else:
            return False
    return state == "accept"


def reachable(successor, s, t):
    while s != t and s is not None:
        s = successor.get(s)
    return s == t


def main():
    instances = []
    for n in range(1, 7):
        for choice in itertools.product(*[[None, *range(i + 1, n + 1)] for i in range(1, n + 1)]):
            successor = dict(enumerate(choice, 1))
            edges = [(i, j) for i, j in successor.items() if j]
            for s in range(1, n + 1):
                for t in range(1, n + 1):
                    instances.append((word(s, edges, t), reachable(successor, s, t)))
    table = rules()
    start = time.perf_counter()
    right = sum(run(table, text) == truth for text, truth in instances)
    print(len(instances), right, time.perf_counter() - start)


if __name__ == "__main__":
    main()
