"""Runs a program with the recorder, as the app does, and without."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "crates" / "python" / "src"
RECORDER = (SOURCE / "recorder.py").read_bytes()
BOOT = (SOURCE / "boot.py").read_text()


def environment():
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return {**kept, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


class Recorded:
    """A program under the recorder. `lines` are those that it has told."""

    def __init__(self, python, file, cwd=None, **options):
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [python, "-X", "utf8", "-X", "faulthandler", "-c", BOOT],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=cwd, env=environment(), start_new_session=True)
        self.lines, self.came, self.raw = [], [], b""
        self.is_over = False
        self.changed = threading.Condition()
        self.process.stdin.write(b"%d\n" % len(RECORDER) + RECORDER)
        self.send("start", {"file": str(file), **options})
        self.readers = [threading.Thread(target=target, daemon=True) for target in (self.read, self.read_raw)]
        for reader in self.readers:
            reader.start()

    def send(self, *words):
        try:
            self.process.stdin.write(json.dumps(words).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(json.loads(line))
                self.came.append(time.monotonic() - self.began)
                self.changed.notify_all()
        with self.changed:
            self.is_over = True
            self.changed.notify_all()

    def read_raw(self):
        for line in self.process.stderr:
            self.raw += line

    def wait_for(self, test, limit=20, start=0):
        """The first line from `start` on that passes the test, or `None` if the stream ends first."""
        end, at = time.monotonic() + limit, start
        with self.changed:
            while True:
                while at < len(self.lines):
                    if test(self.lines[at]):
                        return self.lines[at]
                    at += 1
                if self.is_over or time.monotonic() > end:
                    return None
                self.changed.wait(0.05)

    def end(self, limit=60):
        """Waits for the end; gives the exit status."""
        try:
            status = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = "killed"
        for reader in self.readers:
            reader.join(5)
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # a command that it did not read any more
        return status

    def output(self, stream="out"):
        """What the program printed, as it printed it."""
        return "".join(l[4] + ("" if l[6] else "\n") for l in self.lines if l[0] == "print" and l[5] == stream)

    def count(self, name):
        return sum(1 for line in self.lines if line[0] == name)

    def notes(self):
        return [line[2] for line in self.lines if line[0] == "note"]


def plain(python, file, arguments=(), cwd=None, text="", limit=60):
    """The program without the recorder: output, errors and status."""
    done = subprocess.run([python, str(file), *arguments], input=text.encode(), capture_output=True, cwd=cwd, env=environment(), timeout=limit)
    return done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"), done.returncode


if __name__ == "__main__":
    recorded = Recorded(sys.argv[1], sys.argv[2], **json.loads(sys.argv[3]) if len(sys.argv) > 3 else {})
    status = recorded.end()
    for line in recorded.lines:
        print(json.dumps(line))
    sys.stdout.flush()
    sys.stderr.write(recorded.raw.decode())
    print("status", status)
