"""Specs and networks of one linear layer as weighted automata: f(w) = alpha M_w1 ... M_wT omega. Part of recheck.py."""
import collections

from recheck_base import Yaml, add, listed, number, numbered, one, place, unreadable
from recheck_net import read_net
from recheck_regex import positions_of


class Series:
    """f(w) = alpha M_w1 ... M_wT omega; letters[s] is a list of rows of M_s."""

    def __init__(self, states, tokens, values):
        self.states, self.tokens, self.values = states, tokens, values
        self.alpha, self.omega = {}, {}
        self.letters = [[{} for _ in range(states)] for _ in tokens]


# --- specs ------------------------------------------------------------------------------------------------------------


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
    loud = collections.defaultdict(list)
    for p, a, q in edges:
        loud[p, a].append(q)
    silent = [loud[state, None] for state in range(count)]
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
    after, before, silent = ([[] for _ in range(count)] for _ in range(3))
    for p, _, q in edges:
        after[p].append(q)
        before[q].append(p)
    useful = closure(initial, after) & closure(accepting, before)
    for p, a, q in edges:
        if a is None and q in useful:
            silent[p].append(q)
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
    if (kind, key) not in (("dfa", "indicator"), ("nfa", "indicator"), ("nfa", "paths"), ("regex", "indicator"),
                           ("regex", "paths"), ("wfa", "weight")):
        raise unreadable(f"the series '{key}' of a spec of kind {kind} is not known here")
    if kind == "wfa":
        return wfa_series(spec, tokens, symbols, states)
    make = determinise if key == "indicator" else count_paths
    if kind == "regex":
        edges, accepting, count = positions_of(spec["pattern"], tokens)
        return make(tokens, edges, {0}, accepting, count)
    edges = edges_of(spec, states, symbols)
    accepting = {place(states, q) for q in spec["accepting"]}
    initial = {place(states, q) for q in listed(spec["initial"])}
    if kind == "nfa":
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


# --- networks ---------------------------------------------------------------------------------------------------------


def reads_of(head, x, readout):
    """What output 0 makes of each place (i, j) of S."""
    reads, by_query = {}, {}
    for (j, c), factor in head.query(x).items():
        by_query.setdefault(c, []).append((j, factor))
    for output, places in head.output.items():
        weight = sum((value * readout[feature] for feature, value in places if feature in readout), one(0))
        i, c = divmod(output, head.dims["queries"])
        for j, factor in by_query.get(c, ()):
            add(reads, (i, j), weight * factor)
    return reads


def layer_rows(layer, x, readout):
    """The rows of z -> z T for z = (coordinates of the last layer, 1, output), where the layer reads x."""
    size = layer.end - layer.first
    rows = [{} for _ in range(size + 2)]
    for head in layer.heads:
        first = head.first - layer.first
        d_k, d_v, reads = head.dims["d_k"], head.dims["d_v"], reads_of(head, x, readout)
        moves = [(first + i * d_k + p, i, q, value) for (p, q), value in head.transition(x).items() for i in range(d_v)]
        moves += [(size, i, q, value) for (i, q), value in head.write(x).items()]
        for source, i, q, value in moves:
            add(rows[source], first + i * d_k + q, value)
            if (i, q) in reads:
                add(rows[source], size + 1, value * reads[i, q])
    add(rows[size], size, one(1))
    add(rows[size], size + 1, sum((value * readout.get(feature, 0) for feature, value in x.items()), one(0)))
    return rows


def net_series(text):
    net = read_net(text)
    if len(net.layers) != 1 or not net.layers[0].heads or net.layers[0].neurons or \
            not all(head.linear for head in net.layers[0].heads) or net.decision == "sign" or net.padding:
        raise unreadable("the net is no weighted automaton: it does not have one layer of linear heads and nothing else")
    readout = {feature: value for feature, places in net.readout.items() for output, value in places if output == 0}
    matrices = [layer_rows(net.layers[0], net.input(token), readout) for token in range(len(net.tokens) + 1)]
    series = Series(net.coordinates + 2, net.tokens, net.decision == "value")
    series.letters, series.alpha, series.omega = matrices[:-1], matrices[-1][net.coordinates], {net.coordinates + 1: one(1)}
    return series
