"""Undoing a run: what it did is planned backwards from the states that its changes noted, and waits for approval.

No rule says what is to be done; what is protected stays. What the run touched is read again, when it is planned and
once more when it is approved: what is no longer as the run left it stays as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.apply.administrators import admin_groups
from core.apply.computing import computed
from core.apply.drafting import WIDE, Draft
from core.apply.ending import Ended, broken_off
from core.apply.observing import Observation, observe_all, observe_some, with_emails
from core.apply.running import keep_plan, let_wait, start
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped
from core.exchange import Attribution, attributed
from core.planning.changes import Change, ChangeKind, Plan
from core.planning.names import group_key
from core.planning.undoing import inverse
from core.planning.values import Account, Capabilities, Lead, Link, World
from core.store import Transaction, changes, group_links, links, observed, runs, totals
from core.store.clock import now_ms
from core.store.runs import Run
from core.targets.protocol import NotFound, TargetError


@dataclass(frozen=True, slots=True)
class _Touched:
    """What the changes of a run were about."""

    names: frozenset[str]
    """Of accounts."""
    links: tuple[Link, ...]
    """The ids of accounts, with the names that they had."""
    groups: frozenset[str]
    created: frozenset[str]
    """Groups that the run created: they can only go if nobody else came to be in them."""
    leads: frozenset[str]


def refusal(run: Run) -> str | None:
    """Why a run cannot be undone; `None` where it can."""
    if not run.is_over:
        return f"Run {run.id} is not over: it is {run.state}. Wait for its end, or cancel it."
    return None if run.done else f"Run {run.id} changed nothing: there is nothing to put back."


async def undo(site: Site, run: Run, by: str, stop: Stop) -> Ended:
    """Plan what puts back the changes that a run made, and let it wait for approval."""
    scope = f"undo of run {run.id}"
    number = await site.store.writer.write(lambda tx: _start(tx, site.name, scope, by, run.id))
    stop.run = number
    try:
        plan = await inverted(site, number, run.id, stop)
        stop.check()
    except (TargetError, Stopped) as error:
        return await broken_off(site, number, error, stop)
    draft = Draft(plan, frozenset())
    digest = await keep_plan(site, number, draft)
    if plan.changes:
        return await let_wait(site, number, scope, draft, digest)
    await site.store.writer.write(lambda tx: runs.finish(tx, number, "done"))
    return Ended(number, "done", f"Nothing of run {run.id} can be put back: run {number} notes why.")


async def inverted(site: Site, run: int, undone: int, stop: Stop) -> Plan:
    """What would put back now what the run `undone` did; read for `run`.

    :raises TargetError: when something that it touched cannot be read.
    :raises Stopped: when a stop was asked for.
    """
    done = await computed(_done, site, undone)
    touched = await computed(_touched, site, done)
    await site.store.writer.write(lambda tx: runs.move(tx, run, "reading"))
    with attributed(Attribution(run)):
        capabilities = await site.target.capabilities()
        seen = await _observed(site, run, touched, stop)
        leads = [lead for key in sorted(touched.leads) if (lead := await _lead(site, key, stop)) is not None]
    await site.store.writer.write(lambda tx: runs.move(tx, run, "planning"))
    return await computed(_inverse, site, done, seen, leads, capabilities)


async def released(site: Site, run: int, undone: int) -> None:
    """Where an undoing was undone itself, let what it had put back be done again."""
    with site.store.read() as connection:
        this, other = runs.find(connection, run), runs.find(connection, undone)
    if this is not None and this.done and other is not None and other.trigger == "undo":
        await site.store.writer.write(lambda tx: runs.release(tx, undone))


def _start(tx: Transaction, target: str, scope: str, by: str, undone: int) -> int:
    number = start(tx, target, "undo", scope, by)
    runs.note_undoes(tx, number, undone)
    return number


def _done(site: Site, run: int) -> list[Change]:
    """What a run did, in the order in which it did."""
    with site.store.read() as connection:
        return [stored.change for stored in changes.of_run(connection, run, ("done",))]


def _touched(site: Site, done: Iterable[Change]) -> _Touched:
    done = list(done)
    users = {change.user_id for change in done if change.user_id is not None}
    with site.store.read() as connection:
        linked = {link.user_id: link for link in links.of_users(connection, site.name, users)}
    known = {
        Link(change.user_id or "", change.account_id, change.account or "") for change in done if change.account_id
    }
    names = {name for change in done for name in (change.account, *_leading(change)) if name}
    groups = {name for change in done for name in (change.group, *_renamed(change)) if name}
    return _Touched(
        names=frozenset(names),
        links=tuple(sorted(known | set(linked.values()), key=lambda link: (link.account_id, link.account_name))),
        groups=frozenset(groups),
        created=frozenset(change.group or "" for change in done if change.kind == ChangeKind.CREATE_GROUP),
        leads=frozenset(change.lead for change in done if change.lead is not None),
    )


def _leading(change: Change) -> list[str]:
    """The accounts between which a lead was moved."""
    return [str(state["lead"]) for state in (change.before, change.after) if state.get("lead")]


def _renamed(change: Change) -> list[str]:
    """The name that a group was given."""
    return [str(change.after["name"])] if change.kind == ChangeKind.RENAME_GROUP else []


async def _observed(site: Site, run: int, touched: _Touched, stop: Stop) -> Observation:
    """The accounts and groups as they are now: all, where they are many."""

    async def on_read(read: int) -> None:
        await site.store.writer.write(lambda tx: runs.note_read(tx, run, read))

    if len(touched.names) > WIDE:
        return await observe_all(site.target, frozenset(map(group_key, touched.groups)), stop, on_read)
    seen = await observe_some(site.target, touched.names, touched.links, touched.groups, stop)
    accounts = {account.id: account for account in seen.accounts}
    for group in sorted(touched.created):
        for account in await _members(site, group, stop):
            accounts.setdefault(account.id, replace(account, groups=frozenset({group_key(group)})))
    await on_read(len(accounts) + len(seen.groups))
    return replace(seen, accounts=tuple(accounts.values()))


async def _members(site: Site, group: str, stop: Stop) -> list[Account]:
    found = []
    try:
        async for account in site.target.list_members(group):
            stop.check()
            found.append(account)
    except NotFound:
        return []
    return found


async def _lead(site: Site, key: str, stop: Stop) -> Lead | None:
    stop.check()
    return await site.target.find_lead(key)


def _inverse(
    site: Site, done: list[Change], seen: Observation, leads: Iterable[Lead], capabilities: Capabilities
) -> Plan:
    ids = {account.id for account in seen.accounts}
    administering = admin_groups(site)
    with site.store.read() as connection:
        world = World(
            users=(),
            groups=(),
            accounts=with_emails(seen.accounts, observed.emails(connection, site.name, ids)),
            target_groups=seen.groups,
            links=tuple(links.of_accounts(connection, site.name, ids)),
            managed=frozenset(observed.managed(connection, site.name, ids)),
            capabilities=capabilities,
            group_links=tuple(group_links.of_keys(connection, site.name, _group_keys(done))),
            leads=tuple(leads),
            totals=totals.of_target(connection, site.name, now_ms(), ()),
            now=now_ms(),
            admin_groups=administering,
        )
    return inverse(done, world, site.rules)


def _group_keys(done: Iterable[Change]) -> set[str]:
    return {group_key(name) for change in done for name in (change.group, *_renamed(change)) if name}
