"""Records a Python program that uses asyncio, from inside. CPython 3.9 and newer; the standard library alone.

`boot.py` starts this file in a fresh interpreter. It runs the program as `python program.py` would, and writes what asyncio does
as lines to the pipe that was standard output; PROTOCOL.md says what each line means. Commands come on the pipe that was standard input.

How it sees: it wraps what all of asyncio goes through, in place, and keeps the tasks and futures that are written in C.

- `BaseEventLoop._call_soon` puts every callback into the ready queue. Its type tells whether it is a step of a task.
- `Handle._run` runs every callback: a poll begins and ends in it.
- `BaseEventLoop.call_at` and `TimerHandle.cancel` are the timers.
- `select` of each loop's selector is where a loop is idle. The virtual clock jumps there.
- A subclass of `asyncio.Task` sees `cancel`, and eager tasks.
- Locks, semaphores, events, barriers and queues tell their state by the attribute that holds it.

What it never does: it changes nothing that the program prints, nor the order of its steps, its tracebacks, the names of its tasks, its
warnings or its exit status. It calls no `repr` or `str` of the program's own. It keeps nothing of the program alive: no
coroutine, no frame, no future, no local variable.

The sections: text · lines · places · clocks · tasks · what a task waits for · loops · shared things · jobs · standard streams · commands · the
program.
"""

import ast
import asyncio
import asyncio.base_events
import asyncio.events
import asyncio.futures
import asyncio.locks
import asyncio.queues
import asyncio.streams
import asyncio.tasks
import atexit
import concurrent.futures
import concurrent.futures.thread
import datetime
import functools
import gc
import hashlib
import inspect
import io
import itertools
import json
import linecache
import os
import signal
import sys
import threading
import time
import traceback
import types
import warnings
import weakref
import _thread
from asyncio import base_events, events, futures, tasks
from importlib.machinery import SourceFileLoader
from json.encoder import encode_basestring_ascii

PROTOCOL = 1
THIS_FILE = (lambda: None).__code__.co_filename
ASYNCIO_FOLDER = os.path.dirname(os.path.abspath(asyncio.__file__)) + os.sep
LIBRARY_FOLDERS = [os.path.dirname(os.path.abspath(os.__file__)) + os.sep]

# What the program may replace or what is replaced here, as it was.
real_sleep, real_time, perf_ns, real_exit = time.sleep, time.time, time.perf_counter_ns, os._exit
get_ident, running_loop = threading.get_ident, events._get_running_loop
CORO, AGEN, GEN = types.CoroutineType, types.AsyncGeneratorType, types.GeneratorType
METHOD, BUILTIN = types.MethodType, types.BuiltinMethodType


# ---------------------------------------------------------------- text

SIMPLE = frozenset((int, float, complex, bool, str, bytes, type(None), type(...)))
LONGEST_VALUE = 120
LONGEST_ERROR = 300


def quote(text):
    """`text` as JSON. A lone surrogate is no text elsewhere."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return encode_basestring_ascii(text)


def optional(text):
    return "null" if text is None else quote(text)


def plain(value, depth=3):
    """The `repr` of a plain value or of a small collection of such; `None` for all else, whose `repr` may be the program's."""
    kind = type(value)
    if kind in SIMPLE:
        if kind is str or kind is bytes:
            value = value[:LONGEST_VALUE]
        elif kind is int and value.bit_length() > 400:
            return f"an int of {value.bit_length()} bits"
        return repr(value)
    if kind in (list, tuple, set, frozenset, dict) and depth and len(value) <= 20:
        items = itertools.chain(value, value.values()) if kind is dict else value
        if all(plain(item, depth - 1) is not None for item in items):
            return repr(value)
    return None


def short(text, length):
    return text if len(text) <= length else text[: length - 1] + "…"


def function_words(function):
    """The name of what a callback calls, and its code if it is Python's. Asks nothing of an object of the program."""
    while type(function) is functools.partial:
        function = function.func
    kind = type(function)
    if kind is METHOD:
        function = function.__func__
        kind = type(function)
    if kind is types.FunctionType:
        return function.__qualname__, function.__code__
    if kind is BUILTIN or kind is type:
        return function.__qualname__, None
    return kind.__name__, None


def message_of(error):
    """The text of an exception, if nothing of the program has to be called for it."""
    own = type(error).__str__
    if type(own) is types.FunctionType and places.code_of(own.__code__).kind == "user":
        return short(", ".join(plain(a) or f"<{type(a).__name__}>" for a in error.args), LONGEST_ERROR)
    if all(type(a) in SIMPLE or plain(a) is not None or isinstance(a, (OSError, type)) for a in error.args) or isinstance(error, OSError):
        try:
            return short(str(error), LONGEST_ERROR)
        except Exception:
            return ""
    if len(error.args) > 1 and type(error.args[0]) is str:
        return short(error.args[0], LONGEST_ERROR)  # an exception group
    return ""


def error_words(error):
    """An exception as the protocol tells it."""
    found, step = [], error.__traceback__
    while step is not None and len(found) < 50:
        code = places.code_of(step.tb_frame.f_code)
        if code.kind != "recorder":
            found.append(places.place_in(code, step.tb_lasti, step.tb_lineno))
        step = step.tb_next
    words = f"[{quote(type(error).__name__)},{quote(message_of(error))},{found}"
    inner = getattr(error, "exceptions", None)
    if type(inner) is tuple and all(isinstance(e, BaseException) for e in inner):
        words += ",[" + ",".join(error_words(e) for e in inner[:10]) + "]"
    return words + "]"


def clean(error, seen=None):
    """Takes the recorder's frames out of an exception's traceback, and out of those that it came from."""
    if seen is None:
        seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        step = error.__traceback__
        while step is not None and step.tb_frame.f_code.co_filename == THIS_FILE:
            step = step.tb_next
        if step is not error.__traceback__:
            error.__traceback__ = step
        while step is not None:
            inner = step.tb_next
            while inner is not None and inner.tb_frame.f_code.co_filename == THIS_FILE:
                inner = inner.tb_next
            if inner is not step.tb_next:
                step.tb_next = inner
            step = inner
        for e in getattr(error, "exceptions", None) or ():
            if isinstance(e, BaseException):
                clean(e, seen)
        clean(error.__context__, seen)
        error = error.__cause__


# ---------------------------------------------------------------- lines

class Lines:
    """What waits to be written. Lines leave together: many in one write."""

    MANY = 512
    OLD = 20_000_000  # ns

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.waiting = []
        self.push = self.waiting.append
        self.lock = threading.RLock()
        self.last = perf_ns()
        self.is_flushing = False

    def flush(self):
        self.last = perf_ns()
        with self.lock:
            if self.is_flushing:
                return  # what Python destroys while lines leave may print, and come here again
            self.is_flushing = True
            try:
                batch = self.waiting[:]
                del self.waiting[: len(batch)]
                if batch:
                    self.write(("\n".join(batch) + "\n").encode())
            finally:
                self.is_flushing = False

    def write(self, data):
        with Uninterrupted():  # half a line would spoil all that follow
            view = memoryview(data)
            try:
                while view and self.descriptor is not None:
                    view = view[os.write(self.descriptor, view):]
            except OSError:
                self.descriptor = None  # nobody reads any more

    def silence(self):
        """In a forked child: what it does is not part of this record."""
        self.descriptor = None
        self.lock = threading.RLock()


class Uninterrupted:
    """No Ctrl-C raises in here, where the system can hold it back."""

    can = hasattr(signal, "pthread_sigmask")

    def __enter__(self):
        if self.can:
            self.before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))

    def __exit__(self, *_):
        if self.can:
            signal.pthread_sigmask(signal.SIG_SETMASK, self.before)


# ---------------------------------------------------------------- places

class Code:
    """A function's code: whose it is, what it waits for if it is asyncio's, and its places that were told."""

    __slots__ = ("code", "id", "kind", "places", "spans", "waits", "is_leaf")

    def __init__(self, code, kind):
        self.code = code  # kept, so that the id of the object stays its own
        self.id = None
        self.kind = kind
        self.places = {}  # by instruction
        self.spans = {}   # by what part of the text
        self.waits = WAITS.get(code)
        self.is_leaf = code in LEAVES


