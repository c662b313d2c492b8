"""The kinds of span that Braintrust knows."""

from enum import Enum


class SpanTypeAttribute(str, Enum):
    """What a span is; the value of `type` in `braintrust.span_attributes`."""

    LLM = "llm"
    SCORE = "score"
    FUNCTION = "function"
    EVAL = "eval"
    TASK = "task"
    TOOL = "tool"
    AUTOMATION = "automation"
    FACET = "facet"
    PREPROCESSOR = "preprocessor"
    CLASSIFIER = "classifier"
    REVIEW = "review"
    DECISION = "decision"
    QUESTION = "question"
    LOG = "log"

    def __str__(self) -> str:
        return self.value
