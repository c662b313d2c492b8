"""Settings: arguments, the environment, the nearest `.env.braintrust`, defaults; all that reads them."""

from spanscore._config._program_env import load_env_file, set_variables, step_summary_file
from spanscore._config._settings import DESTINATIONS, Settings

__all__ = ["DESTINATIONS", "Settings", "load_env_file", "set_variables", "step_summary_file"]
