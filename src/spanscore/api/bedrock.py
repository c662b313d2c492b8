"""`wrap_bedrock`: record the calls of a client of Amazon Bedrock."""

import sys
from typing import TypeVar

from spanscore.errors import InstrumentError

__all__ = ["wrap_bedrock"]

_Client = TypeVar("_Client")


def wrap_bedrock(client: _Client) -> _Client:
    """The same client, whose calls of models are recorded as spans while recording is on.

    Takes what `boto3.client("bedrock-runtime")` makes, of boto3 1.34.116 and later. `converse` and
    `converse_stream` are recorded, `invoke_model` is not, where each model has a form of its own; wrapping
    twice records once. Answers, streams and errors are the client's own. Metadata and a name for the span of
    a single call can be given as a parameter of its own, `span_info={"metadata": {…}, "name": …}`, which is
    not sent.

    Raises InstrumentError if `client` is no such client or boto3 is too old.
    """
    if "botocore.client" not in sys.modules:
        raise InstrumentError(
            f"{type(client).__qualname__!r} object is no client of the Bedrock Runtime; boto3 is not "
            "imported, so make one first: import boto3; wrap_bedrock(boto3.client('bedrock-runtime'))"
        )
    # Imported here, since it imports botocore and the engine: who only names it pays for neither.
    from spanscore.integrations.bedrock import wrap  # noqa: PLC0415

    return wrap(client)