class Places:
    """Where things happen: functions and expressions, each told once, before its first use."""

    LONGEST_SOURCE = 256 * 1024

    def __init__(self, lines):
        self.push = lines.push
        self.codes = {}  # by id of the code object
        self.files = set()
        self.code_ids = itertools.count()
        self.place_ids = itertools.count()
        self.program = None

    def code_of(self, code):
        known = self.codes.get(id(code))
        if known is None:
            known = self.codes[id(code)] = Code(code, self.kind_of(code))
        return known

    def kind_of(self, code):
        name = code.co_filename
        if name == THIS_FILE:
            return "recorder"
        if name.startswith(ASYNCIO_FOLDER):
            return "asyncio"
        if name == self.program:
            return "user"
        if name.startswith("<") or "site-packages" in name or name.startswith(tuple(LIBRARY_FOLDERS)):
            return "library"
        return "user"

    def id_of(self, code):
        """The id of a function, which is told if it was not yet."""
        if code.id is None:
            raw = code.code
            if code.kind == "user":
                self.tell_source(raw.co_filename)
            code.id = next(self.code_ids)
            name = getattr(raw, "co_qualname", raw.co_name)
            self.push(f'["code",{code.id},{quote(raw.co_filename)},{raw.co_firstlineno},{quote(name)},"{code.kind}"]')
        return code.id

    def tell_source(self, file, data=None):
        if file in self.files:
            return
        self.files.add(file)
        text = None
        if data is None:
            try:
                with open(file, "rb") as opened:
                    data = opened.read()
            except (OSError, ValueError):
                return
        if len(data) <= self.LONGEST_SOURCE:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                pass
        self.push(f'["source",{quote(file)},"{hashlib.sha256(data).hexdigest()}",{optional(text)}]')

    def place(self, frame):
        code = self.code_of(frame.f_code)
        known = code.places.get(frame.f_lasti)
        return self.place_in(code, frame.f_lasti, frame.f_lineno) if known is None else known

    def place_in(self, code, instruction, line):
        known = code.places.get(instruction)
        if known is not None:
            return known
        ident = self.id_of(code)
        at = None
        if hasattr(code.code, "co_positions") and instruction >= 0:
            at = next(itertools.islice(code.code.co_positions(), instruction // 2, None), None)
        if at is None or None in at:
            at = (line or code.code.co_firstlineno, None, None, None)
        else:
            at = (at[0], self.characters(code, at[0], at[2]), at[1], self.characters(code, at[1], at[3]))
        known = code.places[instruction] = code.spans.get(at)
        if known is not None:
            return known
        known = code.places[instruction] = code.spans[at] = next(self.place_ids)
        line, column, end_line, end_column = ("null" if n is None else n for n in at)
        self.push(f'["place",{known},{ident},{line},{column},{end_line},{end_column}]')
        return known

    def characters(self, code, line, column):
        """Python counts the bytes of a line, people its characters."""
        text = linecache.getline(code.code.co_filename, line)
        return column if not text or text.isascii() else len(text.encode()[:column].decode("utf-8", "ignore"))

    def user_frame(self, frame):
        """The innermost frame of the user's own code from here outwards, else the innermost of a library, or `None`."""
        other = None
        while frame is not None:
            kind = self.code_of(frame.f_code).kind
            if kind == "user":
                return frame
            if kind == "library" and other is None and frame.f_code.co_filename != "<string>":
                other = frame
            frame = frame.f_back
        return other

    def user_place(self, frame):
        frame = self.user_frame(frame)
        return "null" if frame is None else self.place(frame)


class Names:
    """The variables that things are first given to, found in the source text: `lock = asyncio.Lock()`."""

    def __init__(self):
        self.files = {}  # name of a file -> {line: [(column, name)]}
        self.turns = {}

    def read(self, file, text):
        found = self.files[file] = {}
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return found
        todo = [(tree, None)]
        while todo:
            node, name = todo.pop()
            if isinstance(node, ast.Call) and name is not None:
                found.setdefault(node.lineno, []).append((node.col_offset, name))
            for child, own in self.inside(node, name):
                todo.append((child, own))
        for calls in found.values():
            calls.sort()
        return found

    def inside(self, node, name):
        """Each part of `node`, with the name that a call in it is given to."""
        kind = type(node)
        if kind in (ast.Assign, ast.AnnAssign, ast.NamedExpr):
            target = node.targets[-1] if kind is ast.Assign else node.target
            several = getattr(target, "elts", None)
            values = getattr(node.value, "elts", None)
            if several is not None and values is not None and len(several) == len(values):
                return [(value, self.of(one)) for one, value in zip(several, values)]
            return [(node.value, self.of(target))] if node.value is not None else []
        if kind is ast.keyword:
            return [(node.value, node.arg)]
        if kind is ast.Dict:
            return [(value, key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else name)
                    for key, value in zip(node.keys, node.values)]
        if kind in (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef):
            name = None
        return [(child, name) for child in ast.iter_child_nodes(node)]

    def of(self, target):
        if isinstance(target, ast.Name):
            return target.id
        if isinstance(target, ast.Attribute):
            return target.attr
        if isinstance(target, ast.Subscript):
            return self.of(target.value)
        return None

    def find(self, frame):
        """The name that the call which `frame` is at will give its result to."""
        file, line = frame.f_code.co_filename, frame.f_lineno
        known = self.files.get(file)
        if known is None:
            known = self.read(file, "".join(linecache.getlines(file)))
        column = None
        if hasattr(frame.f_code, "co_positions"):
            at = next(itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), None)
            if at is not None and at[0] is not None:
                line, column = at[0], at[2]
        calls = known.get(line)
        if not calls:
            return None
        for start, name in calls:
            if start == column:
                return name
        if column is not None:
            return None
        turn = self.turns[file, line] = self.turns.get((file, line), -1) + 1
        return calls[turn % len(calls)][1]


# ---------------------------------------------------------------- clocks

class RealClock:
    """The machine's clock, from the start of the run."""

    is_virtual = False

    def __init__(self):
        self.zero = perf_ns()

    def now(self):
        return perf_ns() - self.zero

    def of_loop(self, loop, when):
        """A time of the loop's clock on this one."""
        return max(0, self.now() + round((when - loop.time()) * 1e9))


class VirtualClock:
    """Time that stands while the program computes, and jumps to the next deadline when all are idle.

    A program may wait in a loop for its clock to go on. So that it sees it go, from the `MANY`th reading at one instant on each takes a
    little time. So does each turn of a loop that has a timer to come. That is the same in every run.
    """

    is_virtual = True
    MANY = 10_000
    A_READING = 1_000  # ns
    A_TURN = 10_000

    def __init__(self, epoch):
        self.epoch = round(epoch * 1e9)
        self.ns = 0
        self.stamp = "0"
        self.lock = threading.Lock()
        self.readings = 0
        self.turns = 0
        self.going = None  # while it goes with the machine's clock: since when there, from what time here, and until which at most

    def now(self):
        if self.going is not None:
            self.follow()
        return self.stamp

    def go(self, until):
        """Goes with the machine's clock until `halt`, and at most to `until`. Other threads see it go."""
        self.going = perf_ns(), self.ns, until

    def follow(self):
        began, ns, until = self.going or (perf_ns(), self.ns, None)
        ns += perf_ns() - began
        self.jump(ns if until is None else min(ns, until))

    def halt(self):
        self.follow()
        self.going = None

    def of_loop(self, loop, when):
        return max(0, round(when * 1e9))

    def pass_time(self, ns):
        with self.lock:
            self.ns += ns
            self.stamp = str(self.ns)

    def jump(self, ns):
        """To this time, if it is ahead. It is another instant."""
        with self.lock:
            if ns > self.ns:
                self.readings = self.turns = 0
                self.ns = ns
                self.stamp = str(ns)

    def read(self):
        if self.going is not None:
            self.follow()
            return self.ns
        self.readings += 1
        if self.readings > self.MANY:
            self.pass_time(self.A_READING)
        return self.ns

    def turn(self):
        self.turns += 1
        if self.turns > self.MANY:
            self.pass_time(self.A_TURN)


class Grace:
    """Other threads run, and the virtual clock does not know for how long: it stands for a while, and then goes with the machine's."""

    LENGTH = 100_000_000  # ns

    def __init__(self):
        self.began = perf_ns()

    def is_over(self):
        return perf_ns() - self.began > self.LENGTH

    def wait(self, sleep):
        """Waits a little. Gives the ns by which the clock has to go on."""
        before = perf_ns()
        is_over = self.is_over()
        sleep(0.01 if is_over else 0.001)
        return perf_ns() - before if is_over else 0


class ProgramTime:
    """Lets `time` and `datetime` of the program follow the virtual clock."""

    # These parts of the standard library wait for the machine: theirs stays its clock.
    OF_THE_MACHINE = frozenset(("subprocess", "multiprocessing", "concurrent", "threading", "queue", "socketserver", "socket", "ssl", "selectors"))

    def __init__(self, clock, hand, jobs):
        self.clock, self.hand, self.jobs = clock, hand, jobs

    def install(self, patch):
        clock = self.clock
        patch(base_events.BaseEventLoop, "time", self.time_of_loop())
        patch(time, "sleep", self.sleep)
        patch(time, "time", self.reading("time", lambda: (clock.epoch + clock.read()) / 1e9))
        patch(time, "time_ns", self.reading("time_ns", lambda: clock.epoch + clock.read()))
        for name in ("monotonic", "perf_counter"):
            patch(time, name, self.reading(name, lambda: clock.read() / 1e9))
            patch(time, name + "_ns", self.reading(name + "_ns", clock.read))
        for name in ("localtime", "gmtime", "ctime"):
            patch(time, name, self.told(getattr(time, name)))
        strftime, asctime, localtime = time.strftime, time.asctime, time.localtime
        patch(time, "strftime", named("strftime", lambda format, t=None: strftime(format, localtime() if t is None else t)))
        patch(time, "asctime", named("asctime", lambda t=None: asctime(localtime() if t is None else t)))
        self.install_datetime(patch)

    def time_of_loop(self):
        clock, get_frame = self.clock, sys._getframe

        def time(self):
            caller = get_frame().f_back
            if caller is not None and (caller.f_globals.get("__package__") == "asyncio"):
                return clock.ns / 1e9  # for a timer
            return clock.read() / 1e9
        return time

    def reading(self, name, read):
        real, is_of_the_machine, get_frame = getattr(time, name), self.is_of_the_machine, sys._getframe

        def recorded():
            return real() if is_of_the_machine(get_frame().f_back) else read()
        return named(name, recorded)

    def is_of_the_machine(self, caller):
        module = None if caller is None else caller.f_globals.get("__name__")
        return type(module) is str and module.partition(".")[0] in self.OF_THE_MACHINE or not recorder.is_on

    def told(self, real):
        def recorded(seconds=None):
            return real(time.time() if seconds is None else seconds)
        return named(real.__name__, recorded)

    def sleep(self, seconds):
        if self.is_of_the_machine(sys._getframe().f_back):
            return real_sleep(seconds)
        if not isinstance(seconds, (float, int)):
            return real_sleep(seconds)  # says what is wrong with it
        if not 0 <= seconds < 9e9:
            return real_sleep(seconds)
        ns = round(seconds * 1e9)
        if self.jobs.is_worker():
            self.jobs.sleep(ns)
        elif get_ident() == threading.main_thread().ident or running_loop() is not None:
            streams.tell_open_lines()
            lines.flush()
            end = self.clock.ns + ns
            loops.blocked[get_ident()] = end
            try:
                self.block(end)
            finally:
                del loops.blocked[get_ident()]
        else:
            real_sleep(seconds)
        return None

    def block(self, end):
        """The loop's thread sleeps: those of jobs that sleep too wake on the way."""
        clock, jobs = self.clock, self.jobs
        grace = Grace()
        while clock.ns < end:
            if jobs.busy or loops.others_come_first(end):
                passed = grace.wait(real_sleep)
                clock.jump(min(end, clock.ns + passed))
                continue
            first = jobs.first_sleeper()
            if first is not None and first <= end:
                self.hand.pace(first - clock.ns)
                jobs.wake_first()
                grace = Grace()
            elif loops.other_threads():
                clock.go(end)
                try:
                    real_sleep((end - clock.ns) / 1e9)
                finally:
                    clock.halt()
                clock.jump(end)
            else:
                self.hand.pace(end - clock.ns)

    def install_datetime(self, patch):
        """`datetime.now` reads the clock in C. Its type stays what it is, since programs compare and pickle it: the two methods
        are exchanged in its dictionary, which the garbage collector shows. If that fails, they keep the machine's clock."""
        clock, real = self.clock, datetime.datetime
        found = gc.get_referents(real.__dict__)
        if len(found) != 1 or type(found[0]) is not dict:
            return recorder.note("datetime.now() goes with the machine's clock in this Python")
        methods = found[0]
        utc = datetime.timezone.utc

        def at(cls, tz):
            seconds, ns = divmod(clock.epoch + clock.read(), 1_000_000_000)
            return cls.fromtimestamp(seconds, tz).replace(microsecond=ns // 1000)

        def now(cls, tz=None):
            return at(cls, tz)

        def utcnow(cls):
            if sys.version_info >= (3, 12):
                warnings.warn("datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use timezone-aware "
                              "objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC).", DeprecationWarning, stacklevel=2)
            return at(cls, utc).replace(tzinfo=None)

        for function in (now, utcnow):
            methods[function.__name__] = classmethod(function)
        if abs(real.now().timestamp() - clock.epoch / 1e9) > 1:
            recorder.note("datetime.now() goes with the machine's clock in this Python")
        return None


def named(name, function):
    function.__name__ = function.__qualname__ = name
    return function


# ---------------------------------------------------------------- tasks

class TaskInfo:
    """What is known of a task. It holds nothing of the program: the task holds it."""

    __slots__ = ("id", "words", "levels", "again", "is_ended", "is_cancelled", "is_asked", "wants", "handed")

    def __init__(self, ident):
        self.id = ident
        self.words = f'["task",{ident}]'
        self.levels = []         # the await stack as told, outermost first
        self.again = None        # why it is in the ready queue already, while its step still runs
        self.is_ended = False
        self.is_cancelled = False
        self.is_asked = False    # its next step may begin with a CancelledError
        self.wants = None        # the lock or semaphore that it waits for
        self.handed = None       # the lock or semaphore that became its own while it waited


class Level:
    """One frame of an await stack."""

    __slots__ = ("ref", "code", "place", "frame")

    def __init__(self, ref, code, frame, place=None):
        self.ref = ref           # weak, of the coroutine or generator
        self.code = code
        self.frame = frame       # its id
        self.place = place       # where it awaits


AGAIN = "yield"                  # for `TaskInfo.again`: the task asked to go on later


def step_types():
    """The types of the two callbacks by which tasks written in C are stepped and woken."""
    given = []

    class Fake:
        """As much of a loop as a task needs."""
        def get_debug(self): return False
        def call_soon(self, callback, *args, context=None): given.append(callback)
        def call_exception_handler(self, context): pass
        def is_closed(self): return False
    loop = Fake()
    future = futures.Future(loop=loop)

    async def probe():
        await future
    kept = tasks.Task(probe(), loop=loop, name="probe")  # a name of its own, so that the program's first is Task-1
    step = given.pop()
    events._set_running_loop(loop)
    try:
        step()
        wake = future._callbacks[0][0]
        future.cancel()
        wake(future)
        assert kept.cancelled()
    finally:
        events._set_running_loop(None)
    return type(step), type(wake)


STEP, WAKE = step_types()
FUTURES = (futures.Future, futures._PyFuture)
FUTURE_ITER = type(iter(futures.Future(loop=types.SimpleNamespace(get_debug=lambda: False))))
# Tasks in Python are stepped by bound methods of these functions.
PY_STEPS = tuple(getattr(getattr(tasks, "_PyTask", None), "_Task__" + name, None) for name in ("step", "wakeup"))


def task_of(callback):
    """The task that this callback steps or wakes, or `None`."""
    kind = type(callback)
    if kind is STEP or kind is WAKE and kind is not BUILTIN:
        return callback.__self__
    if kind is BUILTIN:
        return callback.__self__ if callback.__name__ == "task_wakeup" else None
    if kind is METHOD and callback.__func__ in PY_STEPS:
        return callback.__self__
    return None


def inner_of(awaited):
    """The coroutine or generator that runs inside an awaitable which does not say so: `async for`, `anext`, `aclose`, `__await__` of a coroutine.
    The garbage collector knows."""
    kind = type(awaited)
    if kind is CORO or kind is GEN or kind is AGEN:
        return awaited
    if awaited is None or kind is FUTURE_ITER or isinstance(awaited, FUTURES):
        return None
    if hasattr(awaited, "cr_frame") or hasattr(awaited, "gi_frame"):
        return awaited
    for part in gc.get_referents(awaited):
        if isinstance(part, (CORO, AGEN, GEN)):
            return part
    return None


def look_into(running):
    """The frame of a coroutine or generator, and what runs inside of it."""
    kind = type(running)
    if kind is CORO:
        frame, inner = running.cr_frame, running.cr_await
    elif kind is GEN:
        frame, inner = running.gi_frame, running.gi_yieldfrom
    elif kind is AGEN:
        frame, inner = running.ag_frame, running.ag_await
    else:
        frame = getattr(running, "cr_frame", None) or getattr(running, "gi_frame", None)
        inner = getattr(running, "cr_await", None) or getattr(running, "gi_yieldfrom", None)
        if type(frame) is not types.FrameType:
            frame = None
    if inner is not None and type(inner) is not CORO:
        inner = inner_of(inner)
    return frame, inner


def weak(thing):
    try:
        return weakref.ref(thing)
    except TypeError:
        return lambda: None


def local(frame, *names):
    """Local variables of a frame of asyncio. Before 3.13 Python keeps what `f_locals` shows, and with it the program's objects: that is emptied."""
    found = frame.f_locals
    values = [found.get(name) for name in names]
    if sys.version_info < (3, 13):
        found.clear()
    return values


class Tasks:
    """Tells of tasks: that they are there, where they stand, how they end."""

    def __init__(self, lines, places, clock):
        self.push, self.places, self.clock = lines.push, places, clock
        self.ids = itertools.count()
        self.frame_ids = itertools.count(1)
        self.refs = {}           # by id of the task's info: told when one is destroyed

    def meet(self, task, state, frame, before=False):
        """A task that was not known is new, or is older than the record."""
        info = self.announce(None if task.done() else task.get_coro(), task.get_name(), state, frame, before)
        self.bind(task, info)
        return info

    def bind(self, task, info):
        task._loopscope = info
        self.refs[info.id] = weakref.ref(task, functools.partial(self.gone, info))

    def gone(self, info, _):
        self.refs.pop(info.id, None)
        if not info.is_ended:
            info.is_ended = True
            self.push(f'["lost",{self.clock.now()},{info.id}]')

    def announce(self, coro, name, state, frame, before):
        info = TaskInfo(next(self.ids))
        root = inner_of(coro)
        raw = getattr(root, "cr_code", None) or getattr(root, "gi_code", None) or getattr(root, "ag_code", None)
        code, arguments = "null", ""
        if type(raw) is types.CodeType:
            known = self.places.code_of(raw)
            code = self.places.id_of(known)
            info.levels.append(Level(None, known, 0))
            if not before:
                arguments = self.arguments(raw, getattr(coro, "cr_frame", None))
        called = getattr(root, "__qualname__", None)
        called = called if type(called) is str else type(coro).__name__
        parent = "null" if state.current is None or before else state.current.id
        place = "null" if frame is None else self.places.user_place(frame)
        self.push(f'["task",{self.clock.now()},{info.id},{parent},{code},{quote(called.rpartition("<locals>.")[2])},{quote(arguments)},'
                  f'{quote(name)},{place},{state.id},{"true" if before else "false"}]')
        return info

    def arguments(self, code, frame):
        """The simple arguments of a coroutine that has not begun, as in a call."""
        if frame is None or not code.co_argcount + code.co_kwonlyargcount:
            return ""
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        values = local(frame, *names)
        return short(", ".join(short(repr(v), 20) for v in values if type(v) in (int, float, str, bool)), 40)

    def finish(self, info, task):
        """The task's coroutine has ended. To be told before anybody is woken by it."""
        push, now = self.push, self.clock.now()
        info.is_ended = True
        self.leave(info.levels, 1, now)
        info.levels.clear()
        error = task._exception
        if task.cancelled():
            info.is_cancelled = True
            message = getattr(task, "_cancel_message", None)
            push(f'["done",{now},{info.id},"cancelled",{optional(None if message is None else plain(message))}]')
        elif error is not None:
            clean(error)
            words = error_words(error)
            push(f'["done",{now},{info.id},"raised",{words}]')
        else:
            value = task._result
            push(f'["done",{now},{info.id},"returned",{quote(type(value).__name__)},{optional(plain(value))}]')

    def suspended(self, info, task, waiter):
        """The task's step is over, and it has not ended: tells where it stands.

        A coroutine that still awaits the very object that it awaited before has not moved, so only what is inside of the first one
        that has is looked at again. A generator can be awaited a second time elsewhere; that is another frame.
        """
        push, now, levels = self.push, self.clock.now(), info.levels
        running = inner_of(task._coro)
        frames, depth, count = [], 0, len(levels)
        while True:
            frame, inner = look_into(running)
            frames.append(frame)
            depth += 1
            if depth >= count or inner is None or levels[depth].ref() is not inner:
                break
            if type(inner) is not CORO and self.places.place(frame) != levels[depth - 1].place:
                break
            running = inner
        place = "null"
        if count and frame is not None:
            self.leave(levels, depth, now)
            level = levels[-1]
            place = level.code.places.get(frame.f_lasti)
            if place is None:
                place = self.places.place_in(level.code, frame.f_lasti, frame.f_lineno)
            level.place = place
        fresh, codes = [], self.places.codes
        while inner is not None:
            running = inner
            frame, inner = look_into(running)
            if frame is None:
                break
            code = codes.get(id(frame.f_code))
            if code is None:
                code = self.places.code_of(frame.f_code)
            fresh.append((running, frame, code))
            if code.is_leaf:
                break
        # What is asyncio's at the inner end is not told as frames: it says what the task waits for.
        inward = len(fresh)
        while inward and fresh[inward - 1][2].kind == "asyncio":
            inward -= 1
        waiting = [(frame, code) for _, frame, code in fresh[inward:]]
        parent = levels[-1].frame if levels else 0
        for running, frame, code in fresh[:inward]:
            ident = next(self.frame_ids)
            push(f'["in",{now},{info.id},{ident},{parent},{self.places.id_of(code) if code.id is None else code.id},{place}]')
            place = code.places.get(frame.f_lasti)
            if place is None:
                place = self.places.place_in(code, frame.f_lasti, frame.f_lineno)
            levels.append(Level(weak(running), code, ident, place))
            parent = ident
        while levels and levels[-1].code.kind == "asyncio":
            waiting.insert(0, (frames[len(levels) - 1], levels[-1].code))
            if len(levels) == 1:
                break
            self.leave(levels, len(levels) - 1, now)
            place = levels[-1].place
        if waiter is None:
            push(f'["yield",{now},{info.id},{place}]')
            info.again = None
        else:
            info.wants = None
            on = waits.on(info, waiter, waiting, levels[-1].code if levels else None, place)
            push(f'["wait",{now},{info.id},{on},{place}]')
            if info.again is not None:
                push(f'["ready",{now},{info.id},{info.again}]')
                info.again = None

    def leave(self, levels, depth, now):
        """The frames from this depth on are left."""
        for level in reversed(levels[depth:]):
            self.push(f'["out",{now},{level.frame}]')
        del levels[depth:]


def task_class(tasks_told, recorder):
    """asyncio's Task, with an eye on it. It is named as asyncio's own."""
    Base = tasks.Task
    push, places, now = tasks_told.push, tasks_told.places, tasks_told.clock.now
    numbers = itertools.count()
    passed_on = threading.local()  # the task whose cancellation is being passed on to what it awaits

    class Task(Base):
        __slots__ = ("_loopscope", "_number")

        def cancel(self, *args, **options):
            info = getattr(self, "_loopscope", None)
            if info is None or info.is_ended or not recorder.is_on:
                return Base.cancel(self, *args, **options)
            frame = sys._getframe(1)
            through = None
            while frame is not None and places.code_of(frame.f_code).kind in ("asyncio", "recorder"):
                if places.code_of(frame.f_code).kind == "asyncio":
                    through = qualified(frame)
                    break
                frame = frame.f_back
            via = getattr(passed_on, "task", None)
            push(f'["cancel",{now()},{info.id},{recorder.actor()},{places.user_place(frame)},{optional(through)},{"null" if via is None else via}]')
            info.is_asked = True
            passed_on.task = info.id
            try:
                return Base.cancel(self, *args, **options)
            finally:
                passed_on.task = via

        def set_name(self, value):
            Base.set_name(self, value)
            info = getattr(self, "_loopscope", None)
            if info is not None:
                push(f'["name",{now()},{info.id},{quote(self.get_name())}]')

    if hasattr(Base, "uncancel"):
        def uncancel(self):
            left = Base.uncancel(self)
            info = getattr(self, "_loopscope", None)
            if info is not None and not info.is_ended:
                push(f'["uncancel",{now()},{info.id},{left}]')
            return left
        Task.uncancel = uncancel
    if sys.version_info >= (3, 12):
        def __init__(self, coro, **options):
            if options.get("eager_start") and asyncio.iscoroutine(coro):
                recorder.start_eagerly(self, Base.__init__, coro, options)
            else:
                Base.__init__(self, coro, **options)
        Task.__init__ = __init__
    if tasks_told.clock.is_virtual:
        def __hash__(self):
            """Sets of tasks are walked in the order in which they were first put into one, in every run."""
            try:
                return self._number
            except AttributeError:
                self._number = next(numbers)
                return self._number
        Task.__hash__ = __hash__
    Task.__qualname__ = Base.__qualname__
    Task.__module__ = Base.__module__
    Task.__doc__ = Base.__doc__
    return Task


def set_in_order(items=()):
    """For `as_completed` and `wait`, which make tasks of a set of coroutines: of their order in it chance decides. Here it is that in which they were given."""
    items = list(items)
    return list(dict.fromkeys(items)) if any(type(item) is CORO for item in items) else set(items)


def qualified(frame):
    """`Class.method`. Before 3.11 code does not know its own full name."""
    code, owner = frame.f_code, None
    if hasattr(code, "co_qualname"):
        return code.co_qualname
    if code.co_varnames[:1] == ("self",):
        owner = local(frame, "self")[0]
    if owner is None:
        return code.co_name
    for kind in type(owner).__mro__:
        function = vars(kind).get(code.co_name)
        if getattr(getattr(function, "__wrapped__", function), "__code__", None) is code:
            return f"{kind.__name__}.{code.co_name}"
    return code.co_name


# ---------------------------------------------------------------- what a task waits for

def code_in(owner, name):
    return getattr(getattr(owner, name, None), "__code__", None)


def waiting_functions():
    """Functions of asyncio in which a task waits, each with what for."""
    found = {}

    def add(what, owner, *names):
        for name in names:
            code = code_in(owner, name)
            if code is not None:
                found.setdefault(code, what)
    add("sleep", tasks, "sleep")
    add("lock", asyncio.Lock, "acquire")
    add("acquire", asyncio.Semaphore, "acquire")
    add("set", asyncio.Event, "wait")
    add("notified", asyncio.Condition, "wait")
    if hasattr(asyncio, "Barrier"):
        add("arrival", asyncio.Barrier, "wait", "_block", "_wait")
    add("get", asyncio.Queue, "get")
    add("put", asyncio.Queue, "put")
    add("all done", asyncio.Queue, "join")
    add("several", tasks, "_wait")
    add("within", tasks, "wait_for")
    add("completed", getattr(tasks, "_AsCompletedIterator", None), "_wait_for_one")
    for code in code_in(tasks, "as_completed").co_consts:  # before 3.13 it is a function in a function
        if type(code) is types.CodeType and code.co_name == "_wait_for_one":
            found[code] = "completed"
    if hasattr(asyncio, "TaskGroup"):
        add("group", asyncio.TaskGroup, "__aexit__", "_aexit")
    modules = [asyncio.streams, base_events]
    for name in ("selector_events", "proactor_events", "unix_events", "windows_events", "sslproto", "subprocess", "base_subprocess"):
        modules.append(sys.modules.get("asyncio." + name))
    for module in modules:
        if module is None:  # of another system
            continue
        classes = [v for v in vars(module).values() if isinstance(v, type) and v.__module__ == module.__name__]
        for owner in [module, *classes]:
            for function in list(vars(owner).values()):
                code = getattr(function, "__code__", None)
                if code is not None and code.co_filename.startswith(ASYNCIO_FOLDER) and code.co_flags & 0x80:  # a coroutine
                    found.setdefault(code, "io")
    return found


WAITS = waiting_functions()
# Inside of these nothing of the program runs.
LEAVES = {code for code, what in WAITS.items() if what in ("sleep", "lock", "acquire", "set", "get", "put", "several")}
# Of a lock, and from 3.11 on of a semaphore, a waiter becomes the owner when it is woken, before it runs.
HANDS_OVER = {"lock"} | ({"acquire"} if "_value" in code_in(asyncio.Semaphore, "_wake_up_next").co_names else set())


class Waits:
    """Says what a suspended task waits for: by the future, and by the functions of asyncio that it is in."""

    def __init__(self, tasks_told, things):
        self.tasks, self.things = tasks_told, things

    def on(self, info, waiter, waiting, around, place):
        """`waiting` are the frames of asyncio at the inner end of the stack, `around` is the code in which they are awaited."""
        known = self.stands_for(waiter)
        if known is not None:
            return known
        for frame, code in reversed(waiting):
            what = code.waits
            if what is None:
                continue
            if what == "sleep":
                timer = getattr(waiter, "_loopscope_timer", None)
                if timer is not None:
                    return f'["sleep",{timer}]'
            elif what == "several":
                fs, when = local(frame, "fs", "return_when")
                how = {"FIRST_COMPLETED": "first", "FIRST_EXCEPTION": "failure"}.get(when, "all")
                return self.several(how, fs or ())
            elif what == "group":
                group = local(frame, "self")[0]
                return self.several("group", getattr(group, "_tasks", ()))
            elif what == "within":
                future = local(frame, "fut")[0]
                return self.stands_for(future) or self.stands_for(self.shielded(future)) or f'["future",{place}]'
            elif what == "completed":
                return self.completed(frame)
            elif what == "io":
                return f'["io",{quote(qualified(frame))}]'
            else:
                thing = self.things.known(local(frame, "self")[0])
                if thing is not None:
                    if what in HANDS_OVER:
                        info.wants = thing
                    return f'["thing","{what}",{thing.id}]'
        known = self.stands_for(self.shielded(waiter))
        if known is not None:
            return known
        if around is not None and around.kind == "library":
            return f'["other",{quote(getattr(around.code, "co_qualname", around.code.co_name))}]'
        if waiting:
            code = waiting[-1][1].code
            return f'["other",{quote(getattr(code, "co_qualname", code.co_name))}]'
        return f'["future",{place}]'

    def id_of(self, task):
        info = getattr(task, "_loopscope", None)
        if type(info) is not TaskInfo:
            loop = task.get_loop()
            info = self.tasks.meet(task, loops.state(loop), None, before=True)
        return info.id

    def stands_for(self, future):
        """A future that is a task, gathers others, or will have the result of a job."""
        if hasattr(future, "get_coro"):
            return f'["task",{self.id_of(future)}]'
        if type(future) is tasks._GatheringFuture:
            return self.several("gather", future._children)
        job = getattr(future, "_loopscope_job", None)
        return None if job is None else f'["job",{job}]'

    def several(self, how, awaited):
        ids, jobs = [], []
        todo = list(awaited)
        while todo:
            one = todo.pop(0)
            one = self.shielded(one) or one
            job = getattr(one, "_loopscope_job", None)
            if hasattr(one, "get_coro"):
                ids.append(self.id_of(one))
            elif type(one) is tasks._GatheringFuture:
                todo[:0] = one._children
            elif job is not None:
                jobs.append(job)
        ids = list(dict.fromkeys(ids)) if how == "gather" else sorted(ids)  # the others are sets
        return f'["tasks","{how}",{ids},{jobs}]'

    def completed(self, frame):
        """`as_completed`: before 3.13 what is left to come is a variable around the function."""
        todo, owner = local(frame, "todo", "self")
        if todo is None:
            todo = getattr(owner, "_todo", None)
        return self.several("completed", todo or ())

    def shielded(self, future):
        """What stands behind the future that `shield` gave."""
        if hasattr(future, "get_coro") or not isinstance(future, FUTURES):
            return None
        for entry in getattr(future, "_callbacks", None) or ():
            function = entry[0]
            if type(function) is types.FunctionType and function.__qualname__ == "shield.<locals>._outer_done_callback":
                names = function.__code__.co_freevars
                try:
                    return function.__closure__[names.index("inner")].cell_contents
                except ValueError:
                    return None
        return None


# ---------------------------------------------------------------- loops

class LoopState:
    """What is known of a loop. The loop holds it."""

    __slots__ = ("id", "ref", "thread", "current", "actor", "is_new_turn", "began", "is_idle", "until")

    def __init__(self, ident, loop):
        self.id = ident
        self.ref = weakref.ref(loop)
        self.thread = None
        self.current = None      # the task that runs
        self.actor = "null"      # who acts while none does, as the protocol says it
        self.is_new_turn = True
        self.began = 0           # when the step or callback that runs began, in ns of the machine; 0 if none does
        self.is_idle = False
        self.until = None        # the deadline until which it is idle


class Loops:
    """Wraps the loops' own functions."""

    def __init__(self, lines, places, clock, tasks_told, hand, jobs):
        self.lines, self.places, self.clock, self.tasks, self.hand, self.jobs = lines, places, clock, tasks_told, hand, jobs
        self.push = lines.push
        self.ids = itertools.count()
        self.timer_ids = itertools.count()
        self.states = []
        self.main_at = None      # where the main thread stood in `threading`
        self.blocked = {}        # threads that `time.sleep` blocks on the virtual clock, each with the end of it

    def state(self, loop):
        try:
            return loop._loopscope
        except AttributeError:
            return self.meet(loop)

    def meet(self, loop):
        state = loop._loopscope = LoopState(next(self.ids), loop)
        self.states = [s for s in self.states if s.ref() is not None] + [state]
        name = threading.current_thread().name if get_ident() in threading._active else "?"
        self.push(f'["loop",{self.clock.now()},{state.id},{quote(type(loop).__name__)},{quote(name)}]')
        selector = getattr(loop, "_selector", None)
        if selector is not None:
            selector.select = self.recorded_select(loop, state, selector.select)
        return state

    # -- idle

    def recorded_select(self, loop, state, select):
        recorder_, clock, ref = recorder, self.clock, state.ref

        def recorded(timeout=None):
            state.is_new_turn = True
            if timeout is not None and timeout <= 0 or not recorder_.is_on:
                return select(timeout)
            loop = ref()
            if state.current is not None:
                self.mend(state, loop)
            scheduled = loop._scheduled
            until = clock.of_loop(loop, scheduled[0]._when) if scheduled else None
            self.push(f'["idle",{clock.now()},{state.id},{"null" if until is None else until}]')
            streams.tell_open_lines()
            self.lines.flush()
            state.thread = get_ident()
            state.actor = '["io"]'
            state.until = until
            state.is_idle = True
            try:
                if clock.is_virtual:
                    return self.pass_virtual_time(loop, state, select, until)
                if until is None and not self.outside(loop):
                    self.tell_stuck(state)
                return select(timeout)
            finally:
                state.actor = "null"
                state.is_idle = False
                self.push(f'["awake",{clock.now()},{state.id}]')
                loop = None
        return recorded

    def mend(self, state, loop):
        """Before 3.11 Ctrl-C raises anywhere: here it has cut off what tells the end of a step."""
        info = state.current
        task = self.tasks.refs.get(info.id, lambda: None)()
        if task is not None and tasks.current_task(loop) is task:
            return  # the loop was run again from inside of a step
        state.current = None
        if task is None or info.is_ended:
            return
        if task.done():
            recorder.try_(self.tasks.finish, info, task)
        else:
            recorder.try_(self.tasks.suspended, info, task, task._fut_waiter)

    def tell_stuck(self, state):
        self.push(f'["stuck",{self.clock.now()},{state.id}]')
        self.lines.flush()

    def pass_virtual_time(self, loop, state, select, until):
        """Waits for what comes first: something from outside, a job, or the deadline, to which the clock jumps at its pace."""
        clock, hand, jobs = self.clock, self.hand, self.jobs
        grace = Grace()
        is_told = False
        while True:
            found = select(0)
            if found or loop._ready:
                return found
            if jobs.busy or jobs.is_ending() or self.others_come_first(until):
                # What runs there computes, or waits for something that this clock does not know.
                passed = grace.wait(lambda seconds: found.extend(select(seconds)))
                if found or loop._ready:
                    return found
                if passed and not is_told:
                    is_told = True
                    self.push(f'["outside",{clock.now()},"job"]')
                clock.jump(clock.ns + passed)
                if until is not None and clock.ns >= until:
                    return found
                continue
            first = jobs.first_sleeper()
            if first is not None and (until is None or first <= until):
                found = hand.pace(first - clock.ns, loop, select)
                if found or loop._ready:
                    return found or select(0)
                jobs.wake_first()
                grace = Grace()
                continue
            why = self.outside(loop)
            if why:
                self.push(f'["outside",{clock.now()},"{why}"]')
                clock.go(until)
                try:
                    found = select(None if until is None else max(0.0, (until - clock.ns) / 1e9))
                finally:
                    clock.halt()
                if until is not None and not found and not loop._ready:
                    clock.jump(until)
                return found
            if until is None:
                self.tell_stuck(state)
                return select(None)
            found = hand.pace(until - clock.ns, loop, select)
            if found or loop._ready:
                return found or select(0)
            clock.jump(until)
            return select(0)

    def others_come_first(self, until):
        """Whether another thread runs something now, or has an earlier deadline. That is asked of the main thread and of loops."""
        here, main = get_ident(), threading.main_thread().ident
        for thread, end in list(self.blocked.items()):
            if thread != here and (until is None or end < until):
                return True
        is_main_free = main != here and main not in self.blocked
        for state in self.states:
            if state.thread == here or state.thread in self.blocked:
                continue
            loop = state.ref()
            if loop is None or not loop.is_running():
                continue
            is_main_free = is_main_free and state.thread != main
            if not state.is_idle or state.until is not None and (until is None or state.until < until):
                return True
        return is_main_free and self.does_main_run(sys._current_frames().get(main))

    def does_main_run(self, frame):
        """Not if it has stood in `threading` since the last look: there it waits for another thread, and not only for its start."""
        before, self.main_at = self.main_at, None
        at = frame
        while at is not None and at.f_code.co_filename == threading.__file__:
            if at.f_code.co_name == "start":
                return True
            self.main_at = id(frame), frame.f_lasti
            at = at.f_back
        return self.main_at is None or self.main_at != before

    def outside(self, loop):
        """What outside of the loop may still wake it, if something may."""
        if self.jobs.busy or self.jobs.sleepers:
            return "job"
        selector = loop._selector
        try:
            if len(selector.get_map()) > getattr(loop, "_internal_fds", 1):
                return "socket"
        except (AttributeError, TypeError):  # Windows: operations that are under way, but for the loop's own
            if type(getattr(selector, "_cache", None)) is not dict or len(selector._cache) > 1:
                return "socket"
        return "thread" if self.other_threads() else None

    def other_threads(self):
        """Whether a thread runs that is neither the main one, nor an executor's, nor one of a loop."""
        looping = {s.thread for s in self.states if s.ref() is not None and s.ref().is_running()}
        for thread in threading.enumerate():
            if thread is threading.main_thread() or thread.ident in looping:
                continue
            if thread in concurrent.futures.thread._threads_queues:
                continue
            return True
        return False

    # -- the ready queue

    def install(self, patch):
        push, clock, lines = self.push, self.clock, self.lines
        meet, told, hand, places, jobs = self.meet, self.tasks, self.hand, self.places, self.jobs
        is_virtual, zero, now = clock.is_virtual, getattr(clock, "zero", 0), clock.now
        step, wake, many, old = STEP, WAKE, lines.MANY, lines.OLD
        is_builtin_wake = wake is BUILTIN
        suspended, finish, get_frame = told.suspended, told.finish, sys._getframe
        Gathering = tasks._GatheringFuture
        shared = things

        class Handle(events.Handle):
            """asyncio's, with room for who gave it to the loop."""
            __slots__ = ("_by",)

        class TimerHandle(events.TimerHandle):
            """asyncio's, with its number; equal deadlines are due in the order in which they were set."""
            __slots__ = ("_by", "_timer", "_order")
            if is_virtual:
                orders = itertools.count()

                def __init__(self, *args, **options):
                    super().__init__(*args, **options)
                    self._order = next(TimerHandle.orders)

                def __lt__(self, other):
                    return (self._when, self._order) < (other._when, other._order)

                def __gt__(self, other):
                    return other < self

                def __le__(self, other):
                    return not other < self

                def __ge__(self, other):
                    return not self < other

        for kind in (Handle, TimerHandle):
            kind.__module__ = "asyncio.events"
            kind.__qualname__ = kind.__name__
        run_handle = events.Handle._run
        call_at_plainly = base_events.BaseEventLoop.call_at
        cancel_timer = events.TimerHandle.cancel
        add_callback_plainly = base_events.BaseEventLoop.__dict__.get("_add_callback")
        handle_exception = base_events.BaseEventLoop.call_exception_handler
        settle_sleep, sleep_code = futures._set_result_unless_cancelled, tasks.sleep.__code__

        def _call_soon(self, callback, args, context):
            try:
                state = self._loopscope
            except AttributeError:
                state = meet(self)
            handle = Handle(callback, args, self, context)
            kind = type(callback)
            if kind is step:
                try:
                    info = callback.__self__._loopscope
                except AttributeError:
                    info = None
                if info is not None and info is state.current:
                    info.again = AGAIN
                else:
                    recorder.try_(stepped, callback.__self__, info, state, get_frame(1))
            else:
                recorder.try_(given, self, handle, kind, callback, args, state, get_frame(1))
            self._ready.append(handle)
            return handle

        def stepped(task, info, state, frame):
            """A task is put into the ready queue, and no future has woken it."""
            if info is None:
                info = told.meet(task, state, frame)
                push(f'["ready",{now()},{info.id},["new"]]')
            elif info is state.current:
                info.again = AGAIN
            else:
                push(f'["ready",{now()},{info.id},["woken",{recorder.actor(state)}]]')

        def given(loop, handle, kind, callback, args, state, frame):
            """A callback that is not a first step or a yield is put into the ready queue."""
            if kind is BUILTIN:
                task = callback.__self__ if is_builtin_wake and callback.__name__ == "task_wakeup" else None
            elif kind is METHOD or kind is wake:
                task = task_of(callback)
            else:
                task = None
            if task is None:
                handle._by = callback_by(loop, state, args)
                return
            info = getattr(task, "_loopscope", None)
            if info is None or not args or isinstance(args[0], BaseException):
                stepped(task, info, state, frame)
                return
            cause = woken_by(state, info, args[0])
            if info is state.current:
                info.again = cause
            else:
                push(f'["ready",{now()},{info.id},{cause}]')
                if info.wants is not None and not args[0].cancelled():
                    shared.hand_over(info)

        def woken_by(state, info, future):
            other = getattr(future, "_loopscope", None)
            if type(other) is TaskInfo:
                if other is state.current and not other.is_ended:
                    finish(other, future)
                    state.current = None
                if other.is_cancelled:
                    info.is_asked = True
                return f'["joined",{other.id}]'
            actor = recorder.actor(state)
            if type(future) is Gathering:
                info.is_asked = True
                return f'["gathered",{actor[7:-1] if actor.startswith(END) else "null"}]'
            if future.cancelled():
                info.is_asked = True
                return f'["cancelled",{actor}]'
            return f'["woken",{actor}]'

        END = '["end",'

        def callback_by(loop, state, args):
            """On whose behalf a plain callback comes to run."""
            future = args[0] if args and isinstance(args[0], FUTURES) else None
            if future is not None:
                other = getattr(future, "_loopscope", None)
                if type(other) is TaskInfo and future.done():
                    if other is state.current and not other.is_ended:
                        finish(other, future)
                        state.current = None
                    return f'["end",{other.id}]'
            if running_loop() is not loop and (state.is_idle or state.thread not in (None, get_ident())):
                hand.nudge()
                job = jobs.ended_here()
                if job is None and future is not None:
                    job = getattr(future, "_loopscope_job", None)
                return '["thread"]' if job is None else f'["job",{job}]'
            if state.current is not None:
                return f'["callback",{state.current.words}]'
            return state.actor if state.actor.startswith('["callback"') else f'["callback",{state.actor}]'

        def begin_turn(loop, state):
            state.is_new_turn = False
            if state.current is not None:
                self.mend(state, loop)
            state.thread = get_ident()
            if is_virtual and loop._scheduled:
                clock.turn()
            push(f'["turn",{now()},{state.id},{len(loop._ready) + 1}]')
            if len(lines.waiting) > many:
                lines.flush()

        def _run(self):
            callback = self._callback
            loop = self._loop
            try:
                state = loop._loopscope
            except AttributeError:
                state = meet(loop)
            if state.is_new_turn:
                if type(state) is not LoopState:
                    return run_handle(self)  # in a test, what stands for a loop has every attribute
                begin_turn(loop, state)
            if hand.is_paused:
                try:
                    hand.hold()
                except BaseException:
                    loop._ready.appendleft(self)  # Ctrl-C in a pause: it has not run
                    raise
            kind = type(callback)
            if kind is step:
                task = callback.__self__
            elif kind is BUILTIN:
                task = callback.__self__ if is_builtin_wake and callback.__name__ == "task_wakeup" else None
            elif kind is METHOD or kind is wake:
                task = task_of(callback)
            else:
                task = None
            if task is None:
                return run_callback(self, callback, state)
            try:
                info = task._loopscope
            except AttributeError:
                info = told.meet(task, state, None, before=True)
                push(f'["ready",{now()},{info.id},["before"]]')
            outer = state.current
            state.current = info
            state.began = began = perf_ns()
            push(f'["poll",{clock.stamp if is_virtual else began - zero},{info.id}]')
            if info.is_asked:
                begin_cancelled(info, task, self._args)
            if info.handed is not None:
                shared.accept(info, task)
            if began - lines.last > old:
                lines.flush()
            try:
                run_handle(self)
            finally:
                state.began = 0
                if not info.is_ended:
                    # Most steps end in `sleep(0)` where the one before did: what follows is `suspended`, cut down to that.
                    place = None
                    if info.again is AGAIN and len(info.levels) == 1:
                        coro = task._coro
                        if type(coro) is CORO:
                            inner = coro.cr_await
                            if type(inner) is CORO and inner.cr_code is sleep_code:
                                place = info.levels[0].code.places.get(coro.cr_frame.f_lasti)
                        coro = inner = None
                    if place is None:
                        end_step(info, task)
                    else:
                        info.again = None
                        push(f'["yield",{clock.stamp if is_virtual else perf_ns() - zero},{info.id},{place}]')
                if is_virtual and hand.cpu:
                    hand.spend(perf_ns() - began)
                state.current = outer
                self = callback = loop = task = info = state = outer = None
            return None

        def end_step(info, task):
            try:
                waiter = task._fut_waiter
                if waiter is None and info.again is None and task.done():
                    finish(info, task)
                else:
                    suspended(info, task, waiter)
            except Exception as error:
                recorder.fault(error)

        def begin_cancelled(info, task, args):
            info.is_asked = False
            is_thrown = task._must_cancel
            if not is_thrown and args and hasattr(args[0], "cancelled"):
                error = None if args[0].cancelled() else args[0]._exception
                is_thrown = args[0].cancelled() or isinstance(error, asyncio.CancelledError)
            if is_thrown:
                push(f'["thrown",{now()},{info.id}]')

        def run_callback(handle, callback, state):
            actor = getattr(handle, "_by", "null")
            timer = getattr(handle, "_timer", None)
            if timer is not None:
                handle._timer = None
                push(f'["fire",{now()},{timer}]')
                actor = f'["timer",{timer}]'
            state.actor = actor
            is_sleep = callback is settle_sleep
            if not is_sleep:
                name, code = function_words(callback)
                push(f'["call",{now()},{actor},{quote(name)},{"null" if code is None else places.id_of(places.code_of(code))}]')
            state.began = perf_ns()
            try:
                run_handle(handle)
            finally:
                began, state.began = state.began, 0
                if is_virtual and hand.cpu:
                    hand.spend(perf_ns() - began)
                state.actor = "null"
                if not is_sleep:
                    push(f'["called",{now()}]')
                handle = callback = None

        # -- timers

        def call_at(self, when, callback, *args, context=None):
            handle = call_at_plainly(self, when, callback, *args, context=context)
            if type(handle) is not TimerHandle:
                return handle
            try:
                state = self._loopscope
            except AttributeError:
                state = meet(self)
            timer = handle._timer = next(timers)
            name = None
            if callback is settle_sleep:
                args[0]._loopscope_timer = timer
                purpose = "sleep"
            else:
                name = function_words(callback)[0]
                purpose = "limit" if name in LIMITS else "call"
            push(f'["arm",{now()},{timer},{recorder.actor(state)},{clock.of_loop(self, when)},"{purpose}",{optional(name)},'
                 f'{places.user_place(get_frame(1))}]')
            return handle

        timers = self.timer_ids

        def cancel(self):
            timer = getattr(self, "_timer", None)
            if timer is not None and not self._cancelled:
                push(f'["unarm",{now()},{timer}]')
            return cancel_timer(self)

        # -- the rest

        def _add_callback(self, handle):
            if type(handle) is Handle:
                handle._by = '["io"]'
            return add_callback_plainly(self, handle)

        def call_exception_handler(self, context):
            if type(context) is dict:
                recorder.tell_trouble(context)
            return handle_exception(self, context)

        Loop = base_events.BaseEventLoop
        patch(events, "Handle", Handle)
        patch(asyncio, "Handle", Handle)
        patch(events, "TimerHandle", TimerHandle)
        patch(asyncio, "TimerHandle", TimerHandle)
        patch(Loop, "_call_soon", _call_soon)
        patch(Handle.__base__, "_run", _run)
        patch(Loop, "call_at", call_at)
        patch(TimerHandle.__base__, "cancel", cancel)
        if add_callback_plainly is not None:
            patch(Loop, "_add_callback", _add_callback)
        patch(Loop, "call_exception_handler", call_exception_handler)


LIMITS = frozenset(("_release_waiter", "Timeout._on_timeout", "_on_timeout", "as_completed.<locals>._on_timeout", "_AsCompletedIterator._handle_timeout"))


# ---------------------------------------------------------------- shared things

class Thing:
    """A lock, semaphore, event, condition, barrier or queue."""

    __slots__ = ("id", "kind", "holder", "value", "ref", "is_hidden")

    def __init__(self, ident, kind):
        self.id = ident
        self.kind = kind
        self.holder = "null"     # of a lock: the task that took it
        self.value = None        # of a queue: the length that was told
        self.ref = None
        self.is_hidden = False   # asyncio made it for another thing, which is told instead


class Things:
    """Tells of what tasks share. The state is told by the attribute that holds it, when it is set."""

    def __init__(self, lines, places, clock, names):
        self.push, self.places, self.clock, self.names = lines.push, places, clock, names
        self.ids = itertools.count()
        self.by_id = {}          # by id of the object

    def meet(self, thing, kind, detail, frame):
        """A thing comes into being; `frame` is where."""
        maker = frame
        inits = {id(getattr(vars(k).get("__init__"), "__code__", None)) for k in type(thing).__mro__}
        while maker is not None and (self.places.code_of(maker.f_code).kind == "recorder" or id(maker.f_code) in inits):
            maker = maker.f_back
        inside = None
        if maker is not None and self.places.code_of(maker.f_code).kind == "asyncio":
            inside = qualified(maker).partition(".")[0]
        told = self.by_id[id(thing)] = Thing(None, kind)
        told.ref = weakref.ref(thing, lambda _, key=id(thing), told=told: self.by_id.get(key) is told and self.by_id.pop(key))
        if inside is not None and not (kind == "lock" and inside == "Condition"):
            told.is_hidden = True
            return told
        if inside is not None:
            outer = maker
            while outer is not None and self.places.code_of(outer.f_code).kind in ("asyncio", "recorder"):
                if outer.f_code.co_name == "__init__" and qualified(outer) == "Barrier.__init__":
                    told.is_hidden = True
                    return told
                outer = outer.f_back
        frame = self.places.user_frame(maker)
        name = self.names.find(frame) if frame is not None and self.places.code_of(frame.f_code).kind == "user" else None
        self.tell(told, detail, name, "null" if frame is None else self.places.place(frame), inside)
        return told

    def tell(self, told, detail, name, place, inside):
        told.id = next(self.ids)
        self.push(f'["thing",{self.clock.now()},{told.id},"{told.kind}",{detail},{optional(name)},{place},{optional(inside)}]')

    def known(self, thing):
        """What is known of an object, unless it is hidden inside of another."""
        told = self.by_id.get(id(thing))
        return None if told is None or told.ref() is not thing or told.is_hidden else told

    def set(self, told, value, frame):
        self.push(f'["set",{self.clock.now()},{told.id},{recorder.actor()},{value},{self.places.user_place(frame)}]')

    def hold(self, told, task, what):
        self.push(f'["hold",{self.clock.now()},{told.id},{task},"{what}"]')

    def hand_over(self, info):
        told, info.wants = info.wants, None
        info.handed = told
        self.hold(told, info.id, "handed")

    def accept(self, info, task):
        told, info.handed = info.handed, None
        self.hold(told, info.id, "declined" if task._must_cancel else "accepted")
        if not task._must_cancel:
            told.holder = info.id

    def install(self, patch):
        by_id, set_plainly, get_frame = self.by_id, object.__setattr__, sys._getframe

        def watch(cls, attribute, kind, detail, change):
            """Tells whenever `attribute` of an object of `cls` is set."""
            def __setattr__(self, name, value):
                if name != attribute or not recorder.is_on:
                    return set_plainly(self, name, value)
                told = by_id.get(id(self))
                is_new = attribute not in self.__dict__
                before = None if is_new else self.__dict__[attribute]
                set_plainly(self, name, value)
                if is_new:
                    told = recorder.try_(meet, self, kind, detail, value, get_frame(1))
                elif told is not None and not told.is_hidden:
                    recorder.try_(change, told, before, value, get_frame(1))
                return None
            patch(cls, "__setattr__", __setattr__)

        def meet(thing, kind, detail, value, frame):
            told = self.meet(thing, kind, detail(thing, value), frame)
            if not told.is_hidden and kind != "queue":
                self.set(told, flag(value) if kind in ("lock", "event") else value, frame)
            return told

        def flag(value):
            return "true" if value else "false"

        def lock(told, before, value, frame):
            task = recorder.current()
            self.set(told, flag(value), frame)
            ident = "null" if task is None else task.id
            if not value:
                if before:
                    self.hold(told, told.holder, "released")
                told.holder = "null"
            elif told.holder != ident or ident == "null":
                told.holder = ident
                self.hold(told, ident, "taken")

        def semaphore(told, before, value, frame):
            task = recorder.current()
            self.set(told, value, frame)
            if task is None or value == before:
                return
            inside = frame.f_code.co_name
            if value < before and inside == "acquire":
                self.hold(told, task.id, "taken")
            elif value > before and inside == "release":
                self.hold(told, task.id, "released")

        def event(told, before, value, frame):
            if before != value:
                self.set(told, flag(value), frame)

        def barrier(told, before, value, frame):
            if before != value:
                self.set(told, value, frame)

        watch(asyncio.Lock, "_locked", "lock", lambda thing, value: "null", lock)
        watch(asyncio.Semaphore, "_value", "semaphore", lambda thing, value: str(value), semaphore)
        watch(asyncio.Event, "_value", "event", lambda thing, value: "null", event)
        if hasattr(asyncio, "Barrier"):
            watch(asyncio.Barrier, "_count", "barrier", lambda thing, value: str(thing.__dict__.get("_parties", 0)), barrier)
        self.install_condition(patch)
        self.install_queue(patch)

    def install_condition(self, patch):
        init, get_frame = asyncio.Condition.__init__, sys._getframe

        @functools.wraps(init)
        def __init__(self_, *args, **options):
            init(self_, *args, **options)
            if recorder.is_on:
                recorder.try_(self.meet, self_, "condition", "null", get_frame(0))
        patch(asyncio.Condition, "__init__", __init__)

    def install_queue(self, patch):
        init, wake, get_frame = asyncio.Queue.__init__, asyncio.Queue._wakeup_next, sys._getframe
        by_id = self.by_id

        def order(thing):
            return "last in" if isinstance(thing, asyncio.LifoQueue) else "smallest" if isinstance(thing, asyncio.PriorityQueue) else "first in"

        def meet(thing, frame):
            size = thing._maxsize if type(thing._maxsize) is int else 0
            told = self.meet(thing, "queue", f'[{max(0, size)},"{order(thing)}"]', frame)
            told.value = 0
            if not told.is_hidden:
                self.set(told, 0, frame)

        @functools.wraps(init)
        def __init__(self_, *args, **options):
            init(self_, *args, **options)
            if recorder.is_on:
                recorder.try_(meet, self_, get_frame(0))

        def length(thing, told, frame):
            size = thing.qsize()
            if type(size) is int and size != told.value:
                told.value = size
                self.set(told, size, frame)

        def _wakeup_next(self_, waiters):
            told = by_id.get(id(self_))
            if told is not None and recorder.is_on and not told.is_hidden:
                recorder.try_(length, self_, told, get_frame(1))
            return wake(self_, waiters)
        patch(asyncio.Queue, "__init__", __init__)
        patch(asyncio.Queue, "_wakeup_next", _wakeup_next)


# ---------------------------------------------------------------- jobs

class Jobs:
    """Functions that executors run, and their sleep on the virtual clock."""

    def __init__(self, lines, clock, hand):
        self.push, self.clock, self.hand = lines.push, clock, hand
        self.ids = itertools.count()
        self.local = threading.local()
        self.lock = threading.Lock()
        self.busy = 0            # jobs that are under way and do not sleep on the virtual clock
        self.sleepers = []       # [deadline in ns, number, event]
        self.orders = itertools.count()

    def is_worker(self):
        """Whether this thread runs a job now."""
        return getattr(self.local, "job", None) is not None

    def ended_here(self):
        """The job that this thread has just ended."""
        return None if self.is_worker() else getattr(self.local, "last", None)

    def is_ending(self):
        """Whether a thread only waits for those of an executor to end."""
        return any(getattr(t, "_target", None) is not None and getattr(t._target, "__name__", "") == "_do_shutdown" for t in threading.enumerate())

    def count(self, change):
        with self.lock:
            self.busy += change

    def sleep(self, ns):
        sleeper = [self.clock.ns + ns, next(self.orders), threading.Event()]
        with self.lock:
            self.sleepers.append(sleeper)
            self.busy -= 1
        sleeper[2].wait()

    def first_sleeper(self):
        with self.lock:
            return min(self.sleepers, key=lambda s: s[:2])[0] if self.sleepers else None

    def wake_first(self):
        with self.lock:
            first = min(self.sleepers, key=lambda s: s[:2])
            self.sleepers.remove(first)
            self.busy += 1
        self.clock.jump(first[0])
        first[2].set()

    def install(self, patch):
        push, now, run_plainly, chain_plainly = self.push, self.clock.now, base_events.BaseEventLoop.run_in_executor, futures._chain_future
        mine = self.local

        def run_in_executor(self_, executor, func, *args):
            if not recorder.is_on:
                return run_plainly(self_, executor, func, *args)
            job = next(self.ids)
            is_process = isinstance(executor, concurrent.futures.ProcessPoolExecutor)
            push(f'["job",{now()},{job},{recorder.actor(loops.state(self_))},{quote(name_of(func, args))},"{"process" if is_process else "thread"}"]')
            inner = func
            if not is_process and callable(func) and not is_async(func):  # asyncio refuses that one itself
                func = work(job, inner)
            mine.pending = job
            mine.is_process = is_process
            self.count(1)
            is_given = False
            try:
                future = run_plainly(self_, executor, func, *args)
                is_given = mine.pending is None
                future._loopscope_job = job
                return future
            finally:
                mine.pending = None
                if not is_given:
                    self.count(-1)

        def is_async(func):
            return inspect.iscoroutinefunction(func) or type(func) is types.FunctionType and hasattr(func, "_is_coroutine")

        def work(job, inner):
            def recorded(*args):
                push(f'["job start",{now()},{job}]')
                mine.job = mine.last = job
                error = "null"
                try:
                    return inner(*args)
                except BaseException as raised:
                    error = error_words(raised)
                    raise
                finally:
                    mine.job = None
                    push(f'["job end",{now()},{job},{error}]')
            return recorded

        def name_of(func, args):
            """`to_thread` wraps the function in its context."""
            while True:
                if isinstance(func, functools.partial):
                    func, args = func.func, func.args + args
                elif type(func) is BUILTIN and func.__name__ == "run" and type(func.__self__).__name__ == "Context" and args:
                    func, args = args[0], args[1:]
                else:
                    break
            return function_words(func)[0]

        def _chain_future(source, destination):
            job = getattr(mine, "pending", None)
            if job is None or not isinstance(source, concurrent.futures.Future):
                return chain_plainly(source, destination)
            mine.pending = None
            destination._loopscope_job = job
            is_process = mine.is_process

            def before(source):
                if not source.cancelled():
                    error = source.exception()
                    clean(error)
                    if is_process:
                        push(f'["job end",{now()},{job},{"null" if error is None else error_words(error)}]')
                elif is_process:
                    push(f'["job end",{now()},{job},null]')

            def after(_):
                self.count(-1)
            source.add_done_callback(before)
            chain_plainly(source, destination)
            source.add_done_callback(after)  # by now asyncio has told the loop
            return None

        patch(base_events.BaseEventLoop, "run_in_executor", run_in_executor)
        patch(futures, "_chain_future", _chain_future)


# ---------------------------------------------------------------- standard streams

class Output(io.RawIOBase):
    """Standard output or error: takes bytes, tells lines. Under a `TextIOWrapper` it has all that the real one has."""

    LONGEST = 64 * 1024
    SOON = 200_000  # ns

    def __init__(self, lines, stream, descriptor):
        self.lines, self.stream, self.descriptor = lines, stream, descriptor
        self.name = "<stdout>" if stream == "out" else "<stderr>"
        self.mode = "wb"
        self.part = b""          # a line that has no end yet
        self.writer = None       # who wrote it: task and place
        self.lock = threading.RLock()

    def writable(self):
        return True

    def fileno(self):
        return self.descriptor

    def isatty(self):
        return False

    def write(self, data):
        data = bytes(data)
        if not recorder.is_on:
            os.write(self.descriptor, data)  # in a forked child
            return len(data)
        with self.lock:
            writer = self.who()
            if self.part and writer[0] != self.writer[0]:
                self.tell_open()
            if not self.part:
                self.writer = writer
            *whole, self.part = (self.part + data).split(b"\n")
            for line in whole:
                self.tell(line, False)
                self.writer = writer
            if len(self.part) > self.LONGEST:
                self.tell_open()
            if whole and perf_ns() - self.lines.last > self.SOON:
                self.lines.flush()  # whatever comes next, a crash too: people have seen it
        return len(data)

    def who(self):
        task = recorder.current()
        return "null" if task is None else task.id, recorder.places.user_place(sys._getframe())

    def tell(self, line, is_open):
        while len(line) > self.LONGEST:
            cut = self.LONGEST
            while line[cut] & 0xC0 == 0x80:  # not within a character
                cut -= 1
            self.push(line[:cut], True)
            line = line[cut:]
        self.push(line, is_open)

    def push(self, line, is_open):
        task, place = self.writer
        text = quote(line.decode("utf-8", "replace"))
        self.lines.push(f'["print",{recorder.clock.now()},{task},{place},{text},"{self.stream}",{"true" if is_open else "false"}]')

    def tell_open(self):
        """Tells the line that has no end yet, but for the bytes of half a character."""
        with self.lock:
            whole = self.part
            for back in (1, 2, 3):
                if len(whole) >= back and whole[-back] & 0xC0 == 0xC0:
                    length = 2 if whole[-back] < 0xE0 else 3 if whole[-back] < 0xF0 else 4
                    if length > back:
                        whole = whole[:-back]
                    break
            if whole:
                self.tell(whole, True)
                self.part = self.part[len(whole):]


class Input(io.RawIOBase):
    """Standard input: each line is asked for."""

    def __init__(self, lines, hand):
        self.lines, self.hand = lines, hand
        self.name, self.mode = "<stdin>", "rb"
        self.rest = b""
        self.is_over = False

    def readable(self):
        return True

    def fileno(self):
        return 0

    def isatty(self):
        return False

    def readinto(self, buffer):
        if not self.rest and not self.is_over:
            self.ask()
        count = min(len(buffer), len(self.rest))
        buffer[:count] = self.rest[:count]
        self.rest = self.rest[count:]
        return count

    def ask(self):
        prompt = streams.out.part.decode("utf-8", "replace")
        streams.tell_open_lines()
        task = recorder.current()
        place = recorder.places.user_place(sys._getframe())
        self.lines.push(f'["ask",{recorder.clock.now()},{"null" if task is None else task.id},{place},{quote(prompt)}]')
        self.lines.flush()
        text = self.hand.answer()
        self.lines.push(f'["answer",{recorder.clock.now()},{optional(text)}]')
        if text is None:
            self.is_over = True
        else:
            self.rest = text.encode("utf-8", "surrogateescape") + b"\n"


class Streams:
    """The program's standard streams, and the pipes that were them."""

    def __init__(self):
        self.commands, self.told = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)

    def install(self, lines, hand):
        self.out, self.err = Output(lines, "out", 1), Output(lines, "err", 2)
        text = functools.partial(io.TextIOWrapper, encoding="utf-8", newline="\n", write_through=True)
        sys.stdout = sys.__stdout__ = text(self.out, errors="strict", line_buffering=True)
        sys.stderr = sys.__stderr__ = text(self.err, errors="backslashreplace", line_buffering=True)
        sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BufferedReader(Input(lines, hand)), encoding="utf-8", errors="strict")
        sys.stdout.mode = sys.stderr.mode = "w"
        sys.stdin.mode = "r"

    def tell_open_lines(self):
        if self.out.part:
            self.out.tell_open()
        if self.err.part:
            self.err.tell_open()


