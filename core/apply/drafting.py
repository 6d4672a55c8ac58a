"""Drafting a plan: observe the target, keep what was seen, and let the planner compute. Nothing is changed yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from core.apply import drifting
from core.apply.answered import answered
from core.apply.collecting import let_go
from core.apply.computing import computed
from core.apply.leaving import is_anybody_leaving, roles_named
from core.apply.observing import Observation, observe_all, observe_leads, observe_some, with_emails
from core.apply.parts import write_parts
from core.apply.scoping import Scope, scope
from core.apply.site import Site
from core.apply.stopping import Stop
from core.apply.worlds import Setting, group_keys, is_admin_group, is_plausible, scoped_world, whole_world
from core.exchange import Attribution, attributed
from core.planning.answers import Answer
from core.planning.changes import Plan
from core.planning.names import group_key
from core.planning.plan import plan
from core.planning.values import Account, Capabilities, Lead, SourceGroup, TargetGroup, World
from core.store import Transaction, drift, links, observed, runs, sources
from core.store.clock import now_ms
from core.store.conflicts import Finding

FRESH = 300_000
"""Milliseconds for which a group that was seen need not be looked for again."""
WIDE = 1000
"""Users beyond which everything is observed: by then that takes fewer calls than to look each of them up."""
_OF_MEMBERS = "C29"
"""The conflict of a group that is about its members."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan and what it is about."""

    plan: Plan
    subjects: frozenset[str] | None
    """The subjects of conflicts that it saw all of (`user:<id>`, …); `None`: everything."""
    in_part: frozenset[str] = frozenset()
    """Groups of whose members it saw only some; all else about them it could have found."""
    answers: tuple[Answer, ...] = ()
    """What admins had answered when it was planned."""

    def is_about(self, finding: Finding) -> bool:
        """Whether the plan saw all that a conflict of this kind and subject is about."""
        kind, subject = finding
        return self.subjects is None or subject in self.subjects or (subject in self.in_part and kind != _OF_MEMBERS)


async def draft_whole(site: Site, run: int, stop: Stop) -> Draft:
    """Observe everything and plan everything.

    :raises TargetError: when the target cannot be read to its end.
    :raises Stopped: when a stop was asked for.
    """
    site = await computed(answered, site)

    async def on_read(read: int) -> None:
        await site.store.writer.write(lambda tx: runs.note_read(tx, run, read))

    with attributed(Attribution(run)):
        capabilities = await site.target.capabilities()
        await site.store.writer.write(lambda tx: _note_known(tx, site, run))
        groups, keys = await computed(_groups, site)
        also = partial(is_admin_group, site.rules)
        observation = await observe_all(site.target, keys, stop, on_read, also=also)
    is_whole = await computed(_is_plausible, site, observation)
    observation = await _kept(site, run, observation if is_whole else _without_members(observation))
    if is_whole:
        await _forget_unseen(site, run, observation)
    with attributed(Attribution(run)):
        leads = await _leads_of_all(site, capabilities, stop)
    await site.store.writer.write(lambda tx: runs.move(tx, run, "planning"))

    seen = [observation]
    del observation  # The thread frees it, with all else that was planned from.
    planned = await computed(_planned_whole, site, groups, seen, capabilities, leads)
    stop.check()
    return Draft(planned, None, answers=site.answers)


async def draft_some(
    site: Site, run: int, users: Collection[str], groups: Collection[str], stop: Stop, cause: int | None = None
) -> Draft:
    """Observe and plan only what these users and groups lead to; where that is much, everything.

    `cause` is the inbound exchange behind it.

    :raises TargetError: when one of the things it leads to cannot be read.
    :raises Stopped: when a stop was asked for.
    """
    site = await computed(answered, site)
    with attributed(Attribution(run, cause=cause)):
        capabilities = await site.target.capabilities()
    wanted = await computed(_scope, site, users, groups, capabilities)
    if len(wanted.users) > WIDE:
        return await draft_whole(site, run, stop)
    with attributed(Attribution(run, cause=cause)):
        observation = await _observed(site, run, wanted, stop)
        observation, leads = await _with_leads(site, run, wanted, observation, capabilities, stop)

    def compute() -> Draft:
        with site.store.read() as connection:
            world = scoped_world(connection, _setting(site, capabilities), wanted, observation, leads)
        planned = plan(world, site.rules)
        return Draft(planned, *_subjects(world, planned), answers=site.answers)

    draft = await computed(compute)
    stop.check()
    return draft


