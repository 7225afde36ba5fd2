"""Certificates of kind "blocks": machines beside networks that work block by block, all letters unknown. Part of recheck.py.

A function of the letters is a dict from monomials to numbers. The letter at place p of a word is symbol s where the indicator p * symbols + s is
1; there is none for symbol 0, so every function is one sum of products of indicators, and a monomial is the ascending tuple of its
indicators. Functions of few places are also lists of their values in all cases, the first place being the lowest digit of a case's number."""
import fractions
import functools
import itertools
import math

import recheck_base as base
import recheck_net
import recheck_series

MOST_CASES = 1 << 18  # of a function's letters, one by one
SYMBOLS = [0]         # of the alphabet at hand


class TooMany(Exception):
    """A function depends on more letters than are looked at one by one."""


def plain(value):
    """Whole numbers as int, which is quicker."""
    return value.numerator if value.denominator == 1 else value


# --- functions of letters -----------------------------------------------------------------------------------------------


def places_of(functions):
    symbols = SYMBOLS[0]
    return tuple(sorted({i // symbols for f in functions for key in f for i in key}))


def count_cases(places):
    cases = SYMBOLS[0] ** len(places)
    if cases > MOST_CASES:
        raise TooMany
    return cases


@functools.lru_cache(64)
def monomials(places, symbols):
    """In the order of cases: the indicators of the digits that are not 0."""
    keys = [()]
    for place in places:
        keys = [key + ((place * symbols + s,) if s else ()) for s in range(symbols) for key in keys]
    return keys


def transform(values, count, combine):
    """In place, one digit after the other: what combine makes of the entry with a digit and that with 0."""
    symbols, weight = SYMBOLS[0], 1
    for _ in range(count):
        step = weight * symbols
        for s in range(1, symbols):
            if weight * step < len(values):
                for low in range(weight):
                    at = slice(low + s * weight, None, step)
                    values[at] = map(combine, values[at], values[low::step])
            else:
                for first in range(0, len(values), step):
                    at = slice(first + s * weight, first + (s + 1) * weight)
                    values[at] = map(combine, values[at], values[first:first + weight])
        weight = step
    return values


def interpolate(values, places):
    """The function with these values, which are used up."""
    transform(values, len(places), lambda a, b: a - b)
    return {key: value for key, value in zip(monomials(places, SYMBOLS[0]), values) if value}


@functools.lru_cache(256)
def spread(positions, count, symbols):
    """For each case of `count` places its case of those at the positions."""
    cases = [0] * symbols ** count
    for i, position in enumerate(positions):
        weight, step = symbols ** position, symbols ** i
        for case in range(len(cases)):
            cases[case] += case // weight % symbols * step
    return cases


def tabulate(f, places):
    """The values in all cases of the places, which have all of f's."""
    own = places_of([f])
    count_cases(places)
    values = transform([f.get(key, 0) for key in monomials(own, SYMBOLS[0])], len(own), lambda a, b: a + b)
    if own == places:
        return values
    return [values[case] for case in spread(tuple(map(places.index, own)), len(places), SYMBOLS[0])]


def add_to(f, factor, g):
    """f += factor * g"""
    for key, value in g.items():
        value = f.get(key, 0) + factor * value
        if value:
            f[key] = value
        else:
            del f[key]


def weighted(lines):
    """The sum of factor * f for the pairs, over one denominator."""
    bottom = math.lcm(*(factor.denominator for factor, _ in lines))
    below = math.lcm(*{value.denominator for _, f in lines for value in f.values()})
    total = {}
    for factor, f in lines:
        factor = factor.numerator * (bottom // factor.denominator)
        for key, value in f.items():
            total[key] = total.get(key, 0) + factor * value.numerator * (below // value.denominator)
    below *= bottom
    return {key: plain(fractions.Fraction(value, below)) if below > 1 else value for key, value in total.items() if value}


def join(a, b):
    """The product of two monomials, None: 0."""
    symbols, key = SYMBOLS[0], tuple(sorted({*a, *b}))
    for i, j in zip(key, key[1:]):
        if i // symbols == j // symbols:
            return None
    return key


def dot(pairs):
    """The sum of f * g for the pairs (f, g): term by term, or case by case where that is less."""
    lines, rest = [], []
    for f, g in pairs:
        if not f or not g:
            continue
        if len(f) == 1 and () in f:
            lines.append((f[()], g))
        elif len(g) == 1 and () in g:
            lines.append((g[()], f))
        else:
            rest.append((f, g))
    total = weighted(lines)
    if not rest:
        return total
    places = places_of([f for pair in rest for f in pair])
    if 2 * sum(len(f) * len(g) for f, g in rest) < len(rest) * SYMBOLS[0] ** len(places):
        for f, g in rest:
            for (a, x), (b, y) in itertools.product(f.items(), g.items()):
                key = join(a, b)
                if key is not None:
                    base.add(total, key, x * y)
        return total
    values = [0] * count_cases(places)
    for f, g in rest:
        values = [v + x * y for v, x, y in zip(values, tabulate(f, places), tabulate(g, places))]
    add_to(total, 1, interpolate(values, places))
    return total


def shifted(f, by):
    return {tuple(i + by * SYMBOLS[0] for i in key): value for key, value in f.items()}


def first_place(f):
    return min((key[0] for key in f if key), default=None)


def letter(place, values):
    """values[s] where the letter at the place is s."""
    f = {(): values[0]} if values[0] else {}
    for s in range(1, len(values)):
        if values[s] != values[0]:
            f[(place * SYMBOLS[0] + s,)] = values[s] - values[0]
    return f


def gains(f):
    """(constant, {place: [what each symbol adds]}) of a sum of functions of one letter each; None: it is no such sum."""
    constant, by_place, symbols = 0, {}, SYMBOLS[0]
    for key, value in f.items():
        if len(key) > 1:
            return None
        if key:
            by_place.setdefault(key[0] // symbols, [0] * symbols)[key[0] % symbols] = value
        else:
            constant = value
    return constant, by_place


def bounds(f):
    """(low, high), each term of several letters by itself."""
    symbols, constant, by_place, rest = SYMBOLS[0], 0, {}, [0, 0]
    for key, value in f.items():
        if len(key) == 1:
            low, high = by_place.get(key[0] // symbols, (0, 0))
            by_place[key[0] // symbols] = (min(low, value), max(high, value))
        elif key:
            rest[value > 0] += value
        else:
            constant = value
    return (constant + rest[0] + sum(low for low, _ in by_place.values()), constant + rest[1] + sum(high for _, high in by_place.values()))


def positive_cases(f):
    """(places, {case: value > 0}) of ReLU(f)."""
    parts = gains(f)
    if parts is None:
        places = places_of([f])
        return places, {case: value for case, value in enumerate(tabulate(f, places)) if value > 0}
    constant, by_place = parts
    places = tuple(sorted(by_place))
    most = [0]
    for place in reversed(places):
        most.insert(0, most[0] + max(by_place[place]))
    found, weight = {0: constant} if constant + most[0] > 0 else {}, 1
    for place, rest in zip(places, most[1:]):
        found = {case + s * weight: value + gain for case, value in found.items() for s, gain in enumerate(by_place[place])
                 if value + gain + rest > 0}
        weight *= SYMBOLS[0]
    return places, found


# --- the network on letters ---------------------------------------------------------------------------------------------


class Neurons:
    """A feed-forward part. What a neuron is at most, by the bounds of what it reads, is kept up to date from token to token."""

    def __init__(self, part):
        into, bias, self.out = ({column: [(row, plain(value)) for row, value in entries] for column, entries in m.items()} for m in part)
        self.into, self.bias, self.reads = into, dict(bias.get(0, ())), {}
        for feature, entries in into.items():
            for n, value in entries:
                self.reads.setdefault(n, []).append((feature, value))
        self.high, self.known = dict(self.bias), {}

    def note(self, x):
        for feature, entries in self.into.items():
            old, new = self.known.get(feature, (0, 0)), bounds(x[feature]) if feature in x else (0, 0)
            if old != new:
                self.known[feature] = new
                for n, value in entries:
                    self.high[n] = self.high.get(n, 0) + value * (new[value > 0] - old[value > 0])

    def before(self, n, x):
        f = {(): self.bias[n]} if n in self.bias else {}
        for feature, value in self.reads.get(n, ()):
            add_to(f, value, x.get(feature, {}))
        return f

    def run(self, x):
        """What the neurons add to the features."""
        tables, added = {}, {}
        self.note(x)
        for n, high in self.high.items():
            if high <= 0 or n not in self.out:
                continue
            f = self.before(n, x)
            if bounds(f)[0] >= 0:
                for row, value in self.out[n]:
                    add_to(added.setdefault(row, {}), value, f)
                continue
            places, cases = positive_cases(f)
            for row, value in self.out[n]:
                table = tables.setdefault((places, row), {})
                for case, positive in cases.items():
                    table[case] = table.get(case, 0) + value * positive
        for (places, row), table in tables.items():
            values = [0] * count_cases(places)
            for case, value in table.items():
                values[case] = value
            add_to(added.setdefault(row, {}), 1, interpolate(values, places))
        return added


def query_of(head, x):
    """{(i, c): function}"""
    lines = {}
    for feature, f in x.items():
        for at, value in head.params["query"].get(feature, ()):
            lines.setdefault(at if isinstance(at, tuple) else (at, 0), []).append((plain(value), f))
    return {at: weighted(list_) for at, list_ in lines.items()}


def moves_of(head, x):
    """A and B of a head as functions, in all cases of the letters that they depend on."""
    read = {feature for name, param in head.params.items() if name != "query" for feature in param} & x.keys()
    places = places_of([x[feature] for feature in read])
    count, tables = count_cases(places), ({}, {})
    values = {feature: tabulate(x[feature], places) for feature in read}
    for case in range(count):
        numbers = {feature: fractions.Fraction(list_[case]) for feature, list_ in values.items() if list_[case]}
        for table, entries in zip(tables, (head.transition(numbers), head.write(numbers))):
            for at, value in entries.items():
                table.setdefault(at, [0] * count)[case] = plain(value)
    return tuple({at: interpolate(list_, places) for at, list_ in table.items()} for table in tables)


def product(rows, matrix):
    """{(i, j): function} times {(j, k): function}; zeros are left out."""
    by_row, pairs = {}, {}
    for (j, k), f in matrix.items():
        by_row.setdefault(j, []).append((k, f))
    for (i, j), f in rows.items():
        for k, g in by_row.get(j, ()):
            pairs.setdefault((i, k), []).append((f, g))
    result = {at: dot(list_) for at, list_ in pairs.items()}
    return {at: f for at, f in result.items() if f}


def sum_of(a, b):
    result = {at: dict(f) for at, f in a.items()}
    for at, f in b.items():
        add_to(result.setdefault(at, {}), 1, f)
    return {at: f for at, f in result.items() if f}


class Router:
    """All layers but the last, on letters that are not known; of the last one only what it does to its state."""

    def __init__(self, net):
        self.net, self.x, self.place = net, {}, 0
        self.neurons = [layer.feedforward and Neurons(layer.feedforward) for layer in net.layers]
        self.states = [[{} for _ in layer.heads] for layer in net.layers[:-1]]

    def token(self, token):
        """A token that is known. (A, B) of each head of the last layer."""
        return self.read({feature: {(): plain(value)} for feature, value in self.net.embedding.get(token, ())})

    def letter(self):
        rows = {}
        for token in range(SYMBOLS[0]):
            for feature, value in self.net.embedding.get(token, ()):
                rows.setdefault(feature, [0] * SYMBOLS[0])[token] = plain(value)
        self.place += 1
        return self.read({feature: letter(self.place - 1, values) for feature, values in rows.items()})

    def read(self, x):
        for layer, neurons, states in zip(self.net.layers, self.neurons, self.states):
            before, x = x, {feature: dict(f) for feature, f in x.items()}
            for h, head in enumerate(layer.heads):
                a, b = moves_of(head, before)
                states[h] = sum_of(product(states[h], a), b)
                for (i, c), f in product(states[h], query_of(head, before)).items():
                    for row, value in head.output.get(i * head.dims["queries"] + c, ()):
                        add_to(x.setdefault(row, {}), plain(value), f)
            for row, f in (neurons.run(x) if neurons else {}).items():
                add_to(x.setdefault(row, {}), 1, f)
            x = {feature: f for feature, f in x.items() if f}
        self.x = x
        return [moves_of(head, x) for head in self.net.layers[-1].heads]

    def output(self):
        """Output 0 now: a function of the letters, and for each head {(i, k): function} of entry (i, k) of its state. None: neurons read that state."""
        layer, weights, direct = self.net.layers[-1], {}, {}
        for feature, entries in self.net.readout.items():
            for output, value in entries:
                if output == 0:
                    weights[feature] = plain(value)
        for feature, weight in weights.items():
            add_to(direct, weight, self.x.get(feature, {}))
        part = self.neurons[-1]
        for n, entries in part.out.items() if part else ():
            weight = sum(value * weights.get(row, 0) for row, value in entries)
            if not weight:
                continue
            reads = dict(part.reads.get(n, ()))
            if any(sum(value * reads.get(row, 0) for row, value in entries) for head in layer.heads for entries in head.output.values()):
                return None
            places, cases = positive_cases(part.before(n, self.x))
            add_to(direct, weight, interpolate([cases.get(case, 0) for case in range(count_cases(places))], places))
        reads = []
        for head in layer.heads:
            reads.append({})
            for (k, c), f in query_of(head, self.x).items():
                for i in range(head.dims["d_v"]):
                    weight = sum(value * weights.get(row, 0) for row, value in head.output.get(i * head.dims["queries"] + c, ()))
                    if weight:
                        add_to(reads[-1].setdefault((i, k), {}), plain(weight), f)
        return direct, reads


# --- machines, block by block -------------------------------------------------------------------------------------------


class Product:
    """An iterated matrix product: a block is a matrix, row by row."""

    def __init__(self, certificate, spec):
        self.tokens, self.sign = [str(name) for name in spec["alphabet"]], spec.get("accept") is not None
        numbers = [plain(base.number(name)) for name in self.tokens]
        d = self.dimension = int(spec.get("dimension", 3))
        row, col = (int(i) for i in spec.get("entry") or (0, 0))
        self.values, self.length = not self.sign, d * d
        if certificate.root["basis"] != [] or certificate.root["length"] != self.length:
            raise certificate.fails("length", None, "a matrix is a block, and has no other basis")

        def entry(block, i, j):
            return letter(block * d * d + i * d + j, numbers)

        self.start = {row: 1}
        self.first = {0: {(): 1} if row == col else {}, self.length: entry(0, row, col)}
        self.factor = {(i, j): entry(0, i, j) for i in range(d) for j in range(d)}
        self.targets = {self.length: [dot([(entry(0, i, k), entry(1, k, col)) for k in range(d)]) for i in range(d)]}


class Automaton:
    """A weighted automaton, on the space of the columns M_w omega with more than `length` letters."""

    def __init__(self, certificate, series):
        self.certificate, self.series = certificate, series
        self.tokens, self.values, self.length = series.tokens, series.values, certificate.root["length"]
        count_cases(range(2 * self.length))
        self.basis = [certificate.vector(column, series.states, "basis", i, "a column") for i, column in enumerate(certificate.root["basis"])]
        self.dimension, self.pivots = len(self.basis), [min(column, default=None) for column in self.basis]
        for i, column in enumerate(self.basis):
            if any(other.get(self.pivots[i], 0) != (other is column) for other in self.basis) or not column:
                raise certificate.fails("basis", i, "its first entry is not 1, or other columns are not 0 there")
        self.start = {i: sum(series.alpha.get(q, 0) * value for q, value in column.items()) for i, column in enumerate(self.basis)}
        self.start = {i: value for i, value in self.start.items() if value}
        self.first, self.targets, self.factor = {}, {}, {}
        self.follow_omega()
        self.follow_basis()

    def before(self, s, column):
        """M_s times the column"""
        result = {}
        for p, row in enumerate(self.series.letters[s]):
            value = sum(weight * column[q] for q, weight in row.items() if q in column)
            if value:
                result[p] = value
        return result

    def longer(self, columns):
        """A letter more at the front of all words, whose first letter is the lowest digit."""
        return [self.before(s, column) for column in columns for s in range(len(self.tokens))]

    def in_space(self, column):
        total = {}
        for pivot, basis in zip(self.pivots, self.basis):
            for q, value in basis.items():
                base.add(total, q, value * column.get(pivot, 0))
        return total == column

    def function(self, values, letters):
        return interpolate([plain(fractions.Fraction(value)) for value in values], tuple(range(letters)) if SYMBOLS[0] > 1 else ())

    def follow_omega(self):
        columns = [self.series.omega]
        for letters in range(2 * self.length + 1):
            if letters <= self.length:
                self.first[letters] = self.function([sum(self.series.alpha.get(q, 0) * value for q, value in column.items()) for column in columns],
                                                    letters)
            else:
                self.targets[letters - self.length] = [self.function([column.get(pivot, 0) for column in columns], letters)
                                                       for pivot in self.pivots]
            if letters == self.length + 1 and not all(map(self.in_space, columns)):
                raise self.certificate.fails("basis", None, "some M_w omega is no combination of these columns")
            columns = self.longer(columns)

    def follow_basis(self):
        for k, column in enumerate(self.basis):
            columns = [column]
            for letters in range(self.length):
                columns = self.longer(columns)
                if letters == 0 and not all(map(self.in_space, columns)):
                    raise self.certificate.fails("basis", k, "a letter leads out of the space of these columns")
            for i, pivot in enumerate(self.pivots):
                self.factor[i, k] = self.function([image.get(pivot, 0) for image in columns], self.length)


# --- the induction --------------------------------------------------------------------------------------------------------


class Checker:
    def __init__(self, certificate, machine, net):
        self.certificate, self.machine, self.net = certificate, machine, net
        self.heads, self.router = net.layers[-1].heads, Router(net)
        self.count = sum(head.coordinates for head in self.heads)
        self.blocks = certificate.root["first"] + certificate.root["period"]
        self.seen = {}  # before each block: the router's state, and where the last layer's may not be 0
        self.start = [b for _, b in self.router.token(len(net.tokens))]
        self.reached = [set(b) for b in self.start]

    def fails(self, block, message):
        return self.certificate.fails("readings", block - 1 if block else None, message)

    def reading(self, block):
        """Of each number, for each head, {(i, k): value}."""
        root = self.certificate.root
        index = (block if block < self.blocks else root["first"]) - 1
        rows = root["readings"][index]
        if not isinstance(rows, list) or len(rows) != self.machine.dimension:
            raise self.certificate.damaged("readings", index, "not a list for each number of the row")
        result = []
        for row in rows:
            vector, parts = self.certificate.vector(row, self.count, "readings", index, "a reading"), []
            for head in self.heads:
                first, d_k = head.first - self.heads[0].first, head.dims["d_k"]
                parts.append({divmod(at - first, d_k): plain(value) for at, value in vector.items() if 0 <= at - first < head.coordinates})
            result.append(parts)
        return result

    def seen_from(self, transitions, writes, form):
        """A form of the state after some tokens, as one of the state before them: a function, and for each head {(i, k): function}."""
        constants, forms = [], []
        for a, b, part in zip(transitions, writes, form):
            constants += [(b[at], f) for at, f in part.items() if at in b]
            pairs = {}
            for (k, c), f in a.items():
                for (i, other), g in part.items():
                    if other == c:
                        pairs.setdefault((i, k), []).append((f, g))
            forms.append({at: dot(list_) for at, list_ in pairs.items()})
        return dot(constants), forms

    def at_start(self, constant, forms):
        value = dict(constant)
        for start, form in zip(self.start, forms):
            add_to(value, 1, dot([(start[at], f) for at, f in form.items() if at in start]))
        return value

    def proportional(self, pairs):
        """Whether f = factor * g for all pairs, with one factor > 0, which is 1 for values."""
        factor = None
        for f, g in pairs:
            if f.keys() != g.keys():
                return False
            for key, value in f.items():
                factor = fractions.Fraction(value) / g[key] if factor is None else factor
                if value != factor * g[key]:
                    return False
        return factor is None or factor == 1 or (factor > 0 and not self.machine.values)

    def move(self, transitions, writes, moves):
        """After one token more; and where the state may not be 0."""
        for h, (a, b) in enumerate(moves):
            transitions[h], writes[h] = product(transitions[h], a), sum_of(product(writes[h], a), b)
            self.reached[h] = set(b) | {(i, c) for i, k in self.reached[h] for c in self.leads_to(a, k)}

    @staticmethod
    def leads_to(a, k):
        return [c for (j, c), f in a.items() if j == k and f]

    def block(self, block):
        transitions = [{(k, k): {(): 1} for k in range(head.dims["d_k"])} for head in self.heads]
        writes, reached = [{} for _ in self.heads], [set(places) for places in self.reached]
        self.seen[block] = ([[{at: dict(f) for at, f in state.items()} for state in states] for states in self.router.states], reached)
        reading = self.reading(block) if block else None
        for j in range(1, self.machine.length + 1):
            self.move(transitions, writes, self.router.letter())
            for _ in range(self.net.padding):
                self.move(transitions, writes, self.router.token(len(self.net.tokens) - 1))
            if j in (self.machine.targets if block else self.machine.first):
                self.output(block, j, self.seen_from(transitions, writes, self.output_form(block)[1]), reading, reached)
        after = [self.seen_from(transitions, writes, [{at: {(): value} for at, value in part.items()} for part in parts])
                 for parts in self.reading(block + 1)]
        self.passes_on(block, after, reading, reached)

    def output_form(self, block):
        form = self.router.output()
        if form is None:
            raise self.fails(block, "a neuron of the last layer reads that layer's state")
        self.direct = form[0]
        return form

    def output(self, block, j, form, reading, reached):
        constant, forms = form
        add_to(constant, 1, self.direct)
        if block == 0:
            if not self.proportional([(self.at_start(constant, forms), self.machine.first[j])]):
                raise self.fails(0, f"the output after letter {j} of the first block is not the machine's value")
            return
        wanted = self.wanted(block, reading, self.machine.targets[j], reached)
        if constant or any(part.get(at, {}) != f for part, wants in zip(forms, wanted) for at, f in wants.items()):
            raise self.fails(block, f"the output after letter {j} of block {block} is not this reading times the letters")

    def wanted(self, block, reading, functions, reached):
        """For each head and each place that is reached, the sum over k of reading k times function k of the letters from the block before on."""
        result = []
        for h, places in enumerate(reached):
            result.append({at: {} for at in places})
            for at, f in result[-1].items():
                for k, parts in enumerate(reading):
                    if at in parts[h]:
                        add_to(f, parts[h][at], shifted(functions[k], (block - 1) * self.machine.length))
        return result

    def passes_on(self, block, after, reading, reached):
        """The next reading of the state after the block is this one times the block before."""
        pairs, d = [], self.machine.dimension
        for i, (constant, forms) in enumerate(after):
            if block == 0:
                pairs.append((self.at_start(constant, forms), {(): self.machine.start[i]} if i in self.machine.start else {}))
                continue
            if constant:
                raise self.fails(block + 1, "it reads what the block before writes")
            wanted = self.wanted(block, reading, [self.machine.factor[k, i] for k in range(d)], reached)
            pairs += [(part.get(at, {}), f) for part, wants in zip(forms, wanted) for at, f in wants.items()]
        if not self.proportional(pairs):
            raise self.fails(block + 1 if block + 1 < self.blocks else self.certificate.root["first"],
                             f"block {block} does not lead to it")

    def repeats(self):
        """Before the block after the last: the state before block `first`, later."""
        first = self.certificate.root["first"]
        states, reached = self.seen[first]
        by = (self.blocks - first) * self.machine.length
        now = self.router.states
        if reached != self.reached or any({at: shifted(f, by) for at, f in old.items()} != new for olds, news in zip(states, now)
                                          for old, new in zip(olds, news)):
            raise self.certificate.fails("period", None, "the router's state before the last block is not the one so many blocks ago")

    def all(self):
        constant, forms = self.output_form(0)
        output, wanted = self.at_start(constant, forms), self.machine.first[0]
        number = output.get((), 0) if not output.keys() - {()} else None
        right = number is not None and (number == wanted.get((), 0) if self.machine.values else (number > 0) == (wanted.get((), 0) > 0))
        if not right:
            raise self.fails(0, "the output for the empty word is not right")
        for block in range(self.blocks):
            self.block(block)
        self.repeats()


# --- the certificate ------------------------------------------------------------------------------------------------------


def check_numbers(certificate):
    root = certificate.root
    for key in ("length", "first", "period"):
        if type(root[key]) is not int or not 1 <= root[key] <= 10000:
            raise certificate.damaged(key, None, "not a number of letters or blocks")
    if not isinstance(root["basis"], list) or not isinstance(root["readings"], list):
        raise certificate.damaged("readings", None, "not a list")
    if len(root["readings"]) != root["first"] + root["period"] - 1:
        raise certificate.fails("readings", None, "there is not one for each block")


def machine_of(certificate, text):
    key = certificate.root["left"]["series"]
    if key != "product":
        return Automaton(certificate, recheck_series.spec_series(text, key))
    spec = base.Yaml(text.decode()).whole()
    if spec.get("kind") != "matrix-product":
        raise certificate.fails("left", None, "the spec is no iterated matrix product")
    return Product(certificate, spec)


def check(certificate, paths, texts):
    check_numbers(certificate)
    for key, path, text in zip(("left", "right"), paths, texts):
        if text.lstrip().startswith(b"{") != (key == "right"):
            raise certificate.fails(key, None, f"the certificate is about a {'spec' if key == 'left' else 'net'} here")
        base.read_side(certificate, key, path, text)
    net = recheck_net.read_net(texts[1])
    SYMBOLS[0] = len(net.tokens) - (net.padding > 0)
    if not all(head.linear for layer in net.layers for head in layer.heads) or not net.layers or net.decision == "sign" or not SYMBOLS[0]:
        raise certificate.fails("right", None, "the net is not one of linear heads")
    try:
        machine = machine_of(certificate, texts[0])
        if not machine.tokens == certificate.root["tokens"] == net.tokens[:SYMBOLS[0]]:
            raise certificate.fails("tokens", None, "the two sides do not both read these tokens")
        if not machine.values == (net.decision == "value") == (certificate.root["claim"] == "values") or \
                certificate.root["claim"] not in ("values", "verdicts"):
            raise certificate.fails("claim", None, "it is not what the two sides give")
        Checker(certificate, machine, net).all()
    except TooMany:
        raise certificate.fails("readings", None, "a function depends on too many letters") from None
    except (AttributeError, TypeError, ValueError, KeyError, IndexError, UnicodeDecodeError) as error:
        raise base.unreadable(f"a file cannot be read: {error!r}") from None


KEYS = {"blocks": "rnnwit-certificate|kind|claim|left|right|tokens|length|first|period|basis|readings"}
