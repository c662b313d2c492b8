"""Writes the tables of `docs/providers.md`: which call form of which provider is tested, and against what.

    python tools/providers_page.py

The tables are made of the list below, which names a test for every cell. `tests/docs/test_providers_table.py`
looks for these tests, and for the page to say what the list says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "providers.md"
TESTS = ROOT / "tests"
START, END = "<!-- tables: python tools/providers_page.py -->\n", "<!-- end of the tables -->\n"

PROVIDERS = {
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "google_genai": "Google GenAI",
    "litellm": "LiteLLM",
    "bedrock": "Bedrock",
}
"""The columns: the folder of a provider's tests, and what it is called."""

RECORDED, MOCK, TYPES = "recorded", "mock", "types"
NOT_OFFERED = "–"  # noqa: RUF001 - as in any table


@dataclass(frozen=True)
class Proof:
    """A test, by its id without the folder of tests, and where its expected values come from."""

    source: str
    test: str


@dataclass(frozen=True)
class Row:
    """A call form: what proves it for each provider, or that a provider offers no such thing."""

    form: str
    proofs: dict[str, tuple[Proof, ...]]
    not_offered: frozenset[str] = field(default_factory=frozenset)

    def cell(self, provider: str) -> str:
        """What stands in the column of a provider."""
        if provider in self.not_offered:
            return NOT_OFFERED
        sources = {proof.source for proof in self.proofs.get(provider, ())}
        return ", ".join(source for source in (RECORDED, MOCK, TYPES) if source in sources)


def row(form: str, *, no: str = "", **proofs: str) -> Row:
    """A row of the table.

    A proof is `file::test[case]` in the provider's folder, or with a "/" in front in the folder of all
    tests; several are separated by lines. `recorded` before it says that it replays recorded traffic, `mock`
    that it talks to a mock server of others; else the values come from the client's own types. `no` names
    the providers that do not offer the form.
    """
    return Row(
        form,
        {name: tuple(_proofs(TESTS_OF.get(name, name), given)) for name, given in proofs.items()},
        frozenset(no.split()),
    )


TESTS_OF = {name: f"integrations/{name}/" for name in PROVIDERS}
_SOURCES = {"recorded": RECORDED, "mock": MOCK}


def _proofs(folder: str, given: str) -> Iterator[Proof]:
    for line in filter(None, map(str.strip, given.splitlines())):
        word, _, rest = line.partition(" ")
        source, test = (_SOURCES[word], rest) if word in _SOURCES else (TYPES, line)
        yield Proof(source, test[1:] if test.startswith("/") else folder + test)


_MOCKED = "mock /end_to_end/test_faults.py::test_caller_gets_what_it_gets_unrecorded"

