"""Every span attribute key that is written or read, once.

Sources: the Braintrust OTLP ingest table and the OpenTelemetry semantic conventions for generative AI.
"""

from typing import Final

BRAINTRUST: Final = "braintrust."
PARENT: Final = "braintrust.parent"
INPUT: Final = "braintrust.input"
INPUT_JSON: Final = "braintrust.input_json"
OUTPUT: Final = "braintrust.output"
OUTPUT_JSON: Final = "braintrust.output_json"
EXPECTED: Final = "braintrust.expected"
EXPECTED_JSON: Final = "braintrust.expected_json"
METADATA: Final = "braintrust.metadata"
METRICS: Final = "braintrust.metrics"
SCORES: Final = "braintrust.scores"
TAGS: Final = "braintrust.tags"
SPAN_ATTRIBUTES: Final = "braintrust.span_attributes"
ORIGIN: Final = "braintrust.origin"
CONTEXT_JSON: Final = "braintrust.context_json"
CLASSIFICATIONS: Final = "braintrust.classifications"
PRESERVE_ATTRIBUTES: Final = "braintrust.otel.preserve_attributes"
ORG: Final = "braintrust.org"
APP_URL: Final = "braintrust.app_url"

ROW_ID: Final = "row_id"
"""The key within `braintrust.context_json` of the id that a program has given the span's row."""

SYSTEM: Final = frozenset({PARENT, ORG, APP_URL, CONTEXT_JSON})
"""Attributes that any span may carry for routing; they do not make a span an AI span."""

AI_PREFIXES: Final = ("gen_ai.", BRAINTRUST, "llm.", "ai.", "traceloop.")
"""A span with an attribute of one of these prefixes, system attributes aside, is an AI span."""

GEN_AI_OPERATION_NAME: Final = "gen_ai.operation.name"
GEN_AI_PROVIDER_NAME: Final = "gen_ai.provider.name"
GEN_AI_REQUEST_MODEL: Final = "gen_ai.request.model"
GEN_AI_REQUEST_TEMPERATURE: Final = "gen_ai.request.temperature"
GEN_AI_REQUEST_TOP_P: Final = "gen_ai.request.top_p"
GEN_AI_REQUEST_MAX_TOKENS: Final = "gen_ai.request.max_tokens"
GEN_AI_REQUEST_FREQUENCY_PENALTY: Final = "gen_ai.request.frequency_penalty"
GEN_AI_REQUEST_PRESENCE_PENALTY: Final = "gen_ai.request.presence_penalty"
GEN_AI_RESPONSE_MODEL: Final = "gen_ai.response.model"
GEN_AI_RESPONSE_ID: Final = "gen_ai.response.id"
GEN_AI_RESPONSE_FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
GEN_AI_USAGE_INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
GEN_AI_USAGE_OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"
GEN_AI_INPUT_MESSAGES: Final = "gen_ai.input.messages"
GEN_AI_OUTPUT_MESSAGES: Final = "gen_ai.output.messages"
GEN_AI_TOOL_NAME: Final = "gen_ai.tool.name"
GEN_AI_EVALUATION_RESULT: Final = "gen_ai.evaluation.result"
GEN_AI_EVALUATION_NAME: Final = "gen_ai.evaluation.name"
GEN_AI_EVALUATION_SCORE_VALUE: Final = "gen_ai.evaluation.score.value"
GEN_AI_EVALUATION_EXPLANATION: Final = "gen_ai.evaluation.explanation"

ERROR_TYPE: Final = "error.type"
HTTP_RESPONSE_STATUS_CODE: Final = "http.response.status_code"
HTTP_RESPONSE_REQUEST_ID: Final = "http.response.header.x-request-id"
AWS_ERROR_CODE: Final = "aws.error.code"
SERVER_ADDRESS: Final = "server.address"
SERVER_PORT: Final = "server.port"
CODE_FUNCTION_NAME: Final = "code.function.name"
CODE_FILE_PATH: Final = "code.file.path"
CODE_LINE_NUMBER: Final = "code.line.number"

SCOPE: Final = "spanscore"
"""Tracer scope of spans made by `traced`, `start_span` and the wrappers."""

EVAL_SCOPE: Final = "spanscore.eval"
"""Tracer scope of the spans that an eval makes; always sampled."""
