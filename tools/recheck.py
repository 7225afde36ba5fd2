#!/usr/bin/env python3
"""Checks a certificate of rnnwit prove again: a second, independent checker with nothing but the standard library.

    tools/recheck.py CERTIFICATE SPEC NET       (or two specs, or two nets)

Exit: 0 the certificate holds, 1 a line of it is not true, 2 it or a file is damaged, 4 a file cannot be read.

The format is rnnwit-certificate(5). Vectors are dicts from places to nonzero Fractions. Specs of the kinds dfa, nfa and wfa are
read, in the YAML they are usually written in: mappings and lists in block or flow style, quoted scalars, comments."""
import argparse
import collections
import fractions
import hashlib
import json
import math
import os
import re
import sys
import types

NUMBER = re.compile(r"[+-]?(\d+(/\d+)?|\d+\.\d*|\.\d+)")


class Problem(Exception):
    """What is wrong, and the exit code it means."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def unreadable(message):
    return Problem(message, 2)


def number(text):
    if not isinstance(text, str) or not NUMBER.fullmatch(text):
        raise unreadable(f"not a number: {text!r}")
    try:
        return fractions.Fraction(text)
    except ZeroDivisionError:
        raise unreadable(f"not a number: {text!r}") from None


# --- YAML -----------------------------------------------------------------------------------------------------------


def uncomment(line):
    """The line without its comment; a # counts after a blank, outside quotes that open a scalar."""
    quote, before = "", " "
    for i, char in enumerate(line):
        if quote:
            quote = "" if char == quote and not (quote == '"' and before == "\\") else quote
        elif char in "'\"" and line[:i].rstrip()[-1:] in ("", ":", ",", "[", "{", "-"):
            quote = char
        elif char == "#" and before in " \t":
            return line[:i].rstrip()
        before = char
    return line.rstrip()


