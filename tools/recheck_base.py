"""What every kind of certificate needs: problems, numbers, the YAML of specs, JSON, and the certificate's own lines. Part of recheck.py."""
import fractions
import hashlib
import json
import re

NUMBER = re.compile(r"[+-]?(\d+(/\d+)?|\d+\.\d*|\.\d+)")


class Problem(Exception):
    """What is wrong, and the exit code it means."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def unreadable(message):
    return Problem(message, 2)


def number(text):
    if not isinstance(text, str) or not NUMBER.fullmatch(text):
        raise unreadable(f"not a number: {text!r}")
    try:
        return fractions.Fraction(text)
    except ZeroDivisionError:
        raise unreadable(f"not a number: {text!r}") from None


def one(value):
    return fractions.Fraction(value)


def add(vector, place, value):
    value += vector.get(place, 0)
    if value:
        vector[place] = value
    else:
        vector.pop(place, None)


def place(names, name):
    if name not in names:
        raise unreadable(f"{name!r} is not declared in the spec")
    return names[name]


def listed(value):
    return value if isinstance(value, list) else [value]


def numbered(names):
    if not isinstance(names, list) or not names or len(set(map(str, names))) != len(names):
        raise unreadable("a list of distinct names is missing in the spec")
    return {name: i for i, name in enumerate(names)}


# --- YAML -----------------------------------------------------------------------------------------------------------


def uncomment(line):
    """The line without its comment; a # counts after a blank, outside quotes that open a scalar."""
    quote, before = "", " "
    for i, char in enumerate(line):
        if quote:
            quote = "" if char == quote and not (quote == '"' and before == "\\") else quote
        elif char in "'\"" and line[:i].rstrip()[-1:] in ("", ":", ",", "[", "{", "-"):
            quote = char
        elif char == "#" and before in " \t":
            return line[:i].rstrip()
        before = char
    return line.rstrip()


