"""The guide "Write evals": each statement of it that concerns code, by name."""

import subprocess
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from experiment_rows import registered, rows_of
from fake_openai import FakeOpenAI, completion, whole
from spanscore import (
    Attachment,
    BaseExperiment,
    Eval,
    Experiment,
    Reporter,
    Score,
    current_span,
    init,
    init_dataset,
    traced,
    wrap_openai,
)
from spanscore.cli import main
from spanscore.errors import SpanscoreError
from spanscore.evals import ExperimentResult

pytestmark = pytest.mark.core

DATA = [{"input": "Ada", "expected": "Hi Ada"}, {"input": "Bo", "expected": "Hello Bo"}]


def greet(input: str) -> str:
    return f"Hi {input}"


def exact(output: Any, expected: Any) -> bool:
    return output == expected


def run(data: Any = DATA, task: Any = greet, scores: Any = (exact,), **options: Any) -> ExperimentResult:
    return Eval("guide", data, task, list(scores), quiet=True, **options)


def means(result: ExperimentResult) -> dict[str, float | None]:
    return {name: score.mean for name, score in result.summary.scores.items()}


def test_several_evals_log_to_one_project() -> None:
    first, second = run(), run()
    assert (first.summary.project, second.summary.project) == ("guide", "guide")
    assert first.summary.experiment != second.summary.experiment


def test_data_is_a_function_that_returns_a_list_of_inputs_expected_and_metadata() -> None:
    cases = [{"input": 1, "expected": 1, "metadata": {"source": "faq"}}]
    (result,) = run(lambda: cases, lambda input: input).results
    assert (result.input, result.expected, dict(result.metadata)) == (1, 1, {"source": "faq"})


def test_a_task_takes_a_single_input_and_returns_an_output() -> None:
    assert [each.output for each in run().results] == ["Hi Ada", "Hi Bo"]


def test_scores_take_input_output_and_expected_and_return_a_score() -> None:
    seen: list[Any] = []

    def judge(input: Any, output: Any, expected: Any) -> float:
        seen.append((input, output, expected))
        return 0.5

    assert means(run(DATA[:1], scores=[judge])) == {"judge": 0.5}
    assert seen == [("Ada", "Hi Ada", "Hi Ada")]


def test_metadata_is_about_the_experiment() -> None:
    result = run(metadata={"model": "m"})
    assert registered(result.experiment.id)["metadata"] == {"model": "m"}


def test_a_name_that_exists_gets_a_unique_suffix() -> None:
    first, second = run(experiment_name="nightly"), run(experiment_name="nightly")
    assert first.summary.experiment == "nightly"
    assert second.summary.experiment.startswith("nightly-")
    assert second.summary.experiment_id != first.summary.experiment_id


def test_the_return_value_has_the_full_results_and_a_summary() -> None:
    run(task=lambda input: "Hello Bo")
    result = run()
    score, duration = result.summary.scores["exact"], result.summary.metrics["duration"]
    assert (len(result.results), score.mean, duration.unit, duration.count) == (2, 0.5, "s", 2)
    difference = score.difference
    assert difference is not None
    assert (difference.improvements, difference.regressions) == (1, 1)


def test_input_says_whether_two_cases_are_the_same_between_runs() -> None:
    run()
    worse = run(list(reversed(DATA)), lambda input: "")
    difference = worse.summary.scores["exact"].difference
    assert difference is not None
    assert (difference.pairs, difference.regressions, difference.improvements) == (2, 1, 0)


def test_expected_metadata_and_tags_are_optional() -> None:
    (result,) = run([{"input": 1}], lambda input: input, scores=[]).results
    assert (result.expected, dict(result.metadata), result.tags) == (None, {}, ())


def test_tags_are_a_list_of_strings_to_filter_records_by() -> None:
    result = run([{"input": 1, "tags": ["smoke", "en"]}], lambda input: input)
    (row,) = [row for row in rows_of(result.experiment.id) if row.type == "eval"]
    assert (result.results[0].tags, row.tags) == (("smoke", "en"), ["smoke", "en"])


def test_output_and_expected_are_not_compared_for_you() -> None:
    assert means(run(scores=[])) == {}


def test_an_existing_or_new_dataset_can_be_the_data() -> None:
    with init_dataset("guide", "greetings") as dataset:
        dataset.insert(input="Ada", expected="Hi Ada")
    result = run(init_dataset("guide", "greetings"))
    assert [(each.input, each.output) for each in result.results] == [("Ada", "Hi Ada")]
    origin = result.results[0].origin
    assert origin is not None
    assert (origin["object_type"], origin["object_id"]) == ("dataset", dataset.id)


