"""What is done to records on their way: the seams of masking and of redaction."""

from typing import Protocol

from spanscore.wire.records import Record


class SecretFilter(Protocol):
    """Removes secrets from records."""

    def may_hold_secret(self, data: bytes) -> bool:
        """False if no secret is in the bytes of records; one cheap look at many of them."""
        ...

    def record(self, record: Record) -> Record:
        """The record without secrets."""
        ...


class Mask(Protocol):
    """Masks fields by hooks of the program."""

    def masked(self, record: Record) -> Record:
        """The record as the hooks want it."""
        ...