ANSWERS = (
    row(
        "a whole answer",
        openai=f"""recorded test_recorded.py::test_sync[openai_chat_metrics]
            {_MOCKED}[openai chat]
            test_wrap.py::test_a_whole_answer_is_told[create]""",
        anthropic=f"""recorded test_recorded.py::test_sync[anthropic_messages_sync]
            {_MOCKED}[anthropic]
            test_wrap.py::test_a_whole_answer_is_told[create]""",
        google_genai=f"""recorded test_recorded.py::test_a_whole_answer
            {_MOCKED}[google_genai]
            test_wrap.py::test_a_whole_answer_is_told[generate_content]""",
        litellm="""recorded test_recorded.py::test_chats[openai_chat_metrics]
            recorded test_recorded.py::test_anthropics_messages
            test_functions.py::test_a_whole_answer_is_told[completion]""",
        bedrock="test_client.py::test_the_answer_is_the_bare_clients",
    ),
    row(
        "a whole answer, async",
        no="bedrock",
        openai=f"""recorded test_recorded.py::test_async[openai_chat_metrics]
            {_MOCKED}[openai chat async]
            test_wrap.py::test_a_whole_answer_is_told[async create]""",
        anthropic=f"""recorded test_recorded.py::test_async[anthropic_messages_sync]
            {_MOCKED}[anthropic async]
            test_wrap.py::test_a_whole_answer_is_told[async create]""",
        google_genai=f"""{_MOCKED}[google_genai async]
            test_wrap.py::test_a_whole_answer_is_told[async generate_content]""",
        litellm="""recorded test_recorded.py::test_chats[openai_chat_metrics]
            test_functions.py::test_a_whole_answer_is_told[acompletion]""",
    ),
    row(
        "a streamed answer",
        openai=f"""recorded test_recorded.py::test_sync[openai_chat_streaming_sync]
            {_MOCKED}[openai chat stream]
            test_wrap.py::test_a_streamed_answer_is_told_like_a_whole_one[stream]""",
        anthropic=f"""recorded test_recorded.py::test_sync[anthropic_messages_streaming_sync]
            {_MOCKED}[anthropic stream]
            test_wrap.py::test_a_streamed_answer_is_told_like_a_whole_one[stream]""",
        google_genai=f"""recorded test_recorded.py::test_a_streamed_answer
            {_MOCKED}[google_genai stream]
            test_wrap.py::test_a_streamed_answer_is_told_like_a_whole_one[stream]""",
        litellm="""recorded test_recorded.py::test_anthropics_streams
            test_functions.py::test_a_streamed_answer_is_told_like_a_whole_one[stream]""",
        bedrock="test_event_stream.py::test_a_stream_is_told_like_a_whole_answer",
    ),
    row(
        "a streamed answer, async",
        no="bedrock",
        openai=f"""recorded test_recorded.py::test_async[openai_chat_streaming_sync]
            {_MOCKED}[openai chat stream async]
            test_wrap.py::test_a_streamed_answer_is_told_like_a_whole_one[async stream]""",
        anthropic=f"""recorded test_recorded.py::test_async[anthropic_messages_streaming_sync]
            {_MOCKED}[anthropic stream async]
            test_wrap.py::test_a_streamed_answer_is_told_like_a_whole_one[async stream]""",
        google_genai=f"""{_MOCKED}[google_genai stream async]
            test_wrap.py::test_a_streamed_answer_is_told_like_a_whole_one[async stream]""",
        litellm="test_functions.py::test_a_streamed_answer_is_told_like_a_whole_one[async stream]",
    ),
    row(
        "the client's stream helper (`stream()`)",
        no="google_genai litellm bedrock",
        openai="test_wrap.py::test_a_streamed_answer_is_told_like_a_whole_one[stream helper]",
        anthropic="test_wrap.py::test_a_streamed_answer_is_told_like_a_whole_one[stream helper]",
    ),
    row(
        "the client's chats",
        no="openai anthropic litellm bedrock",
        google_genai="test_wrap.py::test_a_whole_answer_is_told[chat]",
    ),
    row(
        "an answer in a given form (`parse()`, schemas)",
        openai="test_wrap.py::test_a_whole_answer_is_told[parse]",
        anthropic="test_wrap.py::test_a_whole_answer_is_told[parse]",
        google_genai="test_parameters.py::test_response_format",
        litellm="test_arguments.py::test_a_class_is_told_as_its_schema",
        bedrock="test_parameters.py::test_the_form_of_the_answer_is_openais",
    ),
    row(
        "`with_raw_response`",
        no="google_genai litellm bedrock",
        openai="test_wrap.py::test_a_whole_answer_is_told[with_raw_response]",
        anthropic="test_wrap.py::test_a_whole_answer_is_told[with_raw_response]",
    ),
    row(
        "`with_streaming_response`",
        no="google_genai litellm bedrock",
        openai="test_wrap.py::test_a_whole_answer_is_told[with_streaming_response]",
        anthropic="test_wrap.py::test_a_whole_answer_is_told[with_streaming_response]",
    ),
    row(
        "copies of the client (`with_options`, `copy`)",
        no="google_genai litellm bedrock",
        openai="test_wrap.py::test_a_whole_answer_is_told[with_options and copy]",
        anthropic="test_wrap.py::test_a_whole_answer_is_told[with_options and copy]",
    ),
    row(
        "messages of the beta API",
        no="openai google_genai litellm bedrock",
        anthropic="test_wrap.py::test_a_whole_answer_is_told[beta create]",
    ),
    row(
        "routers",
        no="openai anthropic google_genai bedrock",
        litellm="test_functions.py::test_attempts_and_fallbacks_of_a_router_are_one_span",
    ),
    row(
        "tools and their calls",
        openai="""recorded test_recorded.py::test_sync[openai_parallel_tool_calls]
            test_conformance.py::test_item""",
        anthropic="test_conformance.py::test_item",
        google_genai="test_conformance.py::test_item_20_tools_are_those_of_the_very_call",
        litellm="recorded test_recorded.py::test_chats[openai_parallel_tool_calls]",
        bedrock="test_parameters.py::test_tools_have_openais_form_and_others_their_own",
    ),
    row(
        "parallel tool calls in a stream",
        openai="""recorded test_recorded.py::test_sync[openai_parallel_tool_calls]
            test_chat_stream.py::test_messages[several tool calls in one chunk, interleaved]""",
        anthropic="test_message_stream.py::test_content[two tools, interleaved]",
        google_genai="test_generate_stream.py::test_an_answer_in_chunks_is_the_whole_answer",
        bedrock="test_converse_stream.py::test_events_become_a_whole_answer[parallel tools after text]",
    ),
    row(
        "functions that the client itself executes",
        no="openai litellm bedrock",
        anthropic="test_tool_runner.py::test_a_run",
        google_genai="test_generating.py::test_a_task_with_requests_and_functions_in_order",
    ),
    row(
        "several choices",
        no="anthropic bedrock",
        openai="test_wrap.py::test_two_choices_are_two_outputs",
        google_genai="test_wrap.py::test_two_candidates_are_two_outputs",
    ),
    row(
        "log probabilities",
        no="anthropic bedrock",
        openai="test_chat_stream.py::test_the_rest_of_an_answer",
        litellm="test_answer.py::test_log_probabilities_are_told",
    ),
    row(
        "sound in an answer",
        no="anthropic bedrock",
        openai="test_chat_stream.py::test_messages[audio]",
        google_genai="test_generate_stream.py::test_sound_in_pieces_is_one_part",
    ),
    row(
        "reasoning",
        openai="test_chat_stream.py::test_messages[reasoning of other servers]",
        anthropic="test_message_stream.py::test_content[thinking with its signature]",
        google_genai="test_generate.py::test_the_output_is_what_googles_types_read",
        bedrock="test_converse_stream.py::test_events_become_a_whole_answer[reasoning]",
    ),
    row(
        "tokens read from and written to a cache",
        openai="recorded test_recorded.py::test_sync[openai_chat_metrics]",
        anthropic="test_conformance.py::test_item_60_a_missing_breakdown_is_no_error",
        google_genai="test_usage.py::test_all_that_is_reported",
        litellm="""recorded test_recorded.py::test_chats[openai_chat_metrics]
            test_usage.py::test_counts_are_told_once""",
        bedrock="test_usage.py::test_counts_are_told_as_reported",
    ),
)

