"""What a Confluence can do is found out by asking it: for every version, without any effect, and once."""

from typing import Any

import pytest
from simulated_site import site

from core.planning.values import Capabilities
from core.sandbox.confluence import Confluence, LocalAccount, Quirks, Settings
from core.sandbox.embedded_crowd import Directory
from core.sandbox.faults import NO_FAULTS, Faults
from core.targets.auth import BearerAuth
from core.targets.confluence import Confluence as Target
from core.targets.confluence.probing import FRESH_FOR
from core.targets.protocol import CredentialFailed, NewAccount, Unavailable, Unsupported

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
READ_ONLY = Settings(access_mode="READ_ONLY")
ACCOUNTS = {"create_user", "update_user", "set_active", "delete_user"}
OPERATIONS = {*ACCOUNTS, "create_group", "delete_group", "members"}


def reasons(can: Capabilities) -> dict[str, str]:
    """Why not, by operation, of all that cannot be done."""
    entries = {name: getattr(can, name) for name in OPERATIONS}
    return {name: reason for name, reason in entries.items() if reason is not None}


@pytest.mark.parametrize("absent", ["json", "html"])
@pytest.mark.parametrize(
    ("version", "missing"),
    [
        ("7.19", OPERATIONS),
        ("8.1", ACCOUNTS),
        ("8.2", {"create_user", "update_user"}),
        ("8.4", {"update_user"}),
        ("9.2", {"update_user"}),
        ("9.3", set()),
        ("9.4", set()),
        ("10.2", set()),
    ],
)
async def test_the_capabilities_are_those_of_the_version(version: str, missing: set[str], absent: Any) -> None:
    confluence = Confluence.with_defaults(version=version, quirks=Quirks(absent_endpoint=absent))
    async with site(confluence) as wiki:
        found = reasons(await wiki.target.capabilities())
        assert found.keys() == missing
        assert all(f"Confluence {version}.0 cannot" in reason for reason in found.values())
        assert all("Upgrade it to" in reason and "Crowd" in reason for reason in found.values())
        assert wiki.effects == []


async def test_it_is_probed_and_not_read_off_the_version() -> None:
    async with site(Confluence.with_defaults(version="9.3", quirks=Quirks(update_since="9.4"))) as wiki:
        assert reasons(await wiki.target.capabilities()).keys() == {"update_user"}
    async with site(Confluence.with_defaults(version="8.4", quirks=Quirks(group_writes_since="9.0"))) as wiki:
        lacking = {"update_user", "create_group", "delete_group", "members"}
        assert reasons(await wiki.target.capabilities()).keys() == lacking


async def test_the_switch_of_json_rpc_is_looked_at_afresh() -> None:
    async with site(Confluence.with_defaults(version="9.2")) as wiki:
        assert reasons(await wiki.target.capabilities()).keys() == {"update_user"}
        for switched, lacking in ((True, set()), (False, {"update_user"})):
            wiki.simulator.settings = Settings(remote_api=switched)
            wiki.hurry.slept += FRESH_FOR
            assert reasons(await wiki.target.capabilities()).keys() == lacking
        assert wiki.effects == []


async def test_what_can_be_done_works_and_what_cannot_is_refused_when_asked_for_all_the_same() -> None:
    async with site(Confluence.with_defaults([JANE], version="9.2")) as wiki:
        assert reasons(await wiki.target.capabilities()).keys() == {"update_user"}
        await wiki.target.set_active("jane", False)
        await wiki.target.add_member("confluence-users", "jane")
        assert [effect.kind for effect in wiki.effects] == ["deactivate-account"]


async def test_the_names_that_confluence_takes_are_part_of_the_answer() -> None:
    async with site(Confluence.with_defaults()) as wiki:
        names = (await wiki.target.capabilities()).names
        assert set(names.forbidden_in_username) == set("\\,+<>'\"/")
        assert names.username_lower_case
        assert not names.whitespace_in_username
        assert names.reserved_usernames == {"anonymous", ".", ".."}
        assert names.reserved_display_names == {"anonymous"}
        assert set(names.forbidden_in_display_name) == set("<>")
        assert set(names.forbidden_in_group_name) == set("/\\")
        assert names.email_required


async def test_the_answer_is_remembered_for_a_while_and_its_probes_as_long_as_the_version_stays() -> None:
    async with site(Confluence.with_defaults()) as wiki:
        first = await wiki.target.capabilities()
        asked = len(wiki.log)
        assert await wiki.target.capabilities() is first
        assert len(wiki.log) == asked
        wiki.hurry.slept += FRESH_FOR
        assert await wiki.target.capabilities() is first
        again = [exchange.path for exchange in wiki.log[asked:]]
        assert again == ["/rest/api/user/current", "/rest/api/accessmode", "/rest/api/server-information"]


