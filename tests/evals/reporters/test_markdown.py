from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from spanscore.evals.reporters._markdown import markdown
from told_evals import PLAIN, RESULT, failing, section

pytestmark = pytest.mark.core


def test_everything_that_can_be_told() -> None:
    text = markdown([section(failing(RESULT, 12), "exact is 0.6, which is < 0.9")])
    assert text == snapshot("""\
<!-- spanscore -->

### ❌ bot/main-2

8 cases, 1 errored, 1 scorer error, 1.2 s, compared with main-1

- **gate not met:** exact is 0.6, which is &lt; 0.9

| score | mean | 95 % interval | of scored | pass@\u200bk | pass^k | scored | skipped | errored |
| --- | --: | --: | --: | --: | --: | --: | --: | --: |
| exact | 62.50 % | 30.57 to 86.32 |  | 75.00 % (k=2) | 50.00 % (k=2) | 8 |  |  |
| judge | 50.00 % | ± 10.00 s.e. | 66.67 % |  |  | 6 | 1 | 1 |

| compared | before | now | difference | 95 % interval | p (Holm) | verdict | better | worse | same |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |
| exact | 87.50 % | 62.50 % | -25.00 | -45.00 to -5.00 | 0.020 | worse | 0 | 2 | 6 |
| judge | 49.00 % | 50.00 % | +1.00 | ± 2.00 s.e. | 0.610 | no evidence | 2 | 1 | 0 |

| metric | mean | total | baseline | difference | 95 % interval | p (Holm) |
| --- | --: | --: | --: | --: | --: | --: |
| duration | 0.123 s | 0.987 s | 0.100 s | +0.0234 s | 0.003 to 0.044 | &lt; 0.001 |

| classifier | label | cases |
| --- | --: | --: |
| tone | kind | 6 |
| tone | rude | 2 |

- a partial run: first 8
- 7 inputs are in both experiments, 1 in this one alone, 0 in the baseline alone
- judge: this comparison could have shown a difference of 6.10 points

<details><summary>The inputs that got worse most</summary>

| input | expected | before | now | scores | trace |
| --- | --- | --- | --- | --- | --- |
| Ada | Hi Ada | Hi Ada | Dear Ada | exact 100.00 % → 0.00 %, judge 75.00 % → 50.00 % | `abababab` |
| {"name":"Bob"} | Hi Ada | Hi Ada | error: ValueError: boom | exact 100.00 % → 0.00 % | `abababab` |

</details>

<details><summary>Failures</summary>

- task: ValueError: \\[0\\] (input 1)
- task: ValueError: \\[1\\] (input 1)
- task: ValueError: \\[2\\] (input 1)
- task: ValueError: \\[3\\] (input 1)
- task: ValueError: \\[4\\] (input 1)
- task: ValueError: \\[5\\] (input 1)
- task: ValueError: \\[6\\] (input 1)
- task: ValueError: \\[7\\] (input 1)
- task: ValueError: \\[8\\] (input 1)
- task: ValueError: \\[9\\] (input 1)
- and 2 failures more

</details>

- see spanscore experiments show bot/main-2
- the largest changes: spanscore experiments compare bot/main-2
""")


def test_what_would_be_markup_is_text() -> None:
    named = replace(PLAIN, summary=replace(PLAIN.summary, experiment="a|b `c` @all <i>\n# d"))
    assert markdown([section(named)]).splitlines()[2] == (
        "### ✅ bot/a\\|b \\`c\\` @\N{ZERO WIDTH SPACE}all &lt;i&gt; \\# d"
    )
