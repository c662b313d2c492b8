"""What an exception of litellm's says besides its message."""

from opentelemetry.util.types import AttributeValue

from spanscore.integrations._failure import http_error
from spanscore.integrations._plain import text
from spanscore.integrations.litellm._provider import names_of
from spanscore.wire import attributes


def litellm_error(error: BaseException) -> dict[str, AttributeValue]:
    """The status of the HTTP response, the id of the request, and who has answered so."""
    told: dict[str, AttributeValue] = {**http_error(error)}
    provider = text(getattr(error, "llm_provider", None))
    if provider is not None:
        told[attributes.GEN_AI_PROVIDER_NAME] = names_of(provider)[1]
    return told
