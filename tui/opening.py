"""Opening the console: what is asked on the command line, what keeps it from opening, and the first run.

Textual is imported last, once nothing keeps the console from opening.
"""

import gc
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.config import ConfigError, ConfigMissing, Settings, load_settings, locate
from core.store import Store, StoreError

USAGE = 2
"""Exit code for what is wrong with the call, the terminal or the configuration."""
FAILURE = 1
_WITH_VALUE = ("--config", "--theme")


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """What the console takes from the command line."""

    config: Path | None = None
    slow: bool = False
    theme: str | None = None


def console_options(arguments: Sequence[str]) -> ConsoleOptions | None:
    """The options of the console; `None` where there is anything else among them, which is for the command line."""
    values: dict[str, str] = {}
    slow = False
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if name == "--slow" and not equals:
            slow = True
        elif name in _WITH_VALUE and (equals or rest):
            values[name] = value if equals else rest.pop(0)
        else:
            return None
    config = Path(values["--config"]) if "--config" in values else None
    return ConsoleOptions(config, slow, values.get("--theme"))


def open_console(
    config_path: Path | None = None,
    slow: bool = False,
    theme: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Open the console on a configuration, found in the usual places where none is named; returns the exit code.

    What keeps it from opening is said in one clear line on stderr.
    """
    if not is_terminal(environment):
        return _refuse("the console needs a terminal; `manciple --help` lists the commands that do not", USAGE)
    try:
        settings = load_settings(locate(config_path, environment))
    except ConfigMissing as missing:
        return _first_run(missing, config_path, slow, theme, environment)
    except ConfigError as error:
        return _refuse(str(error), USAGE)
    chosen = replace(settings.console, slow=slow or settings.console.slow)
    is_named = config_path is not None or bool(environment.get("MANCIPLE_CONFIG"))
    try:
        with Store.open(settings.store.url) as store:
            return _run(store, replace(settings, console=chosen), theme, is_named, environment)
    except StoreError as error:
        return _refuse(str(error), FAILURE)
    finally:
        from tui.leaving import is_terminal_gone

        if is_terminal_gone():  # Textual's thread may still read from it, and would keep the process for ever
            os._exit(128 + signal.SIGHUP)


def is_terminal(environment: Mapping[str, str]) -> bool:
    """Whether there is a terminal to read keys from and to draw on, which Textual does on stderr."""
    return environment.get("TERM") != "dumb" and all(s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr))


def _first_run(
    missing: ConfigMissing, config_path: Path | None, slow: bool, theme: str | None, environment: Mapping[str, str]
) -> int:
    """Offer to write a first configuration, and open the console on it."""
    places = ", ".join(str(path) for path in missing.searched)
    print(f"There is no configuration yet; looked for {places}.")  # noqa: T201
    print("`manciple demo` shows manciple without one.")  # noqa: T201
    try:
        answer = input("Write a first one now? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        return _refuse("nothing was written; `manciple init` does it later", USAGE)
    from core.cli import main as command

    code = command(["init", *(["--path", str(config_path)] if config_path else [])])
    return code or open_console(config_path, slow, theme, environment)


def _run(store: Store, settings: Settings, theme: str | None, is_named: bool, environment: Mapping[str, str]) -> int:
    from tui.app import Console
    from tui.engine_start import EngineStart
    from tui.session import read_session, session_file
    from tui.session_keeping import SessionKeeping

    for exported in ("COLUMNS", "LINES"):  # a size from the environment stays as it is when the terminal is resized
        os.environ.pop(exported, None)
    log = store.backend.path.with_name(f"{store.backend.path.name}.engine.log")
    file = session_file(settings.path, is_named, environment)
    session = read_session(file, settings.store.shown_url)
    keeping = SessionKeeping(file, session if theme is None else replace(session, theme=theme))
    start = EngineStart(settings.path, log)
    console = Console(store, settings, environment=environment, start_engine=start, keeping=keeping)
    gc.freeze()  # all that is imported stays: it is looked through no more
    gc.enable()
    # Without the mouse, selecting and copying stay the terminal's, and nothing is sent while it moves.
    console.run(mouse=False)
    if console.return_code == FAILURE:
        keeping.forget()
    return console.return_code or 0


def _refuse(reason: str, code: int) -> int:
    print(f"manciple: {reason}", file=sys.stderr)  # noqa: T201 - there is no console to show it on
    return code