class Yaml:
    """The subset; every scalar is a string, the plain ~ is None."""

    KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'\[\]{},#&*!|>%@`-][^#]*?|-[^\s#][^#]*?)\s*:(?:\s+|$)""")

    def __init__(self, text):
        self.lines = []  # (indentation, text)
        for line in text.split("\n"):
            line = uncomment(line)
            if "\t" in line[: len(line) - len(line.lstrip())]:
                raise unreadable("a tab indents the spec")
            if line.strip() and line.strip() != "---":
                self.lines.append((len(line) - len(line.lstrip()), line.strip()))
        self.at = 0

    def whole(self):
        value = self.block(0)
        if self.at < len(self.lines):
            raise unreadable(f"the spec is not read here: {self.lines[self.at][1]!r}")
        return value

    def block(self, least):
        if self.at >= len(self.lines) or self.lines[self.at][0] < least:
            return None
        indent, text = self.lines[self.at]
        if text == "-" or text.startswith("- "):
            return self.sequence(indent)
        if not self.KEY.match(text):
            self.at += 1
            return self.inline(text)
        return self.mapping(indent)

    def sequence(self, indent):
        items = []
        while self.at < len(self.lines) and self.lines[self.at][0] == indent and re.match(r"-(\s|$)",
                                                                                          self.lines[self.at][1]):
            rest = self.lines[self.at][1][1:]
            inner = indent + 1 + len(rest) - len(rest.lstrip())
            if rest.strip():
                self.lines[self.at] = (inner, rest.strip())
            else:
                self.at += 1
            items.append(self.block(indent + 1))
        return items

    def mapping(self, indent):
        result = {}
        while self.at < len(self.lines) and self.lines[self.at][0] == indent:
            text = self.lines[self.at][1]
            match = self.KEY.match(text)
            if not match:
                raise unreadable(f"the spec is not read here: {text!r}")
            self.at += 1
            key, rest = self.inline(match.group(1)), text[match.end():].strip()
            if rest:
                value = self.inline(rest)
            elif self.at < len(self.lines) and self.lines[self.at][1][:1] == "-" and self.lines[self.at][0] == indent:
                value = self.block(indent)
            else:
                value = self.block(indent + 1)
            if key in result:
                raise unreadable(f"the key {key!r} stands twice")
            result[key] = value
        return result

    def inline(self, text):
        """A scalar, or a flow collection that may go on in the following lines."""
        if text[:1] in "[{":
            while True:
                try:
                    value, end = self.flow(text, 0)
                    break
                except IndexError:
                    if self.at >= len(self.lines):
                        raise unreadable("a bracket is not closed in the spec") from None
                    text += " " + self.lines[self.at][1]
                    self.at += 1
            if text[end:].strip():
                raise unreadable(f"the spec is not read here: {text[end:]!r}")
            return value
        if text[:1] in "\"'":
            value, end = self.quoted(text, 0)
            if text[end:].strip():
                raise unreadable(f"the spec is not read here: {text!r}")
            return value
        if text[:1] in "&*!|>%@`":
            raise unreadable(f"YAML that is not read here: {text!r}")
        return None if text == "~" else text

    def quoted(self, text, at):
        pattern = r'"(?:[^"\\]|\\.)*"' if text[at] == '"' else r"'(?:[^']|'')*'"
        match = re.compile(pattern).match(text, at)
        if not match:
            raise IndexError
        inside = match.group(0)
        if inside[0] == "'":
            return inside[1:-1].replace("''", "'"), match.end()
        try:
            return json.loads(inside), match.end()
        except ValueError:
            raise unreadable(f"an escape that is not read here: {inside}") from None

    def skip(self, text, at):
        while text[at] == " ":
            at += 1
        return at

    def flow(self, text, at):
        at = self.skip(text, at)
        if text[at] in "[{":
            return self.collection(text, at)
        if text[at] in "\"'":
            return self.quoted(text, at)
        match = re.compile(r"(?:[^,\[\]{}:]|:(?![\s,\[\]{}]|$))+").match(text, at)
        if not match or match.group(0)[0] in "&*!|>%@`":
            raise unreadable(f"the spec is not read here: {text[at:]!r}")
        if match.end() == len(text):
            raise IndexError
        plain = match.group(0).strip()
        return None if plain == "~" else plain, match.end()

    def collection(self, text, at):
        close = "]" if text[at] == "[" else "}"
        items, mapping, at = [], {}, self.skip(text, at + 1)
        while text[at] != close:
            item, at = self.flow(text, at)
            at = self.skip(text, at)
            if close == "}":
                if text[at] != ":" or item in mapping:
                    raise unreadable(f"the spec is not read here: {text[at:]!r}")
                mapping[item], at = self.flow(text, at + 1)
                at = self.skip(text, at)
            else:
                items.append(item)
            if text[at] == ",":
                at = self.skip(text, at + 1)
            elif text[at] != close:
                raise unreadable(f"the spec is not read here: {text[at:]!r}")
        return (items if close == "]" else mapping), at + 1


# --- JSON -----------------------------------------------------------------------------------------------------------


