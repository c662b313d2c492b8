"""Prompts and parameters that a Braintrust server keeps: loaded, kept for when it is away."""

from spanscore.prompts._fallback import AnswerFolder
from spanscore.prompts._loading import load, load_answer
from spanscore.prompts._parameters import RemoteEvalParameters
from spanscore.prompts._prompt import Prompt, PromptRecord

__all__ = ["AnswerFolder", "Prompt", "PromptRecord", "RemoteEvalParameters", "load", "load_answer"]
