"""Net files: what rnnwit-net(5) says, as plain data, and run on numbers. Part of recheck.py.

A matrix is a dict from columns to lists of (row, value); vectors are dicts. A parameter that depends on the input has features for
columns, and (i, j) for rows."""
from recheck_base import add, entries, load, one, unreadable

# sizes and parameters of each family: (name, rows, cols, depends on the input); "1" is 1, "last" the last hidden layer
DELTA = [("key", "d_k", "steps", True), ("value", "d_v", "steps", True), ("beta", "1", "steps", True)]
WRITE = [("write", "d_v", "d_k", True)]
DEEP = [("hidden1_state", "hidden1", "n", False), ("hidden1_input", "hidden1", "1", True), ("hidden1_bias", "hidden1", "1", False),
        ("hidden2_weight", "hidden2", "hidden1", False), ("hidden2_bias", "hidden2", "1", False),
        ("hidden3_weight", "hidden3", "hidden2", False), ("hidden3_bias", "hidden3", "1", False),
        ("hidden4_weight", "hidden4", "hidden3", False), ("hidden4_bias", "hidden4", "1", False),
        ("out", "n", "last", False), ("out_bias", "n", "1", False)]
LINEAR = {
    "pd": [("transition", "d_k", "d_k", True)] + WRITE,
    "dplr": [("decay", "d_k", "1", True), ("left", "d_k", "r", True), ("right", "d_k", "r", True)] + WRITE,
    "rwkv7": [("decay", "d_k", "1", True), ("kappa", "d_k", "1", True), ("rate", "d_k", "1", True), ("lambda", "1", "1", True),
              ("value", "d_v", "1", True), ("key", "d_k", "1", True)],
    "deltanet": DELTA,
    "deltaproduct": DELTA,
}
CELLS = {
    "relu": [("recurrent", "n", "n", False), ("input", "n", "1", True), ("bias", "n", "1", False)],
    "relu-input": [("recurrent", "n", "n", True), ("bias", "n", "1", True)],
    "mlp": DEEP,
    "gated": DEEP + [("factor_a", "n", "last", False), ("factor_a_bias", "n", "1", False), ("factor_b", "n", "last", False),
                     ("factor_b_bias", "n", "1", False)],
}
HIDDEN = ("hidden1", "hidden2", "hidden3", "hidden4")


def matrix(rows, bounds):
    """The entries as columns. Of one index: in column 0; of three: with rows (i, j)."""
    result = {}
    for at, value in entries(rows, bounds).items():
        row, column = (at[0], 0) if len(at) == 1 else (at[:-1] if len(at) == 3 else at[0], at[-1])
        result.setdefault(column, []).append((row, value))
    return result


def apply(weights, x, y):
    """y += W x"""
    for column, factor in x.items():
        for row, value in weights.get(column, ()):
            add(y, row, value * factor)


def relu(z):
    return {i: value for i, value in z.items() if value > 0}


def multiply(rows, matrix_rows):
    """The product of two matrices, dicts from (i, j)."""
    by_row, result = {}, {}
    for (p, j), value in matrix_rows.items():
        by_row.setdefault(p, []).append((j, value))
    for (i, p), factor in rows.items():
        for j, value in by_row.get(p, ()):
            add(result, (i, j), factor * value)
    return result


class Memo:
    """What a function makes of vectors: many steps read the same ones."""

    MOST = 4096

    def __init__(self, function):
        self.function, self.known = function, {}

    def __call__(self, x):
        key = frozenset(x.items())
        if key not in self.known:
            if len(self.known) == self.MOST:
                self.known.clear()
            self.known[key] = self.function(x)
        return self.known[key]