@pytest.mark.parametrize(("before", "after"), [("8.1", "8.2"), ("8.1", "8.4"), ("8.4", "9.4")])
async def test_after_an_upgrade_it_is_probed_again(before: str, after: str) -> None:
    async with site(Confluence.with_defaults(version=before)) as wiki:
        found = reasons(await wiki.target.capabilities())
        wiki.simulator = Confluence.with_defaults(version=after)
        assert wiki.simulator.issue_token() == wiki.token
        wiki.hurry.slept += FRESH_FOR
        assert reasons(await wiki.target.capabilities()).keys() < found.keys()


async def test_in_read_only_mode_nothing_can_be_done_until_it_ends() -> None:
    async with site(Confluence.with_defaults(settings=READ_ONLY)) as wiki:
        found = reasons(await wiki.target.capabilities())
        assert found.keys() == OPERATIONS
        assert all("read-only mode" in reason for reason in found.values())
        wiki.simulator.settings = Settings()
        wiki.hurry.slept += FRESH_FOR
        assert reasons(await wiki.target.capabilities()) == {}


async def test_read_only_mode_that_begins_during_the_probes_is_not_taken_for_an_old_version() -> None:
    async with site(Confluence.with_defaults()) as wiki:

        def freeze(method: str, path: str) -> None:
            if path.endswith("/disable"):
                wiki.simulator.settings = READ_ONLY

        wiki.meddle = freeze
        assert all("read-only mode" in reason for reason in reasons(await wiki.target.capabilities()).values())
        wiki.meddle = lambda method, path: None
        wiki.simulator.settings = Settings()
        wiki.hurry.slept += FRESH_FOR
        assert reasons(await wiki.target.capabilities()) == {}


@pytest.mark.parametrize("version", ["8.0", "8.1", "8.2", "9.4"])
async def test_who_is_no_administrator_is_told_so(version: str) -> None:
    confluence = Confluence.with_defaults([JANE], version=version)
    async with site(confluence, auth=BearerAuth(confluence.issue_token("jane"))) as wiki:
        with pytest.raises(CredentialFailed, match="no Confluence administrator") as caught:
            await wiki.target.capabilities()
        assert "permission Confluence Administrator" in caught.value.remedy


@pytest.mark.parametrize("version", ["8.1", "9.4"])
async def test_an_expired_token_is_told_at_once_and_nothing_is_probed(version: str) -> None:
    async with site(Confluence.with_defaults(version=version), auth=BearerAuth("expired")) as wiki:
        with pytest.raises(CredentialFailed, match="anonymous"):
            await wiki.target.capabilities()
        assert [exchange.method for exchange in wiki.log] == ["GET"]


async def test_a_failed_probing_is_not_remembered() -> None:
    confluence = Confluence.with_defaults()
    async with site(confluence) as wiki:
        wiki.faulty.faults = Faults(dropped_connection=100)
        with pytest.raises(Unavailable):
            await wiki.target.capabilities()
        wiki.faulty.faults = NO_FAULTS
        assert reasons(await wiki.target.capabilities()) == {}


async def test_probing_has_no_effect_even_where_its_names_could_be_created() -> None:
    for version in ("8.1", "9.4", "10.2"):
        async with site(Confluence.with_defaults([JANE], version=version)) as wiki:
            before = wiki.simulator.snapshot()
            await wiki.target.capabilities()
            assert wiki.simulator.snapshot() == before
            assert wiki.effects == []


async def test_directory_is_checked_against_the_real_order_before_anything_is_created() -> None:
    directories = [Directory(1, "LDAP", writable=False), Directory(2, "Staff")]
    async with site(Confluence.with_defaults(directories=directories)) as wiki:
        for wanted, said in (
            ("Staff", "LDAP stands before Staff"),
            ("Guests", "There is no active user directory Guests"),
        ):
            target = Target(wiki.http, wiki.hurry.timing, directory=wanted)
            reason = (await target.capabilities()).create_user
            assert reason is not None
            assert said in reason
            with pytest.raises(Unsupported, match=said) as caught:
                await target.create_account(NewAccount("new", "New One", "new@example.com"))
            assert str(caught.value) == reason
        assert (await Target(wiki.http, wiki.hurry.timing, directory="LDAP").capabilities()).create_user is None
        assert wiki.effects == []
