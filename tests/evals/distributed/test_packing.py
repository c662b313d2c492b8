"""The job as bytes, and what is said of what cannot be."""

import threading
from typing import Any

import pytest

from spanscore._config import Settings
from spanscore.errors import ConfigError
from spanscore.evals import EvalOptions
from spanscore.evals.distributed import Job
from spanscore.evals.distributed._packing import packed_job
from spanscore.prompts import Prompt
from spanscore.scoring import scorer
from spanscore.wire.seams import ExperimentRef

pickle = pytest.importorskip("ray.cloudpickle", reason="Ray is an extra")

REF = ExperimentRef(id="e", name="n", project_id="p", project="bot", created_ns=1)
LOCK = threading.Lock()


def job(**options: Any) -> Job:
    given: dict[str, Any] = {"project": "bot", "data": (), "task": len, "scores": ()}
    return Job(
        options=EvalOptions(**given | options),
        settings=Settings.from_env(),
        experiment=REF,
        marks={},
        links=(),
        row_of=repr,  # type: ignore[arg-type]
        collects=False,
    )


def locked(lock: Any) -> Any:
    def answer(output: int) -> int:
        with lock:
            return output

    return answer


def test_functions_of_files_that_no_package_has_go_whole() -> None:
    options = pickle.loads(packed_job(job(task=locked))).options
    assert (options.task.__name__, options.task is locked) == ("locked", False)


def test_a_prompt_goes_along() -> None:
    data = {"prompt": {"type": "chat", "messages": []}, "options": {"model": "small"}}
    options = pickle.loads(packed_job(job(parameters={"p": Prompt.from_prompt_data("p", data)}))).options
    assert options.parameters["p"]["model"] == "small"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"task": locked(LOCK)}, "the task answer"),
        ({"scores": [scorer("exact", locked(LOCK))]}, "the scorer exact"),
        ({"classifiers": [locked(LOCK)]}, "the classifier answer"),
        ({"parameters": {"lock": LOCK}}, "parameters"),
    ],
)
def test_what_cannot_be_sent_is_named(options: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        packed_job(job(**options))
    assert str(caught.value) == (
        f"{named} cannot be sent to the workers of Ray: cannot pickle '_thread.lock' object; make what "
        "cannot be sent, such as a client, a lock or an open file, inside of the function, "
        "where the worker calls it"
    )
