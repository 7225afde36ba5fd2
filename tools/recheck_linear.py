"""Certificates of kinds "linear", "last" and "pairs": series beside series (rnnwit-certificate(5)). Part of recheck.py."""
import fractions
import math

from recheck_base import add, one, read_side, read_sides
from recheck_series import net_series, spec_series

KEYS = {"linear": "rnnwit-certificate|kind|claim|left|right|tokens|scale|shift|start|rows",
        "last": "rnnwit-certificate|kind|claim|left|right|tokens|last|start|rows",
        "pairs": "rnnwit-certificate|kind|claim|left|right|tokens|supports|rows"}


class Joint:
    """Both sides on the same words: rows (left | right), and a constant if the claim has a shift."""

    def __init__(self, certificate, left, right, constant):
        self.certificate, self.left, self.right, self.constant = certificate, left, right, constant
        self.both = left.states + right.states
        self.size = self.both + constant
        self.start = dict(left.alpha)
        self.start.update({left.states + q: value for q, value in right.alpha.items()})
        if constant:
            self.start[self.both] = one(1)
        steps = certificate.root["rows"]
        wanted = "row|steps" if certificate.root["kind"] == "pairs" else "after|row|steps"
        if not isinstance(steps, list):
            raise certificate.damaged("rows", None, "not a list")
        self.rows = []
        for i, row in enumerate(steps):
            certificate.keys(row, "rows", i, wanted)
            if not isinstance(row["steps"], list) or len(row["steps"]) != len(left.tokens):
                raise certificate.damaged("rows", i, "there is not a step for each token")
            self.rows.append(certificate.vector(row["row"], self.size, "rows", i, "its row"))

    def step(self, row, symbol):
        result = {}
        for at, value in row.items():
            if at == self.both:
                result[at] = value
                continue
            side, first = (self.left, 0) if at < self.left.states else (self.right, self.left.states)
            for to, weight in side.letters[symbol][at - first].items():
                add(result, first + to, value * weight)
        return result

    def values(self, row):
        left = sum((value * self.left.omega.get(at, 0) for at, value in row.items() if at < self.left.states), one(0))
        right = sum((value * self.right.omega.get(at - self.left.states, 0) for at, value in row.items()
                     if self.left.states <= at < self.both), one(0))
        return left, right


def all_weights(series):
    return list(series.alpha.values()) + [w for letter in series.letters for row in letter for w in row.values()]


def kept_places(series):
    """The places where every M_s has the unit column: there every row of a word has alpha's entry."""
    kept = {q for q in range(series.states) if all(letter[q].get(q) == 1 for letter in series.letters)}
    return kept - {q for letter in series.letters for p, row in enumerate(letter) for q in row if q != p}


def common_divisor(numbers):
    bottom = math.lcm(*(value.denominator for value in numbers))
    return fractions.Fraction(math.gcd(*(int(value * bottom) for value in numbers)), bottom)