# ---------------------------------------------------------------- commands

class Hand:
    """What people do to the run: pause, step, speed, answers, stop. Its thread reads their commands."""

    def __init__(self, lines, clock, speed, cpu, is_paused):
        self.lines, self.clock, self.speed, self.cpu = lines, clock, speed, cpu
        self.is_paused = is_paused
        self.steps = 0           # that may be made in a pause
        self.answers = []
        self.changed = threading.Condition()

    # -- in the program's threads

    def hold(self):
        """Before a callback: waits while the run is paused."""
        with self.changed:
            if self.steps <= 0:
                self.lines.push(f'["held",{self.clock.now()}]')
                streams.tell_open_lines()
                self.lines.flush()
            while self.is_paused and self.steps <= 0:
                self.changed.wait()
            if self.is_paused:
                self.steps -= 1

    def pace(self, ns, loop=None, select=None):
        """Lets virtual time pass at its speed. Ends early if something comes for the loop, and gives it if it is from the selector."""
        clock = self.clock
        end = clock.ns + ns
        if self.speed > 0 or self.is_paused:
            if ns > 0:
                self.lines.flush()
            while clock.ns < end:
                with self.changed:
                    if self.is_paused and self.steps <= 0:
                        self.lines.push(f'["held",{clock.now()}]')
                        self.lines.flush()
                    while self.is_paused and self.steps <= 0 and not (loop is not None and loop._ready):
                        self.changed.wait()
                if self.speed <= 0 or self.is_paused and self.steps > 0:
                    break  # a step over idle time goes to its end
                began = perf_ns()
                wait = min((end - clock.ns) / 1e9 / self.speed, 0.05)
                found = None
                if select is not None:
                    found = select(wait)
                else:
                    with self.changed:
                        self.changed.wait(wait)
                clock.jump(min(end, clock.ns + max(1, round((perf_ns() - began) * self.speed))))
                if found or loop is not None and loop._ready:
                    return found
        clock.jump(end)
        return None

    def spend(self, ns):
        """Computing takes its time, if that was asked for."""
        if ns > 2_000_000:
            self.clock.pass_time(round(ns * self.cpu))

    def answer(self):
        with self.changed:
            while not self.answers:
                self.changed.wait()
            return self.answers.pop(0)

    def nudge(self):
        """Another thread, or a handler of a signal, has given the loop something."""
        with self.changed:
            self.changed.notify_all()

    # -- in threads of their own, which `threading` does not know of

    def start(self, descriptor, rest):
        _thread.start_new_thread(self.read, (descriptor, rest))
        _thread.start_new_thread(self.watch, ())

    def read(self, descriptor, rest):
        while True:
            *whole, rest = rest.split(b"\n")
            for line in whole:
                try:
                    self.obey(json.loads(line))
                except Exception as error:
                    recorder.note(f"unknown command {line[:100]!r}: {error!r}")
                    self.lines.flush()
            data = os.read(descriptor, 65536)
            if not data:
                real_exit(9)  # whoever started this is gone
            rest += data

    def obey(self, words):
        command, *rest = words
        with self.changed:
            if command == "pause":
                self.is_paused = True
                self.steps = 0
            elif command == "go":
                self.is_paused = False
                self.steps = 0
            elif command == "step":
                self.is_paused = True
                self.steps += rest[0] if rest else 1
            elif command == "speed":
                self.speed = float(rest[0])
            elif command == "answer":
                self.answers.append(rest[0])
            elif command == "stop":
                self.signal()  # before the pause ends: the program must not go on for a moment
                self.is_paused = False
                _thread.start_new_thread(self.interrupt, ())
            else:
                raise ValueError("no such command")
            self.changed.notify_all()

    def interrupt(self):
        """As Ctrl-C. `asyncio.run` takes the first for a wish, and cancels its main task; the next raises at once."""
        for _ in range(3):
            real_sleep(0.2)
            self.signal()

    def signal(self):
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        else:
            _thread.interrupt_main()
        self.nudge()

    def watch(self):
        """Tells where a step stands that lasts, and lets no line grow old."""
        while recorder.is_on:
            real_sleep(0.05)
            try:
                for state in list(loops.states):
                    began = state.began
                    if began and perf_ns() - began > 200_000_000 and not self.is_paused:
                        frame = sys._current_frames().get(state.thread)
                        task = state.current
                        if frame is not None:
                            self.lines.push(f'["still",{self.clock.now()},{"null" if task is None else task.id},'
                                            f'{recorder.places.user_place(frame)},{(perf_ns() - began) // 1_000_000}]')
                        frame = None
                if self.lines.waiting:
                    self.lines.flush()
            except Exception as error:
                recorder.fault(error)


