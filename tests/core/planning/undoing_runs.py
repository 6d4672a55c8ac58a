"""What runs did, and the worlds in which they are undone."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.planning.changes import Change
from core.planning.changes import ChangeKind as K
from core.planning.rules import TargetRules
from core.planning.undoing import inverse
from core.planning.values import Account, Capabilities, GroupLink, Lead, World

from .building import world
from .made import made

ABLE = Capabilities(delete_user=None, delete_group=None, leads=None, rename_user=None, rename_group=None)
UNRULED = TargetRules()
"""Of what tests undo, nothing is protected, and nothing too much."""
NEW = {"display_name": "Ada", "email": "ada@new.org"}
OLD = {"display_name": "Ada", "email": "ada@old.org"}
UPDATE = made(K.UPDATE_ACCOUNT, before=OLD, after=NEW)
RENAME = made(K.RENAME_ACCOUNT, before={"name": "ada"}, after={"name": "ada2"})
RENAME_GROUP = made(K.RENAME_GROUP, "Staff", group_id="g-1", before={"name": "Staff"}, after={"name": "People"})
CREATION = replace(made(K.CREATE_ACCOUNT, after={"name": "ada", "active": True}), account_id=None)
JOINING = made(K.ADD_MEMBER, group="Staff")
LEAVING = made(K.REMOVE_MEMBER, group="Staff")
LINKING = made(K.LINK_GROUP, "Staff", group_id="g-1", after={"source_name": "Employees"})
CHANGED = "Not undone, because it is not as the run left it any more: 1 change"
GONE = "Not undone, because the account, the group, or what was led is not there any more: 1 change"
TAKEN = "Not undone, because the name, or the account, belongs to another by now: 1 change"


def now(
    *accounts: Account, leads: tuple[Lead, ...] = (), group_links: tuple[GroupLink, ...] = (), **parts: Any
) -> World:
    """The world as a run finds it that undoes another; the product can do everything."""
    known = world(accounts=accounts, **({"capabilities": ABLE} | parts))
    return replace(known, leads=leads, group_links=group_links)


def undoing(done: Iterable[Change], present: World) -> list[Change]:
    """What is done where everything can be undone."""
    plan = inverse(tuple(done), present, UNRULED)
    assert (plan.notes, plan.conflicts, plan.holds) == ((), (), ())
    return list(plan.changes)


def notes(done: Iterable[Change], present: World) -> tuple[str, ...]:
    """What is said where nothing can be undone."""
    plan = inverse(tuple(done), present, UNRULED)
    assert plan.changes == ()
    return plan.notes


def lead(of: str = "bob", name: str = "A") -> Lead:
    return Lead("project", name, name, name, of)


def steps_of(changes: Iterable[Change]) -> list[str]:
    """The changes in words."""
    return [" ".join(filter(None, (change.kind, change.account, change.group))) for change in changes]