class Yaml:
    """The subset; every scalar is a string, the plain ~ is None."""

    KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'\[\]{},#&*!|>%@`-][^#]*?|-[^\s#][^#]*?)\s*:(?:\s+|$)""")

    def __init__(self, text):
        self.lines = []  # (indentation, text)
        for line in text.split("\n"):
            line = uncomment(line)
            if "\t" in line[: len(line) - len(line.lstrip())]:
                raise unreadable("a tab indents the spec")
            if line.strip() and line.strip() != "---":
                self.lines.append((len(line) - len(line.lstrip()), line.strip()))
        self.at = 0

    def whole(self):
        value = self.block(0)
        if self.at < len(self.lines):
            raise unreadable(f"the spec is not read here: {self.lines[self.at][1]!r}")
        return value

    def block(self, least):
        if self.at >= len(self.lines) or self.lines[self.at][0] < least:
            return None
        indent, text = self.lines[self.at]
        if text == "-" or text.startswith("- "):
            return self.sequence(indent)
        if not self.KEY.match(text):
            self.at += 1
            return self.inline(text)
        return self.mapping(indent)

    def sequence(self, indent):
        items = []
        while self.at < len(self.lines) and self.lines[self.at][0] == indent and re.match(r"-(\s|$)",
                                                                                          self.lines[self.at][1]):
            rest = self.lines[self.at][1][1:]
            inner = indent + 1 + len(rest) - len(rest.lstrip())
            if rest.strip():
                self.lines[self.at] = (inner, rest.strip())
            else:
                self.at += 1
            items.append(self.block(indent + 1))
        return items

    def mapping(self, indent):
        result = {}
        while self.at < len(self.lines) and self.lines[self.at][0] == indent:
            text = self.lines[self.at][1]
            match = self.KEY.match(text)
            if not match:
                raise unreadable(f"the spec is not read here: {text!r}")
            self.at += 1
            key, rest = self.inline(match.group(1)), text[match.end():].strip()
            if rest:
                value = self.inline(rest)
            elif self.at < len(self.lines) and self.lines[self.at][1][:1] == "-" and self.lines[self.at][0] == indent:
                value = self.block(indent)
            else:
                value = self.block(indent + 1)
            if key in result:
                raise unreadable(f"the key {key!r} stands twice")
            result[key] = value
        return result

    def inline(self, text):
        """A scalar, or a flow collection that may go on in the following lines."""
        if text[:1] in "[{":
            while True:
                try:
                    value, end = self.flow(text, 0)
                    break
                except IndexError:
                    if self.at >= len(self.lines):
                        raise unreadable("a bracket is not closed in the spec") from None
                    text += " " + self.lines[self.at][1]
                    self.at += 1
            if text[end:].strip():
                raise unreadable(f"the spec is not read here: {text[end:]!r}")
            return value
        if text[:1] in "\"'":
            value, end = self.quoted(text, 0)
            if text[end:].strip():
                raise unreadable(f"the spec is not read here: {text!r}")
            return value
        if text[:1] in "&*!|>%@`":
            raise unreadable(f"YAML that is not read here: {text!r}")
        return None if text == "~" else text

    def quoted(self, text, at):
        pattern = r'"(?:[^"\\]|\\.)*"' if text[at] == '"' else r"'(?:[^']|'')*'"
        match = re.compile(pattern).match(text, at)
        if not match:
            raise IndexError
        inside = match.group(0)
        if inside[0] == "'":
            return inside[1:-1].replace("''", "'"), match.end()
        try:
            return json.loads(inside), match.end()
        except ValueError:
            raise unreadable(f"an escape that is not read here: {inside}") from None

    def skip(self, text, at):
        while text[at] == " ":
            at += 1
        return at

    def flow(self, text, at):
        at = self.skip(text, at)
        if text[at] in "[{":
            return self.collection(text, at)
        if text[at] in "\"'":
            return self.quoted(text, at)
        match = re.compile(r"(?:[^,\[\]{}:]|:(?![\s,\[\]{}]|$))+").match(text, at)
        if not match or match.group(0)[0] in "&*!|>%@`":
            raise unreadable(f"the spec is not read here: {text[at:]!r}")
        if match.end() == len(text):
            raise IndexError
        plain = match.group(0).strip()
        return None if plain == "~" else plain, match.end()

    def collection(self, text, at):
        close = "]" if text[at] == "[" else "}"
        items, mapping, at = [], {}, self.skip(text, at + 1)
        while text[at] != close:
            item, at = self.flow(text, at)
            at = self.skip(text, at)
            if close == "}":
                if text[at] != ":" or item in mapping:
                    raise unreadable(f"the spec is not read here: {text[at:]!r}")
                mapping[item], at = self.flow(text, at + 1)
                at = self.skip(text, at)
            else:
                items.append(item)
            if text[at] == ",":
                at = self.skip(text, at + 1)
            elif text[at] != close:
                raise unreadable(f"the spec is not read here: {text[at:]!r}")
        return (items if close == "]" else mapping), at + 1


# --- both sides as rows and matrices ----------------------------------------------------------------------------------


class Series:
    """f(w) = alpha M_w1 ... M_wT omega; letters[s] is a list of rows of M_s."""

    def __init__(self, states, tokens, values):
        self.states, self.tokens, self.values = states, tokens, values
        self.alpha, self.omega = {}, {}
        self.letters = [[{} for _ in range(states)] for _ in tokens]


def add(vector, place, value):
    value += vector.get(place, 0)
    if value:
        vector[place] = value
    else:
        vector.pop(place, None)


def one(value):
    return fractions.Fraction(value)


def place(names, name):
    if name not in names:
        raise unreadable(f"{name!r} is not declared in the spec")
    return names[name]


def listed(value):
    return value if isinstance(value, list) else [value]


def numbered(names):
    if not isinstance(names, list) or not names or len(set(map(str, names))) != len(names):
        raise unreadable("a list of distinct names is missing in the spec")
    return {name: i for i, name in enumerate(names)}


def edges_of(spec, states, symbols):
    """(from, symbol or None, to), without repetitions."""
    result = set()
    transitions = spec.get("transitions")
    if isinstance(transitions, list):
        triples = [tuple(row) for row in transitions]
    else:
        triples = [(p, a, q) for p, row in transitions.items() for a, targets in row.items() for q in listed(targets)]
    for p, a, q in triples:
        result.add((place(states, p), None if a is None else place(symbols, a), place(states, q)))
    return result


