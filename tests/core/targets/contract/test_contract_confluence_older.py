"""A Confluence whose REST only reads, with JSON-RPC switched on: every change is the same there, faults included."""

from collections.abc import AsyncIterator

import pytest
from confluence import ConfluenceStage, staged
from deeds import DEEDS, NEW, prepared

from core.exchange import Exchange
from core.sandbox.confluence import Confluence, Quirks, Settings
from core.targets.protocol import (
    AlreadyExists,
    CredentialFailed,
    NewAccount,
    NoSeats,
    NotFound,
    Refused,
    TargetError,
    Unsupported,
)

OFF, ON = Settings(), Settings(remote_api=True)


@pytest.fixture
async def stage() -> AsyncIterator[ConfluenceStage]:
    async with staged(Confluence.with_defaults(version="7.19", settings=ON)) as on_stage:
        yield on_stage


def writes(stage: ConfluenceStage) -> list[Exchange]:
    """What was sent that is no read and no probe."""
    return [each for each in stage.site.log if each.method != "GET" and each.subject != "probe"]


async def test_every_change_is_made_without_rest_being_tried(stage: ConfluenceStage) -> None:
    deeds = await prepared(stage)
    assert {deed.name for deed in DEEDS} - {deed.name for deed in deeds} == {"rename account", "rename group"}
    for deed in deeds:
        await deed.do(stage)
        assert deed.is_seen(stage.seen()), deed.name
        assert await deed.is_found(stage), deed.name
        if not deed.name.startswith("create"):
            await deed.do(stage)  # what is so already succeeds
    assert {each.path for each in writes(stage)} == {"/rpc/json-rpc/confluenceservice-v2"}


async def test_a_change_finds_its_way_also_where_nothing_was_probed_before() -> None:
    async with staged(Confluence.with_defaults(version="9.2", settings=ON)) as stage:
        stage.person("jane", "Jane Doe", "jane@example.com")
        await stage.target.update_account("jane", display_name="Jane Roe", email="roe@example.com")
        assert stage.seen().accounts["jane"] == ("Jane Roe", "roe@example.com", True)
        await stage.target.set_active("jane", False)
        assert [each.path.startswith("/rest/api") for each in writes(stage)] == [True, False, True]


@pytest.mark.parametrize("off", ["403", "html"])
async def test_switched_off_it_is_no_way(off: str) -> None:
    quirks = Quirks(remote_api_off="html" if off == "html" else "403")
    async with staged(Confluence.with_defaults(version="8.1", quirks=quirks, settings=OFF)) as stage:
        can = await stage.target.capabilities()
        assert can.create_user is not None
        assert "Remote API" in can.create_user
        with pytest.raises(Unsupported) as caught:
            await stage.target.create_account(NEW)
        assert str(caught.value) == can.create_user
        assert can.create_group is None


@pytest.mark.parametrize("fault", ["500", "503", "429", "reset-before", "reset-after"])
async def test_a_change_is_told_as_it_is_and_taken_up_again(stage: ConfluenceStage, fault: str) -> None:
    for deed in await prepared(stage):
        stage.break_next(fault, only_writes=True)
        word = "done"
        try:
            await deed.do(stage)
        except TargetError as error:
            word = type(error).__name__
        so = deed.is_seen(stage.seen())
        assert (word, so) in {("done", True), ("OutcomeUnknown", True), ("OutcomeUnknown", False)}, deed.name
        assert await deed.is_found(stage) == so, deed.name
        if not so:
            await deed.do(stage)
        assert deed.is_seen(stage.seen()), deed.name


@pytest.mark.parametrize("off", ["403", "html"])
async def test_switched_off_meanwhile_it_says_where_it_is_switched_on(off: str) -> None:
    quirks = Quirks(remote_api_off="html" if off == "html" else "403")
    async with staged(Confluence.with_defaults(version="8.1", quirks=quirks, settings=ON)) as stage:
        await stage.target.capabilities()
        stage.site.simulator.settings = OFF
        with pytest.raises(Unsupported, match="Remote API was switched off") as caught:
            await stage.target.create_account(NEW)
        assert "Further configuration" in caught.value.remedy
        assert "new" not in stage.seen().accounts


async def test_what_is_refused_is_told_apart_by_what_is_so(stage: ConfluenceStage) -> None:
    await prepared(stage)
    before = stage.seen()
    with pytest.raises(AlreadyExists):
        await stage.target.create_account(NewAccount("update", "Other", "other@example.com"))
    with pytest.raises(AlreadyExists):
        await stage.target.create_group("Staff")
    with pytest.raises(Refused, match="lower case") as caught:
        await stage.target.create_account(NewAccount("Upper", "Upper", "upper@example.com"))
    assert type(caught.value) is Refused
    assert "RemoteException" not in caught.value.message
    for call in (
        stage.target.update_account("ghost", display_name="G", email="g@example.com"),
        stage.target.set_active("ghost", False),
        stage.target.add_member("Staff", "ghost"),
        stage.target.remove_member("ghosts", "update"),
    ):
        with pytest.raises(NotFound):
            await call
    assert stage.seen() == before


async def test_without_a_seat_nothing_is_created(stage: ConfluenceStage) -> None:
    stage.site.simulator.settings = Settings(remote_api=True, seats=1)
    with pytest.raises(NoSeats) as caught:
        await stage.target.create_account(NEW)
    assert "Deactivate" in caught.value.remedy
    assert "new" not in stage.seen().accounts


async def test_the_password_of_a_new_account_is_in_no_log(stage: ConfluenceStage) -> None:
    await stage.target.create_account(NEW)
    (sent,) = [body for body in stage.site.bodies if b'"addUser"' in body]
    password = sent.split(b'},"')[1].split(b'"')[0].decode()
    assert len(password) >= 32
    assert password not in repr(stage.site.log)
    assert "•••".encode() in writes(stage)[-1].request_body


async def test_an_expired_token_is_called_by_its_name(stage: ConfluenceStage) -> None:
    deeds, before = await prepared(stage), stage.seen()
    stage.lapse()
    for deed in deeds:
        with pytest.raises(CredentialFailed) as caught:
            await deed.do(stage)
        assert "new one" in caught.value.remedy, deed.name
    assert stage.seen() == before
