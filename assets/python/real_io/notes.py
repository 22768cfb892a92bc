"""Files to read: notes in a folder of their own, which goes with the program."""

import contextlib
import os
import tempfile
from pathlib import Path

import aiofiles

LINE = "A thread reads this while the loop does the rest.\n"


@contextlib.asynccontextmanager
async def write_notes(files, megabytes, last):
    """Writes that many notes of that size and gives their paths. The last one may be missing or locked."""
    text = LINE * (megabytes * 1_000_000 // len(LINE))
    with tempfile.TemporaryDirectory(prefix="loopscope-") as folder:
        paths = [Path(folder, f"notes-{number}.txt") for number in range(1, files + 1)]
        for path in paths[:-1] if last == "missing" else paths:
            async with aiofiles.open(path, "w") as file:
                await file.write(text)
        if last == "locked":
            os.chmod(paths[-1], 0)
        yield paths
