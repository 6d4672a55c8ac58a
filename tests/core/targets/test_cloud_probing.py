"""What a directory can do: what it says of itself, and what Atlassian Cloud cannot do with the way round."""

import orjson
import pytest
from cloud_site import cloud_site
from scim_documents import page
from scripted import Bench, Reply

from core.sandbox.cloud import Cloud
from core.targets.cloud import Cloud as Target
from core.targets.offline import at_best
from core.targets.protocol import CredentialFailed, Unavailable

EMPTY = Reply(200, orjson.dumps(page()))


async def test_a_directory_does_all_but_delete_accounts_rename_groups_and_move_leads() -> None:
    async with cloud_site() as site:
        can = await site.target.capabilities()
        works = (can.create_user, can.update_user, can.rename_user, can.set_active, can.create_group, can.delete_group)
        assert works == (None,) * 6
        assert can.members is None
        assert can.delete_user is not None
        assert 'when_inactive = "deactivate"' in can.delete_user
        assert can.rename_group is not None
        assert can.leads is not None
        assert {"title", "department"} <= can.attributes
        assert can.names.email_required
        assert can == at_best("cloud")


async def test_it_is_asked_once_for_a_while_and_only_looked_at() -> None:
    async with cloud_site(Cloud.with_defaults()) as site:
        await site.target.capabilities()
        asked = site.lines
        await site.target.capabilities()
        assert site.lines == asked
        assert {line.partition(" ")[0] for line in asked} == {"GET"}


async def test_a_directory_that_takes_no_patch_can_change_nothing() -> None:
    can = await Target(Bench(EMPTY, Reply(200, b'{"patch":{"supported":false}}')).http).capabilities()
    assert can.create_user is None
    for reason in (can.update_user, can.rename_user, can.set_active, can.members):
        assert reason is not None
        assert "takes no PATCH" in reason


@pytest.mark.parametrize(
    "told", [Reply(200, b"{}"), Reply(200, b"[]"), Reply(404, b"{}"), Reply(200, b'{"patch":{"supported":true}}')]
)
async def test_one_that_says_nothing_of_it_takes_one(told: Reply) -> None:
    assert (await Target(Bench(EMPTY, told).http).capabilities()).update_user is None


async def test_without_a_directory_or_a_key_nothing_is_said() -> None:
    async with cloud_site(path="/scim/directory/another") as site:
        with pytest.raises(Unavailable):
            await site.target.capabilities()
    async with cloud_site(key="wrong") as site:
        with pytest.raises(CredentialFailed):
            await site.target.capabilities()
