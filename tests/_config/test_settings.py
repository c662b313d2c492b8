"""Settings: which value is in force."""

import logging
import os
import pickle
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from spanscore._config import Settings
from spanscore.errors import ConfigError, UnauthorizedError

pytestmark = pytest.mark.core

KEY = "BRAINTRUST_API_KEY"


@pytest.fixture(autouse=True)
def _bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        if name.startswith(("SPANSCORE_", "BRAINTRUST_")) or name == "CI":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def set_all(monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_defaults() -> None:
    assert Settings.from_env() == Settings(home=Path("~/.spanscore").expanduser())


HOME = Path("~/.spanscore").expanduser()
CASES: dict[str, tuple[dict[str, str], dict[str, Any], str, Any]] = {
    "environment": ({"SPANSCORE_HOME": "/x"}, {}, "home", Path("/x")),
    "argument before environment": ({"SPANSCORE_HOME": "/x"}, {"home": "/y"}, "home", Path("/y")),
    "None is no argument": ({"SPANSCORE_HOME": "/x"}, {"home": None}, "home", Path("/x")),
    "blank is no argument": ({"SPANSCORE_HOME": "/x"}, {"home": " "}, "home", Path("/x")),
    "blank is not set": ({"SPANSCORE_HOME": "  "}, {}, "home", HOME),
    "home of the user": ({"SPANSCORE_HOME": "~/x"}, {}, "home", Path("~/x").expanduser()),
    "project": ({"BRAINTRUST_PROJECT": "p"}, {}, "project", "p"),
    "project's first spelling wins": (
        {"BRAINTRUST_PROJECT": "p", "BRAINTRUST_DEFAULT_PROJECT": "q"},
        {},
        "project",
        "p",
    ),
    "project's other spelling": ({"BRAINTRUST_DEFAULT_PROJECT_NAME": "q"}, {}, "project", "q"),
    "project id": ({"BRAINTRUST_PROJECT_ID": "i"}, {}, "project_id", "i"),
    "project id's other spelling": ({"BRAINTRUST_DEFAULT_PROJECT_ID": "i"}, {}, "project_id", "i"),
    "parent": ({"BRAINTRUST_PARENT": "experiment_id:e"}, {}, "default_parent", "experiment_id:e"),
    "flag": ({"SPANSCORE_PROPAGATE_THREADS": "No"}, {}, "propagate_threads", False),
    "number": ({"BRAINTRUST_MAX_GENERATOR_ITEMS": "-1"}, {}, "max_generator_items", -1),
    "attribute bytes": ({"SPANSCORE_MAX_ATTRIBUTE_BYTES": "64"}, {}, "max_attribute_bytes", 64),
    "destinations": ({"SPANSCORE_DESTINATION": "local, otlp"}, {}, "destinations", ("local", "otlp")),
    "destinations as arguments": ({}, {"destinations": ["otlp", "otlp"]}, "destinations", ("otlp",)),
    "no names of destinations": (
        {"SPANSCORE_DESTINATION": "local"},
        {"destinations": ()},
        "destinations",
        (),
    ),
    "address of the API": ({"BRAINTRUST_API_URL": "https://api.eu//"}, {}, "api_url", "https://api.eu"),
    "address as an argument": ({}, {"api_url": "http://localhost:1/"}, "api_url", "http://localhost:1"),
    "address of the app": ({"BRAINTRUST_APP_URL": "https://app.eu/"}, {}, "app_url", "https://app.eu"),
    "organisation": ({"BRAINTRUST_ORG_NAME": "o"}, {}, "org_name", "o"),
    "filter": ({"BRAINTRUST_FILTER_AI_SPANS": "true"}, {}, "filter_ai_spans", True),
    "filter's other spelling": ({"BRAINTRUST_OTEL_FILTER_AI_SPANS": "true"}, {}, "filter_ai_spans", True),
    "durability": ({"SPANSCORE_DURABILITY": "Window"}, {}, "durability", "window"),
    "media": ({"BRAINTRUST_AUTO_CONVERT_AI_ATTACHMENTS": "false"}, {}, "convert_media", False),
    "bytes of media": ({"SPANSCORE_MAX_MEDIA_BYTES": "64MiB"}, {}, "max_media_bytes", 64 << 20),
    "no bytes of media": ({"SPANSCORE_MAX_MEDIA_BYTES": "0"}, {}, "max_media_bytes", 0),
    "spool's bytes": ({"SPANSCORE_SPOOL_MAX_BYTES": "64MiB"}, {}, "spool_max_bytes", 64 << 20),
    "spool's age": ({"SPANSCORE_SPOOL_MAX_AGE_DAYS": "1"}, {}, "spool_max_age_s", 86_400.0),
    "redaction": ({"SPANSCORE_REDACT": "0"}, {}, "redact", False),
    "place of redaction": ({"SPANSCORE_REDACT_AT": "span"}, {}, "redact_at", "span"),
    "capture": ({"SPANSCORE_CAPTURE": "all"}, {}, "capture", "all"),
    "messages": (
        {"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "true"},
        {},
        "capture_messages",
        True,
    ),
    "messages on spans": (
        {"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPAN_ONLY"},
        {},
        "capture_messages",
        True,
    ),
    "messages elsewhere": (
        {"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "EVENT_ONLY"},
        {},
        "capture_messages",
        False,
    ),
    "cost": ({"SPANSCORE_ESTIMATE_COST": "1"}, {}, "estimate_cost", True),
    "a bad variable that nothing needs": (
        {"SPANSCORE_DURABILITY": "?"},
        {"durability": "off"},
        "durability",
        "off",
    ),
    "environment type": ({"BRAINTRUST_ENVIRONMENT_TYPE": "staging"}, {}, "environment_type", "staging"),
    "continuous integration": (
        {"GITHUB_ACTIONS": "true", "CI": "1"},
        {},
        "environment_name",
        "github_actions",
    ),
    "unnamed integration": ({"CI": "true"}, {}, "environment_type", "ci"),
    "no integration": ({"CI": "false"}, {}, "environment_type", None),
    "no guess beside what is set": (
        {"GITHUB_ACTIONS": "true", "BRAINTRUST_ENVIRONMENT_TYPE": "server"},
        {},
        "environment_name",
        None,
    ),
    "no guess beside what is given": (
        {"GITHUB_ACTIONS": "true"},
        {"environment_type": "server"},
        "environment_name",
        None,
    ),
    "type given and name set": (
        {"BRAINTRUST_ENVIRONMENT_NAME": "eu"},
        {"environment_type": "server"},
        "environment_name",
        "eu",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_value_in_force(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment, arguments, setting, expected = CASES[name]
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    set_all(monkeypatch, environment)
    assert getattr(Settings.from_env(**arguments), setting) == expected


PARENTS: dict[str, tuple[dict[str, str], dict[str, Any], str]] = {
    "default": ({}, {}, "project_name:default"),
    "project": ({"BRAINTRUST_PROJECT": "p"}, {}, "project_name:p"),
    "id before name": ({"BRAINTRUST_PROJECT": "p", "BRAINTRUST_PROJECT_ID": "i"}, {}, "project_id:i"),
    "parent before both": (
        {"BRAINTRUST_PROJECT_ID": "i", "BRAINTRUST_PARENT": "experiment_id:e"},
        {},
        "experiment_id:e",
    ),
    "name given, id set": ({"BRAINTRUST_PROJECT_ID": "i"}, {"project": "p"}, "project_name:p"),
    "name given, parent set": ({"BRAINTRUST_PARENT": "experiment_id:e"}, {"project": "p"}, "project_name:p"),
    "id given, parent set": ({"BRAINTRUST_PARENT": "experiment_id:e"}, {"project_id": "i"}, "project_id:i"),
    "id and name given": ({}, {"project": "p", "project_id": "i"}, "project_id:i"),
    "parent given": (
        {"BRAINTRUST_PARENT": "project_id:i"},
        {"default_parent": "project_id:j"},
        "project_id:j",
    ),
}


@pytest.mark.parametrize("name", PARENTS)
def test_parent_of_spans_that_are_given_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment, arguments, expected = PARENTS[name]
    set_all(monkeypatch, environment)
    assert Settings.from_env(**arguments).parent == expected


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("SPANSCORE_PROPAGATE_THREADS", "maybe", "give true or false"),
        ("SPANSCORE_MAX_ATTRIBUTE_BYTES", "10k", "give a whole number, 64 or more"),
        ("SPANSCORE_MAX_ATTRIBUTE_BYTES", "63", "give a whole number, 64 or more"),
        (
            "SPANSCORE_DESTINATION",
            "cloud",
            "give one or more of local, braintrust, otlp, separated by commas",
        ),
        ("BRAINTRUST_API_URL", "api.example.com", "give a URL that begins with http:// or https://"),
        ("BRAINTRUST_APP_URL", "https://", "give a URL that begins with http:// or https://"),
        ("SPANSCORE_DURABILITY", "disk", "give span, window or off"),
        ("SPANSCORE_REDACT_AT", "never", "give send or span"),
        ("SPANSCORE_MAX_MEDIA_BYTES", "-1", "give bytes, such as 1048576, or 512MiB or 2GiB"),
        ("SPANSCORE_SPOOL_MAX_BYTES", "much", "give bytes, such as 1048576, or 512MiB or 2GiB"),
        ("SPANSCORE_SPOOL_MAX_AGE_DAYS", "-1", "give a number of days above 0, such as 7 or 0.5"),
    ],
)
def test_bad_value_is_named_with_its_remedy(
    variable: str, value: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError) as caught:
        Settings.from_env()
    assert str(caught.value) == f"{variable} is {value!r}; {remedy}"


def needs(remedy: str, *values: Any) -> list[tuple[Any, str]]:
    return [(value, f"is {value!r}; {remedy}") for value in values]


TEXT = needs("give text", 5, b"x", ["x"], Path("x"))
URL = needs("give a URL that begins with http:// or https://", "api.example.com", "ftp://x", "https://", 5)
FLAG = needs("give True or False", "false", "no", 1, [])
NO_KEY = "cannot be a key; give printable ASCII characters without blanks"
BAD_ARGUMENTS: dict[str, list[tuple[Any, str]]] = {
    "home": needs("give the path of a folder, as text or a Path", 5, b"/x", ["/x"]),
    "destinations": [
        *needs("give a list, such as ['local']", "local", 5, {"local": 1}),
        (
            ("local", "cloud"),
            "is 'local,cloud'; give one or more of local, braintrust, otlp, separated by commas",
        ),
        ([5], "is '5'; give one or more of local, braintrust, otlp, separated by commas"),
    ],
    "api_key": [(value, NO_KEY) for value in ("a key", "key\nx: 1", "schlüssel", "key\ud800", b"key", 5)],
    "api_url": [*URL, ("me:pw@host", "is '…@host'; give a URL that begins with http:// or https://")],
    "app_url": URL,
    "org_name": TEXT,
    "project": TEXT,
    "project_id": TEXT,
    "default_parent": TEXT,
    "filter_ai_spans": FLAG,
    "durability": needs("give span, window or off", "disk", "Span", 5, []),
    "spool_max_bytes": needs("give a whole number, 1 or more", 0, -1, 1.5, "1GiB", True),
    "spool_max_age_s": needs(
        "give a number of seconds above 0", 0, -1.0, float("inf"), float("nan"), "7", True
    ),
    "redact": FLAG,
    "redact_at": needs("give send or span", "never", 5),
    "environment_type": TEXT,
    "environment_name": TEXT,
    "capture": needs("give listed or all", "some", True),
    "capture_messages": FLAG,
    "estimate_cost": FLAG,
    "propagate_threads": FLAG,
    "max_attribute_bytes": needs("give a whole number, 64 or more", 63, 64.0, "64", True),
    "convert_media": FLAG,
    "max_media_bytes": needs("give a whole number, 0 or more", -1, "1", 1.5, True),
    "max_generator_items": needs("give a whole number, -1 or more", -2, "-1", True),
    "search_from": needs("give the path of a folder, as text or a Path", 5),
}


@pytest.mark.parametrize(
    ("argument", "value", "problem"),
    [(name, value, problem) for name, problems in BAD_ARGUMENTS.items() for value, problem in problems],
)
def test_bad_argument_is_named_with_its_remedy(argument: str, value: Any, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Settings.from_env(**{argument: value})
    assert str(caught.value) == f"{argument} {problem}"


def test_every_argument_is_checked() -> None:
    assert list(BAD_ARGUMENTS) == [field.name for field in fields(Settings)]


def test_address_in_the_file_is_checked(tmp_path: Path) -> None:
    dotenv(tmp_path, "BRAINTRUST_API_URL=api.example.com")
    with pytest.raises(ConfigError) as caught:
        Settings.from_env()
    remedy = "give a URL that begins with http:// or https://"
    assert str(caught.value) == f"BRAINTRUST_API_URL is 'api.example.com'; {remedy}"


def test_unknown_setting_is_refused() -> None:
    with pytest.raises(ConfigError, match="no such setting: hmoe; there are api_key, api_url, app_url"):
        Settings.from_env(hmoe="/x")


def dotenv(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".env.braintrust").write_text(text)
    return folder


FILE = f"{KEY}=file-key\nBRAINTRUST_PROJECT=file-project\nBRAINTRUST_API_URL=https://file/\n"


# The scenarios of the specification's table on variables and dotenv files, one test each, in its order.


def test_scenario_01_other_dotenv_files_are_not_read(tmp_path: Path) -> None:
    for name in (".env", ".env.local", ".env.development", ".env.production"):
        (tmp_path / name).write_text(FILE)
    settings = Settings.from_env()
    assert (settings.find_api_key(), settings.project) == (None, "default")


def test_scenario_02_what_the_program_loads_itself_is_process_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotenv(tmp_path, FILE)
    set_all(monkeypatch, {KEY: "loaded", "BRAINTRUST_PROJECT": "loaded"})
    settings = Settings.from_env()
    assert (settings.find_api_key(), settings.project) == ("loaded", "loaded")


def test_scenario_03_reading_leaves_the_environment_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {KEY: " k ", "BRAINTRUST_PROJECT": "", "BRAINTRUST_API_URL": "https://x/"})
    before = dict(os.environ)
    Settings.from_env().find_api_key()
    assert dict(os.environ) == before


def test_scenario_04_environment_itself_never_shows_values_of_the_file(tmp_path: Path) -> None:
    dotenv(tmp_path, FILE)
    assert Settings.from_env().find_api_key() == "file-key"
    assert (os.environ.get(KEY), os.getenv("BRAINTRUST_PROJECT")) == (None, None)


def test_scenario_05_names_that_are_not_allowed_are_ignored(tmp_path: Path) -> None:
    dotenv(
        tmp_path,
        "SPANSCORE_HOME=/x\nSPANSCORE_DESTINATION=otlp\nBRAINTRUST_PARENT=experiment_id:x\n"
        "BRAINTRUST_DEFAULT_PROJECT=x\nBRAINTRUST_FILTER_AI_SPANS=true\nCI=true\n",
    )
    assert Settings.from_env() == Settings(home=HOME)


def test_scenario_06_what_is_given_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(tmp_path, FILE)
    set_all(monkeypatch, {KEY: "env-key", "BRAINTRUST_API_URL": "https://env"})
    settings = Settings.from_env(api_key="given-key", api_url="https://given")
    assert (settings.find_api_key(), settings.api_url) == ("given-key", "https://given")


def test_scenario_07_environment_comes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotenv(tmp_path, FILE)
    set_all(monkeypatch, {KEY: "env-key", "BRAINTRUST_PROJECT": "env-project"})
    settings = Settings.from_env()
    assert (settings.find_api_key(), settings.project) == ("env-key", "env-project")


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_scenario_08_blank_environment_does_not_hide_the_file(
    blank: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotenv(tmp_path, FILE)
    set_all(monkeypatch, {KEY: blank, "BRAINTRUST_PROJECT": blank})
    settings = Settings.from_env(api_key=blank)
    assert (settings.find_api_key(), settings.project) == ("file-key", "file-project")


def inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str | None:
    folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(folder)
    return Settings.from_env().find_api_key()


def test_scenario_09_file_of_a_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(tmp_path, FILE)
    assert inside(tmp_path / "a" / "b", monkeypatch) == "file-key"


def test_scenario_10_nearest_of_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(tmp_path, FILE)
    dotenv(tmp_path / "a", f"{KEY}=nearer")
    assert inside(tmp_path / "a" / "b", monkeypatch) == "nearer"


def test_scenario_11_nearest_lacks_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(tmp_path, FILE)
    dotenv(tmp_path / "a", "BRAINTRUST_PROJECT=nearer")
    assert inside(tmp_path / "a", monkeypatch) is None


def test_scenario_12_nearest_has_it_blank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(tmp_path, FILE)
    dotenv(tmp_path / "a", f"{KEY}='  '")
    assert inside(tmp_path / "a", monkeypatch) is None


def test_scenario_13_nearest_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(tmp_path, FILE)
    (tmp_path / "a" / ".env.braintrust").mkdir(parents=True)
    assert inside(tmp_path / "a", monkeypatch) is None


def test_scenario_14_file_65_parents_up_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(tmp_path, FILE)
    assert inside(tmp_path.joinpath(*["d"] * 65), monkeypatch) is None


def test_scenario_15_file_64_parents_up_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv(tmp_path, FILE)
    assert inside(tmp_path.joinpath(*["d"] * 64), monkeypatch) == "file-key"


def test_scenario_16_syntax_of_the_file(tmp_path: Path) -> None:
    dotenv(
        tmp_path,
        f'# written by hand\n\nexport {KEY}="quoted key" # mine\nOPENAI_API_KEY=other\n'
        "BRAINTRUST_PROJECT='a project' # its name\nBRAINTRUST_ORG_NAME=acme # plain\n"
        "BRAINTRUST_ENVIRONMENT_TYPE=server\n",
    )
    settings = Settings.from_env()
    assert settings.find_api_key() == "quoted key"
    assert settings == Settings(home=HOME, project="a project", org_name="acme", environment_type="server")


def test_scenario_17_using_the_file_leaves_the_environment_as_it_is(tmp_path: Path) -> None:
    dotenv(tmp_path, FILE)
    before = dict(os.environ)
    settings = Settings.from_env()
    assert (settings.find_api_key(), settings.api_url) == ("file-key", "https://file")
    assert dict(os.environ) == before


def test_scenario_18_settings_need_no_key() -> None:
    assert Settings.from_env(destinations=["braintrust"]).api_key is None


def test_scenario_19_key_is_found_when_it_is_needed(tmp_path: Path) -> None:
    settings = Settings.from_env()
    dotenv(tmp_path, FILE)
    assert settings.require_api_key() == "file-key"


def test_scenario_20_missing_key_is_an_error_when_it_is_needed() -> None:
    settings = Settings.from_env()
    with pytest.raises(UnauthorizedError, match=r"api_key=….*BRAINTRUST_API_KEY.*\.env\.braintrust"):
        settings.require_api_key()


def test_key_is_the_one_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.from_env()
    keys = [settings.find_api_key()]
    for key in ("first", "second"):
        monkeypatch.setenv(KEY, key)
        keys.append(settings.find_api_key())
    assert keys == [None, "first", "second"]


def test_blank_key_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "env-key")
    assert Settings(home=HOME, api_key=" ").find_api_key() == "env-key"


def test_key_is_returned_untrimmed(tmp_path: Path) -> None:
    dotenv(tmp_path, f"{KEY}=' key '")
    assert Settings.from_env().find_api_key() == " key "


def test_later_change_of_directory_does_not_change_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.from_env()
    dotenv(tmp_path, FILE)
    monkeypatch.chdir("/")
    assert settings.find_api_key() == "file-key"
    assert Settings(home=HOME).find_api_key() is None


def test_missing_directory_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    settings = Settings.from_env(home="/x")
    assert (settings, settings.find_api_key()) == (Settings(home=Path("/x")), None)


def test_key_is_neither_shown_nor_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    dotenv(tmp_path, FILE)
    given = Settings.from_env(api_key="given-key")
    found = Settings.from_env()
    assert (given.find_api_key(), found.find_api_key()) == ("given-key", "file-key")
    said = f"{given}{found!r}{caplog.text}"
    assert "given-key" not in said
    assert "file-key" not in said


def test_settings_can_be_sent_to_another_process() -> None:
    settings = Settings.from_env(api_key="k", destinations=["local"])
    assert pickle.loads(pickle.dumps(settings)) == settings
