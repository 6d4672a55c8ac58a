"""Each stage does what the contract tests trust it to do."""

import pytest
from stages import STAGES

from core.targets.protocol import CredentialFailed, NewAccount, OutcomeUnknown

NEW = NewAccount("new", "New One", "new@example.com")
every_stage = pytest.mark.parametrize("kind", STAGES)


@every_stage
async def test_what_its_own_people_put_in_is_seen_and_found(kind: str) -> None:
    async with STAGES[kind]() as stage:
        before = stage.seen()
        stage.person("jane", "Jane Doe", "jane@example.com", active=False)
        stage.group("Staff", ["jane"])
        assert stage.kind == kind
        seen = stage.seen()
        assert seen.accounts == {**before.accounts, "jane": ("Jane Doe", "jane@example.com", False)}
        assert seen.groups == before.groups | {"Staff"}
        assert {pair for pair in seen.memberships - before.memberships if pair[0] == "Staff"} == {("Staff", "jane")}
        found = await stage.target.find_account("jane")
        assert found is not None
        assert (found.display_name, found.active) == ("Jane Doe", False)


@every_stage
@pytest.mark.parametrize("fault", ["500", "503", "429", "reset-before", "reset-after"])
async def test_a_fault_spoils_one_answer_and_no_more(kind: str, fault: str) -> None:
    async with STAGES[kind]() as stage:
        stage.person("jane")
        stage.break_next(fault)
        assert await stage.target.find_account("jane") is not None


@every_stage
async def test_after_a_lost_answer_what_was_asked_is_there(kind: str) -> None:
    async with STAGES[kind]() as stage:
        await stage.target.create_group("Ops")  # whatever is looked at first has been looked at
        stage.break_next("reset-after")
        with pytest.raises(OutcomeUnknown):
            await stage.target.create_group("Dev")
        assert {"Ops", "Dev"} <= stage.seen().groups


@every_stage
async def test_a_credential_that_lapsed_is_not_accepted(kind: str) -> None:
    async with STAGES[kind]() as stage:
        await stage.target.create_account(NEW)
        stage.lapse()
        with pytest.raises(CredentialFailed):
            await stage.target.find_account("new")