def distinct(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def no_float(text):
    raise ValueError(f"{text} is no integer")


def load(text):
    try:
        return json.loads(text.decode(), object_pairs_hook=distinct, parse_float=no_float, parse_constant=no_float)
    except (ValueError, RecursionError) as error:
        raise unreadable(f"not JSON: {error}") from None


def entries(rows, bounds):
    """[[i, ..., "value"], ...] as a dict; indices below the bounds."""
    result = {}
    if not isinstance(rows, list):
        raise unreadable("the net file cannot be read: a list of entries is missing")
    for row in rows:
        if not isinstance(row, list) or len(row) != len(bounds) + 1:
            raise unreadable("the net file cannot be read: an entry has another length")
        at, value = tuple(row[:-1]), number(row[-1])
        if any(type(i) is not int or not 0 <= i < bound for i, bound in zip(at, bounds)) or at in result or not value:
            raise unreadable("the net file cannot be read: an entry is out of range, or stands twice")
        result[at] = value
    return result


# --- the certificate --------------------------------------------------------------------------------------------------


class Certificate:
    def __init__(self, name, text):
        self.name, self.text = name, text.decode(errors="replace")
        try:
            self.root = load(text)
        except Problem as problem:
            raise unreadable(f"{name}: {problem}") from None

    def problem(self, code, key, index, message):
        """With the line, as laid out by the prover: one for each key and each row."""
        at = self.text.find(f'\n  "{key}":')
        line = "" if at < 0 else f'{self.text.count(chr(10), 0, at) + 2 + (0 if index is None else index + 1)}:'
        where = key if index is None else f"{key}[{index}]"
        return Problem(f"{self.name}:{line} {where}: {message}", code)

    def fails(self, key, index, message):
        return self.problem(1, key, index, message)

    def damaged(self, key, index, message):
        return self.problem(2, key, index, message)

    def keys(self, value, key, index, wanted):
        if not isinstance(value, dict) or set(value) != set(wanted.split("|")):
            raise self.damaged(key, index, f"the keys are not {wanted}")

    def vector(self, value, size, key, index, what):
        """[[place, "value"], ...], ascending, not 0."""
        result, last = {}, -1
        good = isinstance(value, list)
        for entry in value if good else []:
            if not isinstance(entry, list) or len(entry) != 2 or type(entry[0]) is not int or \
                    not last < entry[0] < size or not isinstance(entry[1], str) or not NUMBER.fullmatch(entry[1]):
                good = False
                break
            last = entry[0]
            try:
                result[last] = number(entry[1])
            except Problem:
                good = False
                break
            good = good and result[last] != 0
        if not good:
            raise self.damaged(key, index, f"{what} is not a list of entries in order")
        return result

    def number(self, value, key, index):
        try:
            return number(value)
        except Problem:
            raise self.damaged(key, index, "not a number") from None


def digest(text):
    return hashlib.sha256(text).hexdigest()


def is_net(text):
    """A net file, else a spec; which may be written in braces too."""
    return re.match(rb'\s*\{\s*"rnnwit-net"', text) is not None


def read_side(certificate, key, path, text):
    """Checks that the side is this file, by its hash; the name of its series."""
    side = certificate.root[key]
    net = is_net(text)
    certificate.keys(side, key, None, "file|series|sha256")
    if side["file"] != ("net" if net else "spec"):
        raise certificate.fails(key, None, f"the certificate is not about a {'net' if net else 'spec'} here")
    if side["sha256"] != digest(text):
        raise certificate.fails(key, None, f"the certificate is about another file: {path} has SHA-256 {digest(text)}")
    if net and side["series"] != "output":
        raise certificate.damaged(key, None, 'the series of a net is "output"')
    return side["series"]


def expect_machine_and_net(certificate, paths, texts):
    """Left is the machine of a spec as it stands, right a network."""
    for key, path, text, series in (("left", paths[0], texts[0], "machine"), ("right", paths[1], texts[1], "output")):
        if is_net(text) != (key == "right"):
            raise certificate.fails(key, None, f"the certificate is about a {'spec' if key == 'left' else 'net'} here")
        if read_side(certificate, key, path, text) != series:
            raise certificate.damaged(key, None, f'the series is not "{series}"')


def read_sides(certificate, paths, texts, side_of):
    """Both sides, as side_of reads them: with the tokens and the claim that the certificate says."""
    root = certificate.root
    if root["claim"] not in ("values", "verdicts"):
        raise certificate.damaged("claim", None, "neither values nor verdicts")
    left = side_of(certificate, "left", paths[0], texts[0])
    right = side_of(certificate, "right", paths[1], texts[1])
    if not left.tokens == right.tokens == root["tokens"]:
        raise certificate.fails("tokens", None, "the two sides do not both read these tokens")
    if left.values != right.values or (root["claim"] == "values") != left.values:
        raise certificate.fails("claim", None, "it is not what the two sides give")
    return left, right
