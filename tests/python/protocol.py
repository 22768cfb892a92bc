"""Checks a stream of lines against PROTOCOL.md, written from that page and not from the recorder."""


class Broken(Exception):
    pass


def check(lines, is_cut=False, may_lose=False):
    """Every rule of the page that a stream alone can show. Gives what it found, as text; none is good. Ctrl-C (from 3.11 on the second)
    raises anywhere, also where asyncio has taken a callback from the queue and not run it yet: `may_lose`."""
    return Check(is_cut, may_lose).run(lines)


class Check:
    def __init__(self, is_cut, may_lose):
        self.is_cut, self.may_lose = is_cut, may_lose
        self.found = []
        self.last = 0
        self.codes, self.places, self.sources = {}, {}, set()
        self.tasks = {}      # id -> new, ready, running, waiting, ended
        self.running = {}    # loop -> stack of tasks
        self.loop_of = {}
        self.frames = {}     # id -> task
        self.stacks = {}     # task -> frames, innermost last
        self.timers, self.things, self.jobs = {}, {}, {}
        self.holders = {}
        self.idle = set()
        self.loops = set()
        self.calls = 0
        self.is_ended = False

    def run(self, lines):
        if not lines or lines[0][0] != "hello" or lines[0][1] != 1:
            return ["it does not begin with hello 1"]
        is_virtual = lines[0][2]["clock"] == "virtual"
        for number, line in enumerate(lines[1:], 1):
            name = line[0].replace(" ", "_")
            try:
                rule = getattr(self, "on_" + name, None)
                self.require(rule is not None, f"an unknown line {name}")
                if name not in ("source", "code", "place"):
                    time = line[1]
                    self.require(type(time) is int and time >= 0, "no time")
                    if is_virtual and name not in ("job_start", "job_end", "still"):
                        self.require(time >= self.last, f"time goes back from {self.last}")
                        self.last = time
                    self.require(not self.is_ended or name in ("print", "trouble", "never_awaited", "lost", "note"), "it is after the exit")
                    rule(*line[2:])
                else:
                    rule(*line[1:])
            except (Broken, TypeError, ValueError, KeyError) as error:
                self.found.append(f"line {number} {line}: {type(error).__name__} {error}")
                if len(self.found) > 20:
                    return self.found
        if not self.is_ended and not self.is_cut:
            self.found.append("no exit")
        return self.found

    def require(self, is_so, text):
        if not is_so:
            raise Broken(text)

    def place(self, place):
        self.require(place is None or place in self.places, f"unknown place {place}")

    def task(self, task):
        self.require(task is None or task in self.tasks, f"unknown task {task}")

    def actor(self, actor):
        if actor is None:
            return
        kind, *rest = actor
        known = {"task": self.tasks, "end": self.tasks, "timer": self.timers, "job": self.jobs}
        if kind in known:
            self.require(len(rest) == 1 and rest[0] in known[kind], f"unknown actor {actor}")
        elif kind == "callback":
            self.require(rest[0] is None or rest[0][0] != "callback", "a callback of a callback")
            self.actor(rest[0])
        else:
            self.require(kind in ("io", "thread") and not rest, f"unknown actor {actor}")

    def error(self, error):
        if error is None:
            return
        self.require(type(error[0]) is str and type(error[1]) is str, "an error has two texts")
        for place in error[2]:
            self.place(place)
        for inner in error[3] if len(error) > 3 else ():
            self.error(inner)

    def turn_to(self, task, state, *before):
        self.require(task in self.tasks, f"unknown task {task}")
        self.require(self.tasks[task] in before, f"it was {self.tasks[task]}")
        self.tasks[task] = state

    # -- definitions

    def on_source(self, file, hash, text):
        self.require(file not in self.sources and len(hash) == 64, "a second time, or no hash")
        self.sources.add(file)

    def on_code(self, code, file, line, name, kind):
        self.require(code not in self.codes and kind in ("user", "library", "asyncio") and line >= 0, "an id a second time")
        self.codes[code] = kind

    def on_place(self, place, code, line, column, end_line, end_column):
        self.require(place not in self.places and code in self.codes, "an id a second time")
        self.require((column is None) == (end_line is None) == (end_column is None), "all or none")
        self.require(line >= 0 and (column is None or (line, column) <= (end_line, end_column)), "it ends before it begins")
        self.places[place] = code

    # -- the run

    def on_syntax(self, kind, text, file, line, column, end_line, end_column, source):
        pass

    def on_failed(self, error):
        self.error(error)

    def on_exit(self, status):
        self.is_ended = True

    def on_note(self, text):
        self.require("the recorder failed" not in text, "a fault")

    def on_loop(self, loop, kind, thread):
        self.require(loop not in self.loops, "an id a second time")
        self.loops.add(loop)
        self.running[loop] = []

    def on_turn(self, loop, count):
        self.require(loop in self.loops and loop not in self.idle and count > 0, "a turn of a loop that is awake")

    def on_idle(self, loop, until):
        self.require(loop in self.loops and loop not in self.idle, "idle twice")
        self.require(not self.running[loop], "idle while a task runs")
        for task, state in self.tasks.items():
            self.require(state != "ready" or self.loop_of[task] != loop or self.may_lose, f"idle while task {task} is ready")
        self.idle.add(loop)

    def on_awake(self, loop):
        self.idle.remove(loop)

    def on_stuck(self, loop):
        self.require(loop in self.idle, "stuck but not idle")

    def on_outside(self, why):
        self.require(why in ("socket", "thread", "job"), "why?")

    def on_held(self):
        pass

    def on_still(self, task, place, ms):
        self.task(task)
        self.place(place)
        self.require(ms >= 200, "too early")

    # -- tasks

    def on_task(self, task, parent, code, coroutine, arguments, name, place, loop, before):
        self.require(task not in self.tasks, "an id a second time")
        self.task(parent)
        self.place(place)
        self.require(code is None or code in self.codes, "unknown code")
        self.require(loop in self.loops, "unknown loop")
        self.tasks[task] = "new"
        self.loop_of[task] = loop
        self.stacks[task] = []

    def on_name(self, task, name):
        self.task(task)

    def on_ready(self, task, cause):
        if cause[0] in ("new", "before"):
            self.turn_to(task, "ready", "new")
            return
        self.turn_to(task, "ready", "waiting")
        if cause[0] in ("joined", "gathered"):
            self.task(cause[1])
            if cause[1] is not None:
                self.require(self.tasks[cause[1]] == "ended", "it has not ended")
        else:
            self.require(cause[0] in ("woken", "cancelled"), "why?")
            self.actor(cause[1])

    def on_poll(self, task, how="queue"):
        self.turn_to(task, "running", "new" if how == "eager" else "ready")
        stack = self.running[self.loop_of[task]]
        self.require(not stack or how == "eager", "a poll in a poll")
        stack.append(task)

    def on_thrown(self, task):
        self.require(self.tasks[task] == "running", "it does not run")

    def on_in(self, task, frame, parent, code, place):
        self.require(self.tasks[task] == "running", "it does not run")
        self.require(frame > 0 and frame not in self.frames and code in self.codes, "frame")
        self.place(place)
        self.require(parent == (self.stacks[task][-1] if self.stacks[task] else 0), "not at the end of the stack")
        self.frames[frame] = task
        self.stacks[task].append(frame)

    def on_out(self, frame):
        stack = self.stacks[self.frames[frame]]
        self.require(stack and stack[-1] == frame, "not the innermost")
        stack.pop()

    def leave(self, task, state):
        self.turn_to(task, state, "running")
        stack = self.running[self.loop_of[task]]
        self.require(stack and stack[-1] == task, "it is not the one that runs")
        stack.pop()

    def on_wait(self, task, on, place):
        self.leave(task, "waiting")
        self.place(place)
        self.require(place is not None, "no place")
        kind, *rest = on
        if kind == "sleep":
            self.require(self.timers.get(rest[0]) == "armed", "its timer is not armed")
        elif kind == "task":
            self.require(rest[0] in self.tasks, "unknown")
        elif kind == "tasks":
            self.require(rest[0] in ("gather", "group", "all", "first", "failure", "completed"), "how?")
            self.require(all(t in self.tasks for t in rest[1]) and all(j in self.jobs for j in rest[2]), "unknown")
        elif kind == "thing":
            wanted = {"lock": "lock", "acquire": "semaphore", "get": "queue", "put": "queue", "all done": "queue", "set": "event",
                      "notified": "condition", "arrival": "barrier"}
            self.require(self.things.get(rest[1]) == wanted[rest[0]], "another kind of thing")
        elif kind == "job":
            self.require(rest[0] in self.jobs, "unknown")
        elif kind == "future":
            self.place(rest[0])
        else:
            self.require(kind in ("io", "other"), "what for?")

    def on_yield(self, task, place):
        self.leave(task, "ready")
        self.place(place)
        self.require(place is not None, "no place")

    def on_done(self, task, how, *rest):
        self.leave(task, "ended")
        self.require(not self.stacks[task], "frames are left")
        if how == "raised":
            self.error(rest[0])
        else:
            self.require(how in ("returned", "cancelled"), "how?")

    def on_lost(self, task):
        self.require(self.tasks[task] in ("new", "ready", "waiting"), f"it was {self.tasks[task]}")
        self.tasks[task] = "ended"

    def on_cancel(self, task, actor, place, through, via):
        self.require(self.tasks[task] != "ended", "it has ended")
        self.actor(actor)
        self.place(place)
        self.task(via)

    def on_uncancel(self, task, left):
        self.task(task)

    # -- timers, things, jobs

    def on_arm(self, timer, actor, deadline, purpose, name, place):
        self.require(timer not in self.timers and purpose in ("sleep", "limit", "call"), "an id a second time")
        self.actor(actor)
        self.place(place)
        self.timers[timer] = "armed"

    def on_fire(self, timer):
        self.require(self.timers[timer] == "armed", "it is not armed")
        self.timers[timer] = "fired"

    def on_unarm(self, timer):
        self.require(self.timers[timer] == "armed", "it is not armed")
        self.timers[timer] = "cancelled"

    def on_thing(self, thing, kind, detail, name, place, inside):
        self.require(thing not in self.things, "an id a second time")
        self.require(kind in ("lock", "event", "condition", "semaphore", "barrier", "queue"), "kind")
        self.place(place)
        self.things[thing] = kind

    def on_set(self, thing, actor, value, place):
        self.actor(actor)
        self.place(place)
        kind = self.things[thing]
        self.require(kind != "condition", "it has no state")
        self.require(type(value) is (bool if kind in ("lock", "event") else int), "another type of value")
        self.require(kind != "queue" or value >= 0, "fewer than none")

    def on_hold(self, thing, task, what):
        self.task(task)
        self.require(self.things[thing] in ("lock", "semaphore"), "nobody holds it")
        held = self.holders.setdefault(thing, {})
        if what in ("taken", "handed"):
            self.require(held.get(task) != "handed", "it was handed it before")
            if self.things[thing] == "lock":
                self.require(not held, f"{held} hold it")
            held[task] = what
        elif what in ("accepted", "declined"):
            self.require(held.get(task) == "handed", "it was not handed it")
            held[task] = what
            if what == "declined":
                del held[task]
        else:
            self.require(what == "released", "what?")
            if self.things[thing] == "lock":
                self.require(task is None or task in held, "it does not hold it")
                held.clear()
            else:
                held.pop(task, None)

    def on_job(self, job, actor, name, kind):
        self.require(job not in self.jobs and kind in ("thread", "process"), "an id a second time")
        self.actor(actor)
        self.jobs[job] = "queued"

    def on_job_start(self, job):
        self.require(self.jobs[job] == "queued", "it began before")
        self.jobs[job] = "running"

    def on_job_end(self, job, error):
        self.require(self.jobs[job] in ("queued", "running"), "it ended before")
        self.jobs[job] = "ended"
        self.error(error)

    def on_call(self, actor, name, code):
        self.actor(actor)
        self.require(code is None or code in self.codes, "unknown code")

    def on_called(self):
        pass

    # -- what people see

    def on_print(self, task, place, text, stream, is_open):
        self.task(task)
        self.place(place)
        self.require("\n" not in text and stream in ("out", "err") and type(is_open) is bool, "a line")

    def on_ask(self, task, place, prompt):
        self.task(task)
        self.place(place)

    def on_answer(self, text):
        pass

    def on_trouble(self, text, task, error):
        self.task(task)
        self.error(error)

    def on_never_awaited(self, name, code):
        self.require(code is None or code in self.codes, "unknown code")
