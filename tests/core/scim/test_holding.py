"""What a provider with a hold creates becomes pending at once and due later, so that its tests reach no target."""

from collections.abc import AsyncIterator
from ipaddress import ip_network

import httpx
import pytest
from scim_calls import new_group, new_user

from core.scim.listener import Listener
from core.scim.served import Served
from core.store import Store, pending, tokens

HOLD = 120


@pytest.fixture
async def jumpcloud(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    secret = store.writer.write_now(lambda tx: tokens.issue(tx, "jc", "test"))
    served = Served("jc", ["wiki"], hold=HOLD)
    listener = Listener(store, [served], "https://scim.example.com", allow=[ip_network("127.0.0.0/8")])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(listener),
        base_url="http://test/scim/jc/v2",
        headers={"Authorization": f"Bearer {secret}"},
    ) as client:
        yield client


def due(store: Store, at: int) -> set[tuple[str, str]]:
    with store.read() as connection:
        return {(key.kind, key.id) for key in pending.claim(connection, "wiki", at, 100)}


def now(store: Store) -> int:
    return store.writer.write_now(lambda tx: tx.now)


async def test_what_is_new_is_due_when_the_hold_is_over_also_if_it_is_changed_meanwhile(
    store: Store, jumpcloud: httpx.AsyncClient
) -> None:
    ada = await new_user(jumpcloud)
    staff = await new_group(jumpcloud, ada)
    await jumpcloud.patch(
        f"/Users/{ada['id']}", json={"Operations": [{"op": "replace", "path": "title", "value": "x"}]}
    )
    begun = now(store)
    assert due(store, begun + HOLD * 1000 - 5_000) == set()
    assert due(store, begun + HOLD * 1000) == {("user", ada["id"]), ("group", staff["id"])}


async def test_a_comparison_of_everything_leaves_what_is_held_in_its_place(
    store: Store, jumpcloud: httpx.AsyncClient
) -> None:
    await new_user(jumpcloud)
    with store.read() as connection:
        assert pending.claim_all(connection, "wiki", now(store)) == []


async def test_what_is_old_enough_is_due_at_once(store: Store, jumpcloud: httpx.AsyncClient) -> None:
    ada = await new_user(jumpcloud)
    store.writer.write_now(
        lambda tx: tx.connection.exec_driver_sql("UPDATE users SET created_at = created_at - 120000")
    )
    await jumpcloud.delete(f"/Users/{ada['id']}")
    assert due(store, now(store)) == {("user", ada["id"])}