_RESPONSES_ONLY = "anthropic google_genai bedrock"
RESPONSES = (
    row(
        "a whole response",
        no=_RESPONSES_ONLY,
        openai=f"""recorded test_recorded.py::test_responses
            {_MOCKED}[openai response]
            test_responses.py::test_a_whole_response_is_told[responses]""",
        litellm="test_endpoints.py::test_responses",
    ),
    row(
        "a whole response, async",
        no=_RESPONSES_ONLY,
        openai=f"""recorded test_recorded.py::test_responses_async
            {_MOCKED}[openai response async]
            test_responses.py::test_a_whole_response_is_told[async responses]""",
        litellm="test_endpoints.py::test_responses",
    ),
    row(
        "a streamed response, also async and by the stream helper",
        no=_RESPONSES_ONLY,
        openai=f"""{_MOCKED}[openai response stream]
            test_responses.py::test_a_streamed_response_is_told_like_a_whole_one[responses, stream helper]""",
        litellm="test_endpoints.py::test_streamed_responses",
    ),
    row(
        "`parse()`",
        no=_RESPONSES_ONLY,
        openai="test_responses.py::test_what_parse_adds_is_not_told",
    ),
    row(
        "`with_raw_response`, `with_streaming_response`",
        no=_RESPONSES_ONLY,
        openai="test_responses.py::test_a_whole_response_is_told[responses, with_streaming_response]",
    ),
    row(
        "reasoning, and tools of the provider's",
        no=_RESPONSES_ONLY,
        openai="test_responses.py::test_items_of_every_type_are_told_as_they_were_received",
    ),
    row(
        "background mode: polling, cancelling, taking a stream up again",
        no=_RESPONSES_ONLY,
        openai="test_responses.py::test_in_background_mode_the_poll_that_finds_the_answer_counts_its_tokens",
    ),
    row(
        "`previous_response_id`",
        no=_RESPONSES_ONLY,
        openai="test_responses.py::test_a_chain_of_responses_says_what_it_follows",
    ),
    row(
        "compaction, counting of input tokens",
        no=_RESPONSES_ONLY,
        openai="test_responses.py::test_a_compaction_is_a_call_of_the_model",
    ),
)

