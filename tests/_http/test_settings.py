"""What requests are made with."""

import pytest

from spanscore._http.settings import HttpSettings

pytestmark = pytest.mark.core


def test_repr_shows_neither_address_nor_headers() -> None:
    made = HttpSettings(endpoint="https://user:password@host", headers={"authorization": "Bearer key"})
    assert repr(made) == "HttpSettings(verify=True, cert=None, timeout_s=10.0, compression=None)"
