"""What an edit comes to, computed in a thread: the plan by the edited rules, beside the one by the saved rules.

At most one is computed at a time, and then the newest that is wanted: a large company takes seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from core.apply.offline import offline_setting
from core.apply.trying import Trial, tried
from core.apply.worlds import Setting
from core.config import EditPath, Settings, Source, TomlValue, edited, read_settings
from core.planning.changes import Plan
from core.store import Store


@dataclass(frozen=True, slots=True)
class Tried:
    """What a draft comes to."""

    after: Source
    """The file as it would be."""
    setting: Setting
    """The target as it would be configured."""
    trial: Trial
    """The plan by the edited rules."""
    before: Plan
    """The plan by the saved rules."""
    is_edited: bool


class Trials:
    """The plans of one target. Its methods are for one thread at a time."""

    def __init__(self, store: Store, target: str) -> None:
        self._store = store
        self._target = target
        self._saved: tuple[bytes, Plan] | None = None
        """The file, and the plan by it."""

    def forget(self) -> None:
        """Something was committed: the plan by the saved rules may be another one."""
        self._saved = None

    def compute(self, source: Source, changes: Mapping[EditPath, TomlValue | None]) -> Tried:
        """What these changes of the file come to.

        :raises ConfigError: when the file with them is no valid configuration.
        :raises StoreError: when the store cannot be read.
        """
        after = edited(source, changes) if changes else source
        settings = read_settings(after)
        with self._store.read() as connection:
            setting = self._setting(settings)
            trial = tried(connection, setting)
            before = trial.plan if not changes else self._before(connection, source)
        if not changes:
            self._saved = source.content, before
        return Tried(after, setting, trial, before, bool(changes))

    def _before(self, connection: Connection, source: Source) -> Plan:
        if self._saved is None or self._saved[0] != source.content:
            self._saved = source.content, tried(connection, self._setting(read_settings(source))).plan
        return self._saved[1]

    def _setting(self, settings: Settings) -> Setting:
        (target,) = (each for each in settings.targets if each.name == self._target)
        return offline_setting(settings, target)