async def _observed(site: Site, run: int, wanted: Scope, stop: Stop) -> Observation:
    """What a scope leads to; groups that were seen a moment ago are taken as they were."""
    known = await computed(_fresh_groups, site, wanted.group_names)
    unknown = [name for name in sorted(wanted.group_names) if group_key(name) not in known]
    asked_for = (*wanted.links, *wanted.held)
    seen = await observe_some(site.target, wanted.names, asked_for, unknown, stop, sorted(wanted.candidates))
    kept = await _kept(site, run, seen)
    return replace(kept, groups=(*kept.groups, *known.values()))


async def _with_leads(
    site: Site, run: int, wanted: Scope, observation: Observation, capabilities: Capabilities, stop: Stop
) -> tuple[Observation, tuple[Lead, ...] | None]:
    """What those lead who may be leaving, with the accounts that may take it over; `None`: nobody may, it was not
    read."""
    going = wanted.leaving.going(observation.accounts, site.rules.users, capabilities)
    if capabilities.leads is not None or not going:
        return observation, None
    leads = await observe_leads(site.target, roles_named(site.rules.users), stop)
    if not any(lead.account_key in going for lead in leads):
        return observation, ()
    seen = await observe_some(site.target, sorted(wanted.leaving.successors), wanted.leaving.links, (), stop)
    more = await _kept(site, run, seen)
    accounts = {account.id: account for account in (*more.accounts, *observation.accounts)}
    return replace(observation, accounts=tuple(accounts.values())), leads


async def _leads_of_all(site: Site, capabilities: Capabilities, stop: Stop) -> tuple[Lead, ...] | None:
    """What accounts lead, where any of them may be leaving; who leaves only once this was asked waits for the next
    plan."""

    def is_needed() -> bool:
        with site.store.read() as connection:
            return is_anybody_leaving(connection, site.provider, site.name, site.rules.users)

    if capabilities.leads is not None or not await computed(is_needed):
        return None
    return await observe_leads(site.target, roles_named(site.rules.users), stop)


def _planned_whole(
    site: Site,
    groups: list[SourceGroup],
    seen: list[Observation],
    capabilities: Capabilities,
    leads: tuple[Lead, ...] | None,
) -> Plan:
    with site.store.read() as connection:
        world = whole_world(connection, _setting(site, capabilities), groups, seen.pop(), leads)
    planned = plan(world, site.rules)
    parts = [*world.users, *world.accounts, *world.links, *world.managed]
    del world
    let_go(parts)
    return planned


def _setting(site: Site, capabilities: Capabilities) -> Setting:
    now = now_ms()
    return Setting(site.provider, site.name, site.rules, capabilities, site.probes.at(now), now)


def _note_known(tx: Transaction, site: Site, run: int) -> None:
    """As many objects as were there last time are to be read, as far as is known."""
    known = observed.known(tx.connection, site.name)
    if known:
        runs.note_to_read(tx, run, known)


def _is_plausible(site: Site, observation: Observation) -> bool:
    with site.store.read() as connection:
        return is_plausible(connection, site.name, observation)


def _without_members(observation: Observation) -> Observation:
    """What was seen, but for who is in which group: of groups that were not listed no members were read."""
    accounts = tuple(replace(account, groups=None) for account in observation.accounts)
    return Observation(accounts, observation.groups)


def _scope(site: Site, users: Collection[str], groups: Collection[str], capabilities: Capabilities) -> Scope:
    with site.store.read() as connection:
        return scope(connection, site.provider, site.name, site.rules, users, groups, capabilities)


