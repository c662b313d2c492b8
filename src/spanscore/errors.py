"""Every exception of the library.

    SpanscoreError
    ├── ConfigError            a setting or argument has a value that cannot be used   (ValueError)
    │   └── UnknownParameterError  an eval has no such parameter
    ├── ParentError            a parent such as "experiment_id:…" could not be read    (ValueError)
    ├── InstrumentError        a client or its version cannot be wrapped               (TypeError)
    ├── PromptError            a prompt cannot be built from what it was given         (ValueError)
    ├── InvokeError            a hosted function answered with an error                (ValueError)
    ├── EvalError              an eval cannot start or go on
    │   ├── CaseError          a case of the data cannot be read
    │   ├── NoCasesError       of the data no case was chosen
    │   ├── RemoteCaseError    what happened to a case in another process
    │   ├── ScorerSignatureError  a task or scorer wants an argument that nobody gives
    │   ├── EvalTimeoutError   the run took longer than its timeout                (TimeoutError)
    │   └── ScoreError         a scorer returned something that is no score            (ValueError)
    ├── DeliveryError          finished spans were not taken by a destination
    │   ├── RetryLaterError    it cannot take them now: down, slow, busy, or it asks to wait
    │   ├── TooLargeError      the request was larger than it accepts
    │   ├── RejectedError      it will never take these records as they are
    │   └── UnauthorizedError  the key is missing or was refused
    └── StoreError             the embedded store cannot be used
        ├── StoreVersionError  the file was written by a newer version
        ├── StoreCorruptError  the file is not a store or is damaged; it is never overwritten
        ├── StoreReadOnlyError the file or its folder cannot be written
        ├── StoreBusyError     another process held the write lock longer than we wait
        └── NotFoundError      no such experiment, trace or parent                     (LookupError)
            └── RunNotFoundError  no such experiment for an eval to go on with

A message says what happened, the value, and the remedy.
"""

__all__ = [
    "CaseError",
    "ConfigError",
    "DeliveryError",
    "EvalError",
    "EvalTimeoutError",
    "InstrumentError",
    "InvokeError",
    "NoCasesError",
    "NotFoundError",
    "ParentError",
    "PromptError",
    "RejectedError",
    "RemoteCaseError",
    "RetryLaterError",
    "RunNotFoundError",
    "ScoreError",
    "ScorerSignatureError",
    "SpanscoreError",
    "StoreBusyError",
    "StoreCorruptError",
    "StoreError",
    "StoreReadOnlyError",
    "StoreVersionError",
    "TooLargeError",
    "UnauthorizedError",
    "UnknownParameterError",
]


class SpanscoreError(Exception):
    """What every exception of the library is."""


class ConfigError(SpanscoreError, ValueError):
    """A setting or argument has a value that cannot be used; the message names both."""


class UnknownParameterError(ConfigError):
    """A parameter is given that an eval does not have; the message has those that it has."""


class ParentError(SpanscoreError, ValueError):
    """A parent such as "experiment_id:…" could not be read; the message has the text."""


class InstrumentError(SpanscoreError, TypeError):
    """A client cannot be wrapped: it is of another kind, or its package is too old."""


class PromptError(SpanscoreError, ValueError):
    """A prompt cannot be built: its template, a variable or the model is missing or wrong."""


class InvokeError(SpanscoreError, ValueError):
    """A hosted function answered with an error; the message is the server's."""


class EvalError(SpanscoreError):
    """An eval cannot start or go on."""


class RemoteCaseError(EvalError):
    """What happened to a case in another process: an exception that cannot travel, or a worker that died."""


class CaseError(EvalError):
    """A case of the data cannot be read; the message has its number and what is wrong with it."""


class NoCasesError(EvalError):
    """A part of the data is asked for, and no case is in it; nothing has run, there is no experiment."""


class ScorerSignatureError(EvalError, TypeError):
    """A task or scorer wants an argument that nobody gives; raised before the first case."""


class ScoreError(EvalError, ValueError):
    """A scorer returned something that is no score in 0..1; recorded as that scorer's error."""


class EvalTimeoutError(EvalError, TimeoutError):
    """The run took longer than its timeout; what had finished is kept, and is in `result`."""

    def __init__(self, message: str, result: object = None) -> None:
        super().__init__(message)
        self.result = result
        """The ExperimentResult of what had finished."""


class DeliveryError(SpanscoreError):
    """Finished spans were not taken by a destination; the message says how many and why."""


class RetryLaterError(DeliveryError):
    """A destination cannot take records now; they are kept and sent again.

    `after_s` is how many seconds the destination asks to be left alone, None if it does not say.
    """

    def __init__(self, message: str, *, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


class TooLargeError(DeliveryError):
    """A request was larger than the destination accepts; smaller ones may do."""


class RejectedError(DeliveryError):
    """The destination will never take these records as they are; the message has its answer."""


class UnauthorizedError(DeliveryError):
    """The key is missing or was refused; the message names the places a key is looked for."""


class StoreError(SpanscoreError):
    """The embedded store cannot be used; the message names the file."""


class StoreVersionError(StoreError):
    """The file was written by a newer version of the library; upgrade, or use another SPANSCORE_HOME."""


class StoreCorruptError(StoreError):
    """The file is not a store or is damaged; it is left as it is."""


class StoreReadOnlyError(StoreError):
    """The file or its folder cannot be written."""


class StoreBusyError(StoreError):
    """Another process held the write lock longer than the busy time-out."""


class NotFoundError(StoreError, LookupError):
    """No such experiment, trace or parent in the store; the message says what exists instead."""


class RunNotFoundError(NotFoundError):
    """There is no such experiment for an eval to go on with, or to take failing inputs from."""
