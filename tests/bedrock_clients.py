"""Clients of boto3 for a server on loopback, and the calls that tests make with them."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import botocore
from botocore.config import Config

from spanscore.integrations._version import version_of

IS_OLD = version_of(botocore.__version__) < (1, 42)

MODEL = "us.amazon.nova-lite-v1:0"
MESSAGES: Any = [{"role": "user", "content": [{"text": "hi"}]}]
ASKED: Any = {"modelId": MODEL, "messages": MESSAGES}
TOLD_MESSAGES: Any = [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]


@contextmanager
def client_of(url: str, *, attempts: int = 1, service: str = "bedrock-runtime") -> Generator[Any, None, None]:
    """A client that nobody records; it is closed at the end."""
    # No address from the environment, such as a proxy's, gets in between.
    config = Config(retries={"total_max_attempts": attempts, "mode": "standard"}, proxies={}, read_timeout=20)
    client: Any = _session().client(service, endpoint_url=url, config=config)
    try:
        yield client
    finally:
        client.close()


@cache
def _session() -> Any:
    """One for all, since it reads large files; clients of their own are cheap then."""
    return boto3.Session(aws_access_key_id="none", aws_secret_access_key="none", region_name="us-east-1")