def dfa_series(tokens, initial, accepting, following):
    """following[q][s] is a state or None."""
    series = Series(len(following), tokens, False)
    series.alpha[initial] = one(1)
    for q, row in enumerate(following):
        if q in accepting:
            series.omega[q] = one(1)
        for s, target in enumerate(row):
            if target is not None:
                series.letters[s][q][target] = one(1)
    return series


def closure(subset, silent):
    waiting, reached = list(subset), set(subset)
    while waiting:
        for q in silent[waiting.pop()]:
            if q not in reached:
                reached.add(q)
                waiting.append(q)
    return frozenset(reached)


def determinise(tokens, edges, initial, accepting, count):
    """Subsets in the order in which they are met, breadth first, symbols in order."""
    silent = [[q for p, a, q in edges if a is None and p == state] for state in range(count)]
    loud = collections.defaultdict(list)
    for p, a, q in edges:
        loud[p, a].append(q)
    subsets = [closure(initial, silent)]
    numbers, following = {subsets[0]: 0}, []
    for subset in subsets:  # grows
        row = []
        for s in range(len(tokens)):
            target = closure({q for p in subset for q in loud[p, s]}, silent)
            if target not in numbers:
                numbers[target] = len(subsets)
                subsets.append(target)
            row.append(numbers[target])
        following.append(row)
    return dfa_series(tokens, 0, {i for i, subset in enumerate(subsets) if subset & accepting}, following)


def count_paths(tokens, edges, initial, accepting, count):
    forth = closure(initial, [[q for p, _, q in edges if p == state] for state in range(count)])
    back = closure(accepting, [[p for p, _, q in edges if q == state] for state in range(count)])
    useful = forth & back
    silent = [[q for p, a, q in edges if a is None and p == state and q in useful] for state in range(count)]
    ways = {}  # of each useful state: how many silent paths lead where; None while they are being counted

    def spread(state):
        if state in ways:
            if ways[state] is None:
                raise unreadable("epsilon moves form a cycle, so paths cannot be counted")
            return ways[state]
        ways[state], total = None, {state: one(1)}
        for q in silent[state]:
            for target, many in spread(q).items():
                add(total, target, many)
        ways[state] = total
        return total

    series = Series(count, tokens, False)
    for q in initial & useful:
        for target, many in spread(q).items():
            add(series.alpha, target, many)
    for p, a, q in edges:
        if a is not None and p in useful and q in useful:
            for target, many in spread(q).items():
                add(series.letters[a][p], target, many)
    series.omega = {q: one(1) for q in accepting}
    return series


def spec_series(text, key):
    try:
        spec = Yaml(text.decode()).whole()
        return machine_series(spec, key)
    except (AttributeError, TypeError, ValueError, KeyError, UnicodeDecodeError) as error:
        raise unreadable(f"the spec cannot be read: {error}") from None


def machine_series(spec, key):
    kind, tokens = spec.get("kind"), spec.get("alphabet")
    symbols, states = numbered(tokens), numbered(spec.get("states", ["one"]))
    if (kind, key) not in (("dfa", "indicator"), ("nfa", "indicator"), ("nfa", "paths"), ("wfa", "weight")):
        raise unreadable(f"the series '{key}' of a spec of kind {kind} is not known here")
    if kind == "wfa":
        return wfa_series(spec, tokens, symbols, states)
    edges = edges_of(spec, states, symbols)
    accepting = {place(states, q) for q in spec["accepting"]}
    initial = {place(states, q) for q in listed(spec["initial"])}
    if kind == "nfa":
        make = determinise if key == "indicator" else count_paths
        return make(tokens, edges, initial, accepting, len(states))
    following = [[None] * len(tokens) for _ in states]
    for p, a, q in edges:
        if a is None or following[p][a] is not None or len(initial) != 1:
            raise unreadable("the dfa is not deterministic")
        following[p][a] = q
    if spec.get("missing") != "reject" and any(None in row for row in following):
        raise unreadable("a transition of the dfa is missing")
    return dfa_series(tokens, min(initial), accepting, following)


def wfa_series(spec, tokens, symbols, states):
    series = Series(len(states), tokens, spec.get("accept") != "positive")
    for vector, key in ((series.alpha, "initial"), (series.omega, "final")):
        for q, weight in spec[key].items():
            add(vector, place(states, q), number(weight))
    for p, a, q, weight in spec["transitions"]:
        add(series.letters[place(symbols, a)][place(states, p)], place(states, q), number(weight))
    return series


