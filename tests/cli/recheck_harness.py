"""What the tests of certificates share: both checkers, and every way of damaging what they read.

Each number and each text of a certificate is changed, each key and each element of a list is removed, files are swapped, single
weights of the net are changed with the hash made to fit, and the text is cut short. RNNWIT_SANITIZED=1 shortens that."""
import copy
import hashlib
import importlib.util
import itertools
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
RNNWIT = os.environ.get("RNNWIT", str(ROOT / "build" / "rnnwit"))
SPECS = pathlib.Path(os.environ.get("SPECS", ROOT / "specs"))
SHARE = 8 if os.environ.get("RNNWIT_SANITIZED") == "1" else 1  # of all damages: under sanitizers one in so many
_module = importlib.util.spec_from_file_location("recheck", ROOT / "tools" / "recheck.py")
recheck = importlib.util.module_from_spec(_module)
_module.loader.exec_module(recheck)
base = importlib.import_module("recheck_base")  # recheck.py has put its folder on the path


def run(*command):
    return subprocess.run([RNNWIT, *map(str, command)], capture_output=True, text=True, timeout=120, check=False)


def in_c(certificate, left, right):
    return run("recheck", certificate, left, right).returncode


def in_python(certificate, left, right):
    paths = [str(left), str(right)]
    try:
        text, texts = recheck.read(str(certificate)), [recheck.read(path) for path in paths]
        recheck.check(recheck.Certificate(str(certificate), text), paths, texts)
    except recheck.Problem as problem:
        return problem.code
    return 0


def make(folder, name, family, *options):
    """The spec, its network and the certificate; whether it was proved and certified."""
    left, net, certificate = SPECS / (name + ".yaml"), folder / "net.json", folder / "certificate.json"
    certificate.unlink(missing_ok=True)
    run("build", left, "--to", family, *options, "-o", net)
    proved = run("prove", left, net, "--certificate", certificate)
    return left, net, certificate, proved.returncode == 0 and certificate.exists()


def weights(net):
    """Every entry of every matrix, to be changed in place."""
    yield from net["embedding"]
    yield from net["readout"]["entries"]
    for layer in net["layers"]:
        for head in layer["heads"]:
            for rows in [*head["params"].values(), head["output"]]:
                yield from rows
        if layer["feedforward"]:
            for key in ("in", "bias", "out"):
                yield from layer["feedforward"][key]