class Head:
    """One head; its coordinates begin at `first` in the state of the network."""

    def __init__(self, head, width, first):
        self.family, self.first, given = head["family"], first, head["dims"]
        self.linear = self.family in LINEAR
        if not self.linear and self.family not in CELLS:
            raise unreadable("the net file cannot be read: a head is of no known family")
        names = ("d_k", "d_v", "queries") if self.linear else ("n",) + (HIDDEN if self.family in ("mlp", "gated") else ())
        names += ("r",) * (self.family == "dplr") + ("steps",) * (self.family == "deltaproduct")
        self.dims = {"1": 1, "steps": 1}
        for name in names:
            if type(given[name]) is not int or given[name] < (name not in ("r", *HIDDEN[1:])):
                raise unreadable("the net file cannot be read: a head has no such dims")
            self.dims[name] = given[name]
        self.hidden = []  # the layers that there are
        for name in HIDDEN:
            if not self.dims.get(name):
                break
            self.hidden.append(name)
        if self.hidden:
            self.dims["last"] = self.dims[self.hidden[-1]]
        self.coordinates = self.dims["d_k"] * self.dims["d_v"] if self.linear else self.dims["n"]
        self.outputs = self.dims["d_v"] * self.dims["queries"] if self.linear else self.dims["n"]
        if len(head["coordinates"]) != self.coordinates:
            raise unreadable("the net file cannot be read: a head's coordinates do not fit its dims")
        self.params = {name: self.param(head["params"][name], rows, cols, depends and width)
                       for name, rows, cols, depends in self.wanted()}
        self.output = matrix(head["output"], (width, self.outputs))
        self.parts = Memo(lambda x: (self.transition(x), self.write(x), self.query(x)))

    def wanted(self):
        """Its parameters; those of hidden layers that are missing are left out."""
        if self.linear:
            return LINEAR[self.family] + [("query", "d_k", "queries", True)]
        return [p for p in CELLS[self.family] if p[1] not in HIDDEN or p[1] in self.hidden]

    def param(self, rows, row_dim, col_dim, width):
        bounds = (self.dims[row_dim],) + ((self.dims[col_dim],) if self.dims[col_dim] != 1 else ())
        bounds += (width,) if width else ()
        result = matrix(rows, bounds)
        return result

    # --- for an input x; results are dicts from (i, j) ---

    def at(self, name, x):
        result = {}
        apply(self.params[name], x, result)
        return {at if isinstance(at, tuple) else (at, 0): value for at, value in result.items()}

    def query(self, x):
        return self.at("query", x)

    def transition(self, x):
        """A(x), d_k x d_k"""
        if self.family == "pd":
            return self.at("transition", x)
        if self.family in ("deltanet", "deltaproduct"):
            return self.delta(x, {(i, i): one(1) for i in range(self.dims["d_k"])}, {})
        result = {(i, i): value for (i, _), value in self.at("decay", x).items()}
        if self.family == "dplr":
            left, right, factor = self.at("left", x), self.at("right", x), -1
        else:  # rwkv7: lambda kappa (rate o kappa)^T
            left, rate = self.at("kappa", x), self.at("rate", x)
            right = {i: value * rate[i] for i, value in left.items() if i in rate}
            factor = -self.at("lambda", x).get((0, 0), 0)
        for (i, j), value in multiply(left, {(c, j): value for (j, c), value in right.items()}).items():
            add(result, (i, j), factor * value)
        return result

    def write(self, x):
        """B(x), d_v x d_k"""
        if self.family in ("pd", "dplr"):
            return self.at("write", x)
        if self.family == "rwkv7":
            return multiply(self.at("value", x), {(c, j): value for (j, c), value in self.at("key", x).items()})
        return self.delta(x, {}, self.at("value", x))

    def delta(self, x, rows, value):
        """S <- S + beta (value - S key) key^T for each step, from S = rows."""
        key, beta, rows = self.at("key", x), self.at("beta", x), dict(rows)
        for c in range(self.dims["steps"]):
            if (0, c) not in beta:
                continue
            column = {j: entry for (j, step), entry in key.items() if step == c}
            error = {i: entry for (i, step), entry in value.items() if step == c}
            for (i, j), entry in rows.items():
                if j in column:
                    add(error, i, -entry * column[j])
            for i, wrong in error.items():
                for j, entry in column.items():
                    add(rows, (i, j), beta[0, c] * wrong * entry)
        return rows

    # --- one step on numbers ---

    def step(self, h, x):
        """The next state and what is put out; h has the head's own coordinates."""
        if not self.linear:
            new = self.cell(h, x)
            return new, new
        d_k, queries = self.dims["d_k"], self.dims["queries"]
        transition, write, query = self.parts(x)
        rows = multiply({divmod(at, d_k): value for at, value in h.items()}, transition)
        for at, value in write.items():
            add(rows, at, value)
        read = multiply(rows, query)
        return ({i * d_k + j: value for (i, j), value in rows.items()}, {i * queries + c: value for (i, c), value in read.items()})

    def cell(self, h, x):
        def affine(weight, bias, z, inputs=None):
            result = dict(self.params[bias].get(0, ()))
            apply(self.params[weight], z, result)
            if inputs:
                apply(self.params[inputs], x, result)
            return result

        if self.family == "relu":
            return relu(affine("recurrent", "bias", h, "input"))
        if self.family == "relu-input":
            new = {}
            apply(self.params["bias"], x, new)
            for (i, j), value in self.at("recurrent", x).items():
                add(new, i, value * h.get(j, 0))
            return relu(new)
        z = relu(affine("hidden1_state", "hidden1_bias", h, "hidden1_input"))
        for name in self.hidden[1:]:
            z = relu(affine(name + "_weight", name + "_bias", z))
        new = affine("out", "out_bias", z)
        if self.family == "gated":
            a, b = affine("factor_a", "factor_a_bias", z), affine("factor_b", "factor_b_bias", z)
            for i in a.keys() & b.keys():
                add(new, i, a[i] * b[i])
        return new


