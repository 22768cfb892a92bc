import asyncio
from concurrent.futures import ProcessPoolExecutor
from itertools import count, takewhile

def is_prime(number):
    divisors = takewhile(lambda d: d * d <= number, count(2))
    return number >= 2 and all(number % d != 0 for d in divisors)

def count_primes(numbers):
    return sum(map(is_prime, numbers))  #~ count

async def main(threads=4, parts=4, size=150_000):
    loop = asyncio.get_running_loop()
    # Processes, for the threads of one would share a single interpreter lock.
    with ProcessPoolExecutor(threads) as pool:
        tasks = [
            loop.run_in_executor(pool, count_primes, range(part * size, (part + 1) * size))  #~ spawn
            for part in range(parts)
        ]
        counts = await asyncio.gather(*tasks)  #~ gather
    for part, found in enumerate(counts, start=1):
        print(f"part {part}, primes found: {found}")  #~ print
    print(f"primes below {parts * size}: {sum(counts)}")  #~ sum

if __name__ == "__main__":
    asyncio.run(main())
