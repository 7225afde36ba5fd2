"""The position automaton of a regular expression, as rnnwit-spec(5) and rnnwit-certificate(5) define it. Part of recheck.py.

A pattern is read into a tree of tuples: ("symbols", set of symbols), ("sequence", parts), ("alternatives", parts), ("repeat", part, least,
most). State 0 of the automaton is the start, state i the i-th leaf once repetitions are written out: r{m,n} is n copies of r, those after
the m-th optional; r{m,} is m copies, at least one, the last of which repeats, and optional if m is 0."""
from recheck_base import unreadable

NAMED = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "a": "\a", "e": "\033"}
DIGITS = "0123456789"
WORD = DIGITS + "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHORTHANDS = {"d": DIGITS, "w": WORD, "s": " \t\n\v\f\r"}
MOST_POSITIONS, MOST_REPEATS = 20000, 1000


class Pattern:
    """Recursive descent over the characters of the pattern."""

    def __init__(self, text, symbols):
        self.text, self.at, self.symbols = text, 0, symbols  # symbols: numbers of characters

    def refuse(self, what):
        return unreadable(f"the pattern is not read here: {what} at character {self.at + 1} of {self.text!r}")

    def peek(self, count=1):
        return self.text[self.at: self.at + count]

    def take(self):
        if self.at >= len(self.text):
            raise self.refuse("it ends")
        self.at += 1
        return self.text[self.at - 1]

    def tree(self):
        whole = self.alternatives()
        if self.at < len(self.text):
            raise self.refuse("a ) that closes nothing")
        return whole

    def alternatives(self):
        parts = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.sequence())
        return "alternatives", parts

    def sequence(self):
        parts = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated())
        return "sequence", parts

    def repeated(self):
        atom = self.atom()
        bounds = self.quantifier()
        if bounds is None:
            return atom
        if self.peek() and self.peek() in "*+?{":
            raise self.refuse("a repetition of a repetition")
        return ("repeat", atom, *bounds)

    def quantifier(self):
        char = self.peek()
        if not char or char not in "*+?{":
            return None
        self.at += 1
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(char) or self.bounds()
        if self.peek() == "?":
            self.at += 1  # lazy: the same language
        elif self.peek() == "+":
            raise self.refuse("a possessive repetition")
        return least, most

    def bounds(self):
        """After the {."""
        least = most = self.count()
        if least is not None and self.peek() == ",":
            self.at += 1
            most = self.count()
        if least is None or self.take() != "}" or (most is not None and most < least) or \
                max(least, most or 0) > MOST_REPEATS:
            raise self.refuse("a wrong repetition")
        return least, most

    def count(self):
        digits = ""
        while self.peek() and self.peek() in DIGITS and len(digits) < 9:
            digits += self.take()
        return int(digits) if digits else None

    def atom(self):
        char = self.take()
        if char == "(":
            return self.group()
        if char in "*+?{^$":
            raise self.refuse("nothing to repeat, or an anchor, before this")
        if char == "[":
            return "symbols", self.klass()
        if char == ".":
            return "symbols", set(self.symbols.values())
        what = self.escape(False) if char == "\\" else char
        if isinstance(what, set):
            return "symbols", self.numbers(lambda c: c in what)
        if what not in self.symbols:
            raise self.refuse("a character that is not in the alphabet")
        return "symbols", {self.symbols[what]}

    def group(self):
        if self.peek(2) == "?:":
            self.at += 2
        elif self.peek() in ("?", "*") and self.peek():
            raise self.refuse("this kind of group")
        inside = self.alternatives()
        if self.take() != ")":
            raise self.refuse("a group that is not closed")
        return inside

    def numbers(self, wanted):
        return {number for char, number in self.symbols.items() if wanted(char)}

    def escape(self, in_class):
        """After the backslash: a character, or the set of the alphabet's characters that a shorthand means."""
        char = self.take()
        if char.lower() in SHORTHANDS and char.isascii():
            return {c for c in self.symbols if (c in SHORTHANDS[char.lower()]) == char.islower()}
        if char == "x":
            return self.hexadecimal()
        if char in NAMED:
            return NAMED[char]
        if char == "b" and in_class:
            return "\b"
        if char in WORD and char != "_":
            raise self.refuse("this escape")
        return char

    def hexadecimal(self):
        braces, digits = self.peek() == "{", ""
        self.at += braces
        while self.peek() and self.peek() in DIGITS + "abcdefABCDEF" and len(digits) < (6 if braces else 2):
            digits += self.take()
        if not digits or (braces and self.take() != "}") or int(digits, 16) > 0x10FFFF:
            raise self.refuse("a wrong number of a character")
        return chr(int(digits, 16))

    def klass(self):
        """After the [."""
        negated, found, first = self.peek() == "^", set(), True
        self.at += negated
        while first or self.peek() != "]":
            first = False
            low = self.item()
            between = self.peek() == "-" and self.peek(2) != "-]" and len(self.peek(2)) == 2
            if isinstance(low, set):
                if between:
                    raise self.refuse("a range from a shorthand")
                found |= self.numbers(lambda c, low=low: c in low)
                continue
            high = low
            if between:
                self.at += 1
                high = self.item()
                if isinstance(high, set) or high < low:
                    raise self.refuse("a wrong range")
            found |= self.numbers(lambda c, low=low, high=high: low <= c <= high)
        self.at += 1
        return set(self.symbols.values()) - found if negated else found

    def item(self):
        if self.peek(2) in ("[:", "[.", "[="):
            raise self.refuse("a POSIX class")
        char = self.take()
        return self.escape(True) if char == "\\" else char


