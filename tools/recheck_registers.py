"""Certificates of kind "registers", checked again: cost-register automata beside ReLU networks (rnnwit-certificate(5)).

Part of recheck.py. A form is a dict from units, or from registers in the automaton's own sums, to nonzero Fractions; its constant is at CONSTANT. A
difference of functions is a form and a dict from forms g, as sorted tuples, to the factors of their ReLU(g)."""
import fractions
import re

import recheck_base as base
import recheck_net

KEYS = {"registers": "rnnwit-certificate|kind|claim|left|right|tokens|zeros|registers"}
CONSTANT = -1


# --- the automaton ------------------------------------------------------------------------------------------------------


class Sums:
    """Recursive descent over `x = 1 + 2*y + max(x, y + 1)`."""

    def __init__(self, text, registers):
        self.tokens = re.findall(r"[A-Za-z_][A-Za-z_0-9]*|[0-9]+|[=+*(),]|\S", text)
        self.registers, self.at, self.text = registers, 0, text

    def look(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted):
        if self.look() != wanted:
            raise base.unreadable(f"{wanted!r} is missing in {self.text!r}")
        self.at += 1

    def register(self):
        name = self.look()
        self.at += 1
        return base.place(self.registers, name)

    def sum(self, maxima):
        """A form; what stands in a max is put into the list `maxima` (None: there may be none)."""
        form = {}
        while True:
            token = self.look()
            if token == "max":
                self.maximum(maxima)
            elif token.isdigit():
                self.at += 1
                if self.look() == "*":
                    self.at += 1
                    base.add(form, self.register(), base.one(int(token)))
                else:
                    base.add(form, CONSTANT, base.one(int(token)))
            else:
                base.add(form, self.register(), base.one(1))
            if self.look() != "+":
                return form
            self.at += 1

    def maximum(self, maxima):
        if maxima is None or maxima:
            raise base.unreadable(f"a max too many in {self.text!r}")
        self.take("max")
        self.take("(")
        left = self.sum(None)
        self.take(",")
        maxima.append((left, self.sum(None)))
        self.take(")")

    def end(self):
        if self.look():
            raise base.unreadable(f"{self.look()!r} is too much in {self.text!r}")


def joined(items):
    """A list in brackets is cut at the comma of a max."""
    result = []
    for item in items:
        if result and result[-1].count("(") > result[-1].count(")"):
            result[-1] += "," + item
        else:
            result.append(item)
    return result


class Automaton:
    def __init__(self, spec):
        self.names = list(spec["registers"])
        self.registers, self.symbols = base.numbered(self.names), base.numbered(spec["alphabet"])
        self.initial = [base.number(spec["registers"][name]) for name in self.names]
        if set(spec["updates"]) != set(self.symbols):
            raise base.unreadable("not each letter has its updates")
        self.updates = [self.letter(joined(spec["updates"][name])) for name in self.symbols]
        output = Sums(spec["output"], self.registers)
        self.output = output.sum(None)
        output.end()

    def letter(self, texts):
        """By register: (l0, the one max (l1, l2) or nothing)."""
        updates = {}
        for text in texts:
            sums, maxima = Sums(text, self.registers), []
            target = sums.register()
            sums.take("=")
            if target in updates:
                raise base.unreadable(f"a register is updated twice: {text!r}")
            updates[target] = sums.sum(maxima), maxima
            sums.end()
        return updates


# --- the network ----------------------------------------------------------------------------------------------------------


class Network:
    def __init__(self, net):
        if len(net.layers) != 1 or len(net.layers[0].heads) != 1 or net.layers[0].feedforward or net.decision != "value" or net.padding:
            raise base.unreadable("the net is not one relu-input head that gives values")
        self.net, self.head, self.tokens = net, net.layers[0].heads[0], net.tokens
        if self.head.family != "relu-input":
            raise base.unreadable("the net is not one relu-input head that gives values")
        self.units = self.head.coordinates

    def arguments(self, token, zeros):
        """What each unit's ReLU is of, as a form of the units."""
        x, forms = self.net.input(token), [{} for _ in range(self.units)]
        for (to, unit), value in self.head.at("recurrent", x).items():
            if unit not in zeros:
                base.add(forms[to], unit, value)
        for (to, _), value in self.head.at("bias", x).items():
            base.add(forms[to], CONSTANT, value)
        return forms

    def outcome(self, token, zeros):
        """Output 0 as a form of the units."""
        form = {}
        base.add(form, CONSTANT, self.net.output(self.net.input(token)))
        for unit in set(range(self.units)) - zeros:
            x = {}
            recheck_net.apply(self.head.output, {unit: base.one(1)}, x)
            base.add(form, unit, self.net.output(x))
        return form


# --- the certificate --------------------------------------------------------------------------------------------------------


