#!/usr/bin/env python3
"""The program as a user meets it: each case is a transcript of a few commands, with their files, output and exit codes.

Prints TAP. Environment: RNNWIT is the program, SPECS the folder of the spec library. --update rewrites the expectations
of all cases; names of cases (COMMAND/NAME) as arguments choose some of them.

A case is a text file tests/cli/cases/COMMAND/NAME.case:

    # What it shows, in a line or several.
    === file NAME [escaped]      a file in the case's folder; escaped: \\xNN and \\n are bytes, line breaks are nothing
    === command                  a line of sh; rnnwit is the program, specs/ the spec library
    === stdout                   what it printed; the section is absent when it printed nothing
    === stderr
    === exit N                   absent for 0

Further commands follow with their own sections. Files of one command are there for the next. Times, speeds and the
versions of libraries are replaced before comparing (NORMAL). A last line without a line break is followed by the line
"=== no line break"."""
import concurrent.futures
import difflib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

CASES = pathlib.Path(__file__).resolve().parent / "cases"
ROOT = CASES.parents[2]
COMPLETION = ROOT / "completions" / "rnnwit"
SANITIZED = os.environ.get("RNNWIT_SANITIZED") == "1"
PATIENCE = 120 if SANITIZED else 30
NORMAL = [
    (re.compile(r"\d+\.\d\d s, [\d.]+(e\+\d+)? (million )?steps/s"), "TIME s, SPEED steps/s"),
    (re.compile(r'("seconds": )[-\d.e]+'), r"\1TIME"),
    (re.compile(r"(PCRE2|FLINT|libyaml|jansson) \d+\.\d+(\.\d+)?( \d{4}-\d\d-\d\d)?"), r"\1 VERSION"),
    (re.compile(r'("log2_error": )-?[\d.]+'), r"\1BITS"),
    (re.compile(r'("(?:spec_)?sha256": )"[0-9a-f]{64}"'), r'\1"HASH"'),
]


class Step:
    def __init__(self, command):
        self.command = command
        self.stdout, self.stderr, self.exit = "", "", 0

    def text(self):
        parts = ["=== command\n", self.command]
        for name in ("stdout", "stderr"):
            output = getattr(self, name)
            if output:
                parts += [f"=== {name}\n", output, "" if output.endswith("\n") else "\n=== no line break\n"]
        if self.exit:
            parts.append(f"=== exit {self.exit}\n")
        return "".join(parts)


class Case:
    def __init__(self, path):
        self.path = path
        self.name = f"{path.parent.name}/{path.stem}"
        self.about, self.files, self.steps = "", [], []
        for heading, body in sections(path.read_text(encoding="utf-8", errors="surrogateescape")):
            self.take(heading.split(), body)
        if not self.about or not self.steps:
            raise ValueError(f"{path}: a case has a comment and a command")

    def take(self, heading, body):
        kind = heading[0] if heading else "about"
        if kind == "about":
            self.about = body
        elif kind == "file":
            self.files.append((heading[1], heading[2:] == ["escaped"], body))
        elif kind == "command":
            self.steps.append(Step(body))
        elif kind in ("stdout", "stderr"):
            setattr(self.steps[-1], kind, body)
        elif kind == "exit":
            self.steps[-1].exit = int(heading[1])
        else:
            raise ValueError(f"{self.path}: no section is called '{kind}'")

    def head(self):
        parts = [self.about]
        for name, escaped, body in self.files:
            parts.append(f"=== file {name}{' escaped' if escaped else ''}\n{body}")
        return "".join(parts)

    def text(self):
        return self.head() + "".join(step.text() for step in self.steps)

    def title(self):
        return self.about.splitlines()[0].lstrip("# ").rstrip(".")


def sections(text):
    """(heading, body) pairs; the first heading is empty."""
    heading, body = "", []
    for line in text.splitlines(keepends=True):
        if line == "=== no line break\n":
            body[-1] = body[-1][:-1]
        elif line.startswith("=== "):
            yield heading, "".join(body)
            heading, body = line[4:].strip(), []
        else:
            body.append(line)
    yield heading, "".join(body)


def environment():
    kept = dict(os.environ)
    kept.update(LC_ALL="C", HOME="/nonexistent")
    return kept


def program():
    return os.path.abspath(os.environ.get("RNNWIT", str(ROOT / "build" / "rnnwit")))


def specs():
    return os.path.abspath(os.environ.get("SPECS", str(ROOT / "specs")))


def normal(output):
    text = output.decode("utf-8", errors="surrogateescape")
    for pattern, replacement in NORMAL:
        text = pattern.sub(replacement, text)
    return text


