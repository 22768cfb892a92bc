"""Damages programs at random, and compares what Python says of them with and without the recorder.

    python check_mutants.py [--python PYTHON]... [--first SEED] [--count N]
"""

import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import drive
import protocol
from check_programs import difference, plainly

HERE = Path(__file__).resolve().parent
BITS = [b"\0", b"\t", b"    ", b"\xff", b"\xef\xbb\xbf", "“".encode(), "\u00a0".encode(), b"\r\n", b"\r", b"(", b")", b"[" * 300, b"'", b'"""', b"\\", b":", b"await ", b"async ",
        b"yield ", b"return ", b"# -*- coding: latin-1 -*-\n", b"# -*- coding: nonsense -*-\n", b"lambda: ", b"*", b"f'{", b"\n" * 50, b"x" * 5000, b"1" * 5000, b"\x0c", b"from __future__ import annotations\n",
        b"match x:\n    case 1: pass\n", b"class A: pass\n", b"nonlocal x\n", b"global asyncio\n", b"del asyncio\n", b"raise SystemExit(7)\n", b"1/0\n", b"import nothing_such\n"]


def mutant(seed):
    draw = random.Random(seed)
    files = sorted((HERE / "tutorials").glob("*.py"))
    data = draw.choice(files).read_bytes().replace(b"sleep(", b"sleep(0.01 * ")
    for _ in range(draw.choice((1, 1, 2, 3, 6))):
        at = draw.randrange(len(data) + 1)
        how = draw.randrange(5)
        if how == 0:
            data = data[:at] + data[at + draw.randrange(1, 30):]
        elif how == 1:
            data = data[:at] + draw.choice(BITS) + data[at:]
        elif how == 2:
            lines = data.split(b"\n")
            line = draw.randrange(len(lines))
            lines[line] = draw.choice((b"", b"  " + lines[line], lines[line].lstrip(), lines[line] * 2, draw.choice(BITS)))
            data = b"\n".join(lines)
        elif how == 3:
            data = data[:at]
        else:
            data = bytes(draw.randrange(256) for _ in range(draw.randrange(1, 8))).join((data[:at], data[at:]))
    return data


def is_text(data):
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def without_marks(text):
    """At the end of a file Python shows no mark under the line."""
    return "\n".join(line for line in plainly(text).split("\n") if line.strip(" ^~"))


def compare(python, file):
    try:
        out, err, status = drive.plain(python, file, limit=5)
    except subprocess.TimeoutExpired:
        return
    recorded = drive.Recorded(python, file)
    recorded.wait_for(lambda l: l[0] in ("stuck", "exit"), 20)
    got = recorded.end(10)
    if got != status:
        yield f"status {got} instead of {status}"
    yield from difference("output", plainly(out), plainly(recorded.output("out")))
    if is_text(file.read_bytes()):  # of what is no text Python says something else when it reads it from a file
        yield from difference("errors", without_marks(err), without_marks(recorded.output("err")))
    yield from protocol.check(recorded.lines)[:3]
    if recorded.raw.strip():
        yield f"raw {recorded.raw[:300]}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mutant.py"
        for python in options.python or [sys.executable]:
            for seed in range(options.first, options.first + options.count):
                file.write_bytes(mutant(seed))
                found = list(compare(python, file))
                passed, failed = passed + (not found), failed + bool(found)
                for text in found:
                    print(f"{python} seed {seed}: {text}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
