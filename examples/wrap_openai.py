"""Ask a model twice, once streamed, and record both calls. Needs OPENAI_API_KEY or an OPENAI_BASE_URL.

Without an account: `python tests/fake_openai.py` runs a server that answers, and prints the variables to set.
"""

from openai import OpenAI

from spanscore import current_span, init_logger, traced, wrap_openai

MODEL = "gpt-4o-mini"
client = wrap_openai(OpenAI())


def ask(question: str) -> str:
    """A whole answer."""
    answer = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": question}])
    return answer.choices[0].message.content or ""


def ask_streamed(question: str) -> str:
    """The same, in parts as they arrive; usage is reported because the request asks for it."""
    chunks = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": question}],
        stream=True,
        stream_options={"include_usage": True},
    )
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


@traced(type="task")
def greet(name: str) -> list[str]:
    """Both answers; the two calls are spans below this one."""
    print(f"Look at the trace with: {current_span().link()}")
    return [ask(f"Greet {name}."), ask_streamed(f"Greet {name} again.")]


if __name__ == "__main__":
    init_logger(project="greetings")
    print("\n".join(greet("Ada")))
