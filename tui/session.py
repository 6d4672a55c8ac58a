"""What a console shows, kept in a small file, so that the next one goes on with it: after `q`, or after a line dropped.

The file is one user's, and of one configuration. It holds where one was and what one was looking for, never a secret,
and is no more than a convenience: one that is damaged or cannot be written is noted in the log, and nothing else.
"""

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.admin import admin
from tui.own_file import write_own

_log = logging.getLogger(__name__)

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one screen, by the screen's own names. What has another type than is asked for is not there."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text; empty where there is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A number; 0 where there is none, or a negative one."""
        value = self.values.get(name)
        return max(0, value) if isinstance(value, int) else 0

    def is_set(self, name: str) -> bool:
        """Whether it is true."""
        return self.values.get(name) is True


@dataclass(frozen=True, slots=True)
class Session:
    """What a console shows."""

    store: str = ""
    """The store's URL without its password: numbers of rows mean something in that one only."""
    screen: str = ""
    """The screen that is seen; empty: the first one."""
    theme: str = ""
    """The theme that was chosen; empty: the configured one."""
    screens: Mapping[str, Kept] = field(default_factory=dict)
    """What each screen keeps, by its place."""

    def of(self, place: str) -> Kept:
        """What one screen keeps."""
        return self.screens.get(place, Kept())


def session_file(config: Path, is_named: bool, environment: Mapping[str, str]) -> Path:
    """Where the session of this user is kept: beside a configuration that was named and whose folder can be written
    to, else below the XDG state folder (XDG Base Directory Specification, `$XDG_STATE_HOME`).
    """
    config = config.resolve()
    user = admin().partition("@")[0]
    if is_named and os.access(config.parent, os.W_OK):
        return config.with_name(f".{config.name}.{user}.console")
    state = environment.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    which = hashlib.sha256(os.fsencode(config)).hexdigest()[:12]
    return Path(state) / "manciple" / f"console-{which}.json"


def read_session(file: Path, store: str) -> Session:
    """The session that was kept there; of another store only its screen and its theme."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        kept = _session(document)
    except FileNotFoundError:
        return Session(store)
    except (OSError, ValueError, TypeError, RecursionError) as error:
        _log.warning("%s is damaged, so the console begins afresh: %s", file, error)
        return Session(store)
    return kept if kept.store == store else Session(store, kept.screen, kept.theme)


def write_session(file: Path, session: Session) -> None:
    """Keep a session: whole, or the one before stays.

    :raises OSError: when it cannot be written.
    """
    write_own(file, json.dumps(_document(session), ensure_ascii=False, indent=1) + "\n")


def _document(session: Session) -> dict[str, Any]:
    screens = {place: dict(kept.values) for place, kept in session.screens.items()}
    return {**asdict(Session(session.store, session.screen, session.theme)), "screens": screens}


def _session(document: Any) -> Session:
    """:raises ValueError: when it is no such document."""
    screens = document.get("screens") if isinstance(document, dict) else None
    if not isinstance(screens, dict):
        raise ValueError("it is not what a console writes")
    store, screen, theme = (_text(document.get(name)) for name in ("store", "screen", "theme"))
    return Session(store, screen, theme, {place: _kept(values) for place, values in screens.items()})


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("it is not what a console writes")
    return value


def _kept(values: Any) -> Kept:
    if not isinstance(values, dict) or not all(isinstance(value, Value) for value in values.values()):
        raise ValueError("it is not what a console writes")
    return Kept(values)
