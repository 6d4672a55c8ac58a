"""The command line: every command of manciple but the console itself.

    code = core.cli.main(["status", "--json"])

Commands read the store and give orders through it, as consoles do; none of them talks to an engine. What they print is
their product: text for people, or with `--json` one document with stable keys. `core.cli.exits` has the exit codes.
"""

from core.cli.program import main

__all__ = ["main"]
