"""Settings: arguments, the environment, the nearest `.env.braintrust`, defaults; all that reads them."""

from spanscore._config._settings import DESTINATIONS, Settings

__all__ = ["DESTINATIONS", "Settings"]
