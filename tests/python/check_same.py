"""Records each program several times on the virtual clock: the records have to be the same, line for line.

    python check_same.py [--python PYTHON]... [--times N] [NAME]...

Left out are programs in which something of the machine takes part: threads, processes, sockets.
"""

import argparse
import re
import sys
from pathlib import Path

import drive
from check_programs import header, version_of

HERE = Path(__file__).resolve().parent
OF_THE_MACHINE = {"threads", "thread_events", "sleeping_threads", "several_loops", "processes", "subprocesses", "sockets", "input", "tracebacks", "clocks"}


def record(python, file):
    recorded = drive.Recorded(python, file, epoch=1_700_000_000)
    recorded.end()
    # An address in a text is the machine's.
    return [re.sub(r"0x[0-9a-f]+", "0x…", repr(line)) for line in recorded.lines if line[0] not in ("hello", "still")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    passed = failed = 0
    for python in options.python or [sys.executable]:
        version = version_of(python)
        for file in sorted([*(HERE / "tutorials").glob("*.py"), *(HERE / "programs").glob("*.py")]):
            needs = header(file).get("needs")
            if file.stem in OF_THE_MACHINE or options.names and file.stem not in options.names or needs and version < tuple(map(int, needs.split("."))):
                continue
            first = record(python, file)
            for _ in range(options.times - 1):
                other = record(python, file)
                if other != first:
                    at = next((i for i, (a, b) in enumerate(zip(first, other)) if a != b), min(len(first), len(other)))
                    print(f"{version} {file.name}: line {at}: {first[at:at + 1]} and {other[at:at + 1]}", flush=True)
                    failed += 1
                    break
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
