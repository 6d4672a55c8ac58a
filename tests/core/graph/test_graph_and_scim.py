"""The same company, once pushed by SCIM and once read over Graph, is the same to everything behind the store.

And a provider that pushed can be read from one day to the next: what is there is taken over, and no target changes.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from random import Random

import httpx
import pytest

from core.planning.document import plan_document
from core.planning.plan import plan
from core.planning.rules import GroupRules, TargetRules, UserRules, ValueRule
from core.planning.values import Capabilities, SourceGroup, SourceUser
from core.planning.values import World as PlannedWorld
from core.sandbox.churn import churn
from core.sandbox.directory import Directory
from core.sandbox.entra import Dialect, EntraClient
from core.sandbox.graph import NO_QUIRKS, ROUGH, Graph
from core.scim.listener import Listener
from core.scim.served import Served
from core.store import Store, pending, sources, tokens
from tests.core.graph.world import PROVIDER, TARGET, World

PEOPLE = 40
EVERYTHING = TargetRules(
    UserRules(
        attributes={
            name: ValueRule(source)
            for name, source in (
                ("first_name", "name.givenName"), ("last_name", "name.familyName"), ("whole", "name.formatted"),
                ("department", "enterprise.department"), ("number", "enterprise.employeeNumber"),
                ("manager", "enterprise.manager"), ("title", "title"), ("language", "preferredLanguage"),
                ("phone", "phoneNumbers.work"), ("mobile", "phoneNumbers.mobile"), ("fax", "phoneNumbers.fax"),
                ("external", "externalId"),
            )
        }
    ),
    GroupRules(),
)  # fmt: skip
"""Rules by which whatever a user has becomes part of a plan."""
ABLE = Capabilities(attributes=frozenset(EVERYTHING.users.attributes))


@asynccontextmanager
async def pushing(store: Store, dialect: Dialect = "legacy") -> AsyncIterator[EntraClient]:
    """The simulated provisioning by SCIM, towards a store."""
    token = store.writer.write_now(lambda tx: tokens.issue(tx, PROVIDER, "test"))
    allow = [ip_network("0.0.0.0/0")]
    listener = Listener(store, [Served(PROVIDER, [TARGET])], "https://scim.example.com", allow=allow)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener)) as http:
        yield EntraClient(f"http://test/scim/{PROVIDER}/v2", token, dialect=dialect, client=http)


def source(store: Store) -> tuple[list[SourceUser], list[SourceGroup]]:
    """All users and groups under names that both ways have in common, instead of ids and times."""
    with store.read() as connection:
        users = sources.all_users(connection, PROVIDER)
        groups = sources.all_groups(connection, PROVIDER)
    live = {user.id: f"user {user.user_name}" for user in users if not user.deleted}
    live |= {group.id: f"group {group.display_name}" for group in groups if not group.deleted}
    shown = [
        replace(
            user,
            id=live[user.id],
            attributes={name: live.get(value, value) for name, value in user.attributes.items()},
            groups=frozenset(live[group] for group in user.groups),
            exchange=None, created_at=0, gone_at=None,
        )
        for user in users
        if not user.deleted
    ]  # fmt: skip
    named = [replace(group, id=live[group.id], exchange=None, created_at=0) for group in groups if not group.deleted]
    return sorted(shown, key=lambda user: user.id), sorted(named, key=lambda group: group.id)


def planned(store: Store) -> bytes:
    """The plan for an empty target, byte by byte."""
    users, groups = source(store)
    world = PlannedWorld(tuple(users), tuple(groups), (), (), (), frozenset(), capabilities=ABLE)
    return json.dumps(plan_document(plan(world, EVERYTHING)), sort_keys=True).encode()


@pytest.mark.parametrize("quirks", [NO_QUIRKS, ROUGH], ids=["calm", "rough"])
@pytest.mark.parametrize("dialect", ["legacy", "compliant"])
async def test_both_ways_lead_to_the_same_plan_byte_by_byte(tmp_path: Path, dialect: Dialect, quirks: object) -> None:
    directory, rng = Directory.seeded(PEOPLE, 5), Random(5)
    graph = Graph.of_company(directory, quirks=quirks)  # type: ignore[arg-type]
    with Store.open(f"sqlite:///{tmp_path / 's.db'}") as by_scim, Store.open(f"sqlite:///{tmp_path / 'g.db'}") as read:
        world = World(read, graph)
        async with pushing(by_scim, dialect) as entra:
            await entra.initial_cycle(directory)
            await world.pull()
            assert planned(read) == planned(by_scim)
            for _ in range(6):
                events = churn(directory, rng, 0.3)
                graph.follow(directory, events)
                report = await entra.incremental_cycle(directory, events)
                assert report.failures == ()
                # Entra adds who may sign in again to the groups only at a restart; reading is better at it.
                await entra.initial_cycle(directory)
                for _ in range(2):  # what the replica had not heard of comes with the second
                    await world.pull()
                assert source(read) == source(by_scim)
                assert planned(read) == planned(by_scim)


async def test_a_provider_that_pushed_is_taken_over_without_a_change(store: Store) -> None:
    directory = Directory.seeded(PEOPLE, 5)
    async with pushing(store) as entra:
        await entra.initial_cycle(directory)
        events = churn(directory, Random(5), 0.3)
        await entra.incremental_cycle(directory, events)
        await entra.initial_cycle(directory)
    ids = source(store), {stored.id for stored in World(store, Graph()).all("User")}
    store.writer.write_now(
        lambda tx: pending.clear(tx, pending.claim(tx.connection, TARGET, tx.now, 10_000))  # as a target would
    )
    world = World(store, Graph.of_company(directory))
    for _ in range(3):
        pulled = await world.pull()
        assert pulled.problems == []
    assert (source(store), {stored.id for stored in world.all("User")}) == ids
    with store.read() as connection:
        assert pending.backlogs(connection) == []


async def test_who_the_directory_does_not_have_is_missed_and_no_more(store: Store) -> None:
    directory = Directory.seeded(PEOPLE, 5)
    async with pushing(store) as entra:
        await entra.initial_cycle(directory)
    graph = Graph.of_company(directory)
    leaver = next(iter(graph.tenant.live_users()))
    graph.tenant.purge_user(leaver.id)
    world = World(store, graph)
    await world.pull()
    assert world.missed(leaver.user_principal_name) == 1
    await world.pull()
    assert world.missed(leaver.user_principal_name) == 2
    assert leaver.user_principal_name in world.active()
