"""The fault suite is a package of the repository's and is not installed: its folder goes on the path."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent.parent))
