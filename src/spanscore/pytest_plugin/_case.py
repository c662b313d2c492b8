"""A test as a case of an experiment: what it says of itself, and the spans that are made of it."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import Context as ContextOfTask
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, cast

from opentelemetry import context as otel_context
from opentelemetry.context import Context

from spanscore.errors import ConfigError
from spanscore.pytest_plugin._identity import TestIdentity
from spanscore.scoring import Score, normalise
from spanscore.tracing import NOOP_SPAN, Span, context_with, open_span
from spanscore.wire.attributes import EVAL_SCOPE

if TYPE_CHECKING:
    import pytest

PASS: Final = "pass"
"""The score that every test has: 1 if it passes."""

_CURRENT: ContextVar["CaseUnderTest | None"] = ContextVar("spanscore_test", default=None)
_RUNNING: "list[CaseUnderTest]" = []
"""The tests that run in this process, the innermost last: what threads and contexts of their own go by."""


def current_case() -> "CaseUnderTest":
    """The test that runs. Raises ConfigError where it is no case."""
    case = _CURRENT.get() or next(reversed(_RUNNING), None)
    if case is None:
        raise ConfigError("no test with the marker spanscore runs here; mark it with @pytest.mark.spanscore")
    return case


class CaseUnderTest:
    """What the fixture `eval_case` gives: the case that this test is.

    `input` is by default the parameters of the test, `expected`, `metadata` and `tags` those of the marker;
    all of them and `output` may be set until the test ends. `span` is the test's span while it runs: what the
    test calls is recorded below it. `start_ns` is when it began, where that is over.
    """

    def __init__(
        self,
        *,
        identity: TestIdentity,
        told: Mapping[str, Any],
        parent: str | None,
        start_ns: int | None = None,
    ) -> None:
        self.input: Any = told.get("input", identity.parameters or identity.node_id)
        self.expected: Any = told.get("expected")
        self.output: Any = None
        self.metadata = told.get("metadata")
        self.tags: list[str] = list(told.get("tags") or ())
        self.span: Span = NOOP_SPAN
        self._identity = identity
        self._parent = parent
        self._start_ns = start_ns
        self._root: Span = NOOP_SPAN
        self._scores: dict[str, Score] = {}
        self._error: BaseException | None = None
        self._has_passed: bool | None = None

    @property
    def metadata(self) -> dict[str, Any]:
        """What one looks for later; None makes it empty. Raises ConfigError for what is no mapping."""
        return self._metadata

    @metadata.setter
    def metadata(self, value: object) -> None:
        if value is not None and not isinstance(value, Mapping):
            raise ConfigError(f'the metadata of the test is {value!r}; give a dict, {{"source": "faq"}}')
        self._metadata = dict(cast("Mapping[str, Any]", value or {}))

    @property
    def scores(self) -> dict[str, float | None]:
        """The scores so far."""
        return {name: score.score for name, score in self._scores.items()}

    def score(self, name: str, value: Any, metadata: Mapping[str, Any] | None = None) -> None:
        """Give the test a score: a number in 0..1, a bool, None where it is skipped, or a scorer's result.

        Raises ScoreError for anything else, and ConfigError for the name "pass", which the outcome has.
        """
        if name == PASS:
            raise ConfigError(f"the score {PASS!r} says whether the test passes; choose another name")
        for found in normalise(name, value):
            about = {**found.metadata, **(metadata or {})}
            self._scores[found.name] = Score(found.name, found.score, about)

    @contextmanager
    def running(self, *, apart: ContextOfTask | None = None) -> Generator[None, None, None]:
        """The time of the test itself: spans that begin within are below the test's own.

        `apart` is a context that the test runs in besides the current one, as those of
        `unittest.IsolatedAsyncioTestCase` do: it is left as it is, for it ends with the test.
        """
        token = _CURRENT.set(self)
        _RUNNING.append(self)
        try:
            with nullcontext() if self._parent is None else self._below_own_spans(apart):
                yield
        finally:
            _RUNNING.remove(self)
            _CURRENT.reset(token)

    def take(self, report: "pytest.TestReport", error: BaseException | None) -> None:
        """Take the outcome of a phase: of setup, of a subtest, of the test itself, or of teardown."""
        is_expected_to_fail = hasattr(report, "wasxfail")
        if report.skipped and not is_expected_to_fail:
            return
        is_subtest = self in _RUNNING
        if report.when == "call" and not is_subtest:
            # What unittest calls a subtest fails without failing the test that it is in.
            self._has_passed = report.passed and self._has_passed is not False
        elif report.failed:
            self._has_passed = False
        if report.when == "call" and not is_subtest and self._root is not NOOP_SPAN:
            self._end_call(error if report.failed else None)
        if error is not None and report.failed:
            self._fail(error)

    def finish(self) -> None:
        """End the spans; a test that was skipped leaves none."""
        if self._has_passed is None or self._parent is None:
            return
        self._begin()
        scores = {name: score.score for name, score in self._scores.items()}
        about = {name: score.metadata for name, score in self._scores.items() if score.metadata}
        self._root.log(
            input=self.input,
            output=self.output,
            expected=self.expected,
            scores={**scores, PASS: float(self._has_passed)},
            metadata={**self.metadata, **({"scores": about} if about else {}), **self._place()},
            tags=self.tags,
            error=self._error,
        )
        self._root.end()

    @contextmanager
    def _below_own_spans(self, apart: ContextOfTask | None) -> Generator[None, None, None]:
        self._begin()
        above = context_with(self._root.span, parent=self._parent)
        own = context_with(self.span.span, base=above)
        if apart is not None:
            apart.run(otel_context.attach, own)
        attached = otel_context.attach(own)
        try:
            yield
        finally:
            otel_context.detach(attached)
            self.span.log(input=self.input, output=self.output, expected=self.expected)

    def _begin(self) -> None:
        if self._parent is None or self._root is not NOOP_SPAN:
            return
        root = open_span(
            self._identity.name,
            span_type="eval",
            scope=EVAL_SCOPE,
            context=Context(),
            parent=self._parent,
            start_ns=self._start_ns,
        )
        self._root = Span(root)
        below = context_with(root, parent=self._parent)
        self.span = Span(open_span("task", span_type="task", scope=EVAL_SCOPE, context=below))

    def _end_call(self, error: BaseException | None) -> None:
        if error is not None and not _is_verdict(error):
            self.span.log(error=error)
        self.span.end()

    def _fail(self, error: BaseException) -> None:
        """A failed assertion is a verdict, and the reason of it; anything else an error of the case."""
        if _is_verdict(error):
            self.metadata.setdefault("failure", str(error)[:2000])
        elif self._error is None:
            self._error = error

    def _place(self) -> dict[str, Any]:
        identity = self._identity
        return {
            "test": identity.node_id,
            "case_key": identity.case_key,
            "trial_index": identity.trial_index,
            "attempt": identity.attempt,
        }


def _is_verdict(error: BaseException) -> bool:
    """True of a failed assertion and of `pytest.fail`, which is no Exception."""
    return isinstance(error, AssertionError) or type(error).__name__ == "Failed"
