import threading
from typing import Any

import pytest

from spanscore._json import REDACTED, holds_credential, is_credential
from spanscore._json._credentials import Credentials, judge

pytestmark = pytest.mark.core

CREDENTIAL_NAMES = """
    authorization Authorization proxy-authorization ProxyAuthorization http.request.header.authorization
    api_key apikey apiKey APIKey X-Api-Key x-api-key OPENAI_API_KEY openai.api.key api_keys apikey2
    openaiApiKey
    access_token refreshToken id_token idToken auth_token AUTH-TOKEN bearer_token session_token csrf_token
    xsrfToken oauth_token OAuthToken X-Auth-Token x-amz-security-token api_token
    secret secrets client_secret clientSecret app_secret SECRET_KEY secretkey aws_secret_access_key
    AWS_SECRET_ACCESS_KEY private_key privateKey access_key account_key Ocp-Apim-Subscription-Key
    password Password db_password dbpassword PGPASSWORD passwd passphrase pass_phrase pwd user_pwd
    new_password2 password_confirmation passwords
    cookie Cookie set-cookie Set_Cookie cookies credential credentials gcp_credentials aws.credentials
    connection_string connectionString AZURE_STORAGE_CONNECTION_STRING db.connection_string conn_str
"""

OTHER_NAMES = """
    tokens max_tokens prompt_tokens completion_tokens token_count access_token_count token_type id name role
    secretary secretariat password_policy passwordless password_hash_algorithm author authors authority
    authorization_url authentication cookies_enabled cookie_policy key keys keyword monkey primary_key
    aws_access_key_id private_key_id secret_name credential_type api_key_id pass passed bypass compass
    next_token next_page_token pageToken continuation_token session_id connection_id user.id input output
"""


@pytest.mark.parametrize("name", CREDENTIAL_NAMES.split())
def test_name_of_a_credential(name: str) -> None:
    assert is_credential(name)
    assert holds_credential(name, "hunter2")


@pytest.mark.parametrize("name", OTHER_NAMES.split())
def test_name_of_something_else(name: str) -> None:
    assert not is_credential(name)
    assert not holds_credential(name, "a1B2c3D4e5F6g7H8i9")


OPAQUE = "a1B2c3D4e5F6g7H8"
VALUES: dict[str, tuple[str, Any, bool]] = {
    "nothing": ("password", None, False),
    "a yes": ("has_password", True, False),
    "a no": ("password", False, False),
    "empty text": ("api_key", "", False),
    "what was left out before": ("api_key", REDACTED, False),
    "an empty object": ("cookies", {}, False),
    "an empty list": ("secrets", [], False),
    "a number that is no password": ("secret", 42, False),
    "a number as a password": ("pwd", 1234, True),
    "a fraction as a password": ("password", 0.5, True),
    "an object": ("cookies", {"session": "1"}, True),
    "a list": ("api_keys", ["a"], True),
    "any other value": ("credentials", object(), True),
    "the schema of a password": ("password", {"type": "string", "minLength": 8}, False),
    "a reference in a schema": ("credentials", {"$ref": "#/$defs/credentials"}, False),
    "a service account is no schema": ("credentials", {"type": "service_account", "id": 1}, True),
    "a token": ("token", OPAQUE, True),
    "a token of letters of both cases": ("token", "abcdefghIJKLMNOPqrst", True),
    "some other token": ("GITHUB_TOKEN", OPAQUE, True),
    "a token of a language model": ("token", " Paris", False),
    "a long one": ("token", " internationalization", False),
    "a long one without a space": ("token", "internationalization", False),
    "a long one at the start of a sentence": ("token", "Internationalization", False),
    "a rule": ("token", "================", False),
    "a special token": ("bos_token", "<|begin_of_text1|>", False),
    "a token of 15 characters": ("token", OPAQUE[:15], False),
    "text under a token": ("token", "one token after 2 others", False),
    "a number under a token": ("token", 15496, False),
    "an object under a token": ("token", {"text": OPAQUE}, False),
}


@pytest.mark.parametrize(("name", "value", "is_out"), VALUES.values(), ids=VALUES.keys())
def test_value_under_a_name(name: str, value: Any, is_out: bool) -> None:
    assert holds_credential(name, value) is is_out


def test_the_end_of_a_very_long_name_decides() -> None:
    assert is_credential("x" * 10_000_000 + "_password")
    assert not is_credential("password" * 1_000_000 + "_" + "x" * 200)


def test_many_keys_are_judged_at_once() -> None:
    assert judge(["a", "password", "b" * 1000, "token", "key"]) == {"password", "token"}
    assert judge(map(str, range(100_000))) == set()


def test_no_count_is_lost_between_threads() -> None:
    credentials = Credentials()
    threads = [threading.Thread(target=lambda: [credentials.add(2) for _ in range(1000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert credentials.count == 16_000
