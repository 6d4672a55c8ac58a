"""Drafting a plan: observe the target, keep what was seen, and let the planner compute. Nothing is changed yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core.apply.collecting import let_go, no_full_collection
from core.apply.computing import computed
from core.apply.observing import Observation, observe_all, observe_some, with_emails
from core.apply.parts import write_parts
from core.apply.site import Site
from core.apply.stopping import Stop
from core.apply.worlds import Scope, group_keys, scope, scoped_world, whole_world
from core.exchange import Attribution, attributed
from core.planning.changes import Plan
from core.planning.names import group_key
from core.planning.plan import plan
from core.planning.values import Account, Capabilities, SourceGroup, TargetGroup, World
from core.store import Transaction, links, observed, runs, sources
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

    def is_about(self, finding: Finding) -> bool:
        """Whether the plan saw all that a conflict of this kind and subject is about."""
        kind, subject = finding
        return self.subjects is None or subject in self.subjects or (subject in self.in_part and kind != _OF_MEMBERS)


async def draft_whole(site: Site, run: int, stop: Stop) -> Draft:
    """Observe everything and plan everything.

    :raises TargetError: when the target cannot be read to its end.
    :raises Stopped: when a stop was asked for.
    """
    with no_full_collection():
        return await _draft_whole(site, run, stop)


async def _draft_whole(site: Site, run: int, stop: Stop) -> Draft:
    async def on_read(read: int) -> None:
        await site.store.writer.write(lambda tx: runs.note_read(tx, run, read))

    with attributed(Attribution(run)):
        capabilities = await site.target.capabilities()
        groups, keys = await computed(_groups, site)
        observation = await observe_all(site.target, keys, stop, on_read)
    observation = await _kept(site, observation)
    await _forget_unseen(site, observation)
    await site.store.writer.write(lambda tx: runs.move(tx, run, "planning"))

    seen = [observation]
    del observation  # The thread frees it, with all else that was planned from.
    planned = await computed(_planned_whole, site, groups, seen, capabilities)
    stop.check()
    return Draft(planned, None)


async def draft_some(
    site: Site, run: int, users: Collection[str], groups: Collection[str], stop: Stop, cause: int | None = None
) -> Draft:
    """Observe and plan only what these users and groups lead to; where that is much, everything.

    `cause` is the inbound exchange behind it.

    :raises TargetError: when one of the things it leads to cannot be read.
    :raises Stopped: when a stop was asked for.
    """
    wanted = await computed(_scope, site, users, groups)
    if len(wanted.users) > WIDE:
        return await draft_whole(site, run, stop)
    with attributed(Attribution(run, cause=cause)):
        capabilities = await site.target.capabilities()
        known = await computed(_fresh_groups, site, wanted.group_names)
        unknown = [name for name in sorted(wanted.group_names) if group_key(name) not in known]
        seen = await observe_some(site.target, wanted.names, (*wanted.links, *wanted.held), unknown, stop)
    kept = await _kept(site, seen)
    observation = replace(kept, groups=(*kept.groups, *known.values()))

    def compute() -> Draft:
        with site.store.read() as connection:
            probes = site.probes.at(now_ms())
            world = scoped_world(connection, site.provider, site.name, wanted, observation, capabilities, probes)
        return Draft(plan(world, site.rules), *_subjects(world))

    draft = await computed(compute)
    stop.check()
    return draft


def _planned_whole(site: Site, groups: list[SourceGroup], seen: list[Observation], capabilities: Capabilities) -> Plan:
    with site.store.read() as connection:
        probes = site.probes.at(now_ms())
        world = whole_world(connection, site.provider, site.name, groups, seen.pop(), capabilities, probes)
    planned = plan(world, site.rules)
    parts = [*world.users, *world.accounts, *world.links, *world.managed]
    del world
    let_go(parts)
    return planned


def _scope(site: Site, users: Collection[str], groups: Collection[str]) -> Scope:
    with site.store.read() as connection:
        return scope(connection, site.provider, site.name, site.rules, users, groups)


def _groups(site: Site) -> tuple[list[SourceGroup], frozenset[str]]:
    """The provider's groups, and the target groups to observe for them, of one moment before the target is read."""
    with site.store.read() as connection:
        groups = sources.all_groups(connection, site.provider)
        return groups, group_keys(connection, site.name, groups, site.rules)


async def _kept(site: Site, observation: Observation) -> Observation:
    """Keep an observation; what it now says includes what the target did not tell."""

    def told() -> tuple[Account, ...]:
        with site.store.read() as connection:
            known = observed.emails(connection, site.name, [account.id for account in observation.accounts])
        return with_emails(observation.accounts, known)

    accounts = await computed(told)
    await write_parts(site.store, accounts, lambda tx, _, part: _keep_accounts(tx, site.name, part))
    await write_parts(site.store, observation.groups, lambda tx, _, part: observed.see_groups(tx, site.name, part))
    return replace(observation, accounts=accounts)


async def _forget_unseen(site: Site, observation: Observation) -> None:
    """Forget what a whole observation did not see. By its ids: a clock that is set back must not empty the store."""

    def unseen() -> tuple[list[str], list[str]]:
        accounts, groups = {a.id for a in observation.accounts}, {group.key for group in observation.groups}
        with site.store.read() as connection:
            return observed.unseen(connection, site.name, accounts, groups)

    accounts, groups = await computed(unseen)
    await write_parts(site.store, accounts, lambda tx, _, part: observed.forget_accounts(tx, site.name, part))
    await write_parts(site.store, groups, lambda tx, _, part: observed.forget_groups(tx, site.name, part))


def _keep_accounts(tx: Transaction, target: str, accounts: Sequence[Account]) -> None:
    observed.see_accounts(tx, target, accounts)
    links.follow_names(tx, target, accounts)


def _fresh_groups(site: Site, names: Collection[str]) -> dict[str, TargetGroup]:
    """Those of these groups that were seen a moment ago, by key: groups come and go more seldom than members."""
    keys = {group_key(name) for name in names}
    with site.store.read() as connection:
        fresh = observed.fresh_groups(connection, site.name, keys, now_ms() - FRESH)
    return {group.key: group for group in fresh}


def _subjects(world: World) -> tuple[frozenset[str], frozenset[str]]:
    """Users and touched groups, and the other groups that the users are in; each with all groups of its name."""
    touched = _with_namesakes(world, world.touched_groups or frozenset())
    others = _with_namesakes(world, frozenset[str]().union(*(user.groups for user in world.users)))
    return frozenset({f"user:{user.id}" for user in world.users} | touched), others - touched


def _with_namesakes(world: World, ids: Collection[str]) -> frozenset[str]:
    keys = {group_key(group.display_name) for group in world.groups if group.id in ids}
    return frozenset(f"group:{group.id}" for group in world.groups if group_key(group.display_name) in keys)
