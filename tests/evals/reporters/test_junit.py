import io
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from spanscore.evals.reporters._junit import write_junit
from told_evals import CASES, PLAIN, RESULT, section

pytestmark = pytest.mark.core


def test_a_suite_for_each_experiment_and_a_test_for_each_case() -> None:
    file = io.StringIO()
    write_junit(file, [section(RESULT, "exact is 0.6, which is < 0.9"), section(PLAIN, cases=())])
    assert file.getvalue() == snapshot("""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="spanscore">
  <testsuite name="bot/main-2" tests="5" failures="1" errors="2" time="0.500">
    <properties>
      <property name="score.exact" value="0.625"/>
      <property name="score.judge" value="0.5"/>
      <property name="partial" value="first 8"/>
    </properties>
    <testcase classname="bot/main-2" name="1: Ada (trial 1)" time="0.125">
      <system-out>input: Ada
expected: Hi Ada
output: Dear Ada
score exact: 0
score judge: 0.5
spanscore trace abababab</system-out>
    </testcase>
    <testcase classname="bot/main-2" name='2: {"name":"Bob"}' time="0.125">
      <error type="task" message="ValueError: boom &amp; &lt;bang&gt;"/>
      <system-out>input: {"name":"Bob"}
expected: Hi Ada
spanscore trace ef</system-out>
    </testcase>
    <testcase classname="bot/main-2" name="3: Ada" time="0.125">
      <error type="rude" message="ValueError: no"/>
      <system-out>input: Ada
expected: Hi Ada
output: Hi Ada
score exact: 1
score judge: skipped
spanscore trace 01</system-out>
    </testcase>
    <testcase classname="bot/main-2" name="4: ]]&gt; �[1m | * `x` &lt;script&gt;" time="0.125">
      <system-out>input: ]]&gt; �[1m | * `x`
&lt;script&gt;
expected: Hi Ada
output: Hi Ada
score exact: 1
spanscore trace 02</system-out>
    </testcase>
    <testcase classname="bot/main-2" name="gate">
      <failure message="exact is 0.6, which is &lt; 0.9"/>
    </testcase>
  </testsuite>
  <testsuite name="bot/main-2" tests="0" failures="0" errors="0" time="0.000">
    <properties>
      <property name="score.exact" value="0.625"/>
    </properties>
  </testsuite>
</testsuites>
""")


def test_any_text_is_well_formed_and_comes_back() -> None:
    file = io.StringIO()
    write_junit(file, [section(PLAIN)])
    root = ET.fromstring(file.getvalue())
    assert [case.get("name") for case in root.iter("testcase")] == [
        "1: Ada (trial 1)",
        '2: {"name":"Bob"}',
        "3: Ada",
        "4: ]]> \N{REPLACEMENT CHARACTER}[1m | * `x` <script>",
    ]
    [error] = [each for each in root.iter("error") if each.get("type") == "task"]
    assert error.get("message") == "ValueError: boom & <bang>"


def test_more_cases_than_fit_are_counted_and_failed_ones_go_before() -> None:
    file = io.StringIO()
    fine, failed = CASES[0], replace(CASES[1], trial_index=0)
    write_junit(file, [section(PLAIN, cases=[fine, fine, fine, failed, fine, failed, failed])], most_cases=2)
    [suite] = ET.fromstring(file.getvalue()).iter("testsuite")
    assert (suite.get("tests"), suite.get("errors")) == ("4", "2")
    assert suite.findtext("system-out") == "3 cases are left out"
