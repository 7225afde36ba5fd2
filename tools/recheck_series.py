"""Specs and networks of one linear layer as weighted automata: f(w) = alpha M_w1 ... M_wT omega. Part of recheck.py."""
import collections

from recheck_base import Yaml, add, entries, listed, load, number, numbered, one, place, unreadable


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
