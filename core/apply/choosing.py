"""An admin's choice about what has nobody behind it: deactivate an account without a user, delete an empty group.

No rule asks for these, so the plan is made of the choice alone and waits for approval; when it is approved the target
is looked at once more, and what is no longer so is not done.
"""

from dataclasses import dataclass
from typing import Literal

from core.apply.administrators import too_few
from core.apply.computing import computed
from core.apply.drafting import Draft
from core.apply.ending import Ended, broken_off
from core.apply.running import keep_plan, let_wait, start
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped
from core.exchange import Attribution, attributed
from core.planning.changes import Because, Change, ChangeKind, Plan
from core.planning.globs import matching_glob
from core.planning.wording import counted
from core.store import Transaction, links
from core.targets.protocol import NotFound, Refused, TargetError, Unsupported

SCOPE = "choice"
"""What the run of a choice says it is about, before the name."""
_ACTIVE: dict[str, str | bool | None] = {"active": True}
_INACTIVE: dict[str, str | bool | None] = {"active": False}


@dataclass(frozen=True, slots=True)
class Choice:
    """What an admin chose."""

    kind: Literal["deactivate", "delete-group"]
    name: str
    """Of the account, or of the group."""

    @staticmethod
    def of(subject: str) -> "Choice | None":
        """The choice in `deactivate <account>` or `delete-group <group>`; `None` where it is neither."""
        kind, _, name = subject.partition(" ")
        if kind == "deactivate" and name:
            return Choice("deactivate", name)
        return Choice("delete-group", name) if kind == "delete-group" and name else None

    @property
    def scope(self) -> str:
        """In words, for listings."""
        return f"{SCOPE}: {self.kind} {self.name}"

    @staticmethod
    def in_scope(scope: str) -> "Choice | None":
        """The choice that a run is about; `None` where it is about something else."""
        return Choice.of(scope.removeprefix(f"{SCOPE}: ")) if scope.startswith(f"{SCOPE}: ") else None


async def choose(site: Site, choice: Choice, by: str, stop: Stop) -> Ended:
    """Plan what was chosen, and let it wait for approval."""
    number = await site.store.writer.write(lambda tx: _start(tx, site.name, choice, by))
    stop.run = number
    try:
        plan = await chosen(site, number, choice)
    except (TargetError, Stopped) as error:
        return await broken_off(site, number, error, stop)
    draft = Draft(plan, frozenset())
    digest = await keep_plan(site, number, draft)
    return await let_wait(site, number, choice.scope, draft, digest)


async def chosen(site: Site, run: int, choice: Choice) -> Plan:
    """The plan of a choice as things are at the target now.

    :raises Refused: when it is not to be done, with the reason.
    :raises TargetError: when the target cannot be read.
    """
    with attributed(Attribution(run)):
        made = _deactivation if choice.kind == "deactivate" else _deletion
        change = await made(site, choice.name)
    if reason := await computed(_takes_administrators, site, change):
        raise Refused(reason, remedy="Make somebody else an administrator at the product, and synchronise, first.")
    return Plan((change,), ())


def _start(tx: Transaction, target: str, choice: Choice, by: str) -> int:
    return start(tx, target, "order", choice.scope, by)


async def _deactivation(site: Site, name: str) -> Change:
    _require((await site.target.capabilities()).set_active)
    account = await site.target.find_account(name)
    if account is None or not account.active:
        raise Refused(f"There is no active account {name}.", remedy="Look at the report again.")
    if await computed(_is_linked, site, account.id):
        raise Refused(f"{name} belongs to a user of {site.provider}.", remedy="Deactivate the user there.")
    if glob := matching_glob(site.rules.users.protect, account.name):
        raise Refused(f"{name} is protected by users.protect ({glob!r}).", remedy="Take it out of the list first.")
    because = Because("An admin chose to deactivate this account, which belongs to no user", "choice")
    kind = ChangeKind.DEACTIVATE_ACCOUNT
    return Change(kind, because, account.name, account.id, before=_ACTIVE, after=_INACTIVE)


async def _deletion(site: Site, name: str) -> Change:
    _require((await site.target.capabilities()).delete_group)
    group = await site.target.find_group(name)
    if group is None:
        raise Refused(f"There is no group {name}.", remedy="Look at the report again.")
    if glob := matching_glob(site.rules.groups.protect, group.name):
        raise Refused(f"{name} is protected by groups.protect ({glob!r}).", remedy="Take it out of the list first.")
    members = await _members(site, group.name)
    if members:
        left = counted(members, "member")
        raise Refused(f"{name} still has {left}.", remedy="Take them out first, or keep the group.")
    because = Because("An admin chose to delete this group, which no IdP group feeds", "choice")
    return Change(ChangeKind.DELETE_GROUP, because, group=group.name, before={"name": group.name}, after={})


async def _members(site: Site, group: str) -> int:
    try:
        return len([account async for account in site.target.list_members(group)])
    except NotFound:
        return 0


def _require(reason: str | None) -> None:
    if reason is not None:
        raise Unsupported(reason)


def _takes_administrators(site: Site, change: Change) -> str | None:
    return next((text for text, _ in too_few(site, [change])), None)


def _is_linked(site: Site, account_id: str) -> bool:
    with site.store.read() as connection:
        return bool(links.of_accounts(connection, site.name, [account_id]))
