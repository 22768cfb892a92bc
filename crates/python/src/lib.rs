//! Runs a Python program in a child process: a real CPython, whose asyncio is watched by a recorder. `PROTOCOL.md` says how the
//! two sides talk.
