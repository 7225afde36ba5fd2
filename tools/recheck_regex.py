"""Regular expressions as position automata (Glushkov 1961), in the subset that rnnwit-spec(5) says. Part of recheck.py.

A tree is ("leaf", symbols), ("sequence", trees), ("either", trees) or ("repeat", tree, least, most), most None without a bound. Position 0 is the
start; the others are the leaves in order, repetitions written out: r{m,n} is n copies, of which those after the m-th may be left out, and
r{m,} is m copies, at least one, of which the last may follow itself."""
from recheck_base import unreadable

SHORTHANDS = {
    "d": lambda c: "0" <= c <= "9",
    "w": lambda c: "0" <= c <= "9" or "a" <= c <= "z" or "A" <= c <= "Z" or c == "_",
    "s": lambda c: c == " " or "\t" <= c <= "\r",
}
NAMED = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}


class Pattern:
    def __init__(self, text, symbols):
        """`symbols` are single characters and their numbers."""
        self.text, self.at, self.symbols = text, 0, symbols
        self.tree = self.alternatives()
        if self.at < len(text):
            raise self.refused()

    def refused(self):
        return unreadable(f"the pattern is not read here, at character {self.at + 1}: {self.text!r}")

    def look(self, ahead=0):
        return self.text[self.at + ahead:self.at + ahead + 1]

    def take(self):
        char = self.look()
        if not char:
            raise self.refused()
        self.at += 1
        return char

    def alternatives(self):
        trees = [self.sequence()]
        while self.look() == "|":
            self.at += 1
            trees.append(self.sequence())
        return "either", trees

    def sequence(self):
        trees = []
        while self.look() not in ("", "|", ")"):
            tree, bounds = self.atom(), self.quantifier()
            trees.append(tree if bounds is None else ("repeat", tree, *bounds))
            if bounds is not None and self.look() and self.look() in "*+?{":
                raise self.refused()
        return "sequence", trees

    def atom(self):
        char = self.take()
        if char == "(":
            if self.look() == "?":
                self.at += 1
                if self.take() != ":":
                    raise self.refused()
            tree = self.alternatives()
            if self.take() != ")":
                raise self.refused()
            return tree
        if char == "[":
            return "leaf", self.numbers(self.bracket())
        if char == ".":
            return "leaf", set(self.symbols.values())
        if char in "*+?{^$":
            raise self.refused()
        chosen = self.escape() if char == "\\" else {char}
        if isinstance(chosen, set) and not chosen <= self.symbols.keys():
            raise self.refused()
        return "leaf", self.numbers(chosen)

    def numbers(self, chosen):
        """The numbers of the symbols in a set of characters, or of those that a function says yes to."""
        return {number for char, number in self.symbols.items() if (char in chosen if isinstance(chosen, set) else chosen(char))}

    def escape(self):
        """After a backslash: the set of one character, or a function."""
        char = self.take()
        if char.lower() in SHORTHANDS:
            inside = SHORTHANDS[char.lower()]
            return inside if char.islower() else lambda c: not inside(c)
        if char == "x":
            return {self.hexadecimal()}
        if char in NAMED:
            return {NAMED[char]}
        if char.isascii() and char.isalnum():
            raise self.refused()
        return {char}

    def hexadecimal(self):
        braces, digits = self.look() == "{", ""
        self.at += braces
        while self.look() and self.look() in "0123456789abcdefABCDEF" and len(digits) < (6 if braces else 2):
            digits += self.take()
        if not digits or (braces and self.take() != "}") or int(digits, 16) > 0x10FFFF:
            raise self.refused()
        return chr(int(digits, 16))

    def bracket(self):
        negated, items = self.look() == "^", []
        self.at += negated
        while self.look() != "]" or not items:
            items.append(self.item())
        self.at += 1
        return lambda char: negated != any(char in item if isinstance(item, set) else item(char) for item in items)

    def item(self):
        low = self.member()
        if self.look() != "-" or self.look(1) in ("]", ""):
            return low
        self.at += 1
        high = self.member()
        if not isinstance(low, set) or not isinstance(high, set) or min(low) > min(high):
            raise self.refused()
        return lambda char: min(low) <= char <= min(high)

    def member(self):
        char = self.take()
        if char == "[" and self.look() and self.look() in ":.=":
            raise self.refused()
        if char == "\\" and self.look() == "b":
            self.at += 1
            return {"\b"}
        return self.escape() if char == "\\" else {char}

    def quantifier(self):
        """(least, most) or None."""
        bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self.look())
        if bounds is not None:
            self.at += 1
        elif self.look() == "{":
            bounds = self.braces()
        if bounds is not None and self.look() == "?":  # lazy: the same words
            self.at += 1
        return bounds

    def braces(self):
        end = self.text.find("}", self.at)
        parts = self.text[self.at + 1:max(end, self.at)].split(",")
        if end < 0 or len(parts) > 2 or not parts[0].isdecimal() or not (parts[-1].isdecimal() or parts[-1] == ""):
            raise self.refused()
        self.at = end + 1
        most = int(parts[-1]) if parts[-1] else None
        if most is not None and most < int(parts[0]):
            raise self.refused()
        return int(parts[0]), most


class Positions:
    """The position automaton: `edges` (from, symbol, to), `accepting`; 0 is the start."""

    def __init__(self, pattern):
        self.leaves, self.edges = [set()], set()
        nullable, first, last = self.part(pattern.tree)
        self.follow({0}, first)
        self.count, self.accepting = len(self.leaves), last | ({0} if nullable else set())

    def follow(self, last, first):
        self.edges.update((p, symbol, q) for p in last for q in first for symbol in self.leaves[q])

    def part(self, tree):
        """Whether the empty word is in it; the positions that can begin and end it."""
        if tree[0] == "leaf":
            self.leaves.append(tree[1])
            return False, {len(self.leaves) - 1}, {len(self.leaves) - 1}
        if tree[0] == "repeat":
            return self.repeated(*tree[1:])
        parts = [self.part(inner) for inner in tree[1]] if tree[0] == "either" else None
        if parts is not None:
            return any(p[0] for p in parts), set().union(*(p[1] for p in parts)), set().union(*(p[2] for p in parts))
        whole = True, set(), set()
        for inner in tree[1]:
            whole = self.then(whole, self.part(inner))
        return whole

    def then(self, left, right):
        self.follow(left[2], right[1])
        return left[0] and right[0], left[1] | (right[1] if left[0] else set()), right[2] | (left[2] if right[0] else set())

    def repeated(self, tree, least, most):
        whole, copies = (True, set(), set()), max(least, 1) if most is None else most
        for i in range(copies):
            nullable, first, last = self.part(tree)
            if i + 1 == copies and most is None:
                self.follow(last, first)
            whole = self.then(whole, (nullable or i >= least, first, last))
        return whole


def positions_of(text, symbols):
    if not isinstance(text, str) or any(len(symbol) != 1 for symbol in symbols):
        raise unreadable("the spec has no pattern over symbols of one character")
    return Positions(Pattern(text, symbols))