class Positions:
    """The automaton: edges are (from, symbol, to). A part is (nullable, first, last)."""

    def __init__(self, tree):
        self.leaves, self.edges = [None], set()
        nullable, first, last = self.part(tree)
        self.lead([0], first)
        self.accepting = set(last) | ({0} if nullable else set())

    def lead(self, sources, targets):
        self.edges.update((p, symbol, q) for p in sources for q in targets for symbol in self.leaves[q])

    def part(self, node):
        if node[0] == "symbols":
            if len(self.leaves) > MOST_POSITIONS:
                raise unreadable("the pattern has too many positions to be read here")
            self.leaves.append(node[1])
            place = [len(self.leaves) - 1]
            return False, place, place
        if node[0] == "repeat":
            return self.repeat(*node[1:])
        if node[0] == "sequence":
            return self.concatenate(map(self.part, node[1]))
        parts = [self.part(part) for part in node[1]]
        return any(p[0] for p in parts), [q for p in parts for q in p[1]], [q for p in parts for q in p[2]]

    def concatenate(self, parts):
        nullable, first, last = True, [], []
        for next_nullable, next_first, next_last in parts:
            self.lead(last, next_first)
            first = first + next_first if nullable else first
            last = last + next_last if next_nullable else next_last
            nullable = nullable and next_nullable
        return nullable, first, last

    def repeat(self, inside, least, most):
        def copies():
            count = (least or 1) if most is None else most
            for i in range(count):
                nullable, first, last = self.part(inside)
                if not first:  # the empty word alone, however often
                    return
                if most is None and i + 1 == count:
                    self.lead(last, first)
                yield nullable or i >= least, first, last

        return self.concatenate(copies())


def positions_of(text, tokens):
    """(edges, accepting states, number of states) of the pattern."""
    if not isinstance(text, str) or any(len(token) != 1 for token in tokens):
        raise unreadable("the symbols of a regex are single characters")
    try:
        automaton = Positions(Pattern(text, {token: i for i, token in enumerate(tokens)}).tree())
    except RecursionError:
        raise unreadable("the pattern is nested too deeply to be read here") from None
    return automaton.edges, automaton.accepting, len(automaton.leaves)
