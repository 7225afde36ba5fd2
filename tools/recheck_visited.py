"""Certificates of kind "visited", checked again: all pairs of a machine's configuration and a network's state (rnnwit-certificate(5)).

Part of recheck.py. A configuration is a dict from places to nonzero Fractions, as is a state."""
import recheck_base as base
import recheck_cells
import recheck_net
import recheck_series as series
from recheck_regex import positions_of

KEYS = {"visited": "rnnwit-certificate|kind|claim|left|right|tokens|rows"}


# --- machines -----------------------------------------------------------------------------------------------------------


class Subsets:
    """A dfa, nfa or regex: the set of its current states, or positions, which is empty when it is dead."""

    values = False

    def __init__(self, spec):
        self.symbols = base.numbered(spec["alphabet"])
        if spec["kind"] == "regex":
            edges, self.accepting, count = positions_of(spec["pattern"], spec["alphabet"])
            self.initial = {0}
        else:
            states = base.numbered(spec["states"])
            edges, count = series.edges_of(spec, states, self.symbols), len(states)
            self.accepting = {base.place(states, q) for q in spec["accepting"]}
            self.initial = {base.place(states, q) for q in base.listed(spec["initial"])}
        self.silent = [[q for p, a, q in edges if a is None and p == state] for state in range(count)]
        self.loud = {}
        for p, a, q in edges:
            self.loud.setdefault((p, a), set()).add(q)
        if spec["kind"] == "dfa":
            self.be_deterministic(spec, count)

    def be_deterministic(self, spec, states):
        if any(self.silent) or any(len(targets) > 1 for targets in self.loud.values()) or len(self.initial) != 1:
            raise base.unreadable("the dfa is not deterministic")
        if spec.get("missing") != "reject" and len(self.loud) != states * len(self.symbols):
            raise base.unreadable("a transition of the dfa is missing")

    def closed(self, subset):
        return {q: base.one(1) for q in series.closure(subset, self.silent)}

    def start(self):
        return self.closed(self.initial)

    def step(self, configuration, symbol):
        return self.closed({q for p in configuration for q in self.loud.get((p, symbol), ())})

    def value(self, configuration):
        return int(bool(self.accepting & configuration.keys()))


class Weighted:
    """A wfa: the row alpha M_w."""

    def __init__(self, spec):
        self.symbols = base.numbered(spec["alphabet"])
        self.series = series.wfa_series(spec, spec["alphabet"], self.symbols, base.numbered(spec["states"]))
        self.values = self.series.values

    def start(self):
        return dict(self.series.alpha)

    def step(self, configuration, symbol):
        result = {}
        for p, factor in configuration.items():
            for q, weight in self.series.letters[symbol][p].items():
                base.add(result, q, factor * weight)
        return result

    def value(self, configuration):
        return sum(factor * self.series.omega.get(q, 0) for q, factor in configuration.items())


class Counters:
    """A counter machine: its state, if it is not dead, then its counters."""

    values = False

    def __init__(self, spec):
        self.machine = recheck_cells.Counter(spec, False)
        self.symbols, self.first = self.machine.symbols, len(self.machine.states)

    def start(self):
        return {self.machine.first: base.one(1)}

    def parts(self, configuration):
        """The state, or that of the dead; and the classes of the counters."""
        states = [q for q in configuration if q < self.first]
        signs = [configuration.get(self.first + i, 0) for i in range(self.machine.numbers)]
        return states[0] if states else self.first, [0 if n == 0 else 1 if n > 0 else 2 for n in signs]

    def step(self, configuration, symbol):
        state, classes = self.parts(configuration)
        to, effects = self.machine.step(state, symbol, classes)
        result = {to: base.one(1)} if to < self.first else {}
        for i, (factor, added, _, _) in enumerate(effects):
            base.add(result, self.first + i, factor * configuration.get(self.first + i, 0) + added)
        return result

    def value(self, configuration):
        return self.machine.verdict(*self.parts(configuration))


MACHINES = {"dfa": Subsets, "nfa": Subsets, "regex": Subsets, "wfa": Weighted, "counter": Counters}


def machine_of(text):
    try:
        spec = base.Yaml(text.decode()).whole()
        if spec["kind"] not in MACHINES:
            raise base.unreadable(f"pairs of a {spec['kind']} are not visited here")
        return MACHINES[spec["kind"]](spec)
    except (AttributeError, TypeError, ValueError, KeyError, IndexError, UnicodeDecodeError) as error:
        raise base.unreadable(f"the spec cannot be read: {error!r}") from None


# --- the certificate --------------------------------------------------------------------------------------------------------


class Checker:
    def __init__(self, certificate, machine, net, rows):
        self.certificate, self.machine, self.net, self.rows = certificate, machine, net, rows
        self.pairs = [self.pair(i, row) for i, row in enumerate(rows)]

    def pair(self, i, row):
        self.certificate.keys(row, "rows", i, "machine|net|steps")
        steps = row["steps"]
        if not isinstance(steps, list) or len(steps) != len(self.machine.symbols) or \
                any(type(to) is not int or not 0 <= to < len(self.rows) for to in steps):
            raise self.certificate.damaged("rows", i, "steps are not the number of a row for each token")
        size = 1 << 30  # a place that is not there is never reached
        return (self.certificate.vector(row["machine"], size, "rows", i, "the configuration"),
                self.certificate.vector(row["net"], self.net.coordinates, "rows", i, "the state"))

    def arrive(self, configuration, state, token, row, to, name):
        """`state` is that before the token, `configuration` that after it."""
        x = self.net.input(token)
        self.net.step(0, len(self.net.layers), state, x)
        value, output = self.machine.value(configuration), self.net.output(x)
        if not (value == output if self.machine.values else (value > 0) == (output > 0)):
            raise self.certificate.fails("rows", row, f"the two sides do not agree after {name!r}")
        if (configuration, state) != self.pairs[to]:
            raise self.certificate.fails("rows", row, f"{name!r} does not lead to row {to}")

    def all(self):
        reached = {0}
        self.arrive(self.machine.start(), {}, len(self.net.tokens), 0, 0, "BOS")
        for i, (configuration, state) in enumerate(self.pairs):
            if i not in reached:
                raise self.certificate.fails("rows", i, "no row before leads here")
            for symbol, to in enumerate(self.rows[i]["steps"]):
                self.arrive(self.machine.step(configuration, symbol), dict(state), symbol, i, to, self.net.tokens[symbol])
                reached.add(to)


def check(certificate, paths, texts):
    root = certificate.root
    if root["claim"] not in ("values", "verdicts"):
        raise certificate.damaged("claim", None, "neither values nor verdicts")
    base.expect_machine_and_net(certificate, paths, texts)
    machine, net = machine_of(texts[0]), recheck_net.read_net(texts[1])
    if machine.values != (root["claim"] == "values") or net.decision != ("value" if machine.values else "positive"):
        raise certificate.fails("claim", None, "it is not what the two sides give")
    if not net.tokens == list(machine.symbols) == root["tokens"] or net.padding:
        raise certificate.fails("tokens", None, "the two sides do not both read these tokens")
    if not isinstance(root["rows"], list) or not root["rows"]:
        raise certificate.damaged("rows", None, "not a list with a row")
    Checker(certificate, machine, net, root["rows"]).all()