def shift_is_harmless(left, omega, scale, shift):
    """Whether scale v + shift > 0 iff v > 0 for all values v = alpha M_w omega, which lie in offset + step Z."""
    if shift == 0:
        return True
    if any(weight.denominator != 1 for weight in all_weights(left)):
        return False
    kept = kept_places(left)
    offset = sum((left.alpha.get(q, 0) * omega.get(q, 0) for q in kept), one(0))
    step = common_divisor([value for q, value in omega.items() if q not in kept])
    low, high = sorted((one(0), -shift / scale))
    last = offset + (step * ((high - offset) // step) if step else 0)  # the largest value that is at most `high`
    return last <= low or last > high


def read_claim(certificate, left, omega, value, key, index):
    """scale and shift of an object; key is None at the top, where each is a key."""
    scale, shift = (certificate.number(value[name], key or name, index) for name in ("scale", "shift"))
    if scale != 1 if left.values else scale <= 0:
        raise certificate.fails(key or "scale", index, "values are equal at scale 1" if left.values else "not positive")
    if shift != 0 if left.values else not shift_is_harmless(left, omega, scale, shift):
        raise certificate.fails(key or "shift", index, "it may change a verdict or a value")
    return scale, shift


def expect_combination(joint, combination, wanted, key, index, what):
    certificate, total = joint.certificate, {}
    for row, factor in certificate.vector(combination, len(joint.rows), key, index, what).items():
        for at, value in joint.rows[row].items():
            add(total, at, factor * value)
    if total != wanted:
        raise certificate.fails(key, index, f"{what} is not the combination of rows given for it")


def single_row(combination):
    """The row that it is nothing but, or None."""
    return combination[0][0] if len(combination) == 1 and combination[0][1] == "1" else None


def check_words(joint):
    """`after` of each row is the first step that is nothing but this row; None if the start is, or no step."""
    rows, first = joint.certificate.root["rows"], {single_row(joint.certificate.root["start"]): None}
    for i, row in enumerate(rows):
        for token, combination in zip(joint.left.tokens, row["steps"]):
            first.setdefault(single_row(combination), [i, token])
    for i, row in enumerate(rows):
        if row["after"] != first.get(i) or (row["after"] and type(row["after"][0]) is not int):
            raise joint.certificate.fails("rows", i, "`after` is not the first step that is nothing but this row")


def expect_span(joint):
    """The rows span the joint rows of all words."""
    expect_combination(joint, joint.certificate.root["start"], joint.start, "start", None, "the start")
    for i, row in enumerate(joint.rows):
        for symbol, token in enumerate(joint.left.tokens):
            combination = joint.certificate.root["rows"][i]["steps"][symbol]
            expect_combination(joint, combination, joint.step(row, symbol), "rows", i, f"the step by '{token}'")
    check_words(joint)


def expect_equal(joint, rows, claim, key, index):
    """right = scale * left + shift on the rows."""
    zero, (scale, shift) = True, claim
    for i, row in enumerate(rows):
        f, g = joint.values(row)
        zero = zero and f == 0
        if g - scale * f - shift * row.get(joint.both, 0) != 0:
            raise joint.certificate.fails("rows", i, "the two sides differ on this row")
    if zero and scale != 1:
        raise joint.certificate.fails(key, index, "the left side is 0 everywhere, and the scale is not 1")


def check_linear(certificate, left, right):
    claim = read_claim(certificate, left, left.omega, certificate.root, None, None)
    joint = Joint(certificate, left, right, claim[1] != 0)
    expect_span(joint)
    expect_equal(joint, joint.rows, claim, "scale", None)


def omega_before(series, symbol):
    """What M_s makes of omega: the value of w s is alpha M_w times this."""
    result = {}
    for q, row in enumerate(series.letters[symbol]):
        for to, weight in row.items():
            add(result, q, weight * series.omega.get(to, 0))
    return result


def check_last(certificate, left, right):
    """As linear, for the words that end with each symbol; and the empty word."""
    last = certificate.root["last"]
    if left.values:
        raise certificate.fails("claim", None, "the last symbol is about verdicts")
    if not isinstance(last, list) or len(last) != len(left.tokens):
        raise certificate.damaged("last", None, "not a list with an element for each token")
    claims = []
    for symbol, element in enumerate(last):
        certificate.keys(element, "last", symbol, "scale|shift")
        claims.append(read_claim(certificate, left, omega_before(left, symbol), element, "last", symbol))
    joint = Joint(certificate, left, right, any(shift for _, shift in claims))
    f, g = joint.values(joint.start)
    if (f > 0) != (g > 0):
        raise certificate.fails("start", None, "the verdicts of the empty word differ")
    expect_span(joint)
    for symbol, claim in enumerate(claims):
        expect_equal(joint, [joint.step(row, symbol) for row in joint.rows], claim, "last", symbol)


def passing_states(series):
    """The states from which no symbol leads to one that contributes, now or later."""
    passing, news = set(range(series.states)), True
    while news:
        lost = {p for p in passing for letter in series.letters for q in letter[p]
                if q not in passing or q in series.omega}
        news = bool(lost)
        passing -= lost
    return passing


def check_pairs(certificate, left, right):
    supports = certificate.root["supports"]
    if type(supports) is not bool:
        raise certificate.damaged("supports", None, "not true or false")
    if supports and any(w < 0 for side in (left, right) for w in all_weights(side) + list(side.omega.values())):
        raise certificate.fails("supports", None, "some weight is negative")
    if left.values:
        raise certificate.fails("claim", None, "signs do not show that values are equal")
    joint = Joint(certificate, left, right, False)
    passing = passing_states(left) | {left.states + q for q in passing_states(right)}

    def abstract(row):
        result = {}
        for first, last in ((0, left.states), (left.states, joint.both)):
            part = sorted((at, value) for at, value in row.items() if first <= at < last and at not in passing)
            for at, value in part:
                result[at] = one(1) if supports else value / abs(part[0][1])
        return result

    def expect(row, target, index, what):
        f, g = joint.values(row)
        if (f > 0) != (g > 0):
            raise certificate.fails("rows", index, f"the verdicts differ after {what}")
        if type(target) is not int or not 0 <= target < len(joint.rows):
            raise certificate.fails("rows", index, f"{what} leads to a row that is not there")
        if joint.rows[target] != abstract(row):
            raise certificate.fails("rows", index, f"row {target} is not what follows {what}")

    expect(joint.start, 0, 0, "the start")
    for i, row in enumerate(joint.rows):
        for symbol, token in enumerate(left.tokens):
            expect(joint.step(row, symbol), certificate.root["rows"][i]["steps"][symbol], i, f"'{token}'")


def series_of(certificate, key, path, text):
    name = read_side(certificate, key, path, text)
    return net_series(text) if certificate.root[key]["file"] == "net" else spec_series(text, name)


def check(certificate, paths, texts):
    root = certificate.root
    left, right = read_sides(certificate, paths, texts, series_of)
    {"linear": check_linear, "last": check_last, "pairs": check_pairs}[root["kind"]](certificate, left, right)
