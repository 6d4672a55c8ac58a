"""The program `manciple`: its commands put together, and how each of them ends.

A command returns its exit code or raises; here every error becomes one clear message on standard error, and never a
trace, unless `MANCIPLE_DEBUG` asks for that of an unexpected one.
"""

import io
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

import core
from core.cli.attributes import register as add_attributes
from core.cli.check import register as add_check
from core.cli.conflicts import register as add_conflicts
from core.cli.demo import register as add_demo
from core.cli.drift import register as add_drift
from core.cli.exits import DONE, INTERRUPTED, PIPE_CLOSED
from core.cli.explain import register as add_explain
from core.cli.failures import DEBUG, explained, is_unexpected, trace
from core.cli.init import register as add_init
from core.cli.output import say, tell
from core.cli.provisioning_log import register as add_provisioning_log
from core.cli.pull import register as add_pull
from core.cli.requests import register as add_requests
from core.cli.rules import register as add_rules
from core.cli.runs import register as add_runs
from core.cli.sandbox import register as add_sandbox
from core.cli.serve import register as add_serve
from core.cli.status import register as add_status
from core.cli.sync import register as add_sync
from core.cli.token import register as add_token
from core.cli.undo import register as add_undo

_EPILOG = """\b
Exit codes:
  0  done
  1  failed
  2  the command line or the configuration is wrong
  3  a conflict, a brake or a plan needs an admin
  4  a provider or target cannot be reached
"""

app = typer.Typer(
    name="manciple",
    help="Provisions Atlassian products from an identity provider. Without a command, opens the console.",
    epilog=_EPILOG,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _add in (
    *(add_init, add_check, add_token, add_serve, add_pull, add_sync),
    *(
        add_conflicts,
        add_rules,
        add_undo,
        add_drift,
        add_explain,
        add_attributes,
        add_runs,
        add_requests,
        add_provisioning_log,
        add_status,
        add_demo,
        add_sandbox,
    ),
):
    _add(app)


def main(arguments: Sequence[str]) -> int:
    """Run one command, `["status", "--json"]`, and return its exit code; nothing is raised."""
    _never_fail_to_encode()
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # Typer makes the second of the first
        return _reader_has_left()
    except Exception as error:  # noqa: BLE001 - whatever it is, an admin gets one clear line
        if os.environ.get(DEBUG) and is_unexpected(error):
            trace(error)
        message, code = explained(error)
        for line in message.split("\n") if message else ():
            tell(line)
        return code


def _run(arguments: Sequence[str]) -> int:
    code = get_command(app).main(list(arguments), prog_name="manciple", standalone_mode=False)
    # A full pipe shows itself here, while it can still be told apart from an error of the command.
    sys.stdout.flush()
    return code if isinstance(code, int) else DONE


def _never_fail_to_encode() -> None:
    """A terminal that cannot show a letter shows a question mark; it is no reason to stop."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _reader_has_left() -> int:
    """Leave quietly, and let the interpreter find nothing to flush into the closed pipe at its end."""
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - it lives as long as the process
    return PIPE_CLOSED


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"manciple {core.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before a command."""