def test_a_scorer_can_be_one_of_your_own() -> None:
    def length(output: str) -> float:
        return min(1.0, len(output) / 10)

    assert means(run(DATA[:1], scores=[length])) == {"length": 0.6}


def test_a_scorer_may_depend_on_the_input() -> None:
    def calculator(input: str, output: str) -> float | None:
        return float(output == "4") if "+" in input else None

    result = run([{"input": "2+2"}, {"input": "hello"}], lambda input: "4", scores=[calculator])
    assert [dict(each.scores) for each in result.results] == [{"calculator": 1.0}, {"calculator": None}]


def test_none_skips_a_scorer_for_a_case_and_counts_in_no_figure() -> None:
    def odd(input: int) -> float | None:
        return 1.0 if input % 2 else None

    data = [{"input": number} for number in range(4)]
    run(data, lambda input: input, scores=[lambda input: Score("odd", 0.5)])
    score = run(data, lambda input: input, scores=[odd]).summary.scores["odd"]
    assert (score.mean, score.standard_deviation, score.scored, score.skipped) == (1.0, 0.0, 2, 2)
    difference = score.difference
    assert difference is not None
    assert (difference.pairs, difference.improvements, difference.regressions) == (2, 2, 0)


def test_a_scorer_may_return_a_list_of_scores_with_names() -> None:
    def several(output: str) -> list[Score]:
        return [Score("short", 1.0), Score("polite", 0.5, {"why": "no please"})]

    assert means(run(scores=[several])) == {"short": 1.0, "polite": 0.5}


class Closeness:
    """A scorer that wants a field of its own, as those of autoevals do."""

    def __init__(self, tolerance: float = 0.0) -> None:
        self.tolerance = tolerance

    @classmethod
    def partial(cls, **fields: Any) -> "Callable[[], Closeness]":
        return type(cls.__name__, (cls,), {"__init__": lambda self: cls.__init__(self, **fields)})

    def eval(self, output: float, expected: float) -> float:
        return float(abs(output - expected) <= self.tolerance)


def test_fields_of_a_scorer_are_given_by_partial_or_by_a_wrapper() -> None:
    def wrapped(input: Any, output: Any, expected: Any) -> float:
        return Closeness(tolerance=input["tolerance"]).eval(output, expected)

    data = [{"input": {"x": 1.4, "tolerance": 0.5}, "expected": 1}]
    result = run(
        data, lambda input: input["x"], scores=[Closeness.partial(tolerance=0.5), Closeness, wrapped]
    )
    assert means(result) == {"Closeness": 1.0, "Closeness_2": 0.0, "wrapped": 1.0}


def test_scorers_call_other_scorers() -> None:
    def both(output: str, expected: str) -> float:
        return (exact(output, expected) + Closeness().eval(len(output), len(expected))) / 2

    assert means(run(scores=[both])) == {"both": 0.5}


def test_hooks_read_and_update_metadata_while_the_task_runs() -> None:
    def task(input: str, hooks: Any) -> str:
        hooks.metadata["words"] = hooks.metadata["start"] + 1
        return input

    (result,) = run([{"input": "x", "metadata": {"start": 1}}], task, scores=[]).results
    assert dict(result.metadata) == {"start": 1, "words": 2}


def test_trials_run_each_input_several_times_and_are_summed_up_by_input() -> None:
    answers = iter([1.0, 0.0, 1.0, 1.0])

    def flaky(output: Any) -> float:
        return next(answers)

    result = run([{"input": "a"}, {"input": "b"}], greet, [flaky], trial_count=2, max_concurrency=1)
    score = result.summary.scores["flaky"]
    assert score.trials is not None
    assert (result.summary.cases, result.summary.inputs, score.mean, score.trials.k) == (4, 2, 0.75, 2)
    assert (score.trials.pass_at_k, score.trials.pass_hat_k, score.clusters) == (1.0, 0.5, 2)


def test_base_experiment_gives_the_outputs_of_the_one_before_as_expected() -> None:
    run([{"input": "Ada"}, {"input": "Bo", "expected": "Hello Bo"}])
    result = run(BaseExperiment(), scores=[exact])
    assert sorted((each.input, each.expected) for each in result.results) == [
        ("Ada", "Hi Ada"),
        ("Bo", "Hello Bo"),
    ]


