"""`manciple requests --har`: what a query finds, as an HTTP Archive for browsers and other tools."""

from pathlib import Path

from core.cli.exits import USAGE, CommandFailed
from core.cli.output import say, say_json
from core.config.settings import Settings
from core.filtering import Condition
from core.har_export import AT_MOST, export
from core.planning.wording import counted
from core.store import Store


def write_har(
    store: Store, settings: Settings, condition: Condition, path: Path, limit: int | None, *, force: bool, as_json: bool
) -> None:
    """Write the file, and say what is in it.

    :raises CommandFailed: when nothing matches, or the file may not be written.
    """
    if not path.parent.is_dir():
        raise CommandFailed(f"{path.parent} is no directory: make it first, or choose another place", USAGE)
    try:
        number = export(store, settings, condition, path, limit or AT_MOST, replace=force)
    except FileExistsError:
        text = f"{path} is there already: choose another name, or replace it with --force"
        raise CommandFailed(text, USAGE) from None
    if not number:
        raise CommandFailed("no exchange to export: try another QUERY")
    if as_json:
        say_json({"file": str(path), "exchanges": number})
    else:
        say(f"{counted(number, 'exchange')} in {path}; secrets are masked, and bodies as [log] bodies has them")
