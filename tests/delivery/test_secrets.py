import subprocess
import sys

import orjson
import pytest
import re2  # pyright: ignore[reportMissingTypeStubs]

from spanscore.delivery import _secrets
from spanscore.delivery._secrets import PATTERNS, may_hold_secret, without_secrets

A = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0"
HEX = "0123456789abcdef" * 4
LINE = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
ENDS = "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"
PEM = f"{ENDS[0]}\nProc-Type: 4,ENCRYPTED\n\n{LINE}\n{LINE}=\n{ENDS[1]}"

# Put together here, so that no scanner takes them for real ones.
SECRETS: dict[str, str] = {
    "aws-access-key": "AKIA" + "IOSFODNN7EXAMPLE",
    "github-token": "gh" + "p_" + A[:36],
    "github-fine-grained-token": "github" + "_pat_" + A,
    "gitlab-token": "gl" + "pat-" + A[:20],
    "slack-token": "xo" + "xb-1234567890-" + A,
    "stripe-key": "sk" + "_live_" + A[:24],
    "anthropic-key": "sk" + "-ant-api03-" + A + "-" + A,
    "openai-key": "sk" + "-proj-" + A + "_" + A,
    "openrouter-key": "sk" + "-or-v1-" + HEX,
    "langfuse-key": "sk" + "-lf-01234567-89ab-cdef-0123-456789abcdef",
    "sk-key": "sk" + "-" + A + A[:8],
    "langsmith-key": "lsv2" + "_pt_" + HEX[:32] + "_" + HEX[:10],
    "google-key": "AI" + "za" + A[:35],
    "groq-key": "gs" + "k_" + A + A[:12],
    "xai-key": "xa" + "i-" + A + A,
    "perplexity-key": "pp" + "lx-" + A + A[:8],
    "replicate-token": "r8" + "_" + A[:37],
    "hugging-face-token": "h" + "f_" + A[:34],
    "npm-token": "np" + "m_" + A[:36],
    "pypi-token": "py" + "pi-AgEIcHlwaS5vcmc" + A + A,
    "sendgrid-key": "S" + "G." + A[:22] + "." + A + "abc",
    "twilio-key": "S" + "K" + HEX[:32],
    "databricks-token": "da" + "pi" + HEX[:32],
    "jwt": "ey" + "J" + A[:20] + ".ey" + "J" + A + "." + A,
    "private-key": PEM,
}
"""A secret of every kind that gives itself away alone."""

PLACED: dict[str, tuple[str, str, str]] = {
    "a webhook": ("slack-webhook", "https://hooks.slack.com/services/", f"T00000000/B00000000/{A[:24]}"),
    "an Azure key": ("azure-key", "AccountName=x;AccountKey=", A + A + "abcde=="),
    "a bearer token": ("bearer-token", "Authorization is bearer ", A),
    "basic authorization": ("authorization-header", "Authorization: Basic ", "dXNlcjpwYXNz"),
    "a password in a URL": ("url-password", "postgres://user:", "p:ss-w0rd"),
    "a password in JSON": ("named", '{"db_password": "', r"hunter\"2"),
    "a password in a repr": ("named", "Login(user='ann', password='", "hunter2"),
    "a key in the JSON of a call": ("named", r'{"arguments":"{\"api_key\":\"', r"k\\\"2"),
    "a header as a pair": ("header", '[["x-api-key","', "abcdefgh"),
    "a header as an object": ("header", '{"name":"Authorization","value":"', "abcdefgh"),
}
"""What stands before a secret, and the secret, which alone would be no more than a word."""

AFTER = {"url-password": "@host/db", "named": '"', "header": '"'}

INNOCENT = {
    "hyphens": "a task-oriented-dialogue-state-tracking-benchmark-2024-edition",
    "more hyphens": "risk-assessment-of-the-5-most-important-desk-research-methods",
    "a library": "sk-learn-pipeline-configuration-guide and sk-learnpipelineconfigurationguide",
    "a prefix in a word": "xAKIAIOSFODNN7EXAMPLE0 and _ghp_" + A,
    "prose": "the bearer of this token must keep the password: it is the secret of the basic authorization",
    "an address": "write to https://example.com/a:b@c and mailto:ann@example.com",
    "a URL with a user": "ssh://git@github.com/x/y",
    "a public key": f"-----BEGIN PUBLIC KEY-----\n{LINE}\n-----END PUBLIC KEY-----",
    "what was taken out already": '{"password":"<redacted>","Authorization":"Bearer <redacted>"}',
    "a schema": '{"password":{"type":"string"},"api_key":{"type":"string","description":"your key"}}',
    "a hash and an id": f"sha256:{HEX} 01234567-89ab-cdef-0123-456789abcdef",
    "base64": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
}