def committed(name: str) -> None:
    person = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    subprocess.run(("git", *person, "commit", "-q", "--allow-empty", "-m", name), check=True)


def test_base_experiment_is_picked_by_git_before_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(("git", "init", "-q", "-b", "main"), check=True)
    committed("first")
    ancestor = run([{"input": "Ada"}], lambda input: f"{input} of main", experiment_name="main").experiment
    subprocess.run(("git", "checkout", "-q", "-b", "side"), check=True)
    committed("on the side")
    run([{"input": "Ada"}], lambda input: f"{input} of the side", experiment_name="side")
    subprocess.run(("git", "checkout", "-q", "main"), check=True)
    committed("second")

    result = run(BaseExperiment(), scores=[exact])
    assert [each.expected for each in result.results] == ["Ada of main"]
    assert result.summary.baseline_id == ancestor.id


def test_calls_of_a_wrapped_openai_client_are_traced_below_the_task() -> None:
    openai = pytest.importorskip("openai")
    with FakeOpenAI(whole(completion("Hi Ada", model="m"))) as server:
        client = wrap_openai(openai.OpenAI(base_url=server.url, api_key="none", max_retries=0))

        def answer(input: str) -> str:
            asked: Any = [{"role": "user", "content": f"Greet {input}"}]
            return client.chat.completions.create(model="m", messages=asked).choices[0].message.content

        result = run([{"input": "Ada", "expected": "Hi Ada"}], answer)
        client.close()
    rows = {row.type: row for row in rows_of(result.experiment.id)}
    call = rows["llm"]
    assert (means(result), call.parent_span_id) == ({"exact": 1.0}, rows["task"].span_id)
    assert call.input == [{"role": "user", "content": "Greet Ada"}]
    assert call.output[0]["message"]["content"] == "Hi Ada"
    assert result.summary.metrics["tokens"].count == 1


def test_an_expected_value_given_in_review_is_that_of_the_next_experiment() -> None:
    reviewed = run([{"input": "Ada"}, {"input": "Bo", "expected": "Hello Bo"}], experiment_name="reviewed")
    experiment = init("guide", "reviewed", update=True)
    for row in rows_of(reviewed.experiment.id):
        if row.type == "eval":
            experiment.log_feedback(row.id, expected=f"Dear {row.input}")
    experiment.flush()
    results = run(BaseExperiment(), scores=[exact]).results
    assert {each.input: each.expected for each in results} == {"Ada": "Dear Ada", "Bo": "Dear Bo"}


def test_base_experiment_may_name_one() -> None:
    run([{"input": "Ada"}], experiment_name="first")
    run([{"input": "Bo"}], experiment_name="second")
    assert [each.input for each in run(BaseExperiment(name="first"), scores=[]).results] == ["Ada"]


REPORTED = """
from spanscore import Eval, Reporter
def report_eval(evaluator, result, verbose, jsonl):
    print("reported", evaluator.eval_name, result.summary.scores["exact"].mean)
    return result.summary.scores["exact"].mean >= 0.9
async def report_run(results, verbose, jsonl):
    return all(results)
{reporters}
Eval("guide", [{{"input": 1, "expected": 1}}, {{"input": 2, "expected": 1}}], lambda input: input,
     [lambda output, expected: output == expected], **{options})
"""
EXACT = REPORTED.replace("lambda output, expected: output == expected", "exact").replace(
    "\n{reporters}", "\ndef exact(output, expected):\n    return output == expected\n{reporters}"
)


def evaluated(tmp_path: Path, capsys: pytest.CaptureFixture[str], **parts: str) -> tuple[int, str]:
    file = tmp_path / "eval_guide.py"
    file.write_text(EXACT.format(**{"options": "{}", **parts}))
    code = main(["eval", str(file), "--no-progress"])
    return code, capsys.readouterr().out


def test_without_a_reporter_results_are_shown_and_an_exception_is_a_non_zero_exit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = evaluated(tmp_path, capsys, reporters="")
    assert (code, "exact" in out) == (0, True)
    code, _ = evaluated(
        tmp_path, capsys, reporters="def exact(output, expected):\n    raise KeyError(output)"
    )
    assert code == 1


def test_one_reporter_is_picked_up_for_every_eval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = evaluated(tmp_path, capsys, reporters='Reporter("strict", report_eval, report_run)')
    assert (code, out.strip()) == (1, "reported guide 0.5")


