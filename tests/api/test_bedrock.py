"""The front door loads neither botocore nor the engine before a client is wrapped."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.core


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_naming_the_function_loads_neither_botocore_nor_the_engine() -> None:
    loaded = run(
        "import sys; from spanscore import wrap_bedrock; "
        "heavy = ('boto', 'wrapt', 'spanscore.integrations'); "
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    assert loaded == "[]"


def test_an_object_that_is_no_client_is_refused_without_importing_botocore() -> None:
    said = run(
        "import sys\n"
        "from spanscore import wrap_bedrock\n"
        "from spanscore.errors import InstrumentError\n"
        "try:\n"
        "    wrap_bedrock(object())\n"
        "except InstrumentError as error:\n"
        "    print(error, 'botocore' in sys.modules)\n"
    )
    assert said == (
        "'object' object is no client of the Bedrock Runtime; boto3 is not imported, "
        "so make one first: import boto3; wrap_bedrock(boto3.client('bedrock-runtime')) False"
    )


def test_a_client_is_given_back_recorded() -> None:
    pytest.importorskip("boto3")
    said = run(
        "import boto3\n"
        "from spanscore import wrap_bedrock\n"
        "options = {'region_name': 'us-east-1', 'aws_access_key_id': 'x', 'aws_secret_access_key': 'x'}\n"
        "client = boto3.client('bedrock-runtime', **options)\n"
        "print(wrap_bedrock(client) is client, type(client).__mro__[1].__name__)\n"
    )
    assert said == "True BedrockRuntime"
