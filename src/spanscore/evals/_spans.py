"""The spans of one trial of a case: `eval`, below it `task` and one for each scorer and classifier."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from opentelemetry.trace import Link, Span, SpanContext, StatusCode, TraceFlags, format_trace_id

from spanscore._json import JsonText, from_json, to_json
from spanscore.evals._eval_spans import EvalSpans, JudgeKind
from spanscore.evals._score_attributes import classification_attributes, score_attributes, score_event
from spanscore.evals._step import Step
from spanscore.evals._stored import StoredTrial
from spanscore.evals._trials import Trial
from spanscore.evals._upserted import upserted
from spanscore.integrations import in_trial
from spanscore.scoring import Classification, Score
from spanscore.tracing import PlainAttributes, context_with
from spanscore.tracing._open import described_error
from spanscore.wire import attributes as keys

_BESIDES: Final = ("metadata", "id", "tags")
"""What the input of a judge's span has besides input, output and expected value, where a case has it."""


class CaseSpans:
    """The open `eval` span of one trial, and what is written below it. `marks` go into its metadata."""

    def __init__(self, common: EvalSpans, trial: Trial, marks: Mapping[str, Any]) -> None:
        case = trial.case
        common = upserted(common, case.upsert_id)
        self._common = common
        self._case = case
        self._input = trial.input_json
        budget = int(common.budget)
        self._expected = None if case.expected is None else to_json(case.expected, max_bytes=budget)
        self._output: JsonText | None = None
        self._judge_input: JsonText | None = None
        self._case_metadata = None if not case.metadata else to_json(case.metadata, max_bytes=common.budget)
        self._identity = {
            "case_key": trial.case_key,
            "trial_index": trial.trial_index,
            **marks,
            **common.marks,
        }
        attributes = self._given()
        self._metadata = attributes[keys.METADATA] = self._begun_metadata_json()
        if case.tags:
            attributes[keys.TAGS] = case.tags
        if case.origin is not None:
            attributes[keys.ORIGIN] = to_json(case.origin, max_bytes=budget)
        links = common.links if trial.stored is None else (*common.links, _link(trial.stored))
        self.span: Span = common.eval.open(common.root, attributes, links)
        context = context_with(self.span, parent=common.parent, base=common.base)
        self._context = in_trial(context, index=trial.trial_index, attempt=marks.get("attempt", 1))

    @property
    def trace_id(self) -> str:
        """The trace of this trial, 32 hexadecimal digits; "" of what is not recorded."""
        context = self.span.get_span_context()
        return format_trace_id(context.trace_id) if context.is_valid else ""

    def open_task(self) -> Step:
        """The step of the task."""
        span = self._common.task.open(self._context, self._given())
        return Step(span, context_with(span, base=self._context))

    def end_task(self, step: Step, output: Any) -> None:
        """Write the output, or the task's error, and end its span."""
        if step.error is None:
            self._output = to_json(output, max_bytes=self._common.budget)
            step.span.set_attribute(keys.OUTPUT_JSON, self._output)
            self.span.set_attribute(keys.OUTPUT_JSON, self._output)
        else:
            self.span.set_status(StatusCode.ERROR, described_error(step.error))
        step.span.end()

    def take(self, stored: StoredTrial) -> None:
        """Write the output, or the task's error, of a trial whose task ran before."""
        if stored.error is None:
            self._output = stored.output_json
            self.span.set_attribute(keys.OUTPUT_JSON, self._output)
        else:
            self.span.set_status(StatusCode.ERROR, str(stored.error))

    def open_judge(self, kind: JudgeKind, name: str, values: Mapping[str, Any]) -> Step:
        """The step of a scorer or classifier, given `values`; spans below it have the purpose "scorer"."""
        if self._judge_input is None:
            self._judge_input = self._judge_input_json(values)
        span = self._common.judge(kind, name).open(self._context, {keys.INPUT_JSON: self._judge_input})
        return Step(span, context_with(span, purpose="scorer", base=self._context))

    def end_scorer(self, step: Step, name: str, scores: Sequence[Score]) -> None:
        """Write the scores, or the scorer's error, and end its span."""
        if step.error is None:
            step.span.set_attributes(score_attributes(name, scores, self._common.budget))
            for score in scores:
                if score.score is not None:
                    step.span.add_event(keys.GEN_AI_EVALUATION_RESULT, score_event(score))
        else:
            failure = {keys.GEN_AI_EVALUATION_NAME: name, keys.ERROR_TYPE: type(step.error).__qualname__}
            step.span.add_event(keys.GEN_AI_EVALUATION_RESULT, failure)
        step.span.end()

    def end_classifier(self, step: Step, labels: Sequence[Classification]) -> None:
        """Write the labels and end the classifier's span."""
        if step.error is None:
            step.span.set_attributes(classification_attributes(labels, self._common.budget))
        step.span.end()

    def log_scores(self, scores: Mapping[str, float | None]) -> None:
        """Write scores that no scorer gave onto the `eval` span."""
        self.span.set_attribute(
            keys.SCORES, to_json(scores, max_bytes=int(self._common.budget), redact=False)
        )

    def end(
        self,
        metadata: Mapping[str, Any] | None,
        tags: Sequence[str],
        errors: Mapping[str, Mapping[str, BaseException]],
        labels: Mapping[str, Any],
    ) -> None:
        """End the `eval` span, with `metadata` and `tags` as the task left them.

        `errors` has those of scorers and classifiers by the key that they get in the metadata, `labels` the
        classifications by name.
        """
        if metadata is not self._case.metadata or errors:
            text = self._metadata_json(metadata, errors)
            if text != self._metadata:
                self.span.set_attribute(keys.METADATA, text)
        if tags != self._case.tags:
            self.span.set_attribute(keys.TAGS, tuple(tags))
        if labels:
            self.span.set_attribute(keys.CLASSIFICATIONS, to_json(labels, max_bytes=int(self._common.budget)))
        self.span.end()

    def _given(self) -> PlainAttributes:
        given = PlainAttributes({keys.INPUT_JSON: self._input})
        if self._expected is not None:
            given[keys.EXPECTED_JSON] = self._expected
        return given

    def _begun_metadata_json(self) -> JsonText:
        """The metadata that the case came with and its identity, of texts that judges are shown too."""
        given, metadata = self._case_metadata, self._case.metadata
        if given is None or metadata is None:
            return to_json(self._identity)
        if given.startswith('{"') and self._identity.keys().isdisjoint(metadata):
            text = f"{given[:-1]},{to_json(self._identity)[1:]}"
            if self._is_short(text):
                return JsonText(text)
        return self._metadata_json(metadata, {})

    def _metadata_json(
        self, metadata: Mapping[str, Any] | None, errors: Mapping[str, Mapping[str, BaseException]]
    ) -> JsonText:
        if not metadata and not errors:
            return to_json(self._identity)
        merged = {**(metadata or {}), **self._identity}
        for key, failed in errors.items():
            merged[key] = {name: described_error(error) for name, error in failed.items()}
        return to_json(merged, max_bytes=int(self._common.budget))

    def _judge_input_json(self, values: Mapping[str, Any]) -> JsonText:
        """The scoring arguments, put together from texts that were encoded already."""
        budget = self._common.budget
        text = (
            f'{{"input":{self._input},"output":{self._output or "null"},"expected":{self._expected or "null"}'
        )
        given = self._case.metadata
        for name in _BESIDES:
            if value := values.get(name):
                as_given = self._case_metadata if name == "metadata" and value is given else None
                text = f'{text},"{name}":{as_given or to_json(value, max_bytes=budget)}'
        text += "}"
        if self._is_short(text) or len(text.encode("utf-8", "surrogatepass")) <= budget:
            return JsonText(text)
        return to_json(from_json(text), max_bytes=budget)

    def _is_short(self, text: str) -> bool:
        """True of a text that fits whatever its characters are."""
        return 4 * len(text) <= self._common.budget


def _link(stored: StoredTrial) -> Link:
    """To the `eval` span whose output is taken."""
    ids = int(stored.trace_id, 16), int(stored.span_id, 16)
    return Link(SpanContext(*ids, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED)))
