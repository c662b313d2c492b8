"""The type of JSON text that we made."""


class JsonText(str):
    """JSON text that `to_json` made: readers may take it as valid without parsing it."""

    __slots__ = ()
