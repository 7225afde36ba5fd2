#!/usr/bin/env python3
"""The baseline of the IMM benchmark: a DeltaNet net file run in plain Python, sparse dictionaries of Fractions, on random 3x3 matrices.

usage: imm_delta.py NET MATRICES. Prints the number of tokens and the seconds of the run alone; checks entry (0, 0) against direct products."""
import json
import random
import sys
import time
from fractions import Fraction


def columns(entries):
    """Sparse matrix by columns: the last index before the value is the column."""
    table = {}
    for row, column, value in entries:
        table.setdefault(column, []).append((row, Fraction(value)))
    return table


def tensor(entries):
    """The same for a parameter, whose rows are places (i, j); a vector's have j = 0."""
    table = {}
    for i, *j, feature, value in entries:
        table.setdefault(feature, []).append(((i, j[0] if j else 0), Fraction(value)))
    return table


def apply(table, x, y):
    for j, value in x.items():
        if value:
            for row, weight in table.get(j, ()):
                y[row] = y.get(row, 0) + weight * value
    return y


class Head:
    def __init__(self, head):
        params = head["params"]
        self.key, self.value = tensor(params["key"]), tensor(params["value"])
        self.beta, self.query = tensor(params["beta"]), tensor(params["query"])
        self.output = columns(head["output"])
        self.d_k, self.d_v, self.queries = head["dims"]["d_k"], head["dims"]["d_v"], head["dims"]["queries"]
        self.state = [dict() for _ in range(self.d_v)]

    def step(self, x):
        key, value = apply(self.key, x, {}), apply(self.value, x, {})
        beta, query = apply(self.beta, x, {}), apply(self.query, x, {})
        beta = next(iter(beta.values()), 0)
        outputs = {}
        for r, row in enumerate(self.state):
            if beta:
                d = sum(row.get(i, 0) * k for (i, _), k in key.items()) - value.get((r, 0), 0)
                for (i, _), k in key.items():
                    row[i] = row.get(i, 0) - beta * d * k
            for (i, c), q in query.items():
                if i in row:
                    outputs[r * self.queries + c] = outputs.get(r * self.queries + c, 0) + row[i] * q
        return outputs


class Net:
    def __init__(self, net):
        self.embedding = columns(net["embedding"])
        self.layers = []
        for layer in net["layers"]:
            part = layer["feedforward"]
            if part is not None:
                part = (columns(part["in"]), {i: Fraction(v) for i, v in part["bias"]}, columns(part["out"]))
            self.layers.append(([Head(h) for h in layer["heads"]], part))
        self.readout = columns(net["readout"]["entries"])

    def step(self, token):
        x = apply(self.embedding, {token: Fraction(1)}, {})
        for heads, part in self.layers:
            outputs = [head.step(x) for head in heads]
            for head, output in zip(heads, outputs):
                apply(head.output, output, x)
            if part is not None:
                pre = apply(part[0], x, dict(part[1]))
                apply(part[2], {i: v for i, v in pre.items() if v > 0}, x)
        return apply(self.readout, x, {})


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        net = json.load(file)
    tokens = {int(name): i for i, name in enumerate(net["tokens"])}
    random.seed(1)
    matrices = [[[random.choice((-1, 0, 1)) for _ in range(3)] for _ in range(3)] for _ in range(int(sys.argv[2]))]
    word = [tokens[entry] for matrix in matrices for row in matrix for entry in row]
    run = Net(net)
    start = time.perf_counter()
    output = run.step(len(tokens))
    for token in word:
        output = run.step(token)
    seconds = time.perf_counter() - start
    product = [1, 0, 0]
    for matrix in matrices:
        product = [sum(product[k] * matrix[k][j] for k in range(3)) for j in range(3)]
    assert output.get(0, 0) == product[0], (output, product)
    print(len(word), seconds)


main()