def write_files(case, folder):
    for name, escaped, body in case.files:
        data = body.encode("utf-8", errors="surrogateescape")
        if escaped:
            data = data.replace(b"\n", b"").decode("unicode_escape").encode("latin-1")
        (folder / name).write_bytes(data)


def run_step(step, folder):
    """The step again, with what it did now."""
    now = Step(step.command)
    script = f'rnnwit() {{ "{program()}" "$@"; }}\n{step.command}'
    done = subprocess.run(["sh", "-c", script], cwd=folder, env=environment(), stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=PATIENCE, check=False)
    now.stdout, now.stderr, now.exit = normal(done.stdout), normal(done.stderr), done.returncode
    return now


def run_case(case):
    """The case as it is now: its text."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rnnwit-case-"))
    try:
        (folder / "specs").symlink_to(specs())
        write_files(case, folder)
        return case.head() + "".join(run_step(step, folder).text() for step in case.steps)
    except subprocess.TimeoutExpired:
        return case.head() + f"=== took more than {PATIENCE} seconds\n"
    finally:
        shutil.rmtree(folder)


def difference(case, now):
    return list(difflib.unified_diff(case.text().splitlines(), now.splitlines(), "expected", "found", lineterm="", n=2))


# --- what a transcript cannot hold ---

ENDLESS = ["verify", "--to", "dplr", "--random", "0", "--length", "60", "specs/wfa/matrix-product-3.yaml"]


def interrupted(arguments):
    """Ctrl-C in the middle of long work: exit code, stdout, stderr."""
    with tempfile.TemporaryDirectory(prefix="rnnwit-case-") as folder:
        os.symlink(specs(), os.path.join(folder, "specs"))
        process = subprocess.Popen([program(), *arguments], cwd=folder, env=environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        time.sleep(1.5 if SANITIZED else 0.5)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)  # as timeout(1) does; one Ctrl-C all the same
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out.decode(), err.decode()


def interrupt_leaves_a_report():
    code, out, err = interrupted(ENDLESS)
    if code != 130:
        return [f"exit {code}, not 130"]
    wanted = ["all words up to length", "interrupted; no difference so far"]
    return [f"no '{text}' in: {out}" for text in wanted if text not in out] + ([err] if err else [])


def interrupt_leaves_json():
    code, out, _ = interrupted([*ENDLESS, "--json"])
    result = json.loads(out)["results"][0]
    return [] if code == 130 and result["interrupted"] and result["holds"] else [f"exit {code}: {out}"]


def closed_pipe(restore):
    """Standard output is a pipe that nobody reads. Python ignores SIGPIPE; `restore` undoes that for the program."""
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen([program(), "--help"], stdout=writer, stderr=subprocess.PIPE, env=environment(),
                               restore_signals=restore)
    os.close(writer)
    _, err = process.communicate(timeout=PATIENCE)
    return process.returncode, err.decode()


def closed_pipe_ends_quietly():
    code, err = closed_pipe(True)
    return [] if code == -signal.SIGPIPE and not err else [f"exit {code}: {err}"]


def ignored_pipe_signal_is_an_output_error():
    code, err = closed_pipe(False)
    return [] if code == 4 and "cannot write to standard output: Broken pipe" in err else [f"exit {code}: {err}"]


PARITY = "specs/dfa/parity.yaml"
BAD_LINES = [
    ["check"], ["check", "nosuch"], ["check", "."], ["nosuch"], ["help", "nosuch"], ["check", "--bogus"],
    ["check", "-x"], ["verify", "--length"], ["verify", "--length=x", PARITY], ["verify", PARITY, "nosuch"], ["show", "--table", PARITY],
    ["build", PARITY], ["build", "--to=relu", PARITY], ["build", "--limit", "nonzeros=2", "-o", "x", PARITY],
    ["build", "-o", "/nosuch/x", PARITY], ["run", PARITY, "0", "x", "1", "y"], ["run", PARITY, b"\xff\xfe"],
    ["check", b"\xff.yaml"], ["run", PARITY, "--words", "nosuch", "0"], ["trace", PARITY, "x"],
    ["trace", "nosuch", "x"], ["trace", PARITY, "0", PARITY], ["import", "--from=nosuch", "x"], ["import", "x.att"],
    ["extract", PARITY], ["extract", "nosuch"], ["show", "--minimise", PARITY], ["show", "-o", "x", PARITY],
    ["verify", "nosuch", PARITY, "specs/dfa/s5.yaml", "."], ["check", "--from=att", "--symbols=.", PARITY],
]


def every_error_is_one_json_value():
    """With --json standard output is one JSON value, which tells what is wrong, and standard error is empty."""
    problems = []
    with tempfile.TemporaryDirectory(prefix="rnnwit-case-") as folder:
        os.symlink(specs(), os.path.join(folder, "specs"))
        for arguments in BAD_LINES:
            done = subprocess.run([program(), *arguments[:1], "--json", *arguments[1:]], cwd=folder, env=environment(),
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False)
            try:
                said = "message" in json.dumps(json.loads(done.stdout))
            except ValueError:
                said = False
            if not said or done.stderr or done.returncode < 2:
                problems.append(f"{arguments}: exit {done.returncode}: {done.stdout!r} {done.stderr!r}")
    return problems


def completions(words):
    """What bash offers for the last word of a command line."""
    script = f"""source {COMPLETION}
