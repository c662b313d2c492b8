"""Where answers are kept, and who shares them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from opentelemetry import context as otel_context
from opentelemetry.context import Context

from spanscore.errors import ConfigError
from spanscore.integrations import answers_cached, in_trial
from spanscore.integrations._answers_scope import Keeping, kept_answers
from spanscore.testing import recorded_spans

pytestmark = pytest.mark.core

DIGEST = "0" * 64


def keeping_in(context: Context) -> Keeping:
    token = otel_context.attach(context)
    found = kept_answers()
    otel_context.detach(token)
    assert found is not None
    return found


def trial(index: int, attempt: int = 1) -> Keeping:
    return keeping_in(in_trial(Context(), index=index, attempt=attempt))


def test_answers_are_kept_within_the_block_only(tmp_path: Path) -> None:
    assert kept_answers() is None
    with answers_cached(tmp_path / "cache"):
        assert kept_answers() is not None
        assert (tmp_path / "cache").is_dir()
    assert kept_answers() is None


def test_outside_of_it_a_trial_changes_nothing() -> None:
    context = Context({"a": 1})
    assert in_trial(context, index=0) is context


def test_what_a_context_has_stays(tmp_path: Path) -> None:
    with answers_cached(tmp_path):
        assert in_trial(Context({"a": 1}), index=0)["a"] == 1


def test_the_same_request_has_one_answer_outside_of_trials(tmp_path: Path) -> None:
    with answers_cached(tmp_path):
        keeping = keeping_in(otel_context.get_current())
        assert keeping.key(DIGEST) == keeping.key(DIGEST) == DIGEST


def test_trials_attempts_and_repeats_have_answers_of_their_own(tmp_path: Path) -> None:
    with answers_cached(tmp_path):
        first = trial(0)
        keys = [first.key(DIGEST), first.key(DIGEST), trial(1).key(DIGEST), trial(0, 2).key(DIGEST), DIGEST]
        assert len(set(keys)) == len(keys)
        again = trial(0)
        assert [again.key(DIGEST), again.key(DIGEST)] == keys[:2]
        assert trial(0).key("1" * 64) not in keys


def test_threads_that_a_trial_starts_belong_to_it(tmp_path: Path) -> None:
    found: list[Keeping | None] = []
    with recorded_spans(), answers_cached(tmp_path):
        token = otel_context.attach(in_trial(Context(), index=3))
        thread = threading.Thread(target=lambda: found.append(kept_answers()))
        thread.start()
        thread.join()
        with ThreadPoolExecutor(1) as pool:
            found.append(pool.submit(kept_answers).result())
        expected = kept_answers()
        otel_context.detach(token)
    assert found == [expected, expected]


def test_a_folder_that_cannot_be_made_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="give another folder"), answers_cached(tmp_path / "file"):
        pass


def test_the_folder_is_trimmed_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "a.answer").write_bytes(b"a" * 100)
    with answers_cached(tmp_path, max_bytes=10):
        pass
    assert list((tmp_path / "ab").iterdir()) == []
