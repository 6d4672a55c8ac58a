"""Names in every script, and such as break addresses, queries and documents: they arrive as they are, or are refused.

What a product refuses stands in its `NameRules`, so that a plan says it before anything is sent, with a name in place.
"""

from collections.abc import Awaitable
from contextlib import suppress

import pytest
from refusals import NO
from stage import Stage

from core.planning.names import (
    check_display_name,
    check_group_name,
    check_username,
    propose_display_name,
    propose_group_name,
    propose_username,
)
from core.targets.protocol import AlreadyExists, NewAccount

NAMES = (
    "müller", "josé", "ångström", "łukasz", "日本語", "한국어", "ελλάδα", "кириллица", "עברית", "عربي", "ไทย", "😀",
    "e\u0301t\u00e9", "ﬁne", "zero\u200bwidth", "right\u202eleft", "Jane", "jane@example.com", "jane+tag@example.com",
    "o'brien", 'say"so', "a b", "a,b", "a;b", "a&b=c", "a?b", "a#b", "a%b", "a%2Fb", "a/b", "a\\b", "a:b", "a|b",
    "a*b", "(a)", "[a]", "{a}", "<b>", "$(a)", "`a`", "' or 1=1 --", ".", "..", "...", "-a", "~a", "null", "true",
    "0", "me", "current", "list", "anonymous", "a\tb", "a\nb", "a\0b", "\ud800", " a", "a ", " ", "x" * 255,
    "x" * 256, "é" * 255,
)  # fmt: skip
"""Hostile ones, and ordinary ones of people somewhere."""


async def is_done(stage: Stage, call: Awaitable[object]) -> bool:
    """Whether the call is done; a refusal says why, and changes nothing."""
    before = stage.seen()
    try:
        await call
    except NO as error:
        return not str(error) or stage.seen() != before
    return True


async def test_account_names_within_the_rules_are_created_and_found_as_they_are(stage: Stage) -> None:
    rules, key = (await stage.target.capabilities()).names, stage.target.account_key
    for name in NAMES:
        taken = {key(each) for each in stage.seen().accounts}
        fits = check_username(name, rules) is None and key(name) not in taken
        wanted = name if fits else propose_username(name, rules, taken.__contains__)
        assert check_username(wanted, rules) is None
        created = await stage.target.create_account(NewAccount(wanted, "Some Body", "some.body@example.com"))
        assert created.key == key(created.name) == key(wanted)
        assert created.name in stage.seen().accounts
        found = await stage.target.find_account(wanted)
        assert found is not None
        assert found.id == created.id
        with pytest.raises(AlreadyExists):
            await stage.target.create_account(NewAccount(wanted, "Some Body Else", "else@example.com"))


async def test_an_account_name_outside_the_rules_makes_no_other_account(stage: Stage) -> None:
    key = stage.target.account_key
    for name in NAMES:
        before = stage.seen()
        if await is_done(stage, stage.target.create_account(NewAccount(name, "Some Body", "some.body@example.com"))):
            (made,) = stage.seen().accounts.keys() - before.accounts.keys()
            assert key(made) == key(name)


async def test_nobody_is_found_under_a_name_that_nobody_has(stage: Stage) -> None:
    for name in "ab":
        stage.person(name)
        stage.group(name, [name])
    before = stage.seen()
    for name in NAMES:
        for find in (stage.target.find_account, stage.target.find_account_by_id, stage.target.find_group):
            with suppress(*NO):
                assert await find(f"{name}-nobody") is None
    assert stage.seen() == before


async def test_group_names_within_the_rules_are_created_and_take_members(stage: Stage) -> None:
    rules, key = (await stage.target.capabilities()).names, stage.target.group_key
    stage.person("jane")
    for name in NAMES:
        before = stage.seen()
        taken = {key(each) for each in before.groups}
        fits = check_group_name(name, rules) is None and key(name) not in taken
        wanted = name if fits else propose_group_name(name, rules, taken.__contains__)
        assert check_group_name(wanted, rules) is None
        created = await stage.target.create_group(wanted)
        assert created.key == key(wanted)
        assert stage.seen().groups - before.groups == {created.name}
        await stage.target.add_member(created.name, "jane")
        assert stage.seen().memberships - before.memberships == {(created.name, "jane")}
        assert [member.name async for member in stage.target.list_members(created.name)] == ["jane"]
        jane = await stage.target.find_account("jane")
        assert jane is not None
        assert created.key in (jane.groups or ())
        await stage.target.remove_member(created.name, "jane")
        assert stage.seen().memberships == before.memberships


async def test_a_group_name_outside_the_rules_makes_no_other_group(stage: Stage) -> None:
    key = stage.target.group_key
    for name in NAMES:
        before = stage.seen()
        if await is_done(stage, stage.target.create_group(name)):
            (made,) = stage.seen().groups - before.groups
            assert key(made) == key(name)


async def test_display_names_within_the_rules_arrive_as_they_are(stage: Stage) -> None:
    can = await stage.target.capabilities()
    for number, name in enumerate(NAMES):
        account = f"jane{number}"
        shown = name if check_display_name(name, can.names) is None else propose_display_name(name, can.names)
        assert check_display_name(shown, can.names) is None
        await stage.target.create_account(NewAccount(account, shown, "jane@example.com"))
        assert stage.seen().accounts[account][0] == shown
        found = await stage.target.find_account(account)
        assert found is not None
        assert found.display_name == shown
        if can.update_user is None:
            await stage.target.update_account(account, display_name="Jane", email="jane@example.com")
            await stage.target.update_account(account, display_name=shown, email="jane@example.com")
            assert stage.seen().accounts[account][0] == shown


async def test_whatever_a_name_is_the_answer_is_one_of_ours(stage: Stage) -> None:
    before = stage.seen()
    for name in NAMES:
        ghost = f"{name}?"
        for call in (
            stage.target.update_account(ghost, display_name=name, email=name),
            stage.target.rename_account(ghost, name),
            stage.target.set_active(ghost, False),
            stage.target.add_member(ghost, name),
            stage.target.remove_member(name, ghost),
        ):
            with pytest.raises(NO):
                await call
    assert stage.seen() == before
