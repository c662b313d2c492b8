"""Readers for values of other packages, found by the names of their classes: nothing is imported."""

from collections.abc import Callable
from typing import Any, Final

from spanscore._json._allowance import Allowance
from spanscore._json._names import type_name

WHOLE: Final = 1024
"""Arrays of up to so many numbers are shown whole."""

HEAD: Final = 20
"""Of larger ones, and of tables, so many entries or rows."""

HEAD_COLUMNS: Final = 100


def read_model(value: Any, _allowance: Allowance) -> dict[str, Any]:
    """The fields of a pydantic model, read past its serializers, which may run code and warn."""
    fields: dict[str, Any] = dict(object.__getattribute__(value, "__dict__"))
    extra = getattr(value, "__pydantic_extra__", None)
    return {**fields, **extra} if isinstance(extra, dict) else fields


def read_root_model(value: Any, _allowance: Allowance) -> Any:
    return object.__getattribute__(value, "__dict__")["root"]


def read_attachment(value: Any, _allowance: Allowance) -> Any:
    """A reference; the bytes are kept as it is made."""
    return value.recorded()


def read_url(value: Any, _allowance: Allowance) -> str:
    return str(value)


def read_scalar(value: Any, _allowance: Allowance) -> Any:
    """The Python value of a numpy scalar; the text of one that Python has nothing for."""
    item = value.item()
    return (
        item if type(item) in (bool, int, float, str, bytes) and value.dtype.kind not in "mM" else str(value)
    )


def read_ndarray(value: Any, _allowance: Allowance) -> Any:
    if value.size <= WHOLE:
        return value.tolist()
    return _summary(value, dtype=str(value.dtype), shape=list(value.shape), head=value.flat[:HEAD].tolist())


def read_tensor(value: Any, _allowance: Allowance) -> Any:
    """A small tensor whole, of others the description; nothing is copied from a device, which would wait."""
    on_host = value.device.type == "cpu"
    if on_host and value.numel() <= WHOLE:
        return value.detach().tolist()
    head: list[Any] = value.detach().flatten()[:HEAD].tolist() if on_host else []
    return _summary(
        value, dtype=str(value.dtype), shape=list(value.shape), device=str(value.device), head=head
    )


def read_frame(value: Any, _allowance: Allowance) -> dict[str, Any]:
    head = value.iloc[:HEAD, :HEAD_COLUMNS]
    rows = [list(row) for row in head.itertuples(index=False, name=None)]
    return _summary(value, shape=list(value.shape), columns=list(head.columns), head=rows)


def read_series(value: Any, _allowance: Allowance) -> dict[str, Any]:
    head: list[Any] = value[:HEAD].tolist()
    return _summary(value, name=value.name, dtype=str(value.dtype), shape=list(value.shape), head=head)


def _summary(value: Any, **facts: Any) -> dict[str, Any]:
    return {"type": type_name(value), **facts}


FOREIGN: Final[dict[str, Callable[[Any, Allowance], Any]]] = {
    "pydantic.main.BaseModel": read_model,
    "pydantic.v1.main.BaseModel": read_model,
    "pydantic.root_model.RootModel": read_root_model,
    "pydantic.networks._BaseUrl": read_url,
    "pydantic_core._pydantic_core.Url": read_url,
    "spanscore.attachments._attachment.Attachment": read_attachment,
    "spanscore.attachments._attachment.ExternalAttachment": read_attachment,
    "spanscore.attachments._attachment.JSONAttachment": read_attachment,
    "spanscore.api.attachments.ReadonlyAttachment": read_attachment,
    "numpy.generic": read_scalar,
    "numpy.ndarray": read_ndarray,
    "torch.Tensor": read_tensor,
    "pandas.DataFrame": read_frame,
    "pandas.core.frame.DataFrame": read_frame,
    "pandas.Series": read_series,
    "pandas.core.series.Series": read_series,
    "pandas.Index": read_series,
    "pandas.core.indexes.base.Index": read_series,
}