# --- net files --------------------------------------------------------------------------------------------------------


def entries(rows, bounds):
    """[[i, ..., "value"], ...] as a dict; indices below the bounds."""
    result = {}
    if not isinstance(rows, list):
        raise unreadable("the net file cannot be read: a list of entries is missing")
    for row in rows:
        if not isinstance(row, list) or len(row) != len(bounds) + 1:
            raise unreadable("the net file cannot be read: an entry has another length")
        at, value = tuple(row[:-1]), number(row[-1])
        if any(type(i) is not int or not 0 <= i < bound for i, bound in zip(at, bounds)) or at in result or not value:
            raise unreadable("the net file cannot be read: an entry is out of range, or stands twice")
        result[at] = value
    return result


def tensor(params, name, rows, cols, x):
    """The parameter for the input x, as {(i, j): value}."""
    result = {}
    bounds = (rows, len_of(x)) if cols == 1 else (rows, cols, len_of(x))
    for at, value in entries(params[name], bounds).items():
        if at[-1] in x:
            add(result, at[:-1] if cols > 1 or len(at) > 2 else (at[0], 0), value * x[at[-1]])
    return result


class Input(dict):
    """x, with its width."""

    width = 0


def len_of(x):
    return x.width


def transition(head, x):
    dims, params = head["dims"], head["params"]
    if head["family"] == "pd":
        return tensor(params, "transition", dims["d_k"], dims["d_k"], x)
    result, left = {}, collections.defaultdict(list)
    for (i, _), value in tensor(params, "decay", dims["d_k"], 1, x).items():
        add(result, (i, i), value)
    for (i, c), value in tensor(params, "left", dims["d_k"], dims["r"], x).items():
        left[c].append((i, value))
    for (j, c), value in tensor(params, "right", dims["d_k"], dims["r"], x).items():
        for i, other in left[c]:
            add(result, (i, j), -other * value)
    return result


