"""Numbers of things in words."""


def counted(count: int, one: str, several: str | None = None) -> str:
    """How many there are; `several` where that is more than `one` with an s.

    >>> counted(1, "scorer error"), counted(1200, "scorer error"), counted(3, "case is", "cases are")
    ('1 scorer error', '1,200 scorer errors', '3 cases are')
    """
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"