OTHERS = (
    row(
        "completions of a prompt",
        no="google_genai bedrock",
        openai="test_completions.py::test_a_whole_answer[create]",
        anthropic="test_completions.py::test_a_whole_completion",
        litellm="test_endpoints.py::test_text_completions",
    ),
    row(
        "the same, streamed",
        no="google_genai bedrock",
        openai="test_completions.py::test_a_streamed_answer_is_told_like_a_whole_one[stream]",
        anthropic="test_completions.py::test_a_streamed_completion",
        litellm="test_endpoints.py::test_streamed_text_completions",
    ),
    row(
        "embeddings",
        no="anthropic bedrock",
        openai="""recorded test_embeddings.py::test_recorded_answers
            test_embeddings.py::test_every_form[create]""",
        google_genai="test_embeddings.py::test_of_the_gemini_api",
        litellm="test_endpoints.py::test_embeddings",
    ),
    row(
        "moderations",
        no="anthropic google_genai bedrock",
        openai="test_moderations.py::test_every_form[create]",
        litellm="test_endpoints.py::test_moderations",
    ),
    row(
        "images: generated, edited, varied",
        no="anthropic bedrock",
        openai="""test_images.py::test_a_whole_answer[create_variation]
            test_kept_media.py::test_media_are_kept[generated]""",
        google_genai="test_images.py::test_operation",
        litellm="test_endpoints.py::test_images",
    ),
    row(
        "images, streamed",
        no="anthropic google_genai bedrock",
        openai="test_images.py::test_a_streamed_answer_is_told_like_a_whole_one[edit]",
    ),
    row(
        "speech, in a piece or in events",
        no="anthropic google_genai bedrock",
        openai="""test_speech.py::test_every_form[create]
            test_speech.py::test_events_are_told_like_one_piece""",
        litellm="test_endpoints.py::test_speech",
    ),
    row(
        "transcriptions and translations, of every format",
        no="anthropic google_genai bedrock",
        openai="test_transcriptions.py::test_a_whole_answer[verbose_json]",
        litellm="test_endpoints.py::test_transcriptions",
    ),
    row(
        "transcriptions, streamed",
        no="anthropic google_genai bedrock",
        openai="test_transcriptions.py::test_a_streamed_answer_is_told_like_a_whole_one[stream]",
    ),
    row(
        "files: operations",
        no="bedrock",
        openai="""test_files.py::test_an_upload
            test_files.py::test_the_content_of_a_file_is_told_by_its_size""",
    ),
    row(
        "batches: operations",
        no="bedrock",
        openai="test_batches.py::test_every_form[create]",
        anthropic="test_batches.py::test_operation",
    ),
)

