"""Braintrust's REST interface: one file a resource, over one client that tries again where that is safe."""

from spanscore.client._http import RestClient
from spanscore.client.registration import Registration

__all__ = ["Registration", "RestClient"]