def _groups(site: Site) -> tuple[list[SourceGroup], frozenset[str]]:
    """The provider's groups, and the target groups to observe for them, of one moment before the target is read."""
    with site.store.read() as connection:
        groups = sources.all_groups(connection, site.provider)
        return groups, group_keys(connection, site.name, groups, site.rules)


async def _kept(site: Site, run: int, observation: Observation) -> Observation:
    """Keep an observation, and where it is not as things were left; what it now says includes what the target did not
    tell."""

    def told() -> tuple[Account, ...]:
        with site.store.read() as connection:
            known = observed.emails(connection, site.name, [account.id for account in observation.accounts])
        return with_emails(observation.accounts, known)

    accounts = await computed(told)
    await write_parts(site.store, accounts, lambda tx, _, part: _keep_accounts(tx, site.name, run, part))
    await write_parts(site.store, observation.groups, lambda tx, _, part: _keep_groups(tx, site.name, part))
    counted = sorted(observation.members.items())
    await write_parts(site.store, counted, lambda tx, _, part: observed.see_members(tx, site.name, part))
    return replace(observation, accounts=accounts)


async def _forget_unseen(site: Site, run: int, observation: Observation) -> None:
    """Forget what a whole observation did not see. By its ids: a clock that is set back must not empty the store."""

    def unseen() -> tuple[list[str], list[str]]:
        accounts, groups = {a.id for a in observation.accounts}, {group.key for group in observation.groups}
        with site.store.read() as connection:
            return observed.unseen(connection, site.name, accounts, groups)

    accounts, groups = await computed(unseen)
    await write_parts(site.store, accounts, lambda tx, _, part: _forget_accounts(tx, site.name, run, part))
    await write_parts(site.store, groups, lambda tx, _, part: _forget_groups(tx, site.name, run, part))


def _keep_accounts(tx: Transaction, target: str, run: int, accounts: Sequence[Account]) -> None:
    drifting.note_accounts(tx, target, run, accounts)
    observed.see_accounts(tx, target, accounts)
    links.follow_names(tx, target, accounts)


def _keep_groups(tx: Transaction, target: str, groups: Sequence[TargetGroup]) -> None:
    drift.clear_groups(tx, target, [group.key for group in groups])
    observed.see_groups(tx, target, groups)


def _forget_accounts(tx: Transaction, target: str, run: int, ids: Sequence[str]) -> None:
    drifting.note_gone_accounts(tx, target, run, ids)
    observed.forget_accounts(tx, target, ids)


def _forget_groups(tx: Transaction, target: str, run: int, keys: Sequence[str]) -> None:
    drifting.note_gone_groups(tx, target, run, keys)
    observed.forget_groups(tx, target, keys)


def _fresh_groups(site: Site, names: Collection[str]) -> dict[str, TargetGroup]:
    """Those of these groups that were seen a moment ago, by key: groups come and go more seldom than members."""
    keys = {group_key(name) for name in names}
    with site.store.read() as connection:
        fresh = observed.fresh_groups(connection, site.name, keys, now_ms() - FRESH)
    return {group.key: group for group in fresh}


def _subjects(world: World, planned: Plan) -> tuple[frozenset[str], frozenset[str]]:
    """Users, touched groups and the target groups they decide about, and the other groups that the users are in; each
    IdP group with all of its name."""
    touched = _with_namesakes(world, world.touched_groups or frozenset())
    others = _with_namesakes(world, frozenset[str]().union(*(user.groups for user in world.users)))
    users, decided = {f"user:{user.id}" for user in world.users}, {f"target-group:{key}" for key in planned.about}
    return frozenset(users | touched | decided), others - touched


def _with_namesakes(world: World, ids: Collection[str]) -> frozenset[str]:
    keys = {group_key(group.display_name) for group in world.groups if group.id in ids}
    return frozenset(f"group:{group.id}" for group in world.groups if group_key(group.display_name) in keys)
