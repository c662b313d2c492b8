"""The early logging SDK (0.0.4): experiments that a program logs into by itself."""

import pytest

import spanscore
from experiment_rows import registered, rows_of
from fake_braintrust import KEY, FakeBraintrust
from spanscore.errors import SpanscoreError

pytestmark = pytest.mark.core


def test_init_opens_an_experiment_in_a_project_with_name_and_description() -> None:
    experiment = spanscore.init("early", "first", description="a snapshot of the application")
    assert (experiment.project.name, experiment.name) == ("early", "first")
    assert registered(experiment.id)["description"] == "a snapshot of the application"


def test_a_name_is_guessed_where_none_is_given() -> None:
    assert spanscore.init("early").name != ""


def test_log_takes_input_output_expected_scores_and_metadata_and_returns_the_id() -> None:
    experiment = spanscore.init("early")
    row_id = experiment.log(
        input={"question": "2+2"}, output="4", expected="4", scores={"exact": 1}, metadata={"prompt": "p"}
    )
    experiment.flush()
    (row,) = rows_of(experiment.id)
    assert (row.id, row.input, row.output, row.expected, dict(row.scores), row.metadata["prompt"]) == (
        row_id,
        {"question": "2+2"},
        "4",
        "4",
        {"exact": 1},
        "p",
    )


def test_values_are_stored_as_they_are_and_not_as_texts_of_texts() -> None:
    experiment = spanscore.init("early")
    experiment.log(input=1, output={"answer": [1, None]}, expected=[], scores={})
    experiment.flush()
    (row,) = rows_of(experiment.id)
    assert (row.output, row.expected) == ({"answer": [1, None]}, [])


def test_scores_lie_between_0_and_1() -> None:
    experiment = spanscore.init("early")
    with pytest.raises(SpanscoreError, match=r"the score 'exact' is 2; give a number in 0\.\.1"):
        experiment.log(input=1, output=1, scores={"exact": 2})


def test_module_level_log_goes_to_the_current_experiment() -> None:
    experiment = spanscore.init("early")
    spanscore.log(input=1, output=1, expected=1, scores={"exact": 1})
    assert spanscore.current_experiment() is experiment
    assert spanscore.summarize().scores["exact"].mean == 1.0


def test_log_without_an_experiment_says_what_to_call() -> None:
    with pytest.raises(SpanscoreError, match="init"):
        spanscore.log(input=1, output=1, scores={})


def test_summarize_shows_the_results_so_far() -> None:
    experiment = spanscore.init("early")
    experiment.log(input=1, output=1, scores={"exact": 1})
    first = experiment.summarize()
    experiment.log(input=2, output=1, scores={"exact": 0})
    assert (first.scores["exact"].mean, experiment.summarize().scores["exact"].mean) == (1.0, 0.5)


def test_two_experiments_are_compared_by_their_inputs() -> None:
    for name, scores in (("before", (1, 0)), ("after", (1, 1))):
        experiment = spanscore.init("early", name)
        for number, score in enumerate(scores):
            experiment.log(input=number, output="", scores={"exact": score})
        experiment.flush()
    difference = experiment.summarize().scores["exact"].difference
    assert difference is not None
    assert (difference.pairs, difference.improvements, difference.difference) == (2, 1, 0.5)


def test_login_without_a_key_says_where_keys_come_from() -> None:
    with pytest.raises(SpanscoreError, match=r"BRAINTRUST_API_KEY.*\.env\.braintrust"):
        spanscore.login(api_key=None)


def test_the_names_of_the_early_sdk_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """`login`, `init`, `log` and `summarize`, called one after the other as its documents do."""
    with FakeBraintrust() as server:
        monkeypatch.setenv("BRAINTRUST_API_URL", server.url)
        spanscore.login(app_url=server.url, api_key=KEY, org_name="first", force_login=True)
        experiment = spanscore.init("early", "first", description="a snapshot of the application")
        row_id = spanscore.log(
            input={"question": "2+2"}, output="4", expected="4", scores={"exact": 1}, metadata={"id": 7}
        )
        summary = spanscore.summarize()
        spanscore.flush()
        (told,) = (span for span in server.spans() if span.get("braintrust.scores"))
    assert (told["braintrust.parent"], rows_of(experiment.id)[0].id) == (
        f"experiment_id:{experiment.id}",
        row_id,
    )
    assert (summary.project, summary.experiment) == ("early", experiment.name)
    assert summary.scores["exact"].mean == 1.0
