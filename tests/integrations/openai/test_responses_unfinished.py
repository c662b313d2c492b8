"""A response's tokens are counted once, whoever fetches it and however often."""

from concurrent.futures import ThreadPoolExecutor

from spanscore.integrations.openai._responses_unfinished import UnfinishedResponses


def test_what_was_never_seen_unfinished_is_not_counted() -> None:
    assert UnfinishedResponses().take("a") is False


def test_what_was_is_counted_once() -> None:
    unfinished = UnfinishedResponses()
    unfinished.add("a")
    unfinished.add("a")
    assert [unfinished.take("a"), unfinished.take("a")] == [True, False]


def test_beyond_the_limit_the_oldest_is_forgotten() -> None:
    unfinished = UnfinishedResponses(limit=2)
    for response_id in ("a", "b", "c"):
        unfinished.add(response_id)
    assert [unfinished.take(response_id) for response_id in ("a", "b", "c")] == [False, True, True]


def test_of_many_threads_one_counts() -> None:
    unfinished = UnfinishedResponses()
    unfinished.add("a")
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(unfinished.take, ["a"] * 64)) == 1
