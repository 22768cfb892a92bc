# Every clock tells the same story.
import asyncio
import copy
import datetime
import logging
import pickle
import time
from datetime import date, datetime as moment, timedelta, timezone


async def main():
    loop = asyncio.get_running_loop()
    clocks = (time.time, time.monotonic, time.perf_counter, loop.time, lambda: moment.now().timestamp(),
              lambda: time.time_ns() / 1e9, lambda: time.monotonic_ns() / 1e9, lambda: time.perf_counter_ns() / 1e9,
              lambda: datetime.datetime.now(timezone.utc).timestamp(), lambda: datetime.datetime.today().timestamp())
    before = [clock() for clock in clocks]
    await asyncio.sleep(0.2)
    print([round(clock() - b, 1) for clock, b in zip(clocks, before)])
    assert abs(time.time() - moment.now().timestamp()) < 0.1
    assert time.strftime("%Y-%m-%d") == date.today().isoformat() == time.strftime("%Y-%m-%d", time.localtime())
    now = moment.now()
    print(abs((datetime.datetime.utcnow() - moment.now(timezone.utc).replace(tzinfo=None)).total_seconds()) < 1)
    print(type(now) is datetime.datetime, isinstance(now, datetime.date), moment, repr(moment(2024, 1, 2)))
    print(pickle.loads(pickle.dumps(now)) == copy.deepcopy(now) == now, now - timedelta(1) < now)

    class Own(datetime.datetime):
        pass
    print(type(Own.now()).__name__, type(Own.now() + timedelta(1)).__name__, Own.now(timezone.utc).tzinfo)
    print(time.sleep(0), time.ctime() == time.ctime(time.time()), len(time.asctime()))
    print(logging.makeLogRecord({}).created <= time.time())
    for wrong in ("x", None, -1):
        try:
            time.sleep(wrong)
        except (TypeError, ValueError) as error:
            print(type(error).__name__, error)


asyncio.run(main())