# ---------------------------------------------------------------- the program

class Recorder:
    """Holds the parts together."""

    def __init__(self, clock):
        self.clock = clock
        self.is_on = True
        self.is_faulty = False
        self.saved = []

    def patch(self, owner, name, value):
        self.saved.append((owner, name, vars(owner).get(name, self)))
        setattr(owner, name, value)

    def restore(self):
        for owner, name, value in reversed(self.saved):
            if value is self:
                delattr(owner, name)
            else:
                setattr(owner, name, value)
        self.saved.clear()

    def note(self, text):
        lines.push(f'["note",{self.clock.now()},{quote(text)}]')

    def fault(self, error):
        """The recorder itself has failed. The program goes on."""
        if not self.is_faulty:
            self.is_faulty = True
            place = error.__traceback__
            while place.tb_next is not None:
                place = place.tb_next
            self.note(f"the recorder failed: {type(error).__name__}: {error} (line {place.tb_lineno} of it); the record is not whole")

    def try_(self, function, *args):
        try:
            return function(*args)
        except Exception as error:
            return self.fault(error)

    # -- who acts

    def current(self):
        """The task that runs in this thread."""
        loop = running_loop()
        state = None if loop is None else getattr(loop, "_loopscope", None)
        return None if state is None else state.current

    def actor(self, state=None):
        """Who acts, as the protocol says it."""
        if state is None:
            loop = running_loop()
            if loop is None:
                return "null" if get_ident() == threading.main_thread().ident else '["thread"]'
            state = loops.state(loop)
        return state.actor if state.current is None else state.current.words

    # -- what goes wrong

    def tell_trouble(self, context):
        message = context.get("message")
        task = context.get("task") or context.get("future")
        info = getattr(task, "_loopscope", None)
        error = context.get("exception")
        if type(message) is str:
            if isinstance(error, BaseException):
                clean(error)
            words = error_words(error) if isinstance(error, BaseException) else "null"
            message = message if not message.startswith("Exception in callback") else "Exception in callback"
            lines.push(f'["trouble",{self.clock.now()},{quote(message)},{info.id if type(info) is TaskInfo else "null"},{words}]')

    def install_warnings(self):
        warn = warnings._warn_unawaited_coroutine

        def _warn_unawaited_coroutine(coro):
            if self.is_on:
                code = getattr(coro, "cr_code", None)
                ident = "null" if type(code) is not types.CodeType else self.places.id_of(self.places.code_of(code))
                lines.push(f'["never awaited",{self.clock.now()},{quote(coro.__qualname__)},{ident}]')
            return warn(coro)
        self.patch(warnings, "_warn_unawaited_coroutine", _warn_unawaited_coroutine)
        show = warnings._showwarnmsg

        def _showwarnmsg(message):
            """From 3.12 on Python warns of a fork beside threads. The recorder's own do not count."""
            if self.is_on and message.category is DeprecationWarning and "multi-threaded, use of fork" in str(message.message):
                if threading.active_count() == 1:
                    return
            show(message)
        self.patch(warnings, "_showwarnmsg", _showwarnmsg)

    def install_tracebacks(self):
        """Frames of the recorder are passed over wherever tracebacks are written."""
        def without(walk):
            def recorded(begin):
                for found in walk(begin):
                    code = found[0].f_code
                    if code.co_filename != THIS_FILE:
                        yield found
                    elif walk is walk_plainly and code is Program.run.__code__:
                        return  # what is around the program
            return named(walk.__name__, recorded)

        def walk_stack(f):
            return walk_plainly(f) if f is None else stack_without(f)
        walk_plainly = traceback.walk_stack
        stack_without = without(walk_plainly)
        self.patch(traceback, "walk_stack", walk_stack)
        self.patch(traceback, "walk_tb", without(traceback.walk_tb))
        if hasattr(traceback, "_walk_tb_with_full_positions"):
            self.patch(traceback, "_walk_tb_with_full_positions", without(traceback._walk_tb_with_full_positions))

    # -- eager tasks

    def start_eagerly(self, task, init, coro, options):
        """An eager task runs its first step inside of `init`, before anything else of it is called."""
        loop = options.get("loop") or running_loop()
        if loop is None or loop is not running_loop() or not self.is_on:
            return init(task, coro, **options)
        state = loops.state(loop)
        name = options.get("name")
        info = self.tasks.announce(coro, "" if name is None else str(name), state, sys._getframe(2), False)
        self.tasks.bind(task, info)
        lines.push(f'["poll",{self.clock.now()},{info.id},"eager"]')
        outer, state.current = state.current, info
        try:
            init(task, coro, **options)
            if name is None:
                lines.push(f'["name",{self.clock.now()},{info.id},{quote(task.get_name())}]')
        finally:
            if not info.is_ended:
                if task.done():
                    self.try_(self.tasks.finish, info, task)
                else:
                    self.try_(self.tasks.suspended, info, task, task._fut_waiter)
            state.current = outer
        return None

    # -- installing

    def install(self, hand, jobs):
        patch = self.patch
        Task = task_class(self.tasks, self)
        patch(tasks, "Task", Task)
        patch(asyncio, "Task", Task)
        if hasattr(asyncio, "eager_task_factory"):
            factory = asyncio.create_eager_task_factory(Task)
            patch(tasks, "eager_task_factory", factory)
            patch(asyncio, "eager_task_factory", factory)
        loops.install(patch)
        things.install(patch)
        jobs.install(patch)
        if self.clock.is_virtual:
            ProgramTime(self.clock, hand, jobs).install(patch)
            patch(tasks, "set", set_in_order)
        self.install_warnings()
        self.install_tracebacks()
        self.install_ends()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.forget)

    def install_ends(self):
        """Some ways to end a process run nothing more of it."""
        def recorded(end):
            @functools.wraps(end)
            def ending(*args, **options):
                if self.is_on:
                    streams.tell_open_lines()
                    lines.flush()
                return end(*args, **options)
            return ending
        for name in ("_exit", "abort", "execv", "execve"):
            if hasattr(os, name):
                self.patch(os, name, recorded(getattr(os, name)))

    def forget(self):
        """In a forked child: it goes on as plain Python."""
        self.is_on = False
        lines.silence()
        streams.out.part = streams.err.part = b""
        streams.out.lock, streams.err.lock = threading.RLock(), threading.RLock()
        self.restore()


