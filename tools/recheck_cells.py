"""Certificates of kind "cells", checked again: machines with counters or stacks beside networks of ReLUs (rnnwit-certificate(5)).

Part of recheck.py. A vector of affine functions of t_1 ... t_k is a dict from places to lists of k + 1 Fractions, the
constant first; what is not there is 0. A box is a pair (low, high), None where it is endless."""
import fractions
import itertools

import recheck_base as base
import recheck_net

ONE, ZERO = fractions.Fraction(1), fractions.Fraction(0)
MOST_MODES = 2 ** 15
KEYS = {"cells": "rnnwit-certificate|kind|claim|left|right|tokens|history|modes"}


# --- machines by modes ------------------------------------------------------------------------------------------------


def keep():
    return ONE, ZERO, None, False  # factor, add, class pushed, pops


class Stacks:
    """What stack and Turing machines share: digits of base 2B with gaps; class 0 is empty, 1 + b has b on top."""

    def values(self, _mode, _number, cls):
        if cls == 0:
            return ZERO, ZERO, (ZERO, ZERO)
        return fractions.Fraction(2 * cls - 1, self.base), fractions.Fraction(1, self.base), (ZERO, ONE)

    def push(self, letter):
        return fractions.Fraction(1, self.base), fractions.Fraction(2 * letter + 1, self.base), letter + 1, False

    def pop(self, cls):
        return fractions.Fraction(self.base), fractions.Fraction(1 - 2 * cls), None, True

    def parts(self, mode, number, cls, effect, content, _cuts=()):
        """(class afterwards, start, rate, box) for each part of the class."""
        start, rate, box = self.values(mode, number, cls)
        _, _, pushed, pops = effect
        if not pops:
            yield cls if pushed is None else pushed, start, rate, box
            return
        yield 0, start, rate, (ZERO, ZERO)
        for above in sorted(content - {0}):
            yield above, start + rate * fractions.Fraction(2 * above - 1, self.base), rate / self.base, box


def tests_of(tests, numbers, known):
    result = {}
    for name, test in (tests or {}).items():
        result[base.place(numbers, name)] = known[test] if test in known else test
    return result


def acceptance_of(spec, states, numbers, known):
    rows = []
    accepting = spec["accepting"]
    if isinstance(accepting, list):
        return [(base.place(states, q), {}) for q in accepting]
    for q, tests in accepting.items():
        for one in tests if isinstance(tests, list) else [tests]:
            rows.append((base.place(states, q), tests_of(one, numbers, known)))
    return rows


class Stack(Stacks):
    def __init__(self, spec):
        self.symbols, self.states = base.numbered(spec["alphabet"]), base.numbered(spec["states"])
        stacks, letters = base.numbered(spec["stacks"]), base.numbered(spec["stack-alphabet"])
        known = {"empty": "empty", "nonempty": "nonempty", **{name: i + 1 for name, i in letters.items()}}
        self.base, self.numbers, self.classes = 2 * len(letters), len(stacks), len(letters) + 1
        self.modes, self.initial = len(self.states) + 1, base.place(self.states, spec["initial"])
        self.acceptance = acceptance_of(spec, self.states, stacks, known)
        self.rules = {}
        for row in spec["transitions"]:
            actions = {}
            for name, action in (row.get("do") or {}).items():
                words = action.split(None, 1)
                actions[base.place(stacks, name)] = (words[0], base.place(letters, words[1]) if len(words) > 1 else None)
            self.rules.setdefault((base.place(self.states, row["from"]), base.place(self.symbols, row["read"])), []).append(
                (tests_of(row.get("when"), stacks, known), actions, base.place(self.states, row["to"])))

    @staticmethod
    def fits(tests, classes):
        return all((classes[i] == 0) if test == "empty" else (classes[i] > 0) if test == "nonempty" else classes[i] == test
                   for i, test in tests.items())

    def step(self, mode, symbol, classes):
        effects = [keep() for _ in classes]
        for tests, actions, to in self.rules.get((mode, symbol), []):
            if self.fits(tests, classes):
                for i, (what, letter) in actions.items():
                    effects[i] = self.pop(classes[i]) if what == "pop" else self.push(letter) if what == "push" else keep()
                return to, effects
        return self.modes - 1, effects

    def verdict(self, mode, classes):
        return int(any(q == mode and self.fits(tests, classes) for q, tests in self.acceptance))


