import asyncio
import subprocess
import sys


async def main():
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import time; time.sleep(0.05); print('from child')", stdout=asyncio.subprocess.PIPE)
    out, _ = await child.communicate()
    print(out, child.returncode)
    child = await asyncio.create_subprocess_shell("cat; exit 4", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    print(await child.communicate(b"to the shell"), child.returncode)
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(100)")
    try:
        await asyncio.wait_for(child.wait(), 0.1)
    except asyncio.TimeoutError:
        child.kill()
        print("killed", await child.wait())
    print(subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True).stdout)
    try:
        subprocess.run([sys.executable, "-c", "import time; time.sleep(100)"], timeout=0.1)
    except subprocess.TimeoutExpired:
        print("took too long")


asyncio.run(main())
