"""Drafting a plan: observe the target, keep what was seen, and let the planner compute. Nothing is changed yet."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace

from core.apply.observing import Observation, observe_all, observe_some, with_emails
from core.apply.parts import write_parts
from core.apply.site import Site
from core.apply.stopping import Stop
from core.apply.worlds import group_keys, scope, scoped_world, whole_world
from core.exchange import Attribution, attributed
from core.planning.plan import plan
from core.planning.values import Plan, World
from core.store import observed, runs
from core.store.clock import now_ms


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan and what it is about."""

    plan: Plan
    subjects: frozenset[str] | None
    """The subjects of conflicts that it could have found (`user:<id>`, …); `None`: all."""

    def is_about(self, subject: str) -> bool:
        """Whether the plan says something about a conflict's subject."""
        return self.subjects is None or subject in self.subjects


async def draft_whole(site: Site, run: int, stop: Stop) -> Draft:
    """Observe everything and plan everything.

    :raises TargetError: when the target cannot be read to its end.
    :raises Stopped: when a stop was asked for.
    """
    since = now_ms()

    async def on_read(read: int) -> None:
        await site.store.writer.write(lambda tx: runs.note_read(tx, run, read))

    with attributed(Attribution(run)):
        capabilities = await site.target.capabilities()
        keys = await asyncio.to_thread(_group_keys, site)
        observation = await observe_all(site.target, keys, stop, on_read)
    observation = await _kept(site, observation)
    await site.store.writer.write(lambda tx: observed.forget_unseen(tx, site.name, since))
    await site.store.writer.write(lambda tx: runs.move(tx, run, "planning"))

    def compute() -> Plan:
        with site.store.read() as connection:
            world = whole_world(connection, site.provider, site.name, observation, capabilities)
        return plan(world, site.rules)

    return Draft(await asyncio.to_thread(compute), None)


async def draft_some(
    site: Site, run: int, users: Collection[str], groups: Collection[str], stop: Stop, cause: int | None = None
) -> Draft:
    """Observe and plan only what these users and groups lead to. `cause` is the inbound exchange behind it.

    :raises TargetError: when one of the things it leads to cannot be read.
    :raises Stopped: when a stop was asked for.
    """
    with site.store.read() as connection:
        wanted = scope(connection, site.provider, site.name, site.rules, users, groups)
    with attributed(Attribution(run, cause=cause)):
        capabilities = await site.target.capabilities()
        seen = await observe_some(site.target, wanted.names, wanted.links, wanted.group_names, stop)
    observation = await _kept(site, seen)

    def compute() -> tuple[World, Plan]:
        with site.store.read() as connection:
            world = scoped_world(connection, site.name, wanted, observation, capabilities)
        return world, plan(world, site.rules)

    world, planned = await asyncio.to_thread(compute)
    return Draft(planned, _subjects(world))


def _group_keys(site: Site) -> frozenset[str]:
    with site.store.read() as connection:
        return group_keys(connection, site.provider, site.name, site.rules)


async def _kept(site: Site, observation: Observation) -> Observation:
    """Keep an observation; what it now says includes what the target did not tell."""
    with site.store.read() as connection:
        known = observed.emails(connection, site.name, [account.id for account in observation.accounts])
    accounts = with_emails(observation.accounts, known)
    await write_parts(site.store, accounts, lambda tx, _, part: observed.see_accounts(tx, site.name, part))
    await site.store.writer.write(lambda tx: observed.see_groups(tx, site.name, observation.groups))
    return replace(observation, accounts=accounts)


def _subjects(world: World) -> frozenset[str]:
    users = {f"user:{user.id}" for user in world.users}
    groups = set(world.touched_groups or ()).union(*(user.groups for user in world.users))
    return frozenset(users | {f"group:{group}" for group in groups})
