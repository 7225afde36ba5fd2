"""Certificates of kind "contexts": networks of several linear layers, a basis for each context (rnnwit-certificate(5)). Part of recheck.py."""
from recheck_base import add, one, read_side, read_sides, unreadable
from recheck_linear import read_claim
from recheck_net import read_net
from recheck_series import layer_rows, spec_series

KEYS = {"contexts": "rnnwit-certificate|kind|claim|left|right|tokens|scale|shift|contexts|start|rows"}


class SpecSide:
    """A weighted automaton: a single context, of no coordinates."""

    def __init__(self, text, series):
        self.series = spec_series(text, series)
        self.tokens, self.values, self.size, self.coordinates = self.series.tokens, self.series.values, self.series.states, 0

    def start(self):
        return {}, self.series.alpha

    def follow(self, state, letter):
        return state, [self.series.letters[letter]]

    def claim(self, certificate):
        return read_claim(certificate, self.series, self.series.omega, certificate.root, None, None)

    def value(self, z):
        return sum((value * self.series.omega.get(q, 0) for q, value in z.items()), one(0))


class NetSide:
    """z = (coordinates of the last layer, 1, output 0); a context has the coordinates of the layers before."""

    def __init__(self, text):
        self.net = net = read_net(text)
        if not net.layers or net.layers[-1].neurons or net.decision == "sign" or not net.outputs or \
                not all(head.linear for layer in net.layers for head in layer.heads):
            raise unreadable("the net is not one of linear heads whose last layer has no neurons")
        self.tokens, self.values = net.tokens[:len(net.tokens) - (net.padding > 0)], net.decision == "value"
        self.coordinates, self.size = net.layers[-1].first, net.coordinates - net.layers[-1].first + 2
        self.readout = {feature: value for feature, places in net.readout.items() for output, value in places if output == 0}

    def read(self, state, token):
        """The state after a token, and the rows of the last layer's map."""
        state, x = dict(state), self.net.input(token)
        self.net.step(0, len(self.net.layers) - 1, state, x)
        return state, layer_rows(self.net.layers[-1], x, self.readout)

    def start(self):
        state, rows = self.read({}, len(self.net.tokens))
        return state, rows[self.size - 2]

    def follow(self, state, letter):
        maps = []
        for token in [letter] + [len(self.net.tokens) - 1] * self.net.padding:
            state, rows = self.read(state, token)
            maps.append(rows)
        return state, maps

    def claim(self, certificate):
        """Scale and shift: of a network only the shift 0 is known to change no verdict."""
        scale, shift = (certificate.number(certificate.root[name], name, None) for name in ("scale", "shift"))
        if scale != 1 if self.values else scale <= 0:
            raise certificate.fails("scale", None, "values are equal at scale 1" if self.values else "not positive")
        if shift != 0:
            raise certificate.fails("shift", None, "it may change a verdict or a value")
        return scale, shift

    def value(self, z):
        return z.get(self.size - 1, one(0))


def move(z, maps):
    for rows in maps:
        result = {}
        for at, value in z.items():
            for to, weight in rows[at].items():
                add(result, to, value * weight)
        z = result
    return z


class Contexts:
    def __init__(self, certificate, left, right, constant):
        self.certificate, self.left, self.right, self.both = certificate, left, right, left.size + right.size
        self.size, contexts, rows = self.both + constant, certificate.root["contexts"], certificate.root["rows"]
        for key, value in (("contexts", contexts), ("rows", rows)):
            if not isinstance(value, list) or not value and key == "contexts":
                raise certificate.damaged(key, None, "not a list")
        self.contexts, self.rows, self.of = [], [], [[] for _ in contexts]
        for c, context in enumerate(contexts):
            certificate.keys(context, "contexts", c, "left|right|next")
            self.list_of_letters(context["next"], "contexts", c)
            self.contexts.append([certificate.vector(context[key], side.coordinates, "contexts", c, key)
                                  for key, side in (("left", left), ("right", right))])
        for i, row in enumerate(rows):
            certificate.keys(row, "rows", i, "context|row|steps")
            self.list_of_letters(row["steps"], "rows", i)
            if type(row["context"]) is not int or not 0 <= row["context"] < len(contexts):
                raise certificate.damaged("rows", i, "its context is not there")
            self.rows.append(certificate.vector(row["row"], self.size, "rows", i, "its row"))
            self.of[row["context"]].append(i)

    def list_of_letters(self, value, key, index):
        if not isinstance(value, list) or len(value) != len(self.left.tokens):
            raise self.certificate.damaged(key, index, "there is not one for each token")

    def join(self, left, right, constant):
        result = dict(left)
        result.update((self.left.size + at, value) for at, value in right.items())
        if constant:
            result[self.both] = constant
        return result

    def split(self, row):
        middle = self.left.size
        return ({at: value for at, value in row.items() if at < middle},
                {at - middle: value for at, value in row.items() if middle <= at < self.both})

    def expect_combination(self, combination, context, wanted, key, index, what):
        total = {}
        for row, factor in self.certificate.vector(combination, len(self.rows), key, index, what).items():
            if self.certificate.root["rows"][row]["context"] != context:
                raise self.certificate.fails(key, index, f"{what} has a row of another context")
            for at, value in self.rows[row].items():
                add(total, at, factor * value)
        if total != wanted:
            raise self.certificate.fails(key, index, f"{what} is not the combination of rows given for it")

    def check_start(self):
        states, rows = zip(self.left.start(), self.right.start())
        if list(states) != self.contexts[0]:
            raise self.certificate.fails("contexts", 0, "it is not where the empty word leads")
        start = self.join(*rows, one(self.size > self.both))
        self.expect_combination(self.certificate.root["start"], 0, start, "start", None, "the start")

    def check_values(self, scale, shift):
        zero = True
        for i, row in enumerate(self.rows):
            left, right = self.split(row)
            f, g = self.left.value(left), self.right.value(right)
            zero = zero and f == 0
            if g - scale * f - shift * row.get(self.both, 0) != 0:
                raise self.certificate.fails("rows", i, "the two sides differ on this row")
        if zero and scale != 1:
            raise self.certificate.fails("scale", None, "the left side is 0 everywhere, and the scale is not 1")

    def check_letter(self, context, letter):
        root, token = self.certificate.root, self.left.tokens[letter]
        following = [side.follow(state, letter) for side, state in zip((self.left, self.right), self.contexts[context])]
        target = root["contexts"][context]["next"][letter]
        if type(target) is not int or not 0 <= target < len(self.contexts) or \
                [state for state, _ in following] != self.contexts[target]:
            raise self.certificate.fails("contexts", context, f"'{token}' does not lead to the context given for it")
        for i in self.of[context]:
            parts = [move(z, maps) for z, (_, maps) in zip(self.split(self.rows[i]), following)]
            after = self.join(*parts, self.rows[i].get(self.both, 0))
            self.expect_combination(root["rows"][i]["steps"][letter], target, after, "rows", i, f"the step by '{token}'")


def side_of(certificate, key, path, text):
    name = read_side(certificate, key, path, text)
    return NetSide(text) if certificate.root[key]["file"] == "net" else SpecSide(text, name)


def check(certificate, paths, texts):
    left, right = read_sides(certificate, paths, texts, side_of)
    scale, shift = left.claim(certificate)
    contexts = Contexts(certificate, left, right, shift != 0)
    contexts.check_start()
    contexts.check_values(scale, shift)
    for context in range(len(contexts.contexts)):
        for letter in range(len(left.tokens)):
            contexts.check_letter(context, letter)
