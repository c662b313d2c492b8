"""Server-sent events, read as they come."""

from collections.abc import Iterator

from requests import RequestException, Response

from spanscore._http.sender import address
from spanscore.errors import RetryLaterError


class EventStream:
    """The events of one answer, as (name, data); the connection is closed after the last, or by `close`.

    Raises RetryLaterError when the connection breaks off.
    """

    def __init__(self, response: Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[tuple[str, str]]:
        name, data = "message", list[str]()
        try:
            for raw in self._response.iter_lines(chunk_size=1):
                line: str = raw.decode("utf-8", "replace")
                field, _, value = line.partition(":")
                if field == "event":
                    name = value.removeprefix(" ")
                elif field == "data":
                    data.append(value.removeprefix(" "))
                elif not line and data:
                    yield name, "\n".join(data)
                    name, data = "message", []
        except RequestException as error:
            raise RetryLaterError(f"{address(self._response.url)} broke off: {error}") from error
        finally:
            self.close()

    def close(self) -> None:
        """Close the connection."""
        self._response.close()
