# The module that a program is.
import sys

print(__name__, sorted(globals()))
print(__file__ == sys.argv[0] or __file__.endswith(sys.argv[0]), sys.argv[1:], __spec__, __loader__.__class__.__name__, __doc__, __package__, __builtins__)
print(sys.modules["__main__"].__dict__ is globals(), sys.path[0] == __file__.rpartition("/")[0])
print(sys.flags.interactive, sys.flags.optimize, sys.dont_write_bytecode, __debug__)
import inspect
print(inspect.getsource(inspect.currentframe())[:10])
