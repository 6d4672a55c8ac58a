"""Microsoft Entra's provisioning service, simulated, pushes a company to the listener in each of its dialects."""

from collections.abc import AsyncIterator
from ipaddress import ip_network
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from core.sandbox.churn import churn
from core.sandbox.directory import Directory
from core.sandbox.entra import Dialect, EntraClient, ProvisionedGroup, ProvisionedUser
from core.scim.listener import Listener, Served
from core.store import Store, identities, member_rows
from core.store.tables import GROUPS, USERS

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PEOPLE = 32
CYCLES = 5


@pytest.fixture
async def http(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    listener = Listener(store, [Served("entra")], "https://scim.example.com", allow=[ip_network("127.0.0.0/8")])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(listener)) as client:
        yield client


def stored_users(store: Store) -> dict[str, ProvisionedUser]:
    """Every live user by its id, in the form of Entra's own belief."""
    with store.read() as connection:
        users = identities.page(connection, "entra", "User", 0, None)[1]
    return {user.id: _provisioned(user.id, user.document) for user in users}


def _provisioned(id: str, document: dict[str, Any]) -> ProvisionedUser:
    work = [email["value"] for email in document.get("emails", []) if email["type"] == "work"]
    return ProvisionedUser(
        id=id,
        user_name=document["userName"],
        active=document["active"],
        display_name=document["displayName"],
        email=work[0] if work else None,
        manager=document.get(ENTERPRISE, {}).get("manager", {}).get("value"),
    )


def stored_groups(store: Store) -> dict[str, ProvisionedGroup]:
    """Every live group by its id, in the form of Entra's own belief."""
    with store.read() as connection:
        groups = identities.page(connection, "entra", "Group", 0, None)[1]
        return {
            group.id: ProvisionedGroup(
                id=group.id,
                display_name=group.document["displayName"],
                members=frozenset(member.id for member in member_rows.members(connection, group.key)),
            )
            for group in groups
        }


def ids(store: Store) -> dict[tuple[str, int], str]:
    """The id of every user and group there ever was, by its row."""
    with store.read() as connection:
        return {
            (table.name, key): id
            for table in (USERS, GROUPS)
            for key, id in connection.execute(select(table.c.key, table.c.id))
        }


@pytest.mark.parametrize("dialect", ["legacy", "compliant", "mixed"])
async def test_after_every_cycle_the_store_has_what_entra_believes(
    store: Store, http: httpx.AsyncClient, token: str, dialect: Dialect
) -> None:
    directory, rng = Directory.seeded(PEOPLE, 7), Random(11)
    entra = EntraClient("http://manciple/scim/entra/v2/", token, dialect=dialect, client=http)
    report = await entra.initial_cycle(directory)
    seen: dict[tuple[str, int], str] = {}
    for cycle in range(CYCLES + 1):
        if cycle:
            report = await entra.incremental_cycle(directory, churn(directory, rng, 0.5))
        assert (report.failures, report.quarantine, report.escrowed) == ((), None, 0)
        assert stored_users(store) == entra.snapshot().users
        assert stored_groups(store) == entra.snapshot().groups
        now = ids(store)
        assert {row: now[row] for row in seen} == seen  # no id ever changes
        created = sum(report.pushed.get(step, {}).get("created", 0) for step in ("users", "groups"))
        assert len(now) == len(seen) + created  # and none is made but for something new
        seen = now
    assert any(not user.active for user in stored_users(store).values())
    assert any(group.members for group in stored_groups(store).values())


async def test_a_restarted_job_finds_everything_it_provisioned_before(
    store: Store, http: httpx.AsyncClient, token: str
) -> None:
    directory = Directory.seeded(PEOPLE, 7)
    entra = EntraClient("http://manciple/scim/entra/v2", token, client=http)
    await entra.initial_cycle(directory)
    before = ids(store)
    report = await entra.initial_cycle(directory, forget=True)
    assert report.failures == ()
    assert report.pushed["users"]["matched"] == len(stored_users(store))
    assert ids(store) == before
