"""Previewing: what an edit comes to, computed in a thread; one at a time, and then the newest that is wanted."""

from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import Connection

from core.apply.computing import computed
from core.config import ConfigError, Source
from core.store import Store, StoreError
from tui.forms.draft import Draft
from tui.forms.trials import Trials, Tried
from tui.restraint import Restraint
from tui.widgets.page import Line


class Preview(Protocol):
    """What an edit comes to, ready to be shown."""

    @property
    def summary(self) -> str:
        """In one line."""

    def lines(self, width: int, now: int) -> Sequence[Line]:
        """At length."""


Digest = Callable[[Tried, Connection], Preview]
"""What is shown of a plan; called in a thread."""


class Previewing:
    """The preview of the form of one target."""

    def __init__(self, store: Store, digest: Digest, refused: Callable[[ConfigError, Draft], None]) -> None:
        """`refused` is told what only the whole file shows to be wrong."""
        self.preview: Preview | None = None
        """The last one that could be computed."""
        self.problem = ""
        """Why that is not of the draft as it is."""
        self.is_late = False
        """Whether what is computed takes so long that it is to be said."""
        self._store = store
        self._digest = digest
        self._refused = refused
        self._trials = Trials(store, "")
        self._of: Draft | None = None
        self._wanted: tuple[Source, Draft] | None = None
        self._is_computing, self._is_stale = False, False
        self._restraint = Restraint()

    def begin(self, target: str) -> None:
        """Another target."""
        self._trials, self.preview, self._of, self.problem = Trials(self._store, target), None, None, ""

    def news(self) -> None:
        """Something was committed."""
        self._is_stale = True

    def is_due(self) -> bool:
        """Whether it is to be computed again, as often as that costs little; asked once a second."""
        is_due = self._restraint.is_due() and self._is_stale and not self._is_computing and self.preview is not None
        if is_due:
            self._trials.forget()
        return is_due

    def is_of(self, draft: Draft) -> bool:
        """Whether the preview is of this draft."""
        return self.preview is not None and self._of == draft

    def want(self, source: Source, draft: Draft) -> bool:
        """Ask for the preview of a draft; whether `compute` is to be run for it, since it does not run already."""
        self._wanted, self.problem = (source, draft), ""
        return not self._is_computing

    async def compute(self) -> None:
        """Compute what is wanted, until nothing newer is."""
        self._is_computing = True
        try:
            while (wanted := self._wanted) is not None:
                self._wanted, self._is_stale = None, False
                with self._restraint.measured():
                    await self._compute(*wanted)
        finally:
            self._is_computing = self.is_late = False

    def state(self, draft: Draft) -> tuple[str, str]:
        """What is to be said before the preview, and its style; nothing where it is of the draft, or soon will be."""
        if self.problem:
            return f"! {self.problem}; this is of the last valid state", "page--warning"
        return ("> computing …", "page--dim") if self.is_late and not self.is_of(draft) else ("", "page--plain")

    async def _compute(self, source: Source, draft: Draft) -> None:
        trials = self._trials

        def compute() -> Preview:
            found = trials.compute(source, draft.changes())
            with self._store.read() as connection:
                return self._digest(found, connection)

        try:
            preview = await computed(compute)
        except ConfigError as error:
            self._refused(error, draft)
        except StoreError as error:
            self.problem = str(error)
        else:
            if trials is self._trials:
                self.preview, self._of = preview, draft
