from decimal import Decimal

import pytest

from hostile import Liar, Opaque
from spanscore._json._names import bases, class_name, kind_of, type_name

pytestmark = pytest.mark.core


@pytest.mark.parametrize(
    ("kind", "name"), [(int, "int"), (Decimal, "decimal.Decimal"), (Liar, f"{Liar.__module__}.Liar")]
)
def test_class_name(kind: type, name: str) -> None:
    assert class_name(kind) == name


def test_name_of_a_class_whose_metaclass_raises() -> None:
    assert class_name(Opaque) == f"{Liar.__module__}.Opaque"


def test_the_real_class_counts() -> None:
    assert (kind_of(Liar()), type_name(Liar())) == (Liar, f"{Liar.__module__}.Liar")


def test_bases_of_a_class_whose_metaclass_raises() -> None:
    assert [base is Opaque for base in bases(Opaque)] == [True]
    assert bases(bool) == (bool, int)