COMP_WORDS=({' '.join(f"'{word}'" for word in words)}); COMP_CWORD={len(words) - 1}
_rnnwit rnnwit "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    path = os.path.dirname(program()) + os.pathsep + os.environ.get("PATH", "")
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, timeout=PATIENCE,
                          check=False, cwd=specs(), env=dict(environment(), PATH=path))
    return set(done.stdout.split())


def help_of(*arguments):
    done = subprocess.run([program(), *arguments, "--help"], capture_output=True, text=True, timeout=PATIENCE,
                          check=False)
    return done.stdout


def help_options(command):
    return set(re.findall(r"^  (?:-., |    )(--[a-z-]+)", help_of(command), flags=re.M))


def help_names(heading):
    return set(re.findall(r"^  ([a-z-]+) ", help_of().split(heading)[1].split("\n\n")[0], flags=re.M))


def completion_knows_the_program():
    """The completion repeats names of the program; this finds what it forgot."""
    if shutil.which("bash") is None:
        return []
    commands, limits = help_names("commands:\n"), help_names("VALUE):\n")
    families = set(re.search(r"network family: (.*)", help_of("verify")).group(1).split(", ")) | {"all"}
    wanted = [
        ([""], commands | {"help", "--help", "--version"}), (["help", ""], commands),
        (["verify", "--limit", ""], {f"{name}=" for name in limits}), (["verify", "--limit", "=", "st"], {"states="}),
        (["verify", "--to", ""], families), (["build", "--to", "=", "rw"], {"rwkv7"}),
        (["import", "--from", ""], {"att"}), (["show", "--table", "=", ""], {"text", "markdown"}),
        (["check", "df"], {"dfa"}), (["build", "-o", "wf"], {"wfa"}),
    ] + [([command, "--"], help_options(command)) for command in commands]
    return [f"{words}: {sorted(found)}, not {sorted(names)}" for words, names in wanted
            if (found := completions(["rnnwit", *words])) != names]


SPECIAL = [
    ("Ctrl-C leaves a partial report and exit code 130", interrupt_leaves_a_report),
    ("Ctrl-C leaves valid JSON", interrupt_leaves_json),
    ("a closed pipe ends the program quietly", closed_pipe_ends_quietly),
    ("a closed pipe whose signal is ignored is an output error", ignored_pipe_signal_is_an_output_error),
    ("with --json every error is one JSON value on standard output", every_error_is_one_json_value),
    ("the bash completion knows every command, option, family, format and limit", completion_knows_the_program),
]


def guarded(function, *arguments):
    try:
        return function(*arguments)
    except (OSError, ValueError, LookupError, subprocess.SubprocessError) as error:
        return [f"{type(error).__name__}: {error}"]


def update(cases):
    for case, now in zip(cases, WORKERS.map(run_case, cases)):
        if now != case.text():
            print(f"updated {case.name}")
            case.path.write_text(now, encoding="utf-8", errors="surrogateescape")


def test(cases, special):
    futures = [(title, WORKERS.submit(guarded, function)) for title, function in special]
    futures = [(f"{case.name}: {case.title()}", WORKERS.submit(guarded, lambda c=case: difference(c, run_case(c))))
               for case in cases] + futures
    print(f"1..{len(futures)}")
    failed = 0
    for number, (title, future) in enumerate(futures, 1):
        problems = future.result()
        print(f"{'not ok' if problems else 'ok'} {number} - {title}")
        for problem in problems:
            print(f"# {problem}".encode("utf-8", errors="backslashreplace").decode())
        failed += bool(problems)
    return 1 if failed else 0


def main():
    chosen = [name for name in sys.argv[1:] if name != "--update"]
    cases = [Case(path) for path in sorted(CASES.glob("*/*.case"))]
    cases = [case for case in cases if not chosen or case.name in chosen]
    if "--update" in sys.argv[1:]:
        update(cases)
        return 0
    return test(cases, [] if chosen else SPECIAL)


WORKERS = concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 2))
if __name__ == "__main__":
    sys.exit(main())
