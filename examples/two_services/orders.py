"""The service that takes orders and asks the kitchen: it sends its trace along with the request."""

import os

import httpx
from fastapi import FastAPI

from spanscore import current_span, init_logger, inject_trace_context, start_span, traced

KITCHEN_URL = os.environ["KITCHEN_URL"]  # noqa: TID251 - the service's own setting

init_logger(project="restaurant")
app = FastAPI()


@traced(type="tool")
async def ask_kitchen(dish: str) -> str:
    """How the kitchen answers. The request carries trace and project of the span that it is made in."""
    async with httpx.AsyncClient(base_url=KITCHEN_URL) as client:
        answer = await client.get(f"/dishes/{dish}", headers=inject_trace_context())
    return answer.raise_for_status().json()


@app.get("/orders/{dish}")
async def order(dish: str) -> dict[str, str]:
    """The kitchen's answer, and where to look at the trace."""
    with start_span("order", type="task", input=dish):
        answer = await ask_kitchen(dish)
        current_span().log(output=answer)
        return {"answer": answer, "look": current_span().link()}
