"""Opens a program in a window and works it by what a screen reader sees and by real keys: in_a_window.py PROGRAM STEP...

A step is one of
    see=TEXT    waits until the name of something has TEXT in it
    gone=TEXT   waits until no name has TEXT in it
    press=NAME  presses the button of that name, as a screen reader does
    keys=KEYS   presses these keys one after the other, as xdotool names them
    type=TEXT   types a text
    tab=NAME    presses the tabulator until what has that name has the focus
    file=PATH   waits until a file is there
Then the window is closed by its keys, and the program has to end well. Needs a session bus of its own. On Wayland nobody can
press keys for another: there the window is closed by its menu.
"""
import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

PATIENCE = 60  # seconds for a step
MOST_TABS = 120
ON_WAYLAND = "WAYLAND_DISPLAY" in os.environ
SEARCH = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^Loopscope$"]


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
    """Looks until something is found among the names, and gives it."""
    end = time.monotonic() + PATIENCE
    names = []
    while time.monotonic() < end:
        if program.poll() is not None:
            sys.exit(f"{what}: the program ended with {program.returncode}")
        names = list(of_program(program))
        thing = found(names)
        if thing is not None:
            return thing
        time.sleep(0.1)
    sys.exit(f"{what}: never seen; there is {[name for name, _ in names]}")


def named(is_it):
    return lambda names: next((node for name, node in names if is_it(name)), None)


def xdotool(*arguments):
    subprocess.run(["xdotool", *arguments], check=True, stdout=subprocess.DEVNULL)


def go_to(what, name, program):
    """Presses the tabulator until the focus is there."""
    until(what, named(lambda other: other == name), program)
    for _ in range(MOST_TABS):
        node = until(what, named(lambda other: other == name), program)
        if node.get_state_set().contains(Atspi.StateType.FOCUSED):
            return
        before = focused(program)
        xdotool("key", "Tab")
        until(what, lambda names: True if focused_in(names) != before else None, program)
    sys.exit(f"{what}: the tabulator does not come there")


def focused_in(names):
    for place, (name, node) in enumerate(names):
        try:
            if node.get_state_set().contains(Atspi.StateType.FOCUSED) and node.get_role() != Atspi.Role.FRAME:
                return (place, name)
        except gi.repository.GLib.GError:
            pass
    return None


def focused(program):
    return focused_in(list(of_program(program)))


def do(step, program):
    verb, _, what = step.partition("=")
    match verb:
        case "see":
            until(step, named(lambda name: what in name), program)
        case "gone":
            until(step, lambda names: None if any(what in name for name, _ in names) else True, program)
        case "press":
            until(step, named(lambda name: name == what), program).do_action(0)
        case "keys":
            xdotool("key", "--clearmodifiers", *what.split())
        case "type":
            xdotool("type", "--delay", "4", what)
        case "tab":
            go_to(step, what, program)
        case "file":
            until(step, lambda _: True if os.path.exists(what) else None, program)
        case _:
            sys.exit(f"{step}: no such step")


def close(program):
    if ON_WAYLAND:
        do("press=Menu", program)
        do("press=Close the window", program)
    else:
        xdotool("key", "ctrl+q")


def main():
    path, *steps = sys.argv[1:]
    # Toolkits tell nothing unless somebody says that somebody listens.
    switch = ["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus", "--method"]
    switch += ["org.freedesktop.DBus.Properties.Set", "org.a11y.Status", "IsEnabled", "<true>"]
    subprocess.run(switch, check=True, stdout=subprocess.DEVNULL)
    program = subprocess.Popen([path])
    try:
        if not ON_WAYLAND:
            window = subprocess.run(SEARCH, check=True, capture_output=True, text=True).stdout.split()[0]
            xdotool("windowfocus", "--sync", window)
        for step in steps:
            do(step, program)
        close(program)
        status = program.wait(PATIENCE)
        if status != 0:
            sys.exit(f"{os.path.basename(path)} ended with {status}")
    finally:
        program.kill()


main()
