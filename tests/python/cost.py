"""What recording costs: processor time an operation with and without the recorder, in nanoseconds, the least of several.

    python cost.py [--python PYTHON]... [--clock virtual|real]
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import drive

HERE = Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--clock", default="virtual")
    options = parser.parse_args()
    for python in options.python or [sys.executable]:
        file = HERE / "cost" / "operations.py"
        done = subprocess.run([python, str(file)], stdout=subprocess.PIPE, env=drive.environment(), check=True)
        bare = json.loads(done.stdout)
        got = count(python, file, options.clock)
        print(subprocess.run([python, "-V"], capture_output=True, text=True).stdout.strip(), options.clock)
        for name, ns in bare.items():
            print(f"  {name:12} {ns:7} {got[name]:7}  +{(got[name] - ns) / 1000:.2f} µs  {got[name] / ns:.1f}×", flush=True)


def count(python, file, clock):
    """As `Recorded`, but nothing is kept."""
    process = subprocess.Popen([python, "-X", "utf8", "-c", drive.BOOT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=drive.environment())
    process.stdin.write(b"%d\n" % len(drive.RECORDER) + drive.RECORDER + json.dumps(["start", {"file": str(file), "clock": clock}]).encode() + b"\n")
    process.stdin.flush()
    found = b""
    while True:
        data = os.read(process.stdout.fileno(), 1 << 20)
        if not data:
            break
        found = (found + data)[-20_000:]
    process.stdin.close()
    process.wait()
    line = next(l for l in found.split(b"\n") if l.startswith(b'["print"'))
    return json.loads(json.loads(line)[4])


if __name__ == "__main__":
    main()
