"""Trace two functions, and say where the trace can be looked at. Needs no account and no server."""

from spanscore import current_span, init_logger, traced

PRICES = {"espresso": 2.2, "flat white": 3.4, "cinnamon roll": 3.1}


@traced
def total(items: list[str]) -> float:
    """What the items cost together. The arguments and the result are recorded by themselves."""
    current_span().log(metadata={"currency": "EUR"}, metrics={"items": len(items)})
    return sum(PRICES[item] for item in items)


@traced(type="task")
def receipt(order: str) -> str:
    """The answer to an order such as "espresso and cinnamon roll"."""
    items = order.split(" and ")
    span = current_span()
    span.log(tags=["breakfast"] if "espresso" in items else [])
    print(f"Look at the trace with: {span.link()}")
    return f"{order}: {total(items):.2f} euro"


if __name__ == "__main__":
    init_logger(project="café")
    print(receipt("espresso and cinnamon roll"))
