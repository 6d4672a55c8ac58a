"""From whatever a command raised to one clear message and an exit code."""

import sys
import traceback

import typer

from core.cli.exits import FAILED, INTERRUPTED, UNREACHABLE, USAGE, CommandFailed
from core.config import ConfigError
from core.credentials import SecretError
from core.store import StoreError
from core.targets.protocol import TargetError

DEBUG = "MANCIPLE_DEBUG"
"""The variable that shows the trace of an unexpected error."""
_LONGEST_TEXT = 200


def explained(error: Exception) -> tuple[str, int]:
    """What to tell the admin about an error, and the exit code; an empty message where there is nothing to tell."""
    if isinstance(error, CommandFailed):
        return f"manciple: {error.message}", error.code
    if isinstance(error, typer.TyperException):
        return _usage(error), error.exit_code
    if isinstance(error, typer.Abort):
        return "", INTERRUPTED
    if isinstance(error, ConfigError):
        return str(error), USAGE
    return f"manciple: {_text(error)}", _code(error)


def trace(error: Exception) -> None:
    """Write the trace of an error, for whoever has asked for it."""
    traceback.print_exception(error, file=sys.stderr)


def is_unexpected(error: Exception) -> bool:
    """Whether the error is a fault of the program rather than of what it was given."""
    expected = (CommandFailed, typer.TyperException, typer.Abort, ConfigError, SecretError, StoreError, TargetError)
    return not isinstance(error, (*expected, OSError))


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    if context is None:
        return error.format_message()
    command, said = context.command_path, error.format_message()
    return f"{command}: {said}{'' if said.endswith(('.', '?')) else '.'} Try `{command} --help`."


def _code(error: Exception) -> int:
    if isinstance(error, SecretError):
        return USAGE
    return UNREACHABLE if isinstance(error, TargetError) else FAILED


def _text(error: Exception) -> str:
    if is_unexpected(error):
        text = str(error).partition("\n")[0][:_LONGEST_TEXT]
        name = type(error).__name__
        return f"this is a fault ({name}{f': {text}' if text else ''}): run again with {DEBUG}=1 for the trace"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error)
