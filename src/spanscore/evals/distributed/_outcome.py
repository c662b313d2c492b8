"""What comes back of a case, made so that it can."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from spanscore._json import from_json, to_json
from spanscore.errors import RemoteCaseError
from spanscore.evals._result import EvalResult
from spanscore.evals.distributed._gathered import Bundle
from spanscore.wire.http_attempts import HttpAttempt

Dumps = Callable[[Any], bytes]
Loads = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a trial, the spans that have ended since the last one, and how providers answered."""

    result: EvalResult
    bundle: Bundle
    attempts: tuple[HttpAttempt, ...] = ()


def portable(result: EvalResult, dumps: Dumps, loads: Loads) -> EvalResult:
    """The result with what cannot travel replaced: an exception by its text, a value by its JSON."""

    def error(found: BaseException | None) -> BaseException | None:
        if found is None or _travels(found, dumps, loads):
            return found
        return RemoteCaseError(f"{type(found).__name__}: {found}")

    def errors(found: Mapping[str, BaseException]) -> dict[str, BaseException]:
        return {name: error(each) or each for name, each in found.items()}

    def value(found: Any) -> Any:
        return found if _travels(found, dumps, loads) else from_json(to_json(found))

    return replace(
        result,
        input=value(result.input),
        output=value(result.output),
        expected=value(result.expected),
        metadata=value(dict(result.metadata)),
        error=error(result.error),
        scorer_errors=errors(result.scorer_errors),
        classifier_errors=errors(result.classifier_errors),
    )


def _travels(value: Any, dumps: Dumps, loads: Loads) -> bool:
    # An exception whose class wants other arguments than it hands on is pickled, and cannot be read back.
    try:
        loads(dumps(value))
    except Exception:  # noqa: BLE001 - whatever the user's value does when it is copied
        return False
    return True