class Program:
    """Runs the program as `python program.py` does."""

    def __init__(self, options):
        self.name = options["file"]
        self.path = os.path.abspath(self.name)
        self.arguments = options.get("args") or []
        self.folders = [os.path.abspath(folder) + os.sep for folder in options.get("path") or []]
        self.status = 0

    def run(self):
        sys.argv = [self.name, *self.arguments]
        if sys.path[:1] == [""]:  # not where PYTHONSAFEPATH is set
            sys.path[0] = os.path.dirname(self.path)
        sys.path[1:1] = [folder.rstrip(os.sep) for folder in self.folders]
        module = types.ModuleType("__main__")
        vars(module).update(__file__=self.path, __cached__=None, __builtins__=sys.modules["builtins"], __annotations__={},
                            __loader__=SourceFileLoader("__main__", self.path))
        if sys.version_info >= (3, 14):
            del module.__annotations__
        sys.modules["__main__"] = module
        code = self.compile()
        try:
            exec(code, vars(module))
        except BaseException as error:
            self.ended_by(error, error.__traceback__.tb_next)
            raise
        finally:
            module = None

    def compile(self):
        try:
            with open(self.path, "rb") as opened:
                data = opened.read()
        except OSError as error:
            message = f"{sys.executable}: can't open file {self.path!r}: [Errno {error.errno}] {error.strerror}"
            print(message, file=sys.stderr)
            self.status = 2
            raise SystemExit(2) from None
        places.tell_source(self.path, data)
        try:
            return compile(data, self.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            self.status = 1
            at = [getattr(error, name, None) for name in ("lineno", "offset", "end_lineno", "end_offset")]
            line, column, end_line, end_column = ("null" if n is None else n for n in at)
            text = getattr(error, "text", None)
            lines.push(f'["syntax",{recorder.clock.now()},{quote(type(error).__name__)},{quote(getattr(error, "msg", None) or str(error))},'
                       f'{quote(getattr(error, "filename", None) or self.path)},{line},{column},{end_line},{end_column},{optional(text.rstrip() if text else None)}]')
            self.keep_hook(error, None)
            raise

    def ended_by(self, error, step):
        """`error` leaves the program; `step` is its traceback from the program on."""
        error.__traceback__ = step
        clean(error)
        if isinstance(error, SystemExit):
            code = error.code
            self.status = code if isinstance(code, int) else 0 if code is None else 1
            return
        self.status = 130 if isinstance(error, KeyboardInterrupt) else 1
        lines.push(f'["failed",{recorder.clock.now()},{error_words(error)}]')
        self.keep_hook(error, error.__traceback__)

    def keep_hook(self, error, step):
        """What Python shows of the exception has no frame of the recorder in it."""
        hook, kept = sys.excepthook, [error, step]

        def excepthook(kind, value, trace):
            if kept and value is kept[0]:
                value.__traceback__ = trace = kept[1]
                kept.clear()  # what the traceback holds is destroyed when it is without the recorder
            return hook(kind, value, trace)
        sys.excepthook = excepthook

    def end(self):
        """The last thing before Python takes itself down."""
        streams.tell_open_lines()
        for name in ("uvloop", "trio", "curio"):
            if name in sys.modules and not loops.states:
                recorder.note(f"{name} has a loop of its own, which cannot be recorded")
        lines.push(f'["exit",{recorder.clock.now()},{self.status}]')
        streams.out.SOON = streams.err.SOON = -1  # from here on each line may be the last
        lines.flush()


def limit_memory(mebibytes):
    try:
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))
    except (ImportError, ValueError, OSError) as error:
        recorder.note(f"memory is not limited: {error}")


