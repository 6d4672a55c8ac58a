"""Generated changes that undoing made: of accounts, their values and their links, of memberships, leads and groups.

Each has its own last exchange. Memberships only where no group was touched since: which group a removal is about is not
for the reference to say.
"""

from collections.abc import Iterator
from random import Random

from core.planning.changes import Because, Change
from core.planning.changes import ChangeKind as K
from core.planning.values import Account, Link, Undone, World

_MEMBERSHIPS = (K.ADD_MEMBER, K.REMOVE_MEMBER)
GROUPS = ("Staff", "Dev", "Local", "New", "x-Staff", "s")


SEEN = (4, 10, 10, 10, 25)
"""Users and groups were last touched by the exchanges 5 and 20."""


def undone(dice: Random, world: World) -> tuple[Undone, ...]:
    """Some changes, none of which contradicts another: each thing was put back once."""
    noted = [Undone(change, dice.choice(SEEN)) for change in _made(dice, world) if dice.random() < 0.4]
    return tuple(each for each in noted if each.change.kind not in _MEMBERSHIPS or _is_quiet(world, each.seen))


def _is_quiet(world: World, seen: int) -> bool:
    return all((group.exchange or 0) <= seen for group in world.groups)


def _made(dice: Random, world: World) -> list[Change]:
    made = [change for link in world.links for change in _of_link(dice, world, link)]
    made += [
        _change(K.UNLINK_ACCOUNT, account, f"u{at}", {"name": account.name})
        for at, account in enumerate(world.accounts)
    ]
    for name in GROUPS:
        made.append(Change(K.DELETE_GROUP, Because("Undone.", "undo"), group=name, before={"name": name}))
        because = Because("Undone.", "undo", group_id=dice.choice(("g0", "g1", "g2")))
        made.append(Change(K.UNLINK_GROUP, because, group=name, before={"source_name": name}))
    return made


def _of_link(dice: Random, world: World, link: Link) -> Iterator[Change]:
    account = next((account for account in world.accounts if account.id == link.account_id), None)
    if account is None:
        return
    was = dice.random() < 0.5
    kind = K.DEACTIVATE_ACCOUNT if was else K.REACTIVATE_ACCOUNT
    yield _change(kind, account, link.user_id, {"active": was}, {"active": not was})
    for name in GROUPS[:4]:
        was = dice.random() < 0.5
        kind = K.REMOVE_MEMBER if was else K.ADD_MEMBER
        yield _change(kind, account, link.user_id, {"member": was}, {"member": not was}, group=name)
    values = {"display_name": dice.choice(("Ada", "Bob")), "email": dice.choice(("a@x", "b@x", None))}
    yield _change(K.UPDATE_ACCOUNT, account, link.user_id, values, {"display_name": "Eve", "email": "e@x"})
    yield _change(K.RENAME_ACCOUNT, account, link.user_id, {"name": dice.choice(("ada", "bob", "eve"))}, {"name": "x"})
    for lead in world.leads or ():
        yield _change(K.MOVE_LEAD, account, link.user_id, {"lead": dice.choice(("eve", "cyd"))}, {}, lead=lead.key)


def _change(
    kind: K,
    account: Account,
    user_id: str,
    before: dict[str, str | bool | None],
    after: dict[str, str | bool | None] | None = None,
    *,
    group: str | None = None,
    lead: str | None = None,
) -> Change:
    because = Because("Undone.", "undo", user_id)
    return Change(kind, because, account.name, account.id, user_id, group, lead, before, after or {})
