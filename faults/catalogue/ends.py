"""How a program ends, with a sink that is well."""

from faults.scenario import Scenario

ENDS = (
    Scenario(name="normal exit", program=("ends", "normal"), has_baseline=True),
    Scenario(
        name="normal exit, durability window",
        program=("ends", "normal"),
        environment={"SPANSCORE_DURABILITY": "window"},
        is_short=False,
    ),
    Scenario(
        name="normal exit, durability off",
        program=("ends", "normal"),
        environment={"SPANSCORE_DURABILITY": "off"},
        is_short=False,
    ),
    Scenario(name="sys.exit in the middle", program=("ends", "sys_exit"), status=3),
    Scenario(name="unhandled exception", program=("ends", "exception"), status=1, tracebacks=1),
    Scenario(name="Ctrl-C", program=("ends", "sigint"), status=-2, tracebacks=1, is_short=False),
    Scenario(name="SIGTERM", program=("ends", "sigterm"), status=-15, has_baseline=True),
    Scenario(
        name="SIGTERM, with a handler that calls sys.exit",
        program=("ends", "sigterm_handled"),
        status=5,
        is_short=False,
    ),
    Scenario(name="SIGKILL", program=("ends", "sigkill"), status=-9, has_baseline=True),
    Scenario(name="os._exit", program=("ends", "os_exit"), status=4, has_baseline=True),
    Scenario(name="spans made in atexit, after our own hook", program=("late", "atexit"), has_baseline=True),
    Scenario(name="spans made in __del__ at the interpreter's end", program=("late", "del")),
    Scenario(name="spans made in a signal handler, twice a millisecond", program=("interrupted", "signal")),
    Scenario(
        name="spans made in a signal handler, from before the first span",
        program=("interrupted", "first"),
        is_short=False,
        patience_s=10.0,
    ),
    Scenario(name="spans ended by garbage collection", program=("interrupted", "garbage")),
    Scenario(name="a daemon thread tracing into the interpreter's end", program=("late", "thread")),
)
