"""What a request takes along: what was received, what the program has made of it, what it adds itself."""

import pytest

from spanscore.tracing._baggage import read_members
from spanscore.tracing._baggage_relay import relayed

pytestmark = pytest.mark.core

RECEIVED = "path=a%2Fb;prop=1,plus=a+b,tenant=t%20x"
AS_READ: dict[str, object] = {"path": "a/b", "plus": "a+b", "tenant": "t x"}


class Mute:
    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("carried", "received", "current", "sent"),
    [
        ("", RECEIVED, AS_READ, RECEIVED),
        # As OpenTelemetry's own propagator reads the same header.
        ("", RECEIVED, {"path": "a/b;prop=1", "plus": "a b", "tenant": "t x"}, RECEIVED),
        ("", RECEIVED, {**AS_READ, "tenant": "new"}, "path=a%2Fb;prop=1,plus=a+b,tenant=new"),
        ("", RECEIVED, {"plus": "a+b"}, "plus=a+b"),
        ("", RECEIVED, {}, ""),
        ("", RECEIVED, {**AS_READ, "added": "a b"}, f"{RECEIVED},added=a%20b"),
        ("", "", {"added": 7, "mute": Mute()}, "added=7"),
        ("", "a=1,a=2;p", {"a": "2"}, "a=1,a=2;p"),
        ("", "a=1,a=2", {"a": "3"}, "a=3"),
        ("mine=1;p", RECEIVED, AS_READ, f"mine=1;p,{RECEIVED}"),
        ("tenant=mine", RECEIVED, AS_READ, "tenant=mine,path=a%2Fb;prop=1,plus=a+b"),
        # What OpenTelemetry's own propagator has written of the same baggage gives way to what was received.
        ("path=a%2Fb%3Bprop%3D1,tenant=t+x", RECEIVED, {**AS_READ, "path": "a/b;prop=1"}, RECEIVED),
    ],
)
def test_members_to_send(carried: str, received: str, current: dict[str, object], sent: str) -> None:
    members = relayed(read_members(carried), read_members(received), current)
    assert ",".join(member.text for member in members) == sent