def token_rows(net, heads, x, readout):
    """The rows of z -> z T for z = (coordinates, 1, output)."""
    size = sum(head["dims"]["d_k"] * head["dims"]["d_v"] for head in heads)
    rows, first = [{} for _ in range(size + 2)], 0
    for head in heads:
        d_k, d_v, queries = (head["dims"][key] for key in ("d_k", "d_v", "queries"))
        reads, query = {}, tensor(head["params"], "query", d_k, queries, x)
        for (feature, output), value in entries(head["output"], (x.width, d_v * queries)).items():
            for (j, c), factor in query.items():
                if c == output % queries and feature in readout:
                    add(reads, (output // queries, j), readout[feature] * value * factor)
        moves = [(first + i * d_k + p, i, q, value) for (p, q), value in transition(head, x).items()
                 for i in range(d_v)]
        moves += [(size, i, q, value) for (i, q), value in tensor(head["params"], "write", d_v, d_k, x).items()]
        for source, i, q, value in moves:
            add(rows[source], first + i * d_k + q, value)
            if (i, q) in reads:
                add(rows[source], size + 1, value * reads[i, q])
        first += d_k * d_v
    add(rows[size], size, one(1))
    add(rows[size], size + 1, sum((value * readout.get(feature, 0) for feature, value in x.items()), one(0)))
    return rows


def net_series(text):
    try:
        return network_series(load(text))
    except (AttributeError, TypeError, KeyError, IndexError) as error:
        raise unreadable(f"the net file cannot be read: {error!r}") from None


def network_series(net):
    layers, tokens, width = net["layers"], net["tokens"], len(net["features"])
    if net["rnnwit-net"] != 1 or len(layers) != 1 or "padding" in net or net["decision"] not in ("positive", "value"):
        raise unreadable("the net file cannot be read: it does not have one layer, or an unknown decision")
    if layers[0]["feedforward"] is not None and layers[0]["feedforward"]["neurons"]:
        raise unreadable("the net file cannot be read: it has a feed-forward part")
    heads = layers[0]["heads"]
    for head in heads:
        dims = head["dims"]
        if head["family"] not in ("pd", "dplr"):
            raise unreadable("the net file cannot be read: a head is of a family that is not read here")
        if any(type(size) is not int or size < 0 for size in dims.values()) or \
                len(head["coordinates"]) != dims["d_k"] * dims["d_v"] or not dims["queries"]:
            raise unreadable("the net file cannot be read: a head's coordinates do not fit its dims")
    embedding = entries(net["embedding"], (width, len(tokens) + 1))
    outputs = entries(net["readout"]["entries"], (len(net["readout"]["outputs"]), width))
    readout = {feature: value for (output, feature), value in outputs.items() if output == 0}
    matrices = []
    for token in range(len(tokens) + 1):
        x = Input((feature, value) for (feature, t), value in embedding.items() if t == token)
        x.width = width
        matrices.append(token_rows(net, heads, x, readout))
    size = len(matrices[0])
    series = Series(size, tokens, net["decision"] == "value")
    series.letters, series.alpha, series.omega = matrices[:-1], matrices[-1][size - 2], {size - 1: one(1)}
    return series


# --- the certificate --------------------------------------------------------------------------------------------------


def distinct(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def no_float(text):
    raise ValueError(f"{text} is no integer")


def load(text):
    try:
        return json.loads(text.decode(), object_pairs_hook=distinct, parse_float=no_float, parse_constant=no_float)
    except (ValueError, RecursionError) as error:
        raise unreadable(f"not JSON: {error}") from None


class Certificate:
    def __init__(self, name, text):
        self.name, self.text = name, text.decode(errors="replace")
        try:
            self.root = load(text)
        except Problem as problem:
            raise unreadable(f"{name}: {problem}") from None

    def problem(self, code, key, index, message):
        """With the line, as laid out by the prover: one for each key and each row."""
        at = self.text.find(f'\n  "{key}":')
        line = "" if at < 0 else f'{self.text.count(chr(10), 0, at) + 2 + (0 if index is None else index + 1)}:'
        where = key if index is None else f"{key}[{index}]"
        return Problem(f"{self.name}:{line} {where}: {message}", code)

    def fails(self, key, index, message):
        return self.problem(1, key, index, message)

    def damaged(self, key, index, message):
        return self.problem(2, key, index, message)

    def keys(self, value, key, index, wanted):
        if not isinstance(value, dict) or set(value) != set(wanted.split("|")):
            raise self.damaged(key, index, f"the keys are not {wanted}")

    def vector(self, value, size, key, index, what):
        """[[place, "value"], ...], ascending, not 0."""
        result, last = {}, -1
        good = isinstance(value, list)
        for entry in value if good else []:
            if not isinstance(entry, list) or len(entry) != 2 or type(entry[0]) is not int or \
                    not last < entry[0] < size or not isinstance(entry[1], str) or not NUMBER.fullmatch(entry[1]):
                good = False
                break
            last = entry[0]
            try:
                result[last] = number(entry[1])
            except Problem:
                good = False
                break
            good = good and result[last] != 0
        if not good:
            raise self.damaged(key, index, f"{what} is not a list of entries in order")
        return result

    def number(self, key):
        try:
            return number(self.root[key])
        except Problem:
            raise self.damaged(key, None, "not a number") from None


def digest(text):
    return hashlib.sha256(text).hexdigest()


def read_side(certificate, key, path, text):
    side = certificate.root[key]
    is_net = text.lstrip().startswith(b"{")
    certificate.keys(side, key, None, "file|series|sha256")
    if side["file"] != ("net" if is_net else "spec"):
        raise certificate.fails(key, None, f"the certificate is not about a {'net' if is_net else 'spec'} here")
    if side["sha256"] != digest(text):
        raise certificate.fails(key, None, f"the certificate is about another file: {path} has SHA-256 {digest(text)}")
    if is_net and side["series"] != "output":
        raise certificate.damaged(key, None, 'the series of a net is "output"')
    return net_series(text) if is_net else spec_series(text, side["series"])


class Joint:
    """Both sides on the same words: rows (left | right), and a constant if the claim has a shift."""

    def __init__(self, certificate, left, right, constant):
        self.certificate, self.left, self.right, self.constant = certificate, left, right, constant
        self.both = left.states + right.states
        self.size = self.both + constant
        self.start = dict(left.alpha)
        self.start.update({left.states + q: value for q, value in right.alpha.items()})
        if constant:
            self.start[self.both] = one(1)
        steps = certificate.root["rows"]
        wanted = "after|row|steps" if certificate.root["kind"] == "linear" else "row|steps"
        if not isinstance(steps, list):
            raise certificate.damaged("rows", None, "not a list")
        self.rows = []
        for i, row in enumerate(steps):
            certificate.keys(row, "rows", i, wanted)
            if not isinstance(row["steps"], list) or len(row["steps"]) != len(left.tokens):
                raise certificate.damaged("rows", i, "there is not a step for each token")
            self.rows.append(certificate.vector(row["row"], self.size, "rows", i, "its row"))

    def step(self, row, symbol):
        result = {}
        for at, value in row.items():
            if at == self.both:
                result[at] = value
                continue
            side, first = (self.left, 0) if at < self.left.states else (self.right, self.left.states)
            for to, weight in side.letters[symbol][at - first].items():
                add(result, first + to, value * weight)
        return result

    def values(self, row):
        left = sum((value * self.left.omega.get(at, 0) for at, value in row.items() if at < self.left.states), one(0))
        right = sum((value * self.right.omega.get(at - self.left.states, 0) for at, value in row.items()
                     if self.left.states <= at < self.both), one(0))
        return left, right


def all_weights(series):
    return list(series.alpha.values()) + [w for letter in series.letters for row in letter for w in row.values()]


def shift_is_harmless(left, scale, shift):
    if shift == 0:
        return True
    if shift > 0 or any(weight.denominator != 1 for weight in all_weights(left)):
        return False
    bottom = math.lcm(*(weight.denominator for weight in left.omega.values()))
    least = fractions.Fraction(math.gcd(*(int(weight * bottom) for weight in left.omega.values())), bottom)
    return least == 0 or scale * least + shift > 0


def read_claim(certificate, left):
    scale, shift = certificate.number("scale"), certificate.number("shift")
    if scale != 1 if left.values else scale <= 0:
        raise certificate.fails("scale", None, "values are equal at scale 1" if left.values else "not positive")
    if shift != 0 if left.values else not shift_is_harmless(left, scale, shift):
        raise certificate.fails("shift", None, "it may change a verdict or a value")
    return scale, shift


def expect_combination(joint, combination, wanted, key, index, what):
    certificate, total = joint.certificate, {}
    for row, factor in certificate.vector(combination, len(joint.rows), key, index, what).items():
        for at, value in joint.rows[row].items():
            add(total, at, factor * value)
    if total != wanted:
        raise certificate.fails(key, index, f"{what} is not the combination of rows given for it")


def check_words(joint):
    """`after` names the word of each row: the first step that leads to it."""
    certificate, rows, following = joint.certificate, joint.certificate.root["rows"], 1
    if rows and rows[0]["after"] is not None:
        raise certificate.fails("rows", 0, "its word is not the empty one")
    for i, row in enumerate(rows):
        for token, combination in zip(joint.left.tokens, row["steps"]):
            if following < len(rows) and combination == [[following, "1"]]:
                after = rows[following]["after"]
                if after != [i, token] or type(after[0]) is not int:
                    raise certificate.fails("rows", following, f"its word is that of row {i} and '{token}'")
                following += 1
    if following < len(rows):
        raise certificate.fails("rows", following, "no step leads to it")


def check_linear(certificate, left, right):
    scale, shift = read_claim(certificate, left)
    joint = Joint(certificate, left, right, shift != 0)
    expect_combination(joint, certificate.root["start"], joint.start, "start", None, "the start")
    zero = True
    for i, row in enumerate(joint.rows):
        for symbol, token in enumerate(left.tokens):
            combination = certificate.root["rows"][i]["steps"][symbol]
            expect_combination(joint, combination, joint.step(row, symbol), "rows", i, f"the step by '{token}'")
        f, g = joint.values(row)
        zero = zero and f == 0
        if g - scale * f - shift * row.get(joint.both, 0) != 0:
            raise certificate.fails("rows", i, "the two sides differ on this row")
    if zero and scale != 1:
        raise certificate.fails("scale", None, "the left side is 0 everywhere, and the scale is not 1")
    check_words(joint)


def passing_states(series):
    """The states from which no symbol leads to one that contributes, now or later."""
    passing, news = set(range(series.states)), True
    while news:
        lost = {p for p in passing for letter in series.letters for q in letter[p]
                if q not in passing or q in series.omega}
        news = bool(lost)
        passing -= lost
    return passing


def check_pairs(certificate, left, right):
    supports = certificate.root["supports"]
    if type(supports) is not bool:
        raise certificate.damaged("supports", None, "not true or false")
    if supports and any(w < 0 for side in (left, right) for w in all_weights(side) + list(side.omega.values())):
        raise certificate.fails("supports", None, "some weight is negative")
    if left.values:
        raise certificate.fails("claim", None, "signs do not show that values are equal")
    joint = Joint(certificate, left, right, False)
    passing = passing_states(left) | {left.states + q for q in passing_states(right)}

    def abstract(row):
        result = {}
        for first, last in ((0, left.states), (left.states, joint.both)):
            part = sorted((at, value) for at, value in row.items() if first <= at < last and at not in passing)
            for at, value in part:
                result[at] = one(1) if supports else value / abs(part[0][1])
        return result

    def expect(row, target, index, what):
        f, g = joint.values(row)
        if (f > 0) != (g > 0):
            raise certificate.fails("rows", index, f"the verdicts differ after {what}")
        if type(target) is not int or not 0 <= target < len(joint.rows):
            raise certificate.fails("rows", index, f"{what} leads to a row that is not there")
        if joint.rows[target] != abstract(row):
            raise certificate.fails("rows", index, f"row {target} is not what follows {what}")

    expect(joint.start, 0, 0, "the start")
    for i, row in enumerate(joint.rows):
        for symbol, token in enumerate(left.tokens):
            expect(joint.step(row, symbol), certificate.root["rows"][i]["steps"][symbol], i, f"'{token}'")


KEYS = {"linear": "rnnwit-certificate|kind|claim|left|right|tokens|scale|shift|start|rows",
        "pairs": "rnnwit-certificate|kind|claim|left|right|tokens|supports|rows"}


def check(certificate, paths, texts):
    root = certificate.root
    if not isinstance(root, dict) or type(root.get("rnnwit-certificate")) is not int or \
            root["rnnwit-certificate"] != 1:
        raise certificate.damaged("rnnwit-certificate", None, "not a certificate of format 1")
    if root.get("kind") == "cells":
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        import recheck_cells
        recheck_cells.check(types.SimpleNamespace(**globals()), certificate, paths, texts)
        return
    if root.get("kind") not in ("linear", "pairs"):
        raise certificate.damaged("kind", None, "not a kind of certificate that is known here")
    certificate.keys(root, "kind", None, KEYS[root["kind"]])
    if root["claim"] not in ("values", "verdicts"):
        raise certificate.damaged("claim", None, "neither values nor verdicts")
    left = read_side(certificate, "left", paths[0], texts[0])
    right = read_side(certificate, "right", paths[1], texts[1])
    if not left.tokens == right.tokens == root["tokens"]:
        raise certificate.fails("tokens", None, "the two sides do not both read these tokens")
    if left.values != right.values or (root["claim"] == "values") != left.values:
        raise certificate.fails("claim", None, "it is not what the two sides give")
    (check_linear if root["kind"] == "linear" else check_pairs)(certificate, left, right)


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Problem(f"{path}: {error.strerror}", 4) from None


def main():
    parser = argparse.ArgumentParser(description="Check a certificate of rnnwit prove again.")
    parser.add_argument("certificate")
    parser.add_argument("spec")
    parser.add_argument("net")
    arguments = parser.parse_args()
    paths = [arguments.spec, arguments.net]
    try:
        text, texts = read(arguments.certificate), [read(path) for path in paths]
        check(Certificate(arguments.certificate, text), paths, texts)
    except Problem as problem:
        print(problem)
        if problem.code < 4:
            print("certificate FAILS" if problem.code == 1 else "certificate cannot be checked")
        return problem.code
    print(f"{arguments.certificate}: certificate holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