class Difference:
    """linear + sum of factor * ReLU(g), every unit being at least 0."""

    def __init__(self):
        self.linear, self.ramps = {}, {}

    def form(self, factor, form):
        for at, value in form.items():
            base.add(self.linear, at, factor * value)

    def ramp(self, factor, form):
        """Adds factor * ReLU(form)."""
        if all(value > 0 for value in form.values()):
            self.form(factor, form)
        elif any(value > 0 for value in form.values()):
            first = form[min(form)]
            shape = {at: value / first for at, value in form.items()}
            base.add(self.ramps, tuple(sorted(shape.items())), factor * abs(first))
            if first < 0:  # ReLU(-g) = ReLU(g) - g
                self.form(factor * first, shape)

    def nothing(self):
        return not self.linear and not self.ramps


class Checker:
    def __init__(self, certificate, automaton, network):
        self.certificate, self.automaton, self.network = certificate, automaton, network
        self.zeros, self.sums = self.read_zeros(), []
        rows = certificate.root["registers"]
        if not isinstance(rows, list) or len(rows) != len(automaton.names):
            raise certificate.damaged("registers", None, "not a list of the registers")
        for r, row in enumerate(rows):
            certificate.keys(row, "registers", r, "register|units")
            if row["register"] != automaton.names[r]:
                raise certificate.fails("registers", r, f"the register here is {automaton.names[r]!r}")
            self.sums.append(certificate.vector(row["units"], network.units, "registers", r, "a sum of units"))
            if self.zeros & self.sums[r].keys():
                raise certificate.damaged("registers", r, "a unit of the sum is always 0")

    def read_zeros(self):
        zeros = self.certificate.root["zeros"]
        if not isinstance(zeros, list) or any(type(unit) is not int or not 0 <= unit < self.network.units for unit in zeros) or \
                zeros != sorted(set(zeros)):
            raise self.certificate.damaged("zeros", None, "not a list of units in order")
        return set(zeros)

    def of_units(self, form):
        """A sum of registers as a form of the units."""
        result = {}
        for register, factor in form.items():
            if register == CONSTANT:
                base.add(result, CONSTANT, factor)
                continue
            for unit, value in self.sums[register].items():
                base.add(result, unit, factor * value)
        return result

    def check_zeros(self):
        for token in range(len(self.network.tokens) + 1):
            start = token == len(self.network.tokens)
            for unit, form in enumerate(self.network.arguments(token, self.zeros)):
                rising = [form.get(CONSTANT, 0)] if start else form.values()
                if unit in self.zeros and any(value > 0 for value in rising):
                    raise self.certificate.fails("zeros", None, f"unit {unit} is not always 0")

    def check_start(self):
        forms = self.network.arguments(len(self.network.tokens), self.zeros)
        for r, initial in enumerate(self.automaton.initial):
            if sum(factor * max(forms[unit].get(CONSTANT, 0), 0) for unit, factor in self.sums[r].items()) != initial:
                raise self.certificate.fails("registers", r, "not the register at the start")

    def check_output(self):
        for token in range(len(self.network.tokens) + 1):
            if self.network.outcome(token, self.zeros) != self.of_units(self.automaton.output):
                raise self.certificate.fails("registers", None, "the output is not the automaton's sum of them")

    def check_letter(self, symbol):
        forms = self.network.arguments(symbol, self.zeros)
        for r in range(len(self.sums)):
            difference = Difference()
            for unit, factor in self.sums[r].items():
                difference.ramp(factor, forms[unit])
            plain, maxima = self.automaton.updates[symbol].get(r, ({r: fractions.Fraction(1)}, []))
            difference.form(-1, self.of_units(plain))
            for left, right in maxima:  # max(left, right) = right + ReLU(left - right)
                over = self.of_units(left)
                difference.form(-1, self.of_units(right))
                for at, value in self.of_units(right).items():
                    base.add(over, at, -value)
                difference.ramp(-1, over)
            if not difference.nothing():
                raise self.certificate.fails("registers", r, f"not what {self.network.tokens[symbol]!r} makes of the register")

    def all(self):
        self.check_zeros()
        self.check_start()
        self.check_output()
        for symbol in range(len(self.network.tokens)):
            self.check_letter(symbol)


def check(certificate, paths, texts):
    if certificate.root["claim"] != "values":
        raise certificate.damaged("claim", None, "registers are about values")
    base.expect_machine_and_net(certificate, paths, texts)
    try:
        spec = base.Yaml(texts[0].decode()).whole()
        if spec["kind"] != "cra":
            raise base.unreadable("the spec is no cost-register automaton")
        automaton, network = Automaton(spec), Network(recheck_net.read_net(texts[1]))
    except (AttributeError, TypeError, ValueError, KeyError, IndexError, UnicodeDecodeError) as error:
        raise base.unreadable(f"a file cannot be read: {error!r}") from None
    if not network.tokens == list(automaton.symbols) == certificate.root["tokens"]:
        raise certificate.fails("tokens", None, "the two sides do not both read these tokens")
    Checker(certificate, automaton, network).all()
