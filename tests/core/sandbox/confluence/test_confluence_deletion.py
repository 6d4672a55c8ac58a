"""Deleting a user: accepted at once, done later by a long task that is polled, and which vanishes afterwards."""

import httpx
import pytest
from confluence_visit import Visit

from core.sandbox.confluence import Confluence, Directory, Effect, LocalAccount, Quirks

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
DELETED = Effect("delete-account", "jane")


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def begin(client: httpx.AsyncClient, name: str = "jane") -> str:
    """Delete a user and answer where to poll."""
    answer = await client.delete(f"/rest/api/admin/user/{name}")
    assert answer.status_code == 202
    task = answer.json()
    assert task["links"]["status"] == f"/rest/api/longtask/{task['id']}"
    status: str = task["links"]["status"]
    return status


async def test_a_user_is_gone_after_as_many_polls_as_it_takes(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE], quirks=Quirks(longtask_polls=3))
    client = await visit(confluence)
    status = await begin(client)
    assert (await client.get("/rest/api/user?username=jane")).status_code == 200
    polls = [(await client.get(status)).json() for _ in range(3)]
    assert [poll["successful"] for poll in polls] == [False, False, True]
    assert [poll["percentageComplete"] for poll in polls] == [33, 66, 100]
    assert polls[0].keys() == {"id", "name", "elapsedTime", "percentageComplete", "successful", "messages"}
    assert (await client.get("/rest/api/user?username=jane")).status_code == 404
    assert confluence.effects == [DELETED]
    assert not any(name == "jane" for _, name in confluence.snapshot().memberships)


async def test_a_user_is_gone_after_some_seconds_though_nobody_polls(visit: Visit) -> None:
    clock = Clock()
    confluence = Confluence.with_defaults([JANE], clock=clock)
    client = await visit(confluence)
    status = await begin(client)
    assert (await client.get("/rest/api/user?username=jane")).status_code == 200
    clock.now += 30
    assert (await client.get("/rest/api/user?username=jane")).status_code == 404
    assert (await client.get(status)).json()["elapsedTime"] == 30_000
    assert confluence.effects == [DELETED]


async def test_a_finished_task_can_be_read_a_few_times_and_is_then_not_found(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE], quirks=Quirks(longtask_polls=1, longtask_reads=2))
    client = await visit(confluence)
    status = await begin(client)
    assert [(await client.get(status)).status_code for _ in range(3)] == [200, 200, 404]
    assert (await client.get("/rest/api/longtask/no-such-task")).status_code == 404


async def test_nobody_is_deleted_twice(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE], quirks=Quirks(longtask_polls=1))
    client = await visit(confluence)
    first, second = await begin(client), await begin(client)
    assert first != second
    assert (await client.get(first)).json()["successful"]
    assert (await client.get(second)).json()["successful"]
    assert confluence.effects == [DELETED]
    assert (await client.delete("/rest/api/admin/user/jane")).status_code == 404


async def test_a_task_deletes_whom_it_was_started_for_whatever_his_name_is_by_then(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE], quirks=Quirks(longtask_polls=1))
    client = await visit(confluence)
    status = await begin(client)
    confluence.rename_account("jane", "jane.roe")
    confluence.add_account(JANE)
    assert (await client.get(status)).json()["successful"]
    assert [account.username for account in confluence.snapshot().accounts] == ["admin", "jane"]


@pytest.mark.parametrize("status", [400, 403])
async def test_a_user_of_a_read_only_directory_is_not_deleted(visit: Visit, status: int) -> None:
    directories = (Directory(1, "Internal"), Directory(2, "LDAP", "CONNECTOR", writable=False))
    quirks = Quirks(read_only_directory_status=403 if status == 403 else 400)
    confluence = Confluence.with_defaults(directories=directories, quirks=quirks)
    confluence.add_account(JANE, directory=2)
    answer = await (await visit(confluence)).delete("/rest/api/admin/user/jane")
    assert (answer.status_code, confluence.effects) == (status, [])