def test_of_several_reporters_an_eval_names_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = 'Reporter("strict", report_eval, report_run)\nReporter("other", report_eval, report_run)'
    code, out = evaluated(tmp_path, capsys, reporters=two, options='{"reporter": "strict"}')
    assert (code, out.strip()) == (1, "reported guide 0.5")
    code, out = evaluated(tmp_path, capsys, reporters=two)
    assert (code, "reported" in out) == (1, False)


def test_a_program_reports_to_its_own_reporter() -> None:
    told: list[Any] = []

    def report_eval(evaluator: Any, result: Any, verbose: bool, jsonl: bool) -> None:
        told.append((evaluator.eval_name, len(result.results), verbose, jsonl))

    run(reporter=Reporter("mine", report_eval, lambda results, verbose, jsonl: True))
    assert told == [("guide", 2, True, False)]


def test_attachments_stand_in_the_data_of_an_eval() -> None:
    data = [{"input": {"file": Attachment(data=b"bytes", filename="a.bin", content_type="application/x")}}]
    result = run(data, lambda input: input["file"].data.decode(), scores=[])
    (row,) = [row for row in rows_of(result.experiment.id) if row.type == "eval"]
    assert (result.results[0].output, row.input["file"]["type"], row.input["file"]["filename"]) == (
        "bytes",
        "braintrust_attachment",
        "a.bin",
    )


def test_attachments_in_a_dataset_serve_several_experiments() -> None:
    with init_dataset("guide", "files") as dataset:
        dataset.insert(
            input={"file": Attachment(data=b"bytes", filename="a.bin", content_type="application/x")}
        )
    runs = [
        run(init_dataset("guide", "files"), lambda input: input["file"].data.decode(), scores=[])
        for _ in range(2)
    ]
    assert [each.output for result in runs for each in result.results] == ["bytes", "bytes"]


def test_the_trace_of_a_case_is_a_tree_of_spans() -> None:
    @traced
    def lookup(query: str) -> str:
        current_span().log(metadata={"rows": 3})
        return query

    result = run(DATA[:1], lambda input: greet(lookup(input)))
    rows = rows_of(result.experiment.id)
    names = {row.span_id: row.name for row in rows}
    tree = sorted((row.name, names.get(row.parent_span_id or "", "")) for row in rows)
    assert tree == [("eval", ""), ("exact", "eval"), ("lookup", "task"), ("task", "eval")]


def test_traced_code_logs_step_by_step_to_the_current_span() -> None:
    experiment = init("guide", "traced")

    @traced(name="case", type="eval")
    def case(question: str) -> None:
        current_span().log(input=question)
        current_span().log(output="4", expected="4")
        current_span().log(scores={"exact": 1})

    case("2+2")
    (score,) = experiment.summarize().scores.values()
    assert (score.name, score.mean) == ("exact", 1.0)


def test_results_are_reported_without_eval_or_traced() -> None:
    experiment = init("guide", "by hand")
    row_id = experiment.log(input="2+2", output="4", expected="4", scores={"exact": 1})
    summary = experiment.summarize()
    assert (bool(row_id), summary.cases, summary.scores["exact"].mean) == (True, 1, 1.0)


def test_each_log_is_a_trace_from_the_log_before_to_its_end() -> None:
    before = time.time()
    experiment = init("guide", "times")
    for number in range(2):
        experiment.log(input=number, output=number, scores={"exact": 1})
    experiment.log(input=2, output=2, scores={"exact": 1}, id="of my own")
    experiment.flush()
    rows = sorted(rows_of(experiment.id), key=lambda row: row.input)
    times = [(row.metrics["start"], row.metrics["end"]) for row in rows]
    assert len({row.root_span_id for row in rows}) == 3
    assert before == pytest.approx(times[0][0], abs=60)
    assert all(began == ended for (_, ended), (began, _) in pairwise(times))


def test_mixing_log_with_traced_raises_unless_it_is_allowed() -> None:
    experiment: Experiment = init("guide", "mixed")
    case: dict[str, Any] = {"input": 1, "output": 1, "scores": {"exact": 1}}
    with experiment.start_span("case"), pytest.raises(SpanscoreError, match="allow_concurrent_with_spans"):
        experiment.log(**case)
    with experiment.start_span("case"):
        experiment.log(**case, allow_concurrent_with_spans=True)


def test_every_finished_span_has_a_start_and_an_end() -> None:
    result = run(DATA[:1])
    assert all({"start", "end"} <= set(row.metrics) for row in rows_of(result.experiment.id))
