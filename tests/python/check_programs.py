"""Runs every program of `programs/` and `tutorials/` with and without the recorder, and compares.

    python check_programs.py [--python PYTHON]... [NAME]...

With the recorder, on either clock, a program has to print the same on standard output and error, in the same order, and to end with
the same status. Its lines have to keep the rules of PROTOCOL.md. The programs of `tutorials/` have to print their lines at
the times that stand in the `.txt` beside them, on the virtual clock.

The first lines of a program may say `# needs 3.11` (a Python), `# answers a|b` (what is typed), `# real` (not on the virtual clock),
`# apart` (the order between the two streams is not told).
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

import drive
import protocol

HERE = Path(__file__).resolve().parent
CLOCKS = ("virtual", "real")
TRIES = 3  # without the recorder the programs sleep for real, and a loaded machine may mix up what they print


def header(file):
    words = {}
    for line in file.read_text(errors="replace").splitlines():
        if not line.startswith("# "):
            break
        name, _, rest = line[2:].partition(" ")
        words[name] = rest
    return words


def version_of(python):
    text = subprocess.run([python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, text.split()))


def plainly(text):
    """Without what differs from run to run."""
    text = re.sub(r"0x[0-9a-f]+", "0x…", text)
    text = re.sub(r"(?m)^(.*took) [0-9.]+ seconds", r"\1 … seconds", text)
    return re.sub(r"when=[0-9.]+", "when=…", text)


def merged(python, file, answers):
    """Both streams in one, as written."""
    done = subprocess.run([python, "-u", str(file)], input=answers.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=drive.environment(), timeout=60)
    return done.stdout.decode("utf-8", "replace")


def compare(python, file):
    """What differs, as text."""
    words = header(file)
    answers = words.get("answers", "").split("|") if "answers" in words else []
    text = "".join(a + "\n" for a in answers)
    out, err, status = drive.plain(python, file, text=text)
    both = merged(python, file, text)
    for clock in CLOCKS:
        if "real" in words and clock == "virtual":
            continue
        recorded = drive.Recorded(python, file, clock=clock)
        for answer in answers:
            recorded.send("answer", answer)
        if answers:
            recorded.send("answer", None)
            recorded.send("answer", None)
        got = recorded.end()
        if got != status:
            yield f"{clock}: status {got} instead of {status}"
        for name, expected, found in (("output", out, recorded.output("out")), ("errors", err, recorded.output("err"))):
            yield from difference(f"{clock}: {name}", plainly(expected), plainly(found))
        if "apart" not in words:
            found = "".join(l[4] + ("" if l[6] else "\n") for l in recorded.lines if l[0] == "print")
            yield from difference(f"{clock}: both streams", plainly(both), plainly(found))
        if recorded.raw.strip():
            yield f"{clock}: raw {recorded.raw[:500]!r}"
        yield from (f"{clock}: {found}" for found in protocol.check(recorded.lines)[:5])


def difference(name, expected, found):
    if expected == found:
        return
    expected, found = expected.split("\n"), found.split("\n")
    for number, (a, b) in enumerate(zip(expected + [None], found + [None])):
        if a != b:
            yield f"{name}, line {number + 1}: {b!r:.200} instead of {a!r:.200}"
            return


def check_tutorial(python, file):
    expected = file.with_suffix(".txt").read_text().splitlines()
    facts = dict(line[2:].split(": ") for line in expected if line.startswith("# "))
    recorded = drive.Recorded(python, file)
    status = recorded.end()
    lines = [f"{l[1] / 1e9:.1f} {l[4]}" for l in recorded.lines if l[0] == "print"]
    yield from difference("lines", "\n".join(l for l in expected if not l.startswith("# ")), "\n".join(lines))
    end = next((l for l in recorded.lines if l[0] == "exit"), [None, -1, None])
    if f"{end[1] / 1e9:.1f}" != facts["elapsed"] or (status == 0) != (facts["exit"] == "ok"):
        yield f"it ends at {end[1]} with {status}"
    yield from protocol.check(recorded.lines)[:5]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    passed = failed = 0
    for python in options.python or [sys.executable]:
        version = version_of(python)
        for folder, check in (("tutorials", check_tutorial), ("programs", compare)):
            for file in sorted((HERE / folder).glob("*.py")):
                if options.names and file.stem not in options.names:
                    continue
                needs = header(file).get("needs")
                if needs and version < tuple(map(int, needs.split("."))):
                    continue
                for _ in range(TRIES):
                    found = list(check(python, file))
                    if not found:
                        break
                passed, failed = passed + (not found), failed + bool(found)
                for text in found:
                    print(f"{'.'.join(map(str, version))} {folder}/{file.name}: {text}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
