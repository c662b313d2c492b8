"""Every client is asked in its own way, and the span names the party whose prices hold."""

from collections.abc import Callable
from typing import Any

import anthropic
import pytest

from anthropic_forms import ASKED
from fake_anthropic import MODEL, FakeAnthropic
from span_reading import attribute
from spanscore import wrap_anthropic
from spanscore.integrations._endpoint import Service
from spanscore.integrations.anthropic._service import service_of
from spanscore.testing import RecordedRecords

PLAIN: dict[str, Any] = {"max_retries": 0, "timeout": 20}
GIVEN: dict[str, dict[str, Any]] = {
    "Anthropic": {"api_key": "none"},
    "AnthropicBedrock": {"aws_access_key": "a", "aws_secret_key": "b", "aws_region": "us-east-1"},
    "AnthropicBedrockMantle": {"aws_access_key": "a", "aws_secret_key": "b", "aws_region": "us-east-1"},
    "AnthropicVertex": {"region": "us-east5", "project_id": "p", "access_token": "t"},
    "AnthropicFoundry": {"api_key": "none"},
    "AnthropicAWS": {"api_key": "none", "aws_region": "us-east-1", "workspace_id": "w"},
    "AnthropicGoogleCloud": {"project": "p", "location": "us-east5", "workspace_id": "w", "skip_auth": True},
}
PROVIDERS = {
    "AnthropicBedrock": ("bedrock", "aws.bedrock"),
    "AnthropicBedrockMantle": ("bedrock", "aws.bedrock"),
    "AnthropicVertex": ("google", "gcp.vertex_ai"),
}
PATHS = {
    "AnthropicBedrock": f"/model/{MODEL}/invoke",
    "AnthropicVertex": f"/projects/p/locations/us-east5/publishers/anthropic/models/{MODEL}:rawPredict",
}


def kind_of(name: str) -> Callable[..., Any]:
    kind = getattr(anthropic, name, None)
    if kind is None:
        pytest.skip(f"this version has no {name}")
    if "Bedrock" in name or "AWS" in name:
        pytest.importorskip("botocore")
    return kind


@pytest.mark.parametrize("name", GIVEN)
async def test_each_client_is_recorded(name: str, server: FakeAnthropic, recorded: RecordedRecords) -> None:
    sync, is_async = kind_of(name), kind_of(f"Async{name}")
    with wrap_anthropic(sync(base_url=server.url, **GIVEN[name], **PLAIN)) as client:
        assert client.messages.create(**ASKED).id == "msg_1"
        client.with_options(timeout=9).messages.create(**ASKED)
    async with wrap_anthropic(is_async(base_url=server.url, **GIVEN[name], **PLAIN)) as aclient:
        assert (await aclient.messages.create(**ASKED)).id == "msg_1"
    billed_by, gen_ai_name = PROVIDERS.get(name, ("anthropic", "anthropic"))
    told = {"provider": billed_by, "model": MODEL, "max_tokens": 99}
    assert [attribute(span, "metadata") for span in recorded.spans] == [told] * 3
    for span in recorded.spans:
        attributes = span.attributes or {}
        assert attributes["gen_ai.provider.name"] == gen_ai_name
        assert (attributes["server.address"], attributes["server.port"]) == ("127.0.0.1", server.port)
    assert {one.path for one in server.received} == {PATHS.get(name, "/v1/messages")}


@pytest.mark.parametrize(
    ("url", "port"),
    [("https://api.example.com/v9", 443), ("http://localhost", 80), ("https://example.com:8443/a", 8443)],
)
def test_address(url: str, port: int) -> None:
    with anthropic.Anthropic(api_key="none", base_url=url) as client:
        told = service_of(client)
    host = url.split("/")[2].partition(":")[0]
    assert told == Service(name="anthropic", gen_ai_name="anthropic", address=host, port=port)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://openrouter.ai/api", "openrouter"),
        ("https://api.deepseek.com/anthropic", "deepseek"),
        ("https://api.z.ai/api/anthropic", "zai"),
        ("https://notz.ai", "anthropic"),
        ("https://gateway.example.com/anthropic", "anthropic"),
    ],
)
def test_who_speaks_the_protocol_and_bills_for_itself_is_named(url: str, name: str) -> None:
    with anthropic.Anthropic(api_key="none", base_url=url) as client:
        told = service_of(client)
    assert (told.name, told.gen_ai_name) == (name, name)
