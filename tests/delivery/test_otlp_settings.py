"""The settings of a request are those that the official exporter takes from its variables."""

import pytest

from spanscore._http.settings import HttpSettings
from spanscore.delivery._otlp_settings import exporter_settings
from spanscore.errors import ConfigError

pytestmark = pytest.mark.core

VARIABLES = [
    f"OTEL_EXPORTER_OTLP_{signal}{name}"
    for signal in ("", "TRACES_")
    for name in (
        "ENDPOINT",
        "HEADERS",
        "CERTIFICATE",
        "CLIENT_CERTIFICATE",
        "CLIENT_KEY",
        "COMPRESSION",
        "TIMEOUT",
    )
]


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def lowered(settings: HttpSettings) -> dict[str, str]:
    return {key.lower(): value for key, value in settings.headers.items()}


def test_defaults_are_those_of_the_exporter() -> None:
    settings = exporter_settings()
    assert settings.endpoint == "http://localhost:4318/v1/traces"
    assert (settings.verify, settings.cert, settings.compression) == (True, None, None)
    assert settings.timeout_s == 10
    assert lowered(settings)["content-type"] == "application/x-protobuf"
    assert "content-encoding" not in lowered(settings)


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector:4318/")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "a=b,x-key=se%20cret")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/client.pem")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/client.key")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "7")
    settings = exporter_settings()
    assert settings.endpoint == "https://collector:4318/v1/traces"
    assert (lowered(settings)["a"], lowered(settings)["x-key"]) == ("b", "se cret")
    assert (settings.verify, settings.cert) == ("/ca.pem", ("/client.pem", "/client.key"))
    assert (settings.compression, round(settings.timeout_s)) == ("gzip", 7)


def test_variables_of_traces_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://all")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://traces/here")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "deflate")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", "/both.pem")
    settings = exporter_settings()
    assert (settings.endpoint, settings.compression) == ("https://traces/here", "deflate")
    assert settings.cert == "/both.pem"


def test_an_endpoint_given_wins_and_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://all")
    assert exporter_settings("http://here/path").endpoint == "http://here/path"


def test_nothing_is_sent() -> None:
    assert exporter_settings("http://127.0.0.1:1/v1/traces").endpoint == "http://127.0.0.1:1/v1/traces"


def test_a_value_that_the_exporter_refuses_is_a_config_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def __init__(self, **_arguments: object) -> None:
            raise ValueError("'10 s' is no number")

    # Older versions raise where newer ones log.
    monkeypatch.setattr("spanscore.delivery._otlp_settings.OTLPSpanExporter", Refusing)
    with pytest.raises(ConfigError, match=r"OTEL_EXPORTER_OTLP_.*'10 s' is no number"):
        exporter_settings()


def test_an_exporter_that_sends_nothing_is_a_config_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def __init__(self, **_arguments: object) -> None: ...
        def export(self, _spans: object) -> None: ...
        def shutdown(self) -> None: ...

    monkeypatch.setattr("spanscore.delivery._otlp_settings.OTLPSpanExporter", Silent)
    with pytest.raises(ConfigError, match=r"needs 1\.32 or later"):
        exporter_settings()


def test_repr_shows_neither_headers_nor_the_endpoints_credentials() -> None:
    settings = HttpSettings(endpoint="https://user:hunter22@host/", headers={"x-key": "secret-1"})
    assert "hunter22" not in repr(settings)
    assert "secret-1" not in repr(settings)
