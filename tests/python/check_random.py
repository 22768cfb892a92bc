"""Compares random programs under the recorder with the reference: steps, lines, times, end; and each run with a second one.

    python check_random.py [--python PYTHON]... [--first SEED] [--count N] [--twice]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import drive
import protocol
from check_programs import version_of
from random_programs import program

HERE = Path(__file__).resolve().parent


def reference(python, file):
    done = subprocess.run([python, str(HERE / "reference.py"), str(file)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=drive.environment(), timeout=60, check=True)
    return json.loads(done.stdout)


def record(python, file):
    recorded = drive.Recorded(python, file, epoch=1_700_000_000)
    stuck = recorded.wait_for(lambda l: l[0] in ("stuck", "exit"), 60)
    if stuck is not None and stuck[0] == "stuck":
        recorded.process.kill()
    recorded.end()
    return recorded, stuck


def compare(python, file, twice):
    expected = reference(python, file)
    recorded, last = record(python, file)
    lines = recorded.lines
    thrown = {i - 1 for i, line in enumerate(lines) if line[0] == "thrown"}
    steps = [[l[2], l[1], i in thrown] for i, l in enumerate(lines) if l[0] == "poll"]
    if steps != expected["steps"]:
        at = next((i for i, (a, b) in enumerate(zip(steps, expected["steps"])) if a != b), min(len(steps), len(expected["steps"])))
        yield f"step {at}: {steps[at:at + 2]} instead of {expected['steps'][at:at + 2]}, of {len(steps)} and {len(expected['steps'])}"
    printed = [l[4] for l in lines if l[0] == "print" and l[5] == "out"]
    if printed != expected["lines"]:
        yield "lines differ"
    stuck = last is not None and last[0] == "stuck"
    if stuck != (expected["end"] == "deadlock"):
        yield f"it ends with {last}, the reference with {expected['end']}"
    yield from protocol.check(lines, is_cut=stuck)[:3]
    places = {l[1]: l for l in lines if l[0] == "place"}
    codes = {l[1]: l for l in lines if l[0] == "code"}
    text = file.read_text().splitlines()
    for line in lines:
        if line[0] == "wait" and line[3][0] in ("other", "future"):
            # The programs await bare futures in one line alone. Before 3.12 `wait_for` also waits for one that `shield` made, when it is cancelled.
            place = places[line[4]]
            is_user = codes[place[2]][5] == "user"
            if line[3][0] == "other" or not is_user or not ("await future" in text[place[3] - 1] or "shield" in text[place[3] - 1]):
                yield f"a wait without a name: {line}"
    if twice:
        again = record(python, file)[0].lines
        same = [[l for l in one if l[0] not in ("hello", "still")] for one in (lines, again)]
        if same[0] != same[1]:
            yield "a second run gives another record"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--twice", action="store_true")
    options = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for python in options.python or [sys.executable]:
            version = version_of(python)
            for seed in range(options.first, options.first + options.count):
                file = Path(folder) / f"random_{seed}.py"
                file.write_text(program(seed, version))
                found = list(compare(python, file, options.twice))
                passed, failed = passed + (not found), failed + bool(found)
                for text in found:
                    print(f"{'.'.join(map(str, version))} seed {seed}: {text}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
