"""The experiment that a program fills by itself, without `Eval`."""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from spanscore.api._recording import ensure_recording
from spanscore.scoring import normalise
from spanscore.tracing import CURRENT_EXPERIMENT, Span, start_span
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.seams import LOCAL, ExperimentRef, ExperimentRequest
from spanscore.wire.summaries import ExperimentSummary

if TYPE_CHECKING:
    from spanscore._connect import Connection


class Experiment:
    """An experiment to log cases into. Made by `init`; in a `with` statement it is stored at the end."""

    def __init__(self, connection: "Connection", ref: ExperimentRef, baseline: str | None) -> None:
        self._connection = connection
        self._ref = ref
        self._baseline = baseline

    @property
    def id(self) -> str:
        """The experiment's id."""
        return self._ref.id

    @property
    def name(self) -> str:
        """Its name, unique in the project."""
        return self._ref.name

    @property
    def project(self) -> str:
        """The project's name."""
        return self._ref.project

    @property
    def parent(self) -> str:
        """The container of the experiment's spans, "experiment_id:…"."""
        return str(Parent(ParentKind.EXPERIMENT_ID, self._ref.id))

    def start_span(self, name: str = "root", *, type: str = "eval", **fields: Any) -> Span:  # noqa: A002
        """A started span that begins a trace in the experiment: a case when its type is "eval"."""
        return start_span(name, type=type, parent=self.parent, **fields)

    def log(
        self,
        *,
        input: Any,  # noqa: A002 - Braintrust's word
        output: Any,
        scores: Mapping[str, float | bool | None],
        expected: Any = None,
        **fields: Any,
    ) -> str:
        """The id of the row made of one case with its scores (0..1; None is skipped).

        `fields` are those of `Span.log`. Raises ScoreError for a score outside 0..1.
        """
        for name, score in scores.items():
            normalise(name, score)
        span = self.start_span("eval", input=input, output=output, scores=scores, expected=expected, **fields)
        span.end()
        return span.id

    def summarize(self) -> ExperimentSummary:
        """The experiment's figures so far and its comparison with the baseline, after a flush."""
        self.flush()
        return self._connection.backend.summarize_experiment(self.id, baseline=self._baseline)

    def link(self) -> str:
        """Where to look at the experiment: with the embedded store, the command that shows it."""
        return self._connection.backend.permalink(self._ref)

    def flush(self, timeout_s: float = 30.0) -> bool:
        """True if every span finished so far was stored within `timeout_s` seconds."""
        return bool(self._connection.outbox.flush(timeout_s, only=LOCAL))

    def close(self) -> None:
        """Store what is finished and stop being the current experiment."""
        self.flush()
        CURRENT_EXPERIMENT.drop(self)

    def __enter__(self) -> "Experiment":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def init(
    project: str,
    experiment: str | None = None,
    *,
    description: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Sequence[str] = (),
    base_experiment: str | None = None,
    update: bool = False,
    set_current: bool = True,
) -> Experiment:
    """An experiment of `project` to log cases into, with recording switched on.

    A name that the project has already gets a suffix unless `update`. `base_experiment` is the name or id of
    the baseline; None is the latest earlier experiment. With `set_current` spans that belong nowhere else go
    here.

    >>> from spanscore import init
    >>> with init("arithmetic") as experiment:
    ...     row_id = experiment.log(input="2+2", output="4", expected="4", scores={"exact": 1})
    """
    connection = ensure_recording()
    request = ExperimentRequest(
        project=project,
        name=experiment,
        description=description,
        metadata=metadata or {},
        tags=tags,
        update=update,
    )
    opened = Experiment(connection, connection.backend.register_experiment(request), base_experiment)
    if set_current:
        CURRENT_EXPERIMENT.set(opened)
    return opened


def current_experiment() -> Experiment | None:
    """The experiment last made current here, else in the process; None if there is none."""
    found = CURRENT_EXPERIMENT.get()
    return found if isinstance(found, Experiment) else None
