"""The entry point: which command, and how it ends."""

import io
import os
import sys
from collections.abc import Sequence

from spanscore.cli._parser import make_parser
from spanscore.errors import ConfigError, ParentError, SpanscoreError

OK, FAILED, USAGE = 0, 1, 2
_INTERRUPTED = 130
_BROKEN_PIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` (default: the process's arguments) names; the exit code.

    0 is well, 1 an error, 2 wrong usage. Errors of the library are one line on stderr.
    """
    _escape_what_cannot_be_encoded()
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = make_parser(arguments)
    args = parser.parse_args(arguments)
    if not hasattr(args, "run"):
        parser.print_help(sys.stderr)
        return USAGE
    try:
        code = args.run(args)
        sys.stdout.flush()
    except SpanscoreError as error:
        print(f"spanscore: {error}", file=sys.stderr)
        return USAGE if isinstance(error, (ConfigError, ParentError)) else FAILED
    except KeyboardInterrupt:
        print("spanscore: interrupted", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has left; the interpreter's own flush at exit must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    return code


def _escape_what_cannot_be_encoded() -> None:
    """What was recorded may have characters that the encoding of a pipe or a console lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
