"""Drafts: the file, and what of each target is to be otherwise. An edit stays until it is saved or given up."""

from contextlib import suppress
from pathlib import Path

from core.config import ConfigError, Source, read_settings, read_source
from tui.forms.draft import Draft, table_of


class Drafts:
    """The drafts of all targets on one state of the file."""

    def __init__(self) -> None:
        self.source: Source | None = None
        """The file as it was read last; `None` while it could not be."""
        self._drafts: dict[str, Draft] = {}

    @property
    def number_edited(self) -> int:
        """How many keys of all targets differ from the file."""
        return sum(draft.number_edited for draft in self._drafts.values())

    def read(self, path: Path) -> str:
        """Read the file, where that was not done yet; returns why it cannot be, or nothing."""
        if self.source is None:
            try:
                self.source = read_source(path)
            except ConfigError as error:
                return str(error)
        return ""

    def newer(self, path: Path) -> Source | None:
        """The file as it is by now, where it is another one than was read, and a valid one."""
        with suppress(ConfigError):
            now = read_source(path)
            if self.source is not None and now.content != self.source.content:
                read_settings(now)
                return now
        return None

    def of(self, target: str) -> Draft:
        """What is to become of a target: its draft, or what stands in the file."""
        return self._drafts.get(target) or self._as_saved(target)

    def keep(self, draft: Draft) -> None:
        """Keep an edit."""
        self._drafts[draft.target] = draft

    def take(self, source: Source) -> None:
        """Go on with another state of the file: edits go on top of it."""
        self.source = source
        self._drafts = {name: draft.rebased(table_of(source, name)) for name, draft in self._drafts.items()}

    def give_up(self, target: str) -> None:
        """Forget the edits of a target."""
        self._drafts.pop(target, None)

    def _as_saved(self, target: str) -> Draft:
        return Draft(target, {} if self.source is None else table_of(self.source, target))