class Layer:
    def __init__(self, layer, width, first):
        self.heads, self.first = [], first
        for head in layer["heads"]:
            self.heads.append(Head(head, width, first))
            first += self.heads[-1].coordinates
        self.end, part = first, layer["feedforward"]
        self.neurons, self.feedforward, self.after = 0, None, Memo(self.feed_forward)
        if part is not None:
            self.neurons = len(part["neurons"])
            self.feedforward = (matrix(part["in"], (self.neurons, width)), matrix(part["bias"], (self.neurons,)),
                                matrix(part["out"], (width, self.neurons)))

    def step(self, state, x):
        """Both in place; `state` is that of the whole network."""
        total = {}
        for head in self.heads:
            old = {i: state.pop(head.first + i) for i in range(head.coordinates) if head.first + i in state}
            new, out = head.step(old, x)
            state.update((head.first + i, value) for i, value in new.items())
            apply(head.output, out, total)
        for feature, value in total.items():
            add(x, feature, value)
        if self.feedforward:
            for feature, value in self.after(x).items():
                add(x, feature, value)

    def feed_forward(self, x):
        """What is added to x."""
        into, bias, out = self.feedforward
        z, result = dict(bias.get(0, ())), {}
        apply(into, x, z)
        apply(out, relu(z), result)
        return result


class Net:
    """A net file. The token after the last is BOS."""

    def __init__(self, text):
        net = load(text)
        if net["rnnwit-net"] != 1 or net["decision"] not in ("positive", "value", "sign"):
            raise unreadable("the net file cannot be read: not of format 1, or another decision")
        self.tokens, self.decision, self.width = net["tokens"], net["decision"], len(net["features"])
        self.padding = net.get("padding", 0)  # blanks, the last token, after each letter
        if type(self.padding) is not int or self.padding < ("padding" in net) or not self.tokens or \
                len(set(self.tokens)) != len(self.tokens) or not all(isinstance(t, str) for t in self.tokens):
            raise unreadable("the net file cannot be read: its padding, or its tokens")
        self.embedding = matrix(net["embedding"], (self.width, len(self.tokens) + 1))
        self.outputs = len(net["readout"]["outputs"])
        self.readout = matrix(net["readout"]["entries"], (self.outputs, self.width))
        self.layers, self.coordinates = [], 0
        for layer in net["layers"]:
            self.layers.append(Layer(layer, self.width, self.coordinates))
            self.coordinates = self.layers[-1].end

    def input(self, token):
        return dict(self.embedding.get(token, ()))

    def step(self, first, last, state, x):
        """Layers first, ..., last - 1 on x, in place, as is the state of all layers."""
        for layer in self.layers[first:last]:
            layer.step(state, x)

    def output(self, x):
        outputs = {}
        apply(self.readout, x, outputs)
        return outputs.get(0, 0)


def read_net(text):
    try:
        return Net(text)
    except (AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
        raise unreadable(f"the net file cannot be read: {error!r}") from None