def begin():
    global recorder, lines, places, loops, things, waits, streams
    streams = Streams()
    rest = b""
    while b"\n" not in rest:
        rest += os.read(streams.commands, 65536) or os._exit(9)
    start, _, rest = rest.partition(b"\n")
    command, options = json.loads(start)
    if command != "start":
        raise SystemExit(f"the first command is {command!r}, not 'start'")
    program = Program(options)
    is_virtual = options.get("clock", "virtual") == "virtual"
    epoch = options.get("epoch")
    epoch = real_time() if epoch is None else float(epoch)
    clock = VirtualClock(epoch) if is_virtual else RealClock()
    lines = Lines(streams.told)
    recorder = Recorder(clock)
    places = recorder.places = Places(lines)
    places.program = program.path
    LIBRARY_FOLDERS.extend(program.folders)
    hand = Hand(lines, clock, float(options.get("speed") or 0), float(options.get("cpu") or 0), bool(options.get("paused")))
    jobs = Jobs(lines, clock, hand)
    recorder.tasks = Tasks(lines, places, clock)
    things = Things(lines, places, clock, Names())
    waits = Waits(recorder.tasks, things)
    loops = Loops(lines, places, clock, recorder.tasks, hand, jobs)
    hello = {"python": sys.version.split()[0], "implementation": sys.implementation.name, "platform": sys.platform, "pid": os.getpid(),
             "clock": "virtual" if is_virtual else "real", "epoch": epoch, "file": program.path, "argv": [program.name, *program.arguments]}
    lines.push(json.dumps(["hello", PROTOCOL, hello], separators=(",", ":")))
    streams.install(lines, hand)
    recorder.install(hand, jobs)
    if options.get("memory"):
        limit_memory(int(options["memory"]))
    if options.get("seed") is not None:
        import random
        random.seed(options["seed"])
    atexit.register(program.end)
    hand.start(streams.commands, rest)
    program.run()


if __name__ == "loopscope":
    begin()
