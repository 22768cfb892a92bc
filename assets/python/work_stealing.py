import asyncio
from concurrent.futures import ProcessPoolExecutor
from itertools import count, takewhile

def is_prime(number):
    divisors = takewhile(lambda d: d * d <= number, count(2))
    return number >= 2 and all(number % d != 0 for d in divisors)

def count_primes(numbers):
    return sum(map(is_prime, numbers))  #~ count

async def main(threads=3, pieces=6, size=40_000):
    loop = asyncio.get_running_loop()
    # The pool's processes take pieces from one queue while this one is at work.
    with ProcessPoolExecutor(max(threads - 1, 1)) as pool:
        tasks = [
            loop.run_in_executor(pool, count_primes, range(piece * size, (piece + 1) * size))  #~ spawn
            for piece in range(pieces)
        ]
        own = range(pieces * size, 2 * pieces * size)
        found = count_primes(own)  #~ own
        print(f"main, primes found: {found}")  #~ own-done
        counts = await asyncio.gather(*tasks)  #~ gather
    print(f"pieces, primes found: {sum(counts)}")  #~ sum

if __name__ == "__main__":
    asyncio.run(main())
