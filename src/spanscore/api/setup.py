"""`setup` and `flush`: recording switched on with settings of one's own, and waited for."""

from pathlib import Path

from opentelemetry.trace import TracerProvider

from spanscore.api._recording import connection_in_force, start_recording
from spanscore.delivery import Flushed


def setup(
    *,
    home: str | Path | None = None,
    tracer_provider: TracerProvider | None = None,
    project: str | None = None,
    propagate_threads: bool | None = None,
    max_attribute_bytes: int | None = None,
) -> None:
    """Switch recording on with these settings; what is None comes from the environment, else is the default.

    `home` is the folder of the embedded store (`SPANSCORE_HOME`, `~/.spanscore`). `tracer_provider` is used
    instead of the program's global one. `project` is the default project. `propagate_threads=False`
    (`SPANSCORE_PROPAGATE_THREADS=0`) leaves threads and thread pools without the span that was current where
    they were started. `max_attribute_bytes` bounds the JSON of one input or output. Raises ConfigError.

    >>> import tempfile, spanscore
    >>> spanscore.setup(home=tempfile.mkdtemp())
    """
    start_recording(
        provider=tracer_provider,
        home=home,
        project=project,
        propagate_threads=propagate_threads,
        max_attribute_bytes=max_attribute_bytes,
    )


def flush(timeout_s: float = 30.0) -> Flushed:
    """What was stored and what was not, after waiting at most `timeout_s` seconds for all spans finished.

    >>> import spanscore
    >>> bool(spanscore.flush())
    True
    """
    connection = connection_in_force()
    return Flushed(0, 0) if connection is None else connection.outbox.flush(timeout_s)
