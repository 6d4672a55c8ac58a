"""News: whether anything was committed to the store, and whether it can be read at all.

It watches on one connection. Where that breaks it begins anew, and a database whose file is gone is left alone until it
is back: to open it then would make an empty one in its place.
"""

from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from core.store import Store, StoreError, Watch
from tui.frame import Level
from tui.standing import Standing, read_standing


class News:
    """What the console knows of its store without asking for anything in particular."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watch: Watch | None = None
        self._is_missed = False
        """Whether something may have been committed that was not told of."""
        self._file = _identity(store.backend.path)
        self.trouble = ""
        """Why the store cannot be read, and what to do; empty where it can."""
        self._told = ""
        """The trouble that was told of last."""
        self.is_there = True
        """Whether the database is where it was; nothing is to be read while it is not."""
        self.standing = Standing()
        """How things stand, as last read."""

    def is_any(self) -> bool:
        """Whether anything was committed since this was last asked; a few microseconds."""
        if self.trouble or not self._begin():
            return False
        assert self._watch is not None
        try:
            is_missed, self._is_missed = self._is_missed, False
            return self._watch.changed() or is_missed
        except SQLAlchemyError as error:
            self.close()
            self.fail(self._text(error))
            return False

    def read(self, now: int) -> None:
        """Read how things stand."""
        try:
            with self._store.read() as connection:
                self.standing = read_standing(connection, now)
        except StoreError as error:
            self.fail(str(error))

    def miss(self) -> None:
        """Something may be new that nobody told of: let it be told with the next tick."""
        self._is_missed = True

    def fail(self, trouble: str) -> None:
        """The store could not be read: what was committed since is told of once it can."""
        self.trouble = trouble
        self.miss()

    def look_after(self, now: int) -> None:
        """Once a second: whether the file is still there, and after trouble whether that is over."""
        problem = self._problem_of_file()
        self.is_there = not problem
        if problem:
            self.fail(problem)
        elif self.trouble:
            self.trouble = ""
            if self._begin():
                self.read(now)

    def untold(self) -> tuple[str, Level] | None:
        """What is new of the trouble since this was last asked: that it began, or is over."""
        before, self._told = self._told, self.trouble
        if before == self.trouble:
            return None
        return (self.trouble, "bad") if self.trouble else ("the store can be read again", "good")

    def close(self) -> None:
        """Give the connection back."""
        if self._watch is not None:
            with suppress(SQLAlchemyError):
                self._watch.close()
        self._watch = None

    def _begin(self) -> bool:
        """Watch, unless that is so already; whether it is so now."""
        if self._watch is None:
            try:
                self._watch = self._store.watch()
            except SQLAlchemyError as error:
                self.fail(self._text(error))
        return self._watch is not None

    def _problem_of_file(self) -> str:
        path = self._store.backend.path
        found = _identity(path)
        if found is None:
            return f"{path} is gone: move it back to where it was"
        if self._file is not None and found != self._file:
            return f"{path} is another file than the one that was opened: close the console, and open it again"
        return ""

    def _text(self, error: SQLAlchemyError) -> str:
        return str(self._store.backend.translate(error) if isinstance(error, DBAPIError) else error)


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another at the same path; `None` where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
