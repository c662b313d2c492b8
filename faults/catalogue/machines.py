"""Disks that take nothing, and a program that watches its own I/O."""

from faults.scenario import Disk, Place, Scenario

_INSTRUMENTATION = "opentelemetry.instrumentation"

MACHINES = (
    Scenario(name="read-only spool folder", program=("ends", "normal"), disk=Disk.READ_ONLY),
    Scenario(name="disk full after 256 KB", program=("ends", "normal"), disk=Disk.FULL),
    Scenario(name="no file longer than 64 KB", program=("limited", "65536")),
    Scenario(
        name="the user's instrumentors see none of our I/O",
        program=("instrumented",),
        needs=(f"{_INSTRUMENTATION}.requests", f"{_INSTRUMENTATION}.urllib3", f"{_INSTRUMENTATION}.sqlite3"),
    ),
    Scenario(
        name="the user's instrumentors see none of our I/O, embedded store",
        program=("instrumented",),
        place=Place.LOCAL,
        needs=(f"{_INSTRUMENTATION}.requests", f"{_INSTRUMENTATION}.urllib3", f"{_INSTRUMENTATION}.sqlite3"),
        is_short=False,
    ),
)
