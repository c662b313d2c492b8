"""How requests to an OTLP endpoint are made, as the official exporter would make them."""

from collections.abc import Sequence
from typing import Any, Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from requests import Response, Session
from requests.structures import CaseInsensitiveDict

from spanscore._http.settings import TIMEOUT_S, HttpSettings
from spanscore.errors import ConfigError

_OF_ONE_REQUEST: Final = ("content-encoding", "content-length", "accept-encoding", "connection")
_CODINGS: Final = ("gzip", "deflate")


def exporter_settings(endpoint: str | None = None) -> HttpSettings:
    """What the official exporter makes of the `OTEL_EXPORTER_OTLP_*` variables.

    `endpoint` is the full address of the traces, path included; it wins over the variables. Raises
    ConfigError with what the exporter says of a value that it does not accept.
    """
    session = _Listening()
    try:
        exporter = OTLPSpanExporter(endpoint=endpoint, session=session)
        exporter.export(())
        exporter.shutdown()
    except (ValueError, TypeError, OSError) as error:
        raise ConfigError(
            f"an OTEL_EXPORTER_OTLP_* variable has a value that cannot be used: {error}"
        ) from None
    if session.heard is None:
        raise ConfigError("the OTLP exporter package sends nothing; spanscore needs 1.32 or later")
    return session.heard


class _Listening(Session):
    """A session that sends nothing: it notes what the exporter asks of it and says that all went well.

    This is how the settings are read of every version of the exporter, which has no public names for them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.heard: HttpSettings | None = None

    def request(self, method: str | bytes, url: str | bytes, *_args: Any, **asked: Any) -> Response:  # pyright: ignore[reportIncompatibleMethodOverride] - takes whatever a version passes
        """Note where the request would go and how."""
        headers: CaseInsensitiveDict[str] = CaseInsensitiveDict(dict(self.headers))
        headers.update(asked.get("headers") or {})
        coding = headers.get("content-encoding")
        verify, cert = asked.get("verify"), asked.get("cert")
        self.heard = HttpSettings(
            endpoint=url.decode() if isinstance(url, bytes) else url,
            headers={key: value for key, value in headers.items() if key.lower() not in _OF_ONE_REQUEST},
            verify=self.verify if verify is None else verify,
            cert=self.cert if cert is None else cert,
            timeout_s=_seconds(asked.get("timeout")),
            compression=coding if coding in _CODINGS else None,
        )
        answer = Response()
        answer.status_code = 200
        return answer


def _seconds(timeout: float | Sequence[float] | None) -> float:
    """The longest of the time-outs asked for; what is not above 0 is none to work with.

    Rounded, because newer versions ask for what is left of it after a few microseconds.
    """
    given = timeout if isinstance(timeout, (int, float)) else max(timeout or (0.0,))
    return round(float(given), 2) if given > 0 else TIMEOUT_S
