"""A Confluence deletes accounts later, as a task: the target waits for it, and does not say that it is done before."""

import orjson
import pytest
from scripted import Bench, Reply
from simulated_site import site

from core.sandbox.confluence import Confluence, Effect, LocalAccount, Quirks, Settings
from core.sandbox.embedded_crowd import Directory
from core.targets.confluence import Confluence as Target
from core.targets.confluence.deletion import EVERY, PATIENT_FOR
from core.targets.protocol import OutcomeUnknown, Refused

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
ACCEPTED = Reply(202, b'{"id":"7","links":{"result":"x","status":"/rest/api/longtask/7"}}')
NO_USER = Reply(404, b'{"statusCode":404,"message":"No user found with name : jane"}')


def task(percentage: int, **more: object) -> Reply:
    return Reply(
        200, orjson.dumps({"id": "7", "percentageComplete": percentage, "successful": percentage == 100} | more)
    )


async def test_an_account_is_gone_when_its_deletion_is_said_to_be_done() -> None:
    async with site(Confluence.with_defaults([JANE], quirks=Quirks(longtask_polls=5, longtask_seconds=10_000))) as wiki:
        await wiki.target.delete_account("jane")
        assert wiki.effects == [Effect("delete-account", "jane")]
        assert await wiki.target.find_account("jane") is None
        assert wiki.hurry.slept == 4 * EVERY
        await wiki.target.delete_account("jane")


async def test_an_account_of_that_name_that_comes_later_is_somebody_else() -> None:
    async with site(Confluence.with_defaults([JANE])) as wiki:
        before = await wiki.target.find_account("jane")
        await wiki.target.delete_account("jane")
        wiki.simulator.add_account(JANE)
        after = await wiki.target.find_account("jane")
        assert before is not None
        assert after is not None
        assert after.id != before.id
        assert await wiki.target.find_account_by_id(before.id) is None


async def test_a_task_that_does_not_end_leaves_the_outcome_open() -> None:
    async with site(Confluence.with_defaults([JANE], quirks=Quirks(longtask_polls=10**6))) as wiki:
        with pytest.raises(OutcomeUnknown, match="did not end within 180 seconds") as caught:
            await wiki.target.delete_account("jane")
        assert "read back" in caught.value.remedy
        assert PATIENT_FOR <= wiki.hurry.slept <= PATIENT_FOR + EVERY


@pytest.mark.parametrize("end", [Reply(500), Reply(200, b"<x>"), Reply(405)])
async def test_a_task_that_cannot_be_followed_leaves_the_outcome_open(end: Reply) -> None:
    bench = Bench(ACCEPTED, task(10), end)
    with pytest.raises(OutcomeUnknown, match="accepted to delete jane"):
        await Target(bench.http, bench.clock.timing).delete_account("jane")


async def test_a_task_that_nobody_names_leaves_the_outcome_open() -> None:
    bench = Bench(Reply(202))
    with pytest.raises(OutcomeUnknown, match="as which task"):
        await Target(bench.http, bench.clock.timing).delete_account("jane")


async def test_a_task_that_failed_is_a_refusal_in_its_own_words() -> None:
    messages = [{"key": "x", "translation": "Jane owns\na space."}]
    bench = Bench(ACCEPTED, task(100, successful=False, messages=messages))
    with pytest.raises(Refused, match="could not delete jane: Jane owns a space") as caught:
        await Target(bench.http, bench.clock.timing).delete_account("jane")
    assert "User management" in caught.value.remedy


async def test_a_finished_task_is_forgotten_after_a_while() -> None:
    me = Reply(200, b'{"type":"known","username":"svc"}')
    bench = Bench(ACCEPTED, task(50), NO_USER, me)
    await Target(bench.http, bench.clock.timing).delete_account("jane")
    assert bench.product.lines[2].endswith("/rest/api/longtask/7")


async def test_who_lives_in_a_read_only_directory_is_not_deleted() -> None:
    confluence = Confluence.with_defaults(directories=(Directory(1, "Internal"), Directory(2, "LDAP", writable=False)))
    confluence.add_account(JANE, directory=2)
    async with site(confluence) as wiki:
        with pytest.raises(Refused, match="read-only"):
            await wiki.target.delete_account("jane")


async def test_a_group_is_deleted_with_its_memberships_but_not_the_last_of_its_administrators() -> None:
    async with site(Confluence.with_defaults([JANE], settings=Settings())) as wiki:
        await wiki.target.delete_group("Confluence-Users")
        assert wiki.effects == [Effect("delete-group", "confluence-users")]
        await wiki.target.delete_group("confluence-users")
        with pytest.raises(Refused, match="last one with system administrators"):
            await wiki.target.delete_group("confluence-administrators")
