"""OpenTelemetry-native tracing and evaluation for LLM applications, compatible with Braintrust."""

__version__ = "0.1.0"
