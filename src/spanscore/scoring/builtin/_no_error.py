"""Whether nothing went wrong on the way to the output."""

from dataclasses import dataclass

from spanscore.scoring._score import Score
from spanscore.scoring._trace import Trace, recorded

_MOST_TOLD = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NoError:
    """1 where no span of the case has an error, else 0: also where the task got over it.

    The metadata lists the spans that failed. (A task that fails itself is not scored at all.)

    >>> from spanscore import Eval
    >>> result = Eval("errors", [{"input": 1}], lambda input: input, [NoError()], quiet=True)
    >>> result.results[0].scores
    {'no_error': 1.0}
    """

    name: str = "no_error"

    def __call__(self, trace: Trace | None) -> Score:
        """The score of one case."""
        failed = [span for span in recorded(trace, self.name).spans() if span.error is not None]
        if not failed:
            return Score(self.name, 1.0)
        told = [f"{span.name}: {str(span.error).partition(chr(10))[0][:200]}" for span in failed[:_MOST_TOLD]]
        return Score(self.name, 0.0, {"errors": told})
