#!/usr/bin/env python3
"""Runs every example of README.md, docs/*.md and man/*: a line "$ command", then what it prints.

In Markdown an example is a fenced block of language console; in a manual page a literal display (.Bd -literal ... .Ed) whose first line begins
with "$ ". The blocks of one file run one after another in one folder, which holds the spec library as specs/. Times, speeds and versions of
libraries are compared only as such. `--update` writes what is printed now into the files. Prints TAP."""
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 120


def load_cases():
    """The command-line tests know what to normalise, and where program and specs are."""
    spec = importlib.util.spec_from_file_location("run_cases", ROOT / "tests" / "cli" / "run_cases.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["run_cases"] = module
    spec.loader.exec_module(module)
    return module


CASES = load_cases()


class Markdown:
    block = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)

    @staticmethod
    def plain(text):
        return text

    @staticmethod
    def marked(text):
        return text


class Manual:
    block = re.compile(r"^\.Bd -literal[^\n]*\n(\$ .*?)^\.Ed$", re.M | re.S)

    @staticmethod
    def plain(text):
        return text.replace("\\&", "").replace("\\e", "\\")

    @staticmethod
    def marked(text):
        text = text.replace("\\", "\\e")
        return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.M)


def files():
    yield ROOT / "README.md", Markdown
    for path in sorted((ROOT / "docs").glob("*.md")):
        yield path, Markdown
    for path in sorted((ROOT / "man").glob("*.[15]")):
        yield path, Manual


def commands(block):
    """(command, output) pairs; a command that ends in a backslash goes on in the next line."""
    command, output, going_on = None, [], False
    for line in block.splitlines(keepends=True):
        if going_on:
            command += line
            going_on = line.endswith("\\\n")
        elif line.startswith("$ "):
            if command is not None:
                yield command, "".join(output)
            command, output, going_on = line[2:], [], line.endswith("\\\n")
        else:
            output.append(line)
    if command is not None:
        yield command, "".join(output)


def run(command, folder):
    environment = CASES.environment()
    environment["PATH"] = f"{folder}/bin:" + os.environ["PATH"]
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)
    return done.stdout.decode("utf-8", errors="replace")


def shown(output):
    """A block of a document ends each line."""
    return output if output == "" or output.endswith("\n") else output + "\n"


def check(path, form, update):
    """Problems of a file, and its text with what is printed now."""
    text = path.read_text(encoding="utf-8")
    problems = []
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/bin")
        os.symlink(CASES.program(), f"{folder}/bin/rnnwit")
        os.symlink(CASES.specs(), f"{folder}/specs")

        def again(match):
            nonlocal count
            parts = []
            for command, expected in commands(form.plain(match.group(1))):
                count += 1
                output = shown(run(command, folder))
                if CASES.normal(output.encode()) == CASES.normal(expected.encode()):
                    output = expected
                else:
                    problems.append(f"$ {command}expected:\n{expected}printed:\n{output}")
                parts.append(f"$ {command}{output}")
            start, end = match.span(1)
            whole = match.group(0)
            return whole[:start - match.start()] + form.marked("".join(parts)) + whole[end - match.start():]

        new = form.block.sub(again, text)
    if update and new != text:
        path.write_text(new, encoding="utf-8")
    return count, problems


def main():
    update = "--update" in sys.argv[1:]
    lines, failed = [], 0
    for number, (path, form) in enumerate(files(), 1):
        count, problems = check(path, form, update)
        good = not problems or update
        failed += not good
        lines.append(f"{'ok' if good else 'not ok'} {number} - {path.relative_to(ROOT)}: {count} examples")
        if not good:
            lines += ["# " + line for problem in problems for line in problem.splitlines()]
    print(f"1..{number}")
    print("\n".join(lines))
    return 1 if failed else 0


sys.exit(main())