def other(value):
    """A value near to this one; several for a text that is a number."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1, str(value), value + 0.5]
    if value is None:
        return [[0, "a"]]
    try:
        number = base.number(value)
    except base.Problem:
        return [value + "x", "", None]
    numbers = {number + 1, -number, number / 7, base.one(0)} - {number}
    return [*map(str, numbers), "1/0", value + "x", None]


def damages(node):
    """Copies of the JSON value with one thing wrong."""
    if isinstance(node, dict):
        for key in node:
            if key == "supports" and node[key]:  # the rows of supports are rows too, in these examples
                continue
            yield f"without {key}", {k: v for k, v in node.items() if k != key}
            for what, changed in damages(node[key]):
                yield f"{key}: {what}", {**node, key: changed}
        yield "another key", {**node, "more": 1}
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield f"without [{i}]", node[:i] + node[i + 1:]
            for what, changed in damages(item):
                yield f"[{i}]: {what}", node[:i] + [changed] + node[i + 1:]
        yield "a list for an element more", node + [[]]
    else:
        for changed in other(node):
            if changed != node or type(changed) is not type(node):
                yield f"{node!r} -> {changed!r}", changed


def bits(value):
    value = base.number(value)
    return abs(value.numerator).bit_length() + (value.denominator.bit_length() if value.denominator != 1 else 0)


def with_sizes(net):
    """The sizes that the reader of net files computes itself."""
    values = [row[-1] for row in weights(net)]
    net["size"]["nonzeros"], net["size"]["bits"] = len(values), max(map(bits, values))
    return net


class Bench:
    def __init__(self, folder):
        self.folder, self.results = folder, []

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def tell(self, name, problems):
        self.results.append((name, problems))

    def accepted(self, certificate, left, right):
        """Which checkers hold it."""
        codes = {"C": in_c(certificate, left, right), "Python": in_python(certificate, left, right)}
        crashed = [f"{name} with exit code {code}" for name, code in codes.items() if code not in (0, 1, 2)]
        self.results += [("no checker crashes", crashed)] if crashed else []
        return [name for name, code in codes.items() if code == 0]

    def undamaged(self, name, certificate, left, right):
        holds = self.accepted(certificate, left, right)
        self.tell(f"{name}: both checkers hold the certificate", [] if len(holds) == 2 else [f"only {holds}"])

    def damaged(self, name, certificate, left, right, every):
        """Where there are very many ways, each of so many."""
        good = json.loads(certificate.read_text())
        problems, count = [], 0
        for what, changed in itertools.islice(damages(good), 0, None, every * SHARE):
            path = self.write("damaged.json", json.dumps(changed))
            problems += [f"{checker} holds {what}" for checker in self.accepted(path, left, right)]
            count += 1
        self.tell(f"{name}: nothing in the certificate can be changed ({count} ways)", problems)
        text, problems = certificate.read_text(), []
        for end in {*range(0, len(text) - 2, max(1, len(text) * SHARE // 20)), len(text) - 3}:
            path = self.write("damaged.json", text[:end])
            problems += [f"{checker} holds {end} characters" for checker in self.accepted(path, left, right)]
        self.tell(f"{name}: it cannot be cut short", problems)

    def wrong_nets(self, name, certificate, left, right):
        """A changed weight with the hash made to fit: either a checker refuses, or the prover proves it the same way."""
        net, problems, refused = json.loads(right.read_text()), [], 0
        rows = list(weights(net))
        for i in range(0, len(rows), max(1, len(rows) * min(SHARE, 4) // 25)):
            changed = copy.deepcopy(net)
            row = list(weights(changed))[i]
            row[-1] = str(base.number(row[-1]) + 1 if i % 2 and row[-1] != "-1" else -base.number(row[-1]))
            path = self.write("wrong-net.json", json.dumps(with_sizes(changed)))
            claim = json.loads(certificate.read_text())
            claim["right"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
            holds = self.accepted(self.write("damaged.json", json.dumps(claim)), left, path)
            refused += not holds
            if holds and (len(holds) < 2 or run("prove", str(left), str(path)).returncode != 0):
                problems.append(f"{holds} hold a net with another {row}")
        if not refused:
            problems.append("no changed weight was refused")
        self.tell(f"{name}: changed weights are refused ({refused} of them)", problems)

    def swapped(self, name, certificate, left, right):
        problems = []
        for what, pair in (("swapped files", (right, left)), ("two specs", (left, left)), ("two nets", (right, right))):
            problems += [f"{checker} holds {what}" for checker in self.accepted(certificate, *pair)]
        path = self.write("other.json", right.read_text() + "\n")
        problems += [f"{checker} holds a line more" for checker in self.accepted(certificate, left, path)]
        self.tell(f"{name}: other files are refused", problems)

    def everything(self, name, left, right, every=1):
        certificate = self.folder / "certificate.json"
        done = run("prove", str(left), str(right), "--certificate", str(certificate))
        if done.returncode != 0 or not certificate.exists():
            self.tell(f"{name}: proved with a certificate", [done.stdout + done.stderr])
            return
        self.undamaged(name, certificate, left, right)
        self.damaged(name, certificate, left, right, every)
        self.wrong_nets(name, certificate, left, right)
        self.swapped(name, certificate, left, right)
        certificate.unlink()

    def finish(self):
        """Prints TAP; the exit code."""
        print(f"1..{len(self.results)}")
        for i, (name, problems) in enumerate(self.results, 1):
            print(f"{'not ok' if problems else 'ok'} {i} - {name}")
            for problem in problems[:20]:
                print("# " + str(problem).replace("\n", "\n# "))
        return int(not self.results or any(problems for _, problems in self.results))
