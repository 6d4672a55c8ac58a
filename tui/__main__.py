"""The `manciple` entry point: a subcommand goes to the command line, none opens the console.

Nothing of the console is imported for a subcommand: Textual takes longer to import than most commands to run.
"""

import gc
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `manciple` with these arguments, by default those of the process; returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    gc.disable()  # until all is imported: collecting meanwhile takes a fifth of the start, and finds nothing
    try:
        return _run(given)
    finally:
        gc.enable()


def _run(arguments: Sequence[str]) -> int:
    from tui.opening import console_options, open_console

    options = console_options(arguments)
    if options is not None:
        return open_console(options.config, options.slow, options.theme)
    from core.cli import main as command

    gc.enable()
    return command(arguments)


if __name__ == "__main__":
    sys.exit(main())
