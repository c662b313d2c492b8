"""Where the output of `spanscore eval` goes."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO


@contextmanager
def stdout_for_results() -> Generator[TextIO]:
    """The process's stdout for us alone; what others print meanwhile, subprocesses too, goes to stderr."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr), open(kept, "w", encoding="utf-8", closefd=False) as results:
            yield results
    finally:
        os.dup2(kept, 1)
        os.close(kept)
