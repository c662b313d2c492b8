"""The experiment that a program fills by itself, without `Eval`."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timezone
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from spanscore.api._event import checked_event, checked_update
from spanscore.api._experiment_rows import ExperimentIdentifier, as_cases, newest_version
from spanscore.errors import ConfigError, EvalError
from spanscore.tracing import (
    CURRENT_EXPERIMENT,
    GivenIds,
    RemoteParent,
    Span,
    current_span,
    send_feedback,
    send_late,
    span_number,
    start_span,
    start_span_as,
)
from spanscore.wire.attributes import PARENT
from spanscore.wire.datasets import Project
from spanscore.wire.parent import Parent, ParentKind
from spanscore.wire.seams import LOCAL, ExperimentRef, ExperimentRequest
from spanscore.wire.slug import Slug
from spanscore.wire.summaries import ExperimentSummary

if TYPE_CHECKING:
    from spanscore._connect import Connection

_PORTION = 1000


class Experiment:
    """An experiment to log cases into. Made by `init`; in a `with` statement it is stored at the end."""

    def __init__(
        self, connection: "Connection", ref: ExperimentRef, request: ExperimentRequest, dataset: Any = None
    ) -> None:
        self.dataset = dataset
        self._connection = connection
        self._ref = ref
        self._request = request
        self._has_started_spans = False
        self._last_logged = time.time()

    @property
    def id(self) -> str:
        """The experiment's id."""
        return self._ref.id

    @property
    def name(self) -> str:
        """Its name, unique in the project."""
        return self._ref.name

    @property
    def project(self) -> Project:
        """The project, with `id` and `name`."""
        return Project(id=self._ref.project_id, name=self._ref.project)

    @property
    def parent(self) -> str:
        """The container of the experiment's spans, "experiment_id:…"."""
        return str(Parent(ParentKind.EXPERIMENT_ID, self._ref.id))

    @property
    def data(self) -> Mapping[str, Any]:
        """What it was made with, and what git told of the repository, under Braintrust's names."""
        asked, repo = self._request, self._connection.backend.request_of(self.id).repo_info
        created = datetime.fromtimestamp(self._ref.created_ns / 1e9, timezone.utc).isoformat()
        return {
            "id": self.id,
            "project_id": self._ref.project_id,
            "name": self.name,
            "created": created,
            "description": asked.description,
            "metadata": dict(asked.metadata),
            "tags": list(asked.tags),
            "public": asked.is_public,
            "repo_info": None if repo is None else asdict(repo),
            "commit": None if repo is None else repo.commit,
            "dataset_id": asked.dataset_id,
            "dataset_version": asked.dataset_version,
        }

    @property
    def version(self) -> str | None:
        """The newest transaction of its rows, None if it has none; every row is read for it."""
        return newest_version(self.fetch())

    def start_span(
        self,
        name: str | None = None,
        type: str | None = None,  # noqa: A002 - Braintrust's word
        span_attributes: Mapping[str, Any] | None = None,
        start_time: float | None = None,
        set_current: bool | None = None,  # noqa: FBT001 - Braintrust's order
        parent: str | Span | RemoteParent | None = None,
        propagated_event: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Span:
        """A started span that begins a trace in the experiment: a case when its type is "eval", the default.

        With `parent` it begins below that. The other arguments are those of `spanscore.start_span`.
        """
        self._has_started_spans = True
        return start_span(
            "root" if name is None else name,
            "eval" if type is None else type,
            span_attributes,
            start_time,
            set_current,
            self.parent if parent is None else parent,
            propagated_event,
            **fields,
        )

    def log(
        self,
        input: Any = None,  # noqa: A002 - Braintrust's word
        output: Any = None,
        expected: Any = None,
        error: BaseException | str | None = None,
        tags: Sequence[str] | None = None,
        scores: Mapping[str, float | bool | None] | None = None,
        metadata: Mapping[str, Any] | None = None,
        metrics: Mapping[str, float] | None = None,
        id: str | None = None,  # noqa: A002 - Braintrust's word
        dataset_record_id: str | None = None,
        allow_concurrent_with_spans: bool = False,  # noqa: FBT001, FBT002 - Braintrust's order
    ) -> str:
        """The id of the row made of one case with its scores (0..1; None is skipped).

        A case lasts from the one logged before, or from the making of this object, until now. It needs an
        input, an output and scores. `id` is the program's own id of the row, which is
        replaced if it is there. Raises ConfigError if something is missing or of a wrong kind, ScoreError for
        a score outside 0..1, and EvalError where spans fill the experiment, unless
        `allow_concurrent_with_spans`.
        """
        self._check(allow_concurrent_with_spans, input=input, output=output, scores=scores)
        fields: dict[str, Any] = {"input": input, "output": output, "expected": expected, "error": error}
        fields |= checked_event(scores=scores, metadata=metadata, metrics=metrics, tags=tags)
        if dataset_record_id is not None:
            fields["metadata"] = {**(fields["metadata"] or {}), "dataset_record_id": dataset_record_id}
        began = self._last_logged
        if id is None:
            span = start_span("eval", "eval", None, began, parent=self.parent, **fields)
        else:
            ids = GivenIds.of(span_id=id, root_span_id=f"{self.id}/{id}", row_id=id)
            span = start_span_as(
                "eval", type="eval", parent=self.parent, ids=ids, start_time=began, fields=fields
            )
        self._last_logged = span.end(time.time())
        return span.id if id is None else id

    def _check(self, is_allowed: bool, **needed: Any) -> None:  # noqa: FBT001 - the flag of `log`
        if missing := [name for name, value in needed.items() if value is None]:
            raise ConfigError(f"a case needs input, output and scores; log() got no {', no '.join(missing)}")
        if is_allowed:
            return
        attributes: Mapping[str, Any] = getattr(current_span().span, "attributes", None) or {}
        if self._has_started_spans or attributes.get(PARENT) == self.parent:
            raise EvalError(
                "spans fill this experiment, of which log() would make cases of their own; log to the span "
                "instead, or say allow_concurrent_with_spans=True"
            )

    def log_feedback(
        self,
        id: str,  # noqa: A002 - Braintrust's word
        scores: Mapping[str, float | bool | None] | None = None,
        expected: Any = None,
        tags: Sequence[str] | None = None,
        comment: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        source: Literal["external", "app", "api"] | None = None,
    ) -> None:
        """Tell what somebody thinks of a row: scores, the expected value, tags, a comment.

        `metadata` and `source` are the feedback's own. Raises ConfigError if there is nothing in it or
        something of a wrong kind, ScoreError for a score outside 0..1.
        """
        feedback = {"scores": scores, "expected": expected, "tags": tags, "comment": comment}
        told = checked_update({**feedback, "metadata": metadata, "source": source})
        send_feedback(self.parent, 0, id, told)

    def update_span(self, id: str, **event: Any) -> None:  # noqa: A002 - Braintrust's word
        """Merge `event`, whose names are those of `Span.log`, into a row that is there already.

        Raises what `log` says of metadata, metrics, tags and scores.
        """
        send_late(self.parent, 0, span_number(id), checked_update(event), row_id=id)

    def summarize(
        self,
        summarize_scores: bool = True,  # noqa: FBT001, FBT002 - Braintrust's order
        comparison_experiment_id: str | None = None,
    ) -> ExperimentSummary:
        """The experiment's figures so far and its comparison with the baseline, after a flush.

        `comparison_experiment_id` is the id or name of another baseline. Without `summarize_scores` there are
        neither scores nor metrics.
        """
        self._store()
        baseline = comparison_experiment_id or self._request.baseline
        summary = self._connection.backend.summarize_experiment(self.id, baseline=baseline)
        if summarize_scores:
            return summary
        return replace(summary, scores={}, metrics={}, skipped="Score summarization was disabled")

    def fetch(self, batch_size: int = _PORTION) -> Iterator[dict[str, Any]]:
        """Every row so far under Braintrust's names, read about `batch_size` at a time, after a flush."""
        self._store()
        return self._connection.backend.experiment_rows(self.id, portion=batch_size)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self.fetch()

    def as_dataset(self, batch_size: int = _PORTION) -> Iterator[dict[str, Any]]:
        """Its cases so far as data for another eval; where none was expected, what came out is."""
        return as_cases(self.fetch(batch_size))

    def fetch_base_experiment(self) -> ExperimentIdentifier | None:
        """The baseline that the experiment is compared with, None if there is none."""
        found = self._connection.backend.base_experiment(self.id, self._request.baseline)
        return None if found is None else ExperimentIdentifier(id=found.id, name=found.name)

    def export(self) -> str:
        """The experiment as a text that other programs can begin spans in, also those of the official SDK."""
        return str(Slug(parent=Parent.parse(self.parent)))

    def link(self) -> str:
        """Where to look at the experiment: a page, or with the embedded store the command that shows it."""
        return self._connection.backend.permalink(self._ref)

    def flush(self, timeout_s: float = 30.0) -> bool:
        """True if all spans finished so far were stored, and sent to the account, in `timeout_s` seconds."""
        if self._connection.account is None:
            return self._store(timeout_s)
        return bool(self._connection.outbox.flush(timeout_s))

    def _store(self, timeout_s: float = 30.0) -> bool:
        return bool(self._connection.outbox.flush(timeout_s, only=LOCAL))

    def close(self) -> str:
        """The id; what is finished is stored, and the experiment is no longer the current one."""
        self.flush()
        CURRENT_EXPERIMENT.drop(self)
        return self.id

    def __enter__(self) -> "Experiment":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def current_experiment() -> Experiment | None:
    """The experiment last made current here, else in the process; None if there is none."""
    found = CURRENT_EXPERIMENT.get()
    return found if isinstance(found, Experiment) else None