class Turing(Stacks):
    def __init__(self, spec):
        self.symbols = base.numbered(spec["alphabet"])
        self.table, self.halts = {}, {}
        if spec.get("compact") is not None:
            self.read_compact(spec["compact"])
        else:
            self.read_table(spec)
        self.complete()
        self.clock = base.place(self.symbols, spec["clock"])
        self.letter_of = {i: self.letters[name] for name, i in self.symbols.items() if i != self.clock}
        count = len(self.letters)
        self.base, self.numbers, self.classes = 2 * count, 2, count + 1
        self.modes, self.initial = 1 + count * (1 + self.count) + 1, 0

    def read_compact(self, text):
        rows = text.split("_")
        letters = len(rows[0]) // 3
        self.letters, self.blank, self.first = {str(i): i for i in range(letters)}, 0, 0
        numbers = {chr(ord("A") + i): i for i in range(len(rows))}
        for row in rows:
            for i in range(0, len(row), 3):
                state = row[i + 2]
                if row[i:i + 3] != "---" and state not in numbers:
                    numbers[state] = len(numbers)
        self.count = len(numbers)
        for q in range(len(rows), self.count):
            self.halts[q] = 1
        for q, row in enumerate(rows):
            for c in range(letters):
                entry = row[3 * c:3 * c + 3]
                if entry != "---":
                    self.table[q, c] = (int(entry[0]), entry[1], numbers[entry[2]])

    def read_table(self, spec):
        states, self.letters = base.numbered(spec["states"]), base.numbered(spec["tape"])
        self.blank, self.first, self.count = base.place(self.letters, spec["blank"]), base.place(states, spec["initial"]), len(states)
        for key, how in (("accepting", 1), ("rejecting", -1)):
            for q in base.listed(spec[key]) if spec.get(key) is not None else []:
                self.halts[base.place(states, q)] = how
        for q, row in spec["transitions"].items():
            for letter, (write, move, to) in row.items():
                self.table[base.place(states, q), base.place(self.letters, letter)] = (
                    base.place(self.letters, write), move, base.place(states, to))

    def complete(self):
        """What is missing leads to a state more, which rejects."""
        missing = [(q, c) for q in range(self.count) if q not in self.halts for c in self.letters.values()
                   if (q, c) not in self.table]
        for q, c in missing:
            self.table[q, c] = (c, "S", self.count)
        if missing:
            self.halts[self.count] = -1
            self.count += 1

    def on(self, state, letter):
        return 1 + len(self.letters) * (1 + state) + letter

    def run(self, state, letter, classes, effects):
        if state in self.halts:
            return self.on(state, letter), effects
        write, move, to = self.table[state, letter]
        if move == "S":
            return self.on(to, write), effects
        back, front = (0, 1) if move == "R" else (1, 0)
        effects[back] = self.push(write)
        if classes[front] == 0:
            return self.on(to, self.blank), effects
        effects[front] = self.pop(classes[front])
        return self.on(to, classes[front] - 1), effects

    def step(self, mode, symbol, classes):
        effects, dead, count = [keep(), keep()], self.modes - 1, len(self.letters)
        letter = self.blank if mode == 0 else (mode - 1) % count
        if mode == dead or (symbol != self.clock and mode != 0):
            return dead, effects
        if symbol != self.clock:
            return 0, [self.push(self.letter_of[symbol]), keep()]
        if mode > count:
            return self.run((mode - 1) // count - 1, letter, classes, effects)
        if classes[0] == 0:
            return self.run(self.first, letter, classes, effects)
        return classes[0], [self.pop(classes[0]), self.push(letter)]

    def verdict(self, mode, _classes):
        if mode == self.modes - 1:
            return -1
        count = len(self.letters)
        return self.halts.get((mode - 1) // count - 1, 0) if mode > count else 0


class Counter:
    """Class 0 is the value 0, 1 are the positive and 2 the negative integers."""

    BOXES = [(ZERO, ZERO), (ONE, None), (None, -ONE)]

    def __init__(self, spec, history):
        self.symbols, self.states = base.numbered(spec["alphabet"]), base.numbered(spec["states"])
        counters = base.numbered(spec["counters"])
        known = {"zero": True, "nonzero": False}
        self.numbers, self.classes, self.history, self.base = len(counters), 3, history, 0
        self.acceptance = acceptance_of(spec, self.states, counters, known)
        self.rules = []
        for row in spec["transitions"]:
            effects = [keep() for _ in counters]
            for name, constant in (row.get("add") or {}).items():
                effects[base.place(counters, name)] = (ONE, fractions.Fraction(int(constant)), None, False)
            for name in base.listed(row["reset"]) if row.get("reset") is not None else []:
                effects[base.place(counters, name)] = (ZERO, ZERO, None, False)
            self.rules.append((base.place(self.states, row["from"]), base.place(self.symbols, row["read"]),
                               tests_of(row.get("when"), counters, known), effects, base.place(self.states, row["to"])))
        self.rules.sort(key=lambda rule: rule[:2])
        self.first = base.place(self.states, spec["initial"])
        self.initial = 0 if history else self.first
        patterns = 3 ** self.numbers
        self.modes = {False: len(self.states) + 1, True: len(self.rules) + 2,
                      "step": 1 + (len(self.states) + 1) * len(self.symbols) * patterns}[history]
        if history == "step" and self.modes > MOST_MODES:
            raise base.unreadable("the machine has too many steps")

    def last(self, mode):
        """The state, symbol and classes of the step that a mode is."""
        step, pattern = divmod(mode - 1, 3 ** self.numbers)
        return *divmod(step, len(self.symbols)), [pattern // 3 ** i % 3 for i in range(self.numbers)]

    def rule(self, state, symbol, classes):
        """The number of the rule that applies, or None. State len(states) is dead."""
        for r, (start, read, tests, _, _) in enumerate(self.rules):
            if start == state and read == symbol and self.fits(tests, classes):
                return r
        return None

    def target(self, rule):
        return len(self.states) if rule is None else self.rules[rule][4]

    def state(self, mode):
        if not self.history:
            return mode
        if mode == 0:
            return self.first
        if self.history == "step":
            return self.target(self.rule(*self.last(mode)))
        return self.target(mode - 1 if mode <= len(self.rules) else None)

    @staticmethod
    def fits(tests, classes):
        return all((classes[i] == 0) == zero for i, zero in tests.items())

    def step(self, mode, symbol, classes):
        state = self.state(mode)
        rule = self.rule(state, symbol, classes)
        effects = [keep() for _ in classes] if rule is None else self.rules[rule][3]
        if self.history == "step":
            pattern = sum(cls * 3 ** i for i, cls in enumerate(classes))
            return 1 + (state * len(self.symbols) + symbol) * 3 ** self.numbers + pattern, effects
        if rule is None:
            return self.modes - 1, effects
        return rule + 1 if self.history else self.target(rule), effects

    def verdict(self, mode, classes):
        return int(any(q == self.state(mode) and self.fits(tests, classes) for q, tests in self.acceptance))

    def box(self, mode, number, cls):
        """The values of the class in the mode: where modes are steps, as far as the step leads to them."""
        if self.history != "step":
            return self.BOXES[cls]
        if mode == 0:
            return common(self.BOXES[cls], self.BOXES[0])
        state, symbol, before = self.last(mode)
        rule = self.rule(state, symbol, before)
        factor, added = (ONE, ZERO) if rule is None else self.rules[rule][3][number][:2]
        reached = self.BOXES[0] if factor == 0 else moved(self.BOXES[before[number]], added)
        return common(self.BOXES[cls], reached)

    def parts(self, mode, number, cls, effect, _content, cuts=()):
        factor, added = effect[0], effect[1]
        ends = [None, *cuts, None]
        for after, goal in enumerate(self.BOXES):
            if factor == 0 and after > 0:
                break
            part = self.box(mode, number, cls) if factor == 0 else common(self.box(mode, number, cls), moved(goal, -added))
            for low, high in zip(ends, ends[1:]):
                piece = common(part, (None if low is None else fractions.Fraction(low + 1), None if high is None else fractions.Fraction(high)))
                if None in piece or piece[0] <= piece[1]:
                    yield after, ZERO, ONE, piece


def moved(box, added):
    return tuple(None if end is None else end + added for end in box)


def common(a, b):
    """May be empty: low > high."""
    lows, highs = [low for low, _ in (a, b) if low is not None], [high for _, high in (a, b) if high is not None]
    return max(lows, default=None), min(highs, default=None)


# --- networks -----------------------------------------------------------------------------------------------------------


def apply(matrix, x, y):
    for j, form in x.items():
        for i, value in matrix.get(j, ()):
            if i in y:
                y[i] = [a + value * b for a, b in zip(y[i], form)]
            else:
                y[i] = [value * b for b in form]


def add_bias(matrix, y, size):
    for i, value in matrix.get(0, ()):
        form = y.setdefault(i, [ZERO] * size)
        y[i] = [form[0] + value, *form[1:]]


def least(form, boxes, sign=1):
    """Of sign * form on the boxes; None: there is none."""
    value = sign * form[0]
    for slope, (low, high) in zip(form[1:], boxes):
        end = low if sign * slope > 0 else high
        if slope:
            if end is None:
                return None
            value += sign * slope * end
    return value


def relu(z, boxes):
    """None: some entry has no single sign."""
    result = {}
    for i, form in z.items():
        low = least(form, boxes)
        if low is not None and low >= 0:
            result[i] = form
            continue
        high = least(form, boxes, -1)
        if high is None or high < 0:
            return None
    return result


class Network:
    def __init__(self, text):
        self.net = recheck_net.read_net(text)
        heads = [head for layer in self.net.layers for head in layer.heads]
        if any(head.family not in ("relu", "mlp", "gated") for head in heads) or self.net.padding or \
                self.net.decision == "value":
            raise base.unreadable("the net file cannot be read: cells are about relu, mlp and gated heads")
        self.tokens, self.sign = self.net.tokens, self.net.decision == "sign"
        self.coordinates = self.net.coordinates

    @staticmethod
    def head(head, h, x, boxes):
        """The new state, or None."""
        size, family, params = len(boxes) + 1, head.family, head.params
        first = ("recurrent", "input", "bias") if family == "relu" else ("hidden1_state", "hidden1_input", "hidden1_bias")
        z = {}
        apply(params[first[0]], h, z)
        apply(params[first[1]], x, z)
        add_bias(params[first[2]], z, size)
        z = relu(z, boxes)
        for layer in head.hidden[1:]:
            if z is None:
                return None
            pre = {}
            apply(params[f"{layer}_weight"], z, pre)
            add_bias(params[f"{layer}_bias"], pre, size)
            z = relu(pre, boxes)
        if z is None or family == "relu":
            return z
        new, factors = {}, ({}, {})
        apply(params["out"], z, new)
        add_bias(params["out_bias"], new, size)
        if family == "gated":
            for factor, name in zip(factors, ("factor_a", "factor_b")):
                apply(params[name], z, factor)
                add_bias(params[f"{name}_bias"], factor, size)
            for i in factors[0].keys() & factors[1].keys():
                for constant, form in (factors, factors[::-1]):
                    low, high = least(constant[i], boxes), least(constant[i], boxes, -1)
                    if low is not None and high is not None and low == -high:
                        old = new.get(i, [ZERO] * size)
                        new[i] = [a + low * b for a, b in zip(old, form[i])]
                        break
                else:
                    return None
        return new

    def step(self, token, state, boxes):
        """The new state and output 0, or None."""
        size, new = len(boxes) + 1, {}
        x = {i: [value] + [ZERO] * (size - 1) for i, value in self.net.input(token).items()}
        for layer in self.net.layers:
            before, part = dict(x), layer.feedforward
            for head in layer.heads:
                h = {i - head.first: form for i, form in state.items() if 0 <= i - head.first < head.coordinates}
                h = self.head(head, h, before, boxes)
                if h is None:
                    return None
                new.update((head.first + i, form) for i, form in h.items())
                apply(head.output, h, x)
            if part:
                z = {}
                apply(part[0], x, z)
                add_bias(part[1], z, size)
                z = relu(z, boxes)
                if z is None:
                    return None
                apply(part[2], z, x)
        outputs = {}
        apply(self.net.readout, x, outputs)
        return new, outputs.get(0, [ZERO] * size)


# --- the certificate ----------------------------------------------------------------------------------------------------


def same(a, b, boxes):
    """The same functions on the boxes: where a box is a point only its value counts."""
    size = len(boxes) + 1

    def value(form):
        constant, slopes = form[0], []
        for slope, (low, high) in zip(form[1:], boxes):
            if low is not None and low == high:
                constant += slope * low
            else:
                slopes.append(slope)
        return constant, slopes

    zero = [ZERO] * size
    return all(value(a.get(i, zero)) == value(b.get(i, zero)) for i in a.keys() | b.keys())


def compose(claim, places):
    """The claim's map where number i is start + rate t_i."""
    form = {i: [value] + [ZERO] * len(places) for i, value in claim["constant"].items()}
    for p, (slopes, (start, rate)) in enumerate(zip(claim["slopes"], places)):
        for i, slope in slopes.items():
            entry = form.setdefault(i, [ZERO] * (len(places) + 1))
            entry[0] += slope * start
            entry[p + 1] += slope * rate
    return form


def classes_of(certificate, sets, machine, index, what):
    good = isinstance(sets, list) and len(sets) == machine.numbers
    for one in sets if good else []:
        good = good and isinstance(one, list) and all(type(c) is int and 0 <= c < machine.classes for c in one) and \
            one == sorted(set(one))
    if not good:
        raise certificate.damaged("modes", index, f"{what} is not a list of classes in order for each number")
    return [set(one) for one in sets]


def cuts_of(certificate, cuts, machine, index):
    good = isinstance(cuts, list) and len(cuts) == machine.numbers and not machine.base
    for places in cuts if good else []:
        good = good and isinstance(places, list) and all(type(at) is int and abs(at) < 2 ** 62 for at in places) and \
            places == sorted(set(places))
    if not good:
        raise certificate.damaged("modes", index, "cuts are not integers in order for each counter")
    return cuts


def read_claims(certificate, machine, network):
    modes = certificate.root["modes"]
    if not isinstance(modes, list):
        raise certificate.damaged("modes", None, "not a list")
    claims = {}
    for index, row in enumerate(modes):
        cuts = "cuts|" if isinstance(row, dict) and "cuts" in row else ""
        certificate.keys(row, "modes", index, f"mode|name|classes|content|{cuts}constant|slopes")
        mode, slopes = row["mode"], row["slopes"]
        if type(mode) is not int or not 0 <= mode < machine.modes or mode in claims or not isinstance(row["name"], str):
            raise certificate.damaged("modes", index, "not the number of a mode that is listed once")
        if not isinstance(slopes, list) or len(slopes) != machine.numbers:
            raise certificate.damaged("modes", index, "there are not slopes for each number")
        claims[mode] = {
            "index": index,
            "cuts": cuts_of(certificate, row["cuts"], machine, index) if cuts else [()] * machine.numbers,
            "classes": classes_of(certificate, row["classes"], machine, index, "classes"),
            "content": classes_of(certificate, row["content"], machine, index, "content"),
            "constant": certificate.vector(row["constant"], network.coordinates, "modes", index, "the constant"),
            "slopes": [certificate.vector(s, network.coordinates, "modes", index, "a slope") for s in slopes],
        }
    return claims


class Checker:
    def __init__(self, certificate, machine, network, claims):
        self.certificate, self.machine, self.network, self.claims = certificate, machine, network, claims

    def verdict_fits(self, form, boxes, verdict):
        low, negative = least(form, boxes), least(form, boxes, -1)
        if verdict > 0:
            return low is not None and low > 0
        if not self.network.sign:
            return negative is not None and negative >= 0
        if verdict < 0:
            return negative is not None and negative > 0
        return low == 0 and negative == 0

    def step(self, index, token, name, state, source, to, after, boxes, places):
        done = self.network.step(token, state, boxes)
        if done is None:
            raise self.certificate.fails("modes", index, f"a ReLU has no single sign, or a product is not affine, after {name!r}")
        new, output = done
        if not self.verdict_fits(output, boxes, self.machine.verdict(to, after)):
            raise self.certificate.fails("modes", index, f"the output is not the machine's verdict after {name!r}")
        claim = self.claims.get(to)
        good = claim is not None and all(c in known for c, known in zip(after, claim["classes"]))
        if good and self.machine.base:
            for i, known in enumerate(claim["content"]):
                good = good and 0 in known and after[i] in known and (source is None or source["content"][i] <= known)
        if not good:
            raise self.certificate.fails("modes", index, f"{name!r} leads to mode {to} with classes or contents that are not listed")
        if not same(compose(claim, places), new, boxes):
            raise self.certificate.fails("modes", index, f"{name!r} does not lead to what is claimed of mode {to}")

    def start(self):
        zeros = tuple(0 for _ in range(self.machine.numbers))
        places, boxes = [(ZERO, ZERO) for _ in zeros], [(ZERO, ZERO) for _ in zeros]
        claim = self.claims.get(self.machine.initial)
        self.step(claim and claim["index"], len(self.network.tokens), "BOS", {}, None, self.machine.initial, zeros, boxes, places)

    def cell(self, mode, claim, symbol, classes):
        to, effects = self.machine.step(mode, symbol, classes)
        parts = [list(self.machine.parts(mode, i, c, effect, content, cuts))
                 for i, (c, effect, content, cuts) in enumerate(zip(classes, effects, claim["content"], claim["cuts"]))]
        for part in itertools.product(*parts):
            places = [(start, rate) for _, start, rate, _ in part]
            after = [(effect[0] * start + effect[1], effect[0] * rate) for effect, (start, rate) in zip(effects, places)]
            self.step(claim["index"], symbol, self.network.tokens[symbol], compose(claim, places), claim, to,
                      tuple(c for c, _, _, _ in part), [box for _, _, _, box in part], after)

    def all(self):
        self.start()
        for mode, claim in sorted(self.claims.items()):
            for symbol in range(len(self.network.tokens)):
                for classes in itertools.product(*(sorted(known) for known in claim["classes"])):
                    self.cell(mode, claim, symbol, classes)


def machine_of(text, history):
    spec = base.Yaml(text.decode()).whole()
    kinds = {"stack": Stack, "turing": Turing}
    if spec.get("kind") == "counter":
        return Counter(spec, history), spec
    if spec.get("kind") not in kinds or history:
        raise base.unreadable(f"a spec of kind {spec.get('kind')} has no cells of that kind")
    return kinds[spec["kind"]](spec), spec


def check(certificate, paths, texts):
    root = certificate.root
    if root["claim"] != "verdicts" or not (isinstance(root["history"], bool) or root["history"] == "step"):
        raise certificate.damaged("claim", None, 'cells are about verdicts, with history true, false or "step"')
    base.expect_machine_and_net(certificate, paths, texts)
    try:
        machine, spec = machine_of(texts[0], root["history"])
        network = Network(texts[1])
    except (AttributeError, TypeError, ValueError, KeyError, IndexError, ZeroDivisionError, UnicodeDecodeError) as error:
        raise base.unreadable(f"a file cannot be read: {error!r}") from None
    if not network.tokens == spec["alphabet"] == root["tokens"] or network.sign != (spec["kind"] == "turing"):
        raise certificate.fails("tokens", None, "the two sides do not both read these tokens, or decide otherwise")
    Checker(certificate, machine, network, read_claims(certificate, machine, network)).all()
