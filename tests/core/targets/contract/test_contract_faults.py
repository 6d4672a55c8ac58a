"""Every product over a bad network: no read misleads, no change is lost, done twice, or told otherwise than it is."""

import pytest
from deeds import DEEDS, NEW, Deed, prepared
from refusals import refused
from stage import Stage
from stages import STAGES

from core.targets.protocol import CredentialFailed, OutcomeUnknown, TargetError, Unavailable

PASSING = ("500", "503", "429", "reset-before", "reset-after")


async def told(stage: Stage, deed: Deed) -> str:
    """Do it: "done", or how the target says that it is not, or perhaps not."""
    try:
        await deed.do(stage)
    except TargetError as error:
        return type(error).__name__ if error.remedy else f"{error} Without any remedy."
    return "done"


@pytest.mark.parametrize("fault", PASSING)
async def test_a_fault_that_passes_costs_a_read_only_time(stage: Stage, fault: str) -> None:
    await prepared(stage)
    seen = stage.seen()
    stage.break_next(fault)
    assert await stage.target.find_account("update") is not None
    stage.break_next(fault)
    assert await stage.target.find_account("ghost") is None
    stage.break_next(fault)
    assert await stage.target.find_group("Staff") is not None
    stage.break_next(fault)
    assert await stage.target.find_group("ghosts") is None
    stage.break_next(fault)
    assert {each.name async for each in stage.target.list_accounts()} == seen.accounts.keys()
    stage.break_next(fault)
    assert {each.name async for each in stage.target.list_groups()} == seen.groups
    stage.break_next(fault)
    assert {each.name async for each in stage.target.list_members("Staff")} == {"leave", "off"}


async def test_a_page_of_something_else_is_never_taken_for_an_answer(stage: Stage) -> None:
    await prepared(stage)
    for find in (stage.target.find_account, stage.target.find_group):
        stage.break_next("html")
        with pytest.raises(CredentialFailed) as caught:
            await find("update")
        assert caught.value.remedy


@pytest.mark.parametrize("fault", PASSING)
async def test_a_change_is_told_as_it_is_and_what_is_open_is_settled_by_reading(stage: Stage, fault: str) -> None:
    for deed in await prepared(stage):
        stage.break_next(fault, only_writes=True)
        word = await told(stage, deed)
        so = deed.is_seen(stage.seen())
        possible = {("done", True), ("OutcomeUnknown", True), ("OutcomeUnknown", False), ("Unavailable", False)}
        assert (word, so) in possible, deed.name
        if fault in ("503", "429"):
            assert word == "done", deed.name  # it certainly had no effect, and so is sent again
        assert await deed.is_found(stage) == so, deed.name


@pytest.mark.parametrize("fault", [*PASSING, "html"])
async def test_changes_that_broke_off_are_taken_up_again_and_happen_once(stage: Stage, fault: str) -> None:
    for deed in await prepared(stage):
        stage.break_next(fault, only_writes=True)
        await told(stage, deed)
        if not await deed.is_found(stage):
            assert await told(stage, deed) == "done", deed.name
    async with STAGES[stage.kind]() as undisturbed:
        for deed in await prepared(undisturbed):
            assert await told(undisturbed, deed) == "done", deed.name
        assert stage.seen() == undisturbed.seen()


async def test_an_account_whose_creation_was_not_answered_is_there_once(stage: Stage) -> None:
    await prepared(stage)
    before = stage.seen()
    stage.break_next("reset-after", only_writes=True)
    with pytest.raises(OutcomeUnknown) as caught:
        await stage.target.create_account(NEW)
    assert "read back" in caught.value.remedy or "read again" in caught.value.remedy
    found = await stage.target.find_account("new")
    assert found is not None
    assert stage.seen().accounts.keys() - before.accounts.keys() == {"new"}


async def test_changes_without_a_valid_credential_stop_the_run_and_change_nothing(stage: Stage) -> None:
    deeds, before = await prepared(stage), stage.seen()
    stage.lapse()
    for deed in deeds:
        assert await told(stage, deed) == "CredentialFailed", deed.name
    assert stage.seen() == before


async def test_nothing_is_read_without_a_valid_credential(stage: Stage) -> None:
    await prepared(stage)
    stage.lapse()
    for find in (stage.target.find_account, stage.target.find_account_by_id, stage.target.find_group):
        for name in ("Staff", "update", "ghost"):
            with pytest.raises(CredentialFailed):
                await find(name)
    for listing in (stage.target.list_accounts(), stage.target.list_groups(), stage.target.list_members("Staff")):
        with pytest.raises(CredentialFailed):
            [each async for each in listing]


async def test_what_the_product_cannot_do_is_refused_in_the_words_of_the_plan(stage: Stage) -> None:
    offered, before = await prepared(stage), stage.seen()
    can = await stage.target.capabilities()
    for deed in DEEDS:
        if deed not in offered:
            assert await refused(getattr(can, deed.can), deed.do(stage)), deed.name
    assert stage.seen() == before


async def test_a_check_says_what_works_and_never_raises(stage: Stage) -> None:
    before = stage.seen()
    assert all(finding.remedy for finding in await stage.target.check() if not finding.ok)
    for fault in (*PASSING, "html"):
        stage.break_next(fault)
        findings = await stage.target.check()
        assert findings
        assert all(finding.remedy for finding in findings if not finding.ok)
    stage.lapse()
    findings = await stage.target.check()
    assert [finding.subject for finding in findings if not finding.ok] == ["credential"]
    assert stage.seen() == before


async def test_a_capability_is_asked_for_again_after_a_fault(stage: Stage) -> None:
    expected = await stage.target.capabilities()
    async with STAGES[stage.kind]() as another:
        another.break_next("html")
        with pytest.raises((CredentialFailed, Unavailable)):
            await another.target.capabilities()
        assert await another.target.capabilities() == expected
