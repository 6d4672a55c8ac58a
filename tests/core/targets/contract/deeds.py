"""Changes of every kind that a product offers: how each is done, and how it is seen, at the product or read back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from stage import Seen, Stage

from core.planning.values import Account
from core.targets.protocol import NewAccount

NEW = NewAccount("new", "New One", "new@example.com")


@dataclass(frozen=True, slots=True)
class Deed:
    """One change."""

    name: str
    can: str
    """The field of `Capabilities`."""
    do: Callable[[Stage], Awaitable[object]]
    is_seen: Callable[[Seen], bool]
    """Whether it is so at the product."""
    is_found: Callable[[Stage], Awaitable[bool]]
    """Whether it is so as far as the target tells, which is how the executor settles an outcome that is open."""


async def prepared(stage: Stage) -> "list[Deed]":
    """Put into the product what the deeds are about; those that it can do. All that is probed has been probed then."""
    for name in ("update", "rename", "off", "on", "join", "leave", "delete"):
        stage.person(name, "Some Body", f"{name}@example.com")
    stage.group("Staff", ["leave", "off"])
    stage.group("Old")
    stage.group("Idle")
    can = await stage.target.capabilities()
    if can.set_active is None:
        await stage.target.set_active("on", False)
    return [deed for deed in DEEDS if getattr(can, deed.can) is None]


def _account(name: str, holds: Callable[[Account | None], bool]) -> Callable[[Stage], Awaitable[bool]]:
    async def found(stage: Stage) -> bool:
        return holds(await stage.target.find_account(name))

    return found


def _group(name: str, there: bool) -> Callable[[Stage], Awaitable[bool]]:
    async def found(stage: Stage) -> bool:
        return (await stage.target.find_group(name) is not None) == there

    return found


def _member(name: str, there: bool) -> Callable[[Stage], Awaitable[bool]]:
    async def found(stage: Stage) -> bool:
        account = await stage.target.find_account(name)
        return account is not None and (stage.target.group_key("Staff") in (account.groups or ())) == there

    return found


def _update(stage: Stage) -> Awaitable[object]:
    return stage.target.update_account("update", display_name="Changed", email="changed@example.com")


DEEDS = (
    Deed(
        "create account", "create_user", lambda stage: stage.target.create_account(NEW),
        lambda seen: seen.accounts.get("new") == ("New One", "new@example.com", True),
        _account("new", lambda account: account is not None),
    ),
    Deed(
        "update account", "update_user", _update,
        lambda seen: seen.accounts["update"] == ("Changed", "changed@example.com", True),
        _account("update", lambda account: account is not None and account.display_name == "Changed"),
    ),
    Deed(
        "rename account", "rename_user", lambda stage: stage.target.rename_account("rename", "renamed"),
        lambda seen: "renamed" in seen.accounts and "rename" not in seen.accounts,
        _account("renamed", lambda account: account is not None),
    ),
    Deed(
        "deactivate", "set_active", lambda stage: stage.target.set_active("off", False),
        lambda seen: not seen.accounts["off"][2],
        _account("off", lambda account: account is not None and not account.active),
    ),
    Deed(
        "reactivate", "set_active", lambda stage: stage.target.set_active("on", True),
        lambda seen: seen.accounts["on"][2],
        _account("on", lambda account: account is not None and account.active),
    ),
    Deed(
        "delete account", "delete_user", lambda stage: stage.target.delete_account("delete"),
        lambda seen: "delete" not in seen.accounts,
        _account("delete", lambda account: account is None),
    ),
    Deed(
        "create group", "create_group", lambda stage: stage.target.create_group("Ops"),
        lambda seen: "Ops" in seen.groups,
        _group("Ops", there=True),
    ),
    Deed(
        "rename group", "rename_group", lambda stage: stage.target.rename_group("Old", "Older"),
        lambda seen: "Older" in seen.groups and "Old" not in seen.groups,
        _group("Older", there=True),
    ),
    Deed(
        "delete group", "delete_group", lambda stage: stage.target.delete_group("Idle"),
        lambda seen: "Idle" not in seen.groups,
        _group("Idle", there=False),
    ),
    Deed(
        "add member", "members", lambda stage: stage.target.add_member("Staff", "join"),
        lambda seen: ("Staff", "join") in seen.memberships,
        _member("join", there=True),
    ),
    Deed(
        "remove member", "members", lambda stage: stage.target.remove_member("Staff", "leave"),
        lambda seen: ("Staff", "leave") not in seen.memberships,
        _member("leave", there=False),
    ),
)  # fmt: skip
