"""Draws random asyncio programs: `python random_programs.py SEED [3.11]` prints one.

Times are multiples of 1/512 s, which floats and nanoseconds hold exactly. Whatever waits has a limit, but for locks taken in
both orders: some programs end in a deadlock.
"""

import random
import sys

HEAD = '''import asyncio

U = 1 / 512


def say(text):
    print(f"{round(asyncio.get_running_loop().time() * 512)} {text}")


async def numbers(count, pause):
    try:
        for n in range(count):
            await asyncio.sleep(pause * U)
            yield n
    finally:
        await asyncio.sleep(0)


def settle(future):
    if not future.done():
        future.set_result("settled")

'''


class Draw:
    def __init__(self, seed, version):
        self.random = random.Random(seed)
        self.version = version
        self.jobs = self.random.randint(3, 6)
        self.marks = 0
        self.lines = []

    def source(self):
        self.lines = [HEAD]
        for job in range(self.jobs):
            self.lines.append(f"async def job_{job}(n):")
            if self.chance(0.15):
                self.add(1, "await asyncio.sleep(0)")
            self.block(job, 1, self.random.randint(2, 5))
            self.add(1, f"return {job} * 10 + n")
            self.lines.append("")
        self.main()
        return "\n".join(self.lines) + "\n"

    def main(self):
        self.lines.append("async def main():")
        self.add(1, "global locks, semaphores, queues, events, condition")
        self.add(1, "locks = [asyncio.Lock() for _ in range(2)]")
        self.add(1, "semaphores = [asyncio.Semaphore(1), asyncio.Semaphore(2)]")
        self.add(1, "queues = [asyncio.Queue(), asyncio.Queue(2), asyncio.LifoQueue(1), asyncio.PriorityQueue(3)]")
        self.add(1, "events = [asyncio.Event(), asyncio.Event()]")
        self.add(1, "condition = asyncio.Condition()")
        roots = ", ".join(f"job_{self.random.randrange(min(2, self.jobs))}({n})" for n in range(self.random.randint(2, 4)))
        self.add(1, "try:")
        self.add(2, f"print(await asyncio.wait_for(asyncio.gather({roots}, return_exceptions=True), 300 * U))")
        self.add(1, "except asyncio.TimeoutError:")
        self.add(2, 'say("main: too slow")')
        if self.chance(0.5):
            self.add(1, "left = sorted(asyncio.all_tasks() - {asyncio.current_task()}, key=lambda t: int(t.get_name()[5:]))")
            self.add(1, "for task in left:")
            self.add(2, "task.cancel()")
            self.add(1, "print(await asyncio.gather(*left, return_exceptions=True))")
        self.lines += ["", "", "asyncio.run(main())"]

    def chance(self, p):
        return self.random.random() < p

    def add(self, depth, text):
        self.lines.append("    " * depth + text)

    def mark(self):
        self.marks += 1
        return self.marks

    def say(self, depth):
        self.add(depth, f'say(f"{{n}} mark {self.mark()}")')

    def time(self):
        return f"{self.random.choice((1, 1, 2, 3, 5, 8))} * U"

    def child(self, job):
        if job + 1 >= self.jobs:
            return f"asyncio.sleep({self.time()}, {self.mark()})"
        return f"job_{self.random.randrange(job + 1, self.jobs)}(n + {self.random.randint(1, 3)})"

    def block(self, job, depth, count):
        for _ in range(count):
            self.statement(job, depth)

    def statement(self, job, depth):
        kinds = ["sleep", "sleep", "turn", "lock", "semaphore", "put", "get", "get", "set", "wait_event", "notify", "wait_condition", "callback", "future",
                 "spawn", "spawn", "gather", "wait", "wait_for", "shield", "generator", "guard", "fail", "task_done", "completed"]
        if self.version >= (3, 11):
            kinds += ["group", "group", "timeout", "timeout"]
        if depth > 3 or len(self.lines) > 250:
            kinds = ["sleep", "turn", "put", "set", "callback", "future"]
        getattr(self, "draw_" + self.random.choice(kinds))(job, depth)
        if self.chance(0.4):
            self.say(depth)

    # -- what there is

    def draw_sleep(self, job, depth):
        self.add(depth, f"await asyncio.sleep({self.time()})")

    def draw_turn(self, job, depth):
        self.add(depth, "await asyncio.sleep(0)")

    def draw_lock(self, job, depth):
        self.add(depth, f"async with locks[{self.random.randrange(2)}]:")
        self.say(depth + 1)
        self.block(job, depth + 1, self.random.randint(1, 2))

    def draw_semaphore(self, job, depth):
        self.add(depth, f"async with semaphores[{self.random.randrange(2)}]:")
        self.say(depth + 1)
        self.block(job, depth + 1, self.random.randint(1, 2))

    def limited(self, depth, call):
        self.add(depth, "try:")
        self.add(depth + 1, f"say(await asyncio.wait_for({call}, {self.time()}))")
        self.add(depth, "except asyncio.TimeoutError:")
        self.add(depth + 1, f'say("too slow {self.mark()}")')

    def draw_put(self, job, depth):
        queue = self.random.randrange(4)
        if self.chance(0.3):
            self.add(depth, "try:")
            self.add(depth + 1, f"queues[{queue}].put_nowait({self.mark()})")
            self.add(depth, "except asyncio.QueueFull:")
            self.add(depth + 1, 'say("full")')
        else:
            self.limited(depth, f"queues[{queue}].put({self.mark()})")

    def draw_get(self, job, depth):
        self.limited(depth, f"queues[{self.random.randrange(4)}].get()")

    def draw_task_done(self, job, depth):
        queue = self.random.randrange(4)
        self.add(depth, "try:")
        self.add(depth + 1, f"queues[{queue}].task_done()")
        self.add(depth, "except ValueError:")
        self.add(depth + 1, "pass")
        self.limited(depth, f"queues[{queue}].join()")

    def draw_set(self, job, depth):
        self.add(depth, f"events[{self.random.randrange(2)}].{self.random.choice(('set', 'set', 'clear'))}()")

    def draw_wait_event(self, job, depth):
        self.limited(depth, f"events[{self.random.randrange(2)}].wait()")

    def draw_notify(self, job, depth):
        self.add(depth, "async with condition:")
        self.add(depth + 1, self.random.choice(("condition.notify()", "condition.notify_all()", "condition.notify(2)")))
        if self.chance(0.3):
            self.draw_sleep(job, depth + 1)

    def draw_wait_condition(self, job, depth):
        self.add(depth, "async with condition:")
        self.limited(depth + 1, "condition.wait()")

    def draw_callback(self, job, depth):
        what = f'say, "callback {self.mark()}"'
        self.add(depth, self.random.choice((
            f"asyncio.get_running_loop().call_soon({what})",
            f"asyncio.get_running_loop().call_later({self.time()}, {what})",
            f"asyncio.get_running_loop().call_later({self.time()}, {what}).cancel()",
            f"asyncio.get_running_loop().call_later({self.time()}, events[0].set)",
            f"asyncio.get_running_loop().call_soon({what}).cancel()")))

    def draw_future(self, job, depth):
        self.add(depth, "future = asyncio.get_running_loop().create_future()")
        if self.chance(0.3):
            self.add(depth, f'future.add_done_callback(lambda f: say("future {self.mark()}"))')
        self.add(depth, self.random.choice((
            "asyncio.get_running_loop().call_soon(settle, future)",
            f"asyncio.get_running_loop().call_later({self.time()}, settle, future)",
            "future.set_result(1)")))
        self.add(depth, "say(await future)")

    def awaited(self, depth, call):
        self.add(depth, "try:")
        self.add(depth + 1, f"say(await {call})")
        self.add(depth, "except (ValueError, asyncio.TimeoutError) as error:")
        self.add(depth + 1, 'say(f"failed {error}")')

    def draw_spawn(self, job, depth):
        task = f"task_{self.mark()}"
        self.add(depth, f"{task} = asyncio.create_task({self.child(job)})")
        if self.chance(0.5):
            self.block(job, depth, 1)
        how = self.random.randrange(5)
        if how == 0:
            self.awaited(depth, task)
        elif how in (1, 2):
            if self.chance(0.5):
                self.add(depth, f"await asyncio.sleep({self.random.choice((0, '1 * U'))})")
            self.add(depth, f"say({task}.cancel())")
            if how == 2:
                self.awaited(depth, f"asyncio.gather({task}, return_exceptions=True)")
        elif how == 3:
            self.add(depth, f'{task}.add_done_callback(lambda t: say("done {self.mark()}"))')

    def draw_gather(self, job, depth):
        children = ", ".join(self.child(job) for _ in range(self.random.randint(1, 3)))
        self.awaited(depth, f"asyncio.gather({children}{', return_exceptions=True' if self.chance(0.5) else ''})")

    def draw_wait(self, job, depth):
        tasks = f"tasks_{self.mark()}"
        self.add(depth, f"{tasks} = [{', '.join(f'asyncio.create_task({self.child(job)})' for _ in range(self.random.randint(1, 3)))}]")
        when = self.random.choice(("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"))
        limit = f", timeout={self.time()}" if self.chance(0.5) else ""
        self.add(depth, f"done, left = await asyncio.wait({tasks}, return_when=asyncio.{when}{limit})")
        self.add(depth, 'say(f"{len(done)} done, {len(left)} left")')
        if self.chance(0.6):
            self.add(depth, f"for task in {tasks}:")
            self.add(depth + 1, "task.cancel()")

    def draw_wait_for(self, job, depth):
        self.awaited(depth, f"asyncio.wait_for({self.child(job)}, {self.time()})")

    def draw_shield(self, job, depth):
        self.awaited(depth, f"asyncio.wait_for(asyncio.shield(asyncio.create_task({self.child(job)})), {self.time()})")

    def draw_completed(self, job, depth):
        self.add(depth, f"for one in asyncio.as_completed([{', '.join(f'asyncio.create_task({self.child(job)})' for _ in range(2))}]):")
        self.awaited(depth + 1, "one")

    def draw_generator(self, job, depth):
        self.add(depth, f"async for x in numbers({self.random.randint(1, 3)}, {self.random.randint(0, 2)}):")
        self.block(job, depth + 1, 1)
        if self.chance(0.3):
            self.add(depth + 1, "break")

    def draw_guard(self, job, depth):
        self.add(depth, "try:")
        self.block(job, depth + 1, self.random.randint(1, 2))
        how = self.random.randrange(4)
        if how == 0:
            self.add(depth, "except asyncio.CancelledError:")
            self.say(depth + 1)
            if self.chance(0.8):
                self.add(depth + 1, "raise")
        elif how == 1:
            self.add(depth, "except ValueError:")
            self.say(depth + 1)
        else:
            self.add(depth, "finally:")
            self.draw_sleep(job, depth + 1)
            self.say(depth + 1)

    def draw_fail(self, job, depth):
        self.add(depth, f"if n % {self.random.randint(2, 4)} == 1:")
        self.add(depth + 1, f'raise ValueError("{self.mark()}")')

    def draw_group(self, job, depth):
        self.add(depth, "try:")
        self.add(depth + 1, "async with asyncio.TaskGroup() as group:")
        for _ in range(self.random.randint(1, 3)):
            self.add(depth + 2, f"group.create_task({self.child(job)})")
        if self.chance(0.5):
            self.block(job, depth + 2, 1)
        self.add(depth, "except BaseExceptionGroup as errors:")
        self.add(depth + 1, 'say(f"group {len(errors.exceptions)}")')

    def draw_timeout(self, job, depth):
        self.add(depth, "try:")
        self.add(depth + 1, f"async with asyncio.timeout({self.time()}):")
        self.block(job, depth + 2, self.random.randint(1, 2))
        self.add(depth, "except TimeoutError:")
        self.say(depth + 1)


def program(seed, version):
    return Draw(seed, version).source()


if __name__ == "__main__":
    print(program(int(sys.argv[1]), tuple(map(int, sys.argv[2].split("."))) if len(sys.argv) > 2 else sys.version_info[:2]))
