"""`python -m spanscore`, the same as `spanscore`."""

import sys

from spanscore.cli import main

if __name__ == "__main__":
    sys.exit(main())
