"""Answers that say they are JSON and are none: what their client raises as soon as it parses them."""

import json

from spanscore.integrations._plain import json_value


def says_json(content_type: str) -> bool:
    """Whether a body of this content type is parsed by the clients; of others they give the text."""
    return content_type.partition(";")[0].strip().lower().endswith("json")


def json_problem(body: bytes) -> ValueError | None:
    """The exception that parsing the body raises; None where it is JSON.

    >>> json_problem(b'{"id": 1')
    JSONDecodeError("Expecting ',' delimiter: line 1 column 9 (char 8)")
    """
    if json_value(body) is None:
        try:
            # The clients' own parser: it takes what ours does not, and its exception is what they raise.
            json.loads(body)
        except ValueError as error:
            return error
    return None
