"""`python -m core.cli`: the commands without the console."""

import sys

from core.cli import main

sys.exit(main(sys.argv[1:]))
