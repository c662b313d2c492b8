"""Sampling: the provider's choice, except inside experiments, where every span is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.context import Context
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, DEFAULT_ON, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, TraceState

from spanscore.tracing._scope import scope_of
from spanscore.wire.attributes import EVAL_SCOPE, SCOPE


class ExperimentSampler(Sampler):
    """Keeps what is made inside an experiment and asks the provider's sampler about everything else."""

    def __init__(self, provider_sampler: Sampler) -> None:
        self.provider_sampler = provider_sampler

    def should_sample(  # noqa: PLR0913 - OpenTelemetry's signature
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Mapping[str, Any] | None = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """The decision for a span about to start."""
        sampler = ALWAYS_ON if scope_of(parent_context).is_experiment else self.provider_sampler
        return sampler.should_sample(parent_context, trace_id, name, kind, attributes, links)

    def get_description(self) -> str:
        """What the sampler is, for diagnostics."""
        return f"ExperimentSampler({self.provider_sampler.get_description()})"


def always_in_experiments(provider_sampler: Sampler, scope_name: str) -> Sampler:
    """The sampler that a tracer of this scope uses: the provider's for foreign scopes."""
    if scope_name == EVAL_SCOPE:
        return ALWAYS_ON
    if scope_name != SCOPE or provider_sampler is DEFAULT_ON:
        return provider_sampler
    return ExperimentSampler(provider_sampler)