def found(text: str) -> tuple[str, list[str]]:
    cleaned, names = without_secrets(text.encode())
    assert may_hold_secret(text.encode()) or not names
    return cleaned.decode(), names


def test_each_pattern_has_an_example() -> None:
    assert {*SECRETS, *(name for name, _, _ in PLACED.values())} == {pattern.name for pattern in PATTERNS}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("the key is ", ", says she"), ("é", "é"), ("\n", "\n"), ("('", "')")]
)
def test_a_secret_is_found(name: str, before: str, after: str) -> None:
    assert found(f"{before}{SECRETS[name]}{after}") == (f"{before}<redacted>{after}", [name])


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_found_in_json_and_in_json_in_json(name: str) -> None:
    text = f"tab\t{SECRETS[name]}\nline\n{SECRETS[name]}\u0001"
    for _ in range(3):
        text = orjson.dumps([text]).decode()
        cleaned, names = found(text)
        assert (names, cleaned.count("<redacted>")) == ([name, name], 2)
        assert orjson.loads(cleaned)


@pytest.mark.parametrize(("name", "before", "secret"), PLACED.values(), ids=PLACED.keys())
def test_a_secret_is_found_by_what_is_beside_it(name: str, before: str, secret: str) -> None:
    after = "'" if before.endswith("'") else r"\"" if before.endswith(r"\"") else AFTER.get(name, "")
    assert found(f"{before}{secret}{after}, x") == (f"{before}<redacted>{after}, x", [name])
    assert may_hold_secret(orjson.dumps(f"{before}{secret}{after}"))


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT.keys())
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert found(text) == (text, [])


def test_a_private_key_whose_end_was_cut_is_taken_out_as_far_as_it_goes() -> None:
    cut = f"{ENDS[0]}\n{LINE}\n{LINE}"
    assert found(f"{cut}\nAnd so on.") == ("<redacted>\nAnd so on.", ["private-key"])
    in_json = orjson.dumps(f"{cut}\nAnd so on.").decode()
    assert found(in_json) == (r'"<redacted>\nAnd so on."', ["private-key"])


def test_many_secrets_side_by_side() -> None:
    text = "\\n".join(SECRETS[name] for name in SECRETS if name != "private-key")
    cleaned, names = found(text)
    assert cleaned == "\\n".join(["<redacted>"] * (len(SECRETS) - 1))
    assert names == [name for name in SECRETS if name != "private-key"]


def test_records_are_searched_whatever_their_bytes() -> None:
    for secret in SECRETS.values():
        assert may_hold_secret(b"\xff\xc1\x92\xda" + secret.encode() + b"\xc3\x28\x00")
    assert not may_hold_secret(bytes(range(256)) * 100)


def test_all_patterns_are_in_the_linear_matcher() -> None:
    for matcher in (_secrets.DETECTOR, _secrets.HINTS):
        assert type(matcher).__module__.startswith(re2.__name__)
        assert matcher.options.never_capture is False
    assert _secrets.DETECTOR.groups == len(PATTERNS)


HARD = """
from spanscore.delivery._secrets import may_hold_secret, without_secrets
size = 5_000_000
for part in ("eyJ", "eyJaaaaaaaaaaaa.", "a:", "a://b:", "sk-", "sk-a-", "-----BEGIN PRIVATE KEY-----", "-",
             "a-b_", "bearer ", "authorization: ", 'password":"', "\\\\", "\\\\n", "SG.a", "ghp_aaaa", " "):
    data = (part * (size // len(part))).encode()
    may_hold_secret(data)
    without_secrets(data)
"""


def test_no_text_takes_for_ever() -> None:
    """A backtracking matcher would need hours for some of these; the guard is for a hang, not for speed."""
    subprocess.run([sys.executable, "-c", HARD], check=True, timeout=120)