ALWAYS = (
    row(
        "an error of the API is the client's own, and recorded",
        openai=f"""recorded test_recorded.py::test_sync[openai_client_error]
            {_MOCKED}
            test_wrap.py::test_an_error_of_the_api_is_raised_and_recorded""",
        anthropic=f"""recorded test_recorded.py::test_sync[anthropic_client_error]
            {_MOCKED}[anthropic]
            test_wrap.py::test_an_error_of_the_api_is_raised_and_recorded""",
        google_genai=f"""{_MOCKED}[google_genai]
            test_wrap.py::test_an_error_of_the_api_is_raised_and_recorded""",
        litellm="test_functions.py::test_an_error_is_litellms_own_and_recorded",
        bedrock="test_client.py::test_an_error_of_the_api_is_raised_and_recorded",
    ),
    row(
        "attempts are one span",
        openai="test_wrap.py::test_a_call_is_one_span_whatever_the_retries",
        anthropic=f"{_MOCKED}[anthropic]",
        google_genai="test_wrap.py::test_a_call_is_one_span_whatever_the_retries",
        litellm="test_functions.py::test_attempts_and_fallbacks_are_one_span",
        bedrock="test_client.py::test_a_call_is_one_span_whatever_the_attempts",
    ),
    row(
        "a stream that breaks down keeps what has come",
        openai=f"""{_MOCKED}[openai chat stream]
            test_wrap.py::test_a_stream_that_breaks_down_keeps_what_has_come""",
        anthropic=f"""{_MOCKED}[anthropic stream]
            test_wrap.py::test_a_stream_that_breaks_down_keeps_what_has_come""",
        google_genai=f"""{_MOCKED}[google_genai stream]
            test_wrap.py::test_a_stream_that_breaks_down_keeps_what_has_come""",
        litellm="test_result.py::test_a_stream_that_breaks_down_keeps_what_has_come",
        bedrock="test_event_stream.py::test_a_stream_that_breaks_down_keeps_what_has_come",
    ),
    row(
        "a stream that is left keeps what was read",
        openai="test_wrap.py::test_a_stream_broken_off_keeps_what_was_read_and_is_no_error",
        anthropic="test_wrap.py::test_a_stream_broken_off_keeps_what_was_read_and_is_no_error",
        google_genai="test_wrap.py::test_a_stream_broken_off_keeps_what_was_read_and_is_no_error",
        litellm="test_result.py::test_a_stream_that_is_closed_ends_its_span",
        bedrock="test_event_stream.py::test_a_stream_that_is_closed_ends_its_span",
    ),
    row(
        "a stream that is never read nor closed",
        openai="test_wrap.py::test_a_stream_never_read_nor_closed_is_ended_when_it_is_collected",
        anthropic="test_wrap.py::test_a_stream_never_read_nor_closed_is_ended_when_it_is_collected",
        google_genai="test_wrap.py::test_a_stream_that_is_never_read_asks_for_nothing",
        litellm="test_result.py::test_a_stream_that_is_forgotten_ends_its_span",
        bedrock="test_event_stream.py::test_a_stream_that_is_forgotten_ends_its_span",
    ),
    row(
        "answers that no API should give do no harm",
        openai="""test_hostile.py::test_the_caller_sees_what_the_bare_client_gives
            test_hostile_operations.py::test_any_json_ends_as_with_the_bare_client""",
        anthropic="test_hostile.py::test_the_caller_sees_what_the_bare_client_gives",
        google_genai="test_hostile.py::test_the_caller_sees_what_the_bare_client_gives",
        litellm="test_hostile.py::test_any_answer_reaches_the_caller_as_it_is",
        bedrock="test_hostile.py::test_any_answer_reaches_the_caller_as_it_is",
    ),
    row(
        "nor do errors of ours",
        openai="test_unharmed.py::test_call_is_unharmed_by_a_provider_that_fails",
        anthropic="test_unharmed.py::test_call_is_unharmed_by_a_provider_that_fails",
        google_genai="test_unharmed.py::test_a_call_is_unharmed_by_a_provider_that_fails",
        litellm="test_unharmed.py::test_calls_are_unharmed_by_a_provider_that_fails",
        bedrock="test_unharmed.py::test_calls_are_unharmed_by_a_provider_that_fails",
    ),
    row(
        "all clients (`instrument()`), undone again",
        openai="test_patch.py::test_undoing_puts_the_classes_back",
        anthropic="test_wrap.py::test_all_clients_are_recorded_until_that_is_undone",
        google_genai="test_wrap.py::test_what_is_patched_is_undone",
        litellm="test_wrap.py::test_a_patch_is_undone",
        bedrock="test_client.py::test_all_clients_are_recorded_until_that_is_undone",
    ),
    row(
        "`span_info` is told and not sent",
        openai="test_wrap.py::test_span_info_is_told_and_taken_out_of_the_request",
        anthropic="test_wrap.py::test_span_info_is_told_and_taken_out_of_the_request",
        google_genai="test_requests.py::test_span_info_is_told_and_taken_out_of_the_request",
        litellm="test_functions.py::test_what_is_wanted_on_the_span_is_not_sent",
        bedrock="test_client.py::test_what_is_wanted_on_the_span_is_not_sent",
    ),
)

SECTIONS = {
    "Answers of models": ANSWERS,
    "OpenAI's Responses API": RESPONSES,
    "Other endpoints": OTHERS,
    "Whatever the call": ALWAYS,
}


def tables() -> str:
    """The tables, each under its heading."""
    return "\n".join(f"### {heading}\n\n{table(rows)}" for heading, rows in SECTIONS.items())


def table(rows: tuple[Row, ...]) -> str:
    """One table in Markdown."""
    head = ["", *PROVIDERS.values()]
    body = [[one.form, *(one.cell(provider) for provider in PROVIDERS)] for one in rows]
    lines = [head, ["---"] * len(head), *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def page(text: str) -> str:
    """The page with the tables of today."""
    before, rest = text.split(START)
    return before + START + "\n" + tables() + "\n" + END + rest.split(END)[1]


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
