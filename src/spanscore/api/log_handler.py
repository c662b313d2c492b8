"""Records of the standard library's `logging` as rows."""

import logging

from spanscore.api._log_records import PARAMETER, TEMPLATE, Level
from spanscore.api.logger import Logger
from spanscore.tracing import quietly

_OWN = ("spanscore", "urllib3")
_LEVELS: tuple[tuple[int, Level], ...] = (
    (logging.CRITICAL, "fatal"),
    (logging.ERROR, "error"),
    (logging.WARNING, "warn"),
    (logging.INFO, "info"),
    (logging.DEBUG, "debug"),
)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class BraintrustLogHandler(logging.Handler):
    """Makes a row of type "log" of each record, below the span that is current when it is written.

    What `extra` gives is in the metadata, as are the text before its arguments were put in and where it was
    written. Records of this library and of its requests are left out.

    >>> import logging
    >>> from spanscore import BraintrustLogHandler, init_logger
    >>> handler = BraintrustLogHandler(init_logger("support bot"), level=logging.WARNING)
    >>> logging.getLogger("shop").addHandler(handler)
    >>> logging.getLogger("shop").warning("%s is out of stock", "tea")
    >>> logging.getLogger("shop").removeHandler(handler)
    """

    def __init__(self, logger: Logger, level: int = logging.NOTSET) -> None:
        super().__init__(level)
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        """Make the row; nothing that goes wrong reaches who has written the record."""
        if record.name.partition(".")[0] in _OWN:
            return
        with quietly("BraintrustLogHandler"):
            self._logger.emit_log(self._text(record), _level(record.levelno), _metadata(record))

    def _text(self, record: logging.LogRecord) -> str:
        try:
            return self.format(record)
        except (TypeError, ValueError, LookupError):
            # Arguments that do not fit the text: whoever wrote them hears of it from other handlers.
            return str(record.msg)


def _level(number: int) -> Level:
    for least, name in _LEVELS:
        if number >= least:
            return name
    return "trace"


def _metadata(record: logging.LogRecord) -> dict[str, object]:
    told: dict[str, object] = {
        "logger.name": record.name,
        "code.file.path": record.pathname,
        "code.line.number": record.lineno,
        "code.function.name": record.funcName,
    }
    if record.args and isinstance(record.msg, str):
        arguments = record.args.items() if isinstance(record.args, dict) else enumerate(record.args)
        told[TEMPLATE] = record.msg
        told |= {f"{PARAMETER}{name}": value for name, value in arguments}
    return told | {name: value for name, value in vars(record).items() if name not in _STANDARD}
