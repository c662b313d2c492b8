"""What a backend does."""

from dataclasses import replace

from faults.answer import DOWN, Answer
from faults.scenario import Place, Scenario

_STEADY = Scenario(name="", program=("ends", "normal"), recovers=True, is_steady=True)
_NORMAL = Scenario(name="", program=("ends", "normal"))
_LIMIT_BYTES = 4_000_000

OUTAGES = (
    replace(_STEADY, name="sink down for a while", answer=DOWN, has_baseline=True),
    replace(
        _NORMAL,
        name="sink down until exit, then a second process",
        later=("faults.programs.drain",),
        answer=DOWN,
        has_baseline=True,
    ),
    replace(_NORMAL, name="sink down, SIGKILL", answer=DOWN, program=("ends", "sigkill"), status=-9),
    replace(_NORMAL, name="sink accepts and never answers", answer=Answer(hangs=True), has_baseline=True),
    replace(
        _NORMAL,
        name="sink hangs, embedded store beside it",
        answer=Answer(hangs=True),
        place=Place.BOTH,
        is_short=False,
    ),
    replace(
        _NORMAL,
        name="sink hangs, os.fork, children sys.exit",
        program=("forks", "sys_exit"),
        answer=Answer(hangs=True),
        is_short=False,
    ),
    replace(_STEADY, name="sink hangs for a while", answer=Answer(hangs=True), is_short=False),
    replace(_STEADY, name="500 for a while", answer=Answer(status=500), is_short=False),
    replace(_STEADY, name="503 with Retry-After 2 for a while", answer=Answer(status=503, retry_after="2")),
    replace(_STEADY, name="429 with Retry-After 30 for a while", answer=Answer(status=429, retry_after="30")),
    replace(_NORMAL, name="401 until exit", answer=Answer(status=401)),
    replace(_STEADY, name="401 for a while", answer=Answer(status=401), is_short=False),
    replace(_NORMAL, name="302 until exit", answer=Answer(status=302)),
    replace(_NORMAL, name="413 above 100 KB", answer=Answer(limit_bytes=100_000)),
    replace(
        _NORMAL,
        name="acknowledgements lost three times",
        answer=Answer(loses_acknowledgement=True, requests=3),
    ),
    replace(
        _NORMAL,
        name="poison spans answered with 400",
        program=("odd_spans", "poison"),
        answer=Answer(poison="poison"),
        refused=5,
    ),
    replace(
        _NORMAL,
        name="poison spans left out, partial success",
        program=("odd_spans", "poison"),
        answer=Answer(rejects="poison"),
        refused=5,
    ),
    replace(
        _NORMAL,
        name="50,000 spans, 100 ms an answer",
        answer=Answer(delay_s=0.1),
        spans=50_000,
        has_baseline=True,
        is_short=False,
        patience_s=180.0,
    ),
    replace(
        _NORMAL, name="20,000 spans as fast as possible", spans=20_000, has_baseline=True, is_short=False
    ),
    replace(
        _NORMAL,
        name="one input of 10 MB among many, 4 MB sink",
        program=("odd_spans", "huge"),
        answer=Answer(limit_bytes=_LIMIT_BYTES),
        spans=5_000,
        has_baseline=False,
        is_short=False,
    ),
    replace(
        _NORMAL,
        name="one span of 10 MB (budget raised) among many, 4 MB sink",
        program=("odd_spans", "huge_uncut"),
        answer=Answer(limit_bytes=_LIMIT_BYTES),
        spans=5_000,
        refused=1,
        is_short=False,
    ),
)
