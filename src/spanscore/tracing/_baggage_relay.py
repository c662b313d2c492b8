"""Which baggage a request takes along: what came with the one being served, as the program has left it."""

from collections.abc import Iterator, Mapping, Sequence

from spanscore.tracing._baggage import Member, make_member


def relayed(
    carried: Sequence[Member], received: Sequence[Member], current: Mapping[str, object]
) -> list[Member]:
    """The members to send, each key once unless it was received more than once.

    `carried` are already in the headers to be sent, `received` came with the request being served, `current`
    is OpenTelemetry's baggage. What the program has put into the headers itself comes first. Of the rest what
    is as received goes on byte for byte, what the program has changed since with its new value, what it has
    removed not at all.
    """
    now = {key: text for key, value in current.items() if (text := _text(value)) is not None}
    explicit = [member for member in carried if not _is(member, now.get(member.key))]
    taken = {member.key for member in explicit}
    return [*explicit, *(member for member in _held(received, now) if member.key not in taken)]


def _held(received: Sequence[Member], now: dict[str, str]) -> Iterator[Member]:
    """The members of the context: those received, then those that the program has added."""
    last = {member.key: member for member in received}
    changed: set[str] = set()
    for member in received:
        value = now.get(member.key)
        if value is None or member.key in changed:
            continue
        if _is(last[member.key], value):
            yield member
        else:
            changed.add(member.key)
            yield make_member(member.key, value)
    yield from (make_member(key, value) for key, value in now.items() if key not in last)


def _is(member: Member, value: str | None) -> bool:
    """True if OpenTelemetry's baggage has `value` because it was read from this member, by us or by it."""
    return value is not None and value in (member.value, member.lossy_value)


def _text(value: object) -> str | None:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - the __str__ of somebody's value
        return None
