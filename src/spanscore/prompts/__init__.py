"""Prompts that a Braintrust server keeps: loaded, kept for when it is away, and built for a call."""

from spanscore.prompts._fallback import PromptFolder
from spanscore.prompts._loading import load
from spanscore.prompts._prompt import Prompt, PromptRecord

__all__ = ["Prompt", "PromptFolder", "PromptRecord", "load"]
