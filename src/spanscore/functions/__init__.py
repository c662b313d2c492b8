"""Functions that a Braintrust server runs: called, streamed, and used as tasks and scorers."""

from spanscore.errors import InvokeError as BraintrustInvokeError
from spanscore.functions._chunks import (
    BraintrustConsoleChunk,
    BraintrustErrorChunk,
    BraintrustJsonChunk,
    BraintrustProgressChunk,
    BraintrustStreamChunk,
    BraintrustTextChunk,
    chunk_of,
)
from spanscore.functions._hosted import HostedFunction
from spanscore.functions._invocation import FunctionId, Invocation
from spanscore.functions._stream import BraintrustStream, parse_stream

__all__ = [
    "BraintrustConsoleChunk",
    "BraintrustErrorChunk",
    "BraintrustInvokeError",
    "BraintrustJsonChunk",
    "BraintrustProgressChunk",
    "BraintrustStream",
    "BraintrustStreamChunk",
    "BraintrustTextChunk",
    "FunctionId",
    "HostedFunction",
    "Invocation",
    "chunk_of",
    "parse_stream",
]
