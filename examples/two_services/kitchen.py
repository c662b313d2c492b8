"""The service that cooks: what it records belongs to the trace of whoever asks, and goes to their project."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response

from spanscore import extract_trace_context, init_logger, parent_context, traced

MINUTES = {"soup": 5, "risotto": 25}

# Only for requests that bring no trace.
init_logger(project="kitchen")
app = FastAPI()


@app.middleware("http")
async def below_the_caller(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Every span of the request begins below the caller's."""
    with parent_context(extract_trace_context(request.headers)):
        return await answer(request)


@traced(type="tool")
def minutes_for(dish: str) -> int:
    """How long a dish takes."""
    return MINUTES.get(dish, 15)


@app.get("/dishes/{dish}")
@traced(type="task")
def cook(dish: str) -> str:
    """A promise."""
    return f"{dish} in {minutes_for(dish)} minutes"
