"""What needs a part of the client that its older versions lack."""

from importlib.util import find_spec

# The Responses API came with openai 1.66.
collect_ignore_glob = (
    [] if find_spec("openai") and find_spec("openai.types.responses") else ["test_responses*.py"]
)
