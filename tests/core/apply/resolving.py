"""Conflicts answered by an admin, in short forms."""

from core.apply.resolving import Choice, resolve
from core.planning.changes import Conflict
from core.planning.values import NameRules
from core.store import Store, conflicts
from core.store.conflicts import Listed
from tests.core.apply.company import TARGET

BOB = "bob@console"
NO_RULES = NameRules()


def open_one(store: Store, kind: str, subject: str | None = None) -> tuple[Listed, Conflict]:
    """The conflict of this kind (and about this subject) that lasts."""
    with store.read() as connection:
        rows = connection.execute(conflicts._LISTED.where(conflicts._LASTS, conflicts._CONFLICTS.c.kind == kind))
        found = [row.id for row in rows if subject in (None, row.subject)]
        opened = conflicts.opened(connection, found[0])
    assert opened is not None
    return opened


def answer(store: Store, kind: str, key: str, value: str | None = None, subject: str | None = None) -> str:
    """Answer the conflict of this kind as `bob@console`."""
    number = open_one(store, kind, subject)[0].id
    return store.writer.write_now(lambda tx: resolve(tx, number, Choice(key, value), BOB, NO_RULES))


def state(store: Store, number: int) -> str:
    with store.read() as connection:
        opened = conflicts.opened(connection, number)
    assert opened is not None
    return opened[0].state


def of_target(store: Store) -> list[str]:
    """Kinds of the conflicts that wait for a decision."""
    with store.read() as connection:
        return sorted(each.kind for each in conflicts.open_conflicts(connection, TARGET))
