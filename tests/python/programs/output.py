# apart
# Everything that can be done to standard output.
import logging
import sys

sys.stdout.reconfigure(encoding="utf-8")
print("é", sys.stdout.encoding.lower(), sys.stdout.isatty(), sys.stdout.name, sys.stdout.mode, sys.stderr.name)
sys.stdout.flush()
sys.stdout.buffer.write(b"bytes\n")
sys.stdout.buffer.flush()
print("a", "b", sep="", end="")
print(flush=True)
print("x" * 5, file=sys.stderr)
logging.warning("logged")
sys.stdout.write("partial ")
print("line", end="")
print()
print("é 漢 \x1b[31m \0 \u2028 \r carriage")
print("a\nb\n\nc")
print("long", "é" * 100_000)
try:
    print("\ud800")
except UnicodeEncodeError as error:
    print(error.reason)
print("\ud800", file=sys.stderr)
print(sys.stdout is sys.__stdout__, sys.stdout.fileno(), sys.stderr.fileno(), sys.stdin.fileno())
sys.stderr.write("no end on stderr")
print("no end", end="")
