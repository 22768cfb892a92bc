"""Opens a program in a window and works it by what a screen reader sees: in_a_window.py PROGRAM STEP...

A step is `see=TEXT`, which waits until the name of something has TEXT in it, or `press=NAME`, which presses the button of
that name. Then the window is closed by its keys, and the program has to end well. Needs a session bus of its own.
"""
import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

PATIENCE = 30  # seconds for a step


def nodes(node):
    try:
        if node.get_name():
            yield node
        for index in range(node.get_child_count()):
            child = node.get_child_at_index(index)
            if child is not None:
                yield from nodes(child)
    except gi.repository.GLib.GError:
        pass  # it went away while it was looked at


def of_program(program):
    # The application's process is none of what the bus tells reliably; on a bus of our own there is no other.
    for node in nodes(Atspi.get_desktop(0)):
        yield node.get_name(), node


def until(what, found, program):
    end = time.monotonic() + PATIENCE
    names = []
    while time.monotonic() < end:
        if program.poll() is not None:
            sys.exit(f"{what}: the program ended with {program.returncode}")
        names = list(of_program(program))
        for name, node in names:
            if found(name):
                return node
        time.sleep(0.1)
    sys.exit(f"{what}: never seen; there is {[name for name, _ in names]}")


def main():
    path, *steps = sys.argv[1:]
    # Toolkits tell nothing unless somebody says that somebody listens.
    switch = ["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus", "--method"]
    switch += ["org.freedesktop.DBus.Properties.Set", "org.a11y.Status", "IsEnabled", "<true>"]
    subprocess.run(switch, check=True, stdout=subprocess.DEVNULL)
    program = subprocess.Popen([path])
    try:
        for step in steps:
            verb, _, what = step.partition("=")
            if verb == "see":
                until(step, lambda name: what in name, program)
            else:
                until(step, lambda name: name == what, program).do_action(0)
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^Loopscope$"]
        window = subprocess.run(search, check=True, capture_output=True, text=True).stdout.split()[0]
        subprocess.run(["xdotool", "windowfocus", "--sync", window, "key", "ctrl+q"], check=True)
        status = program.wait(PATIENCE)
        if status != 0:
            sys.exit(f"{os.path.basename(path)} ended with {status}")
    finally:
        program.kill()


main()
