"""`instrument`, `uninstrument`, `auto_instrument`: record providers and frameworks as a whole."""

from spanscore.errors import InstrumentError
from spanscore.integrations import INSTRUMENTED, PROVIDERS

__all__ = ["auto_instrument", "instrument", "uninstrument"]


def instrument(name: str) -> None:
    """Record all clients of a provider, or all runs of a framework, present and future ones.

    `name` is one of "openai", "anthropic", "google_genai", "litellm", "bedrock", "openai_agents", "langchain"
    and "mcp". What the program has not imported yet is not imported for it, but recorded from its import on.
    Clients that are wrapped too give one span a call. Twice is as once; `uninstrument` undoes it.

    Raises InstrumentError if there is no such name, or the package is missing or too old.

    >>> from spanscore import instrument
    >>> instrument("openai")
    """
    if not INSTRUMENTED.is_installed(name):
        extra = name.replace("_", "-")
        raise InstrumentError(f"{name} is not installed; pip install 'spanscore[{extra}]'")
    INSTRUMENTED.add(name)


def uninstrument(*names: str) -> None:
    """Undo `instrument` and `auto_instrument` for these, or without names for everything.

    Clients that were wrapped one by one stay recorded. Raises InstrumentError for an unknown name.

    >>> from spanscore import uninstrument
    >>> uninstrument("openai")
    """
    for name in names or PROVIDERS:
        INSTRUMENTED.remove(name)


def auto_instrument(**providers: bool) -> dict[str, bool]:
    """Record every provider and framework that is or will be imported; names given as False are left out.

    Gives what is recorded by name: True if it is installed. Nothing is imported, what is missing is no error,
    and calling it again changes nothing. A package that is too old is left alone, with a warning in the log.

    Raises InstrumentError for a name that there is not.

    >>> from spanscore import auto_instrument
    >>> auto_instrument(langchain=False)["langchain"]
    False
    """
    unknown = sorted(set(providers) - set(PROVIDERS))
    if unknown:
        known = ", ".join(PROVIDERS)
        raise InstrumentError(f"auto_instrument has no argument {unknown[0]!r}; there are {known}")
    wanted = {name: providers.get(name, True) for name in PROVIDERS}
    for name, is_wanted in wanted.items():
        if is_wanted:
            INSTRUMENTED.add_if_supported(name)
    return {name: is_wanted and INSTRUMENTED.is_installed(name) for name, is_wanted in wanted.items()}
