"""Ask Claude twice, once streamed and once with a tool, and record it all. Needs ANTHROPIC_API_KEY.

Without an account: `python tests/fake_anthropic.py` runs a server that answers, and prints what to set.
"""

from anthropic import Anthropic, beta_tool

from spanscore import current_span, init_logger, traced, wrap_anthropic

MODEL = "claude-haiku-4-5"
client = wrap_anthropic(Anthropic())


@beta_tool
def weather(city: str) -> str:
    """The weather in a city."""
    return f"It is sunny in {city}."


def ask_streamed(question: str) -> str:
    """An answer in parts as they arrive."""
    with client.messages.stream(
        model=MODEL, max_tokens=200, messages=[{"role": "user", "content": question}]
    ) as stream:
        return "".join(stream.text_stream)


def ask_with_tools(question: str) -> str:
    """The answer after the model has called the tool as often as it likes: a task with all calls below it."""
    answer = client.beta.messages.tool_runner(
        model=MODEL, max_tokens=200, messages=[{"role": "user", "content": question}], tools=[weather]
    ).until_done()
    return "".join(block.text for block in answer.content if block.type == "text")


@traced(type="task")
def greet(name: str) -> list[str]:
    """Both answers; the calls are spans below this one."""
    print(f"Look at the trace with: {current_span().link()}")
    return [ask_streamed(f"Greet {name}."), ask_with_tools("What is the weather in Rome?")]


if __name__ == "__main__":
    init_logger(project="greetings")
    print("\n".join(greet("Ada")))
