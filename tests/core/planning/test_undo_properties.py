"""What holds for undoing every plan: what was there before is there again, but for what the undoing says it is not."""

import os
from dataclasses import replace

from hypothesis import assume, given, settings

from core.planning.changes import ChangeKind, Plan
from core.planning.plan import plan
from core.planning.protection import protected
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.planning.undoing import inverse
from core.planning.values import Account, Undone, World

from .applying import applied
from .reference import expected
from .reference_undone import takes_back
from .world_rules import rules
from .worlds import worlds

MODEST = settings(max_examples=int(os.environ.get("MANCIPLE_EXAMPLES", "150")), deadline=None)
TAKEN = "belongs to another by now"
"""An old name that a link remembers, whose account is gone, is not given back."""


def undoable(world: World) -> World:
    """The same world, read whole, its product able to take things back, and no target group gone that was linked."""
    keys = {group.key for group in world.target_groups}
    return replace(
        world,
        capabilities=replace(world.capabilities, set_active=None, delete_group=None),
        target_complete=True,
        source_complete=True,
        undone=(),
        leads=world.leads or (),
        group_links=tuple(link for link in world.group_links if link.group_key in keys),
    )


def done_and_undone(world: World, rules: TargetRules) -> tuple[Plan, Plan, World]:
    """The plan, the plan that undoes it, and the world after both."""
    made = plan(world, rules)
    after = applied(world, made)
    back = inverse(made.changes, after, rules)
    assert back.conflicts == ()
    return made, back, applied(after, back)


def deleted(made: Plan) -> set[str | None]:
    return {change.account_id for change in made.changes if change.kind == ChangeKind.DELETE_ACCOUNT}


@MODEST
@given(worlds(), rules())
def test_undoing_puts_accounts_back(world: World, rules: TargetRules) -> None:
    """Those that were created stay, inactive and in no group; a value that nobody knew before stays as it is."""
    world = undoable(world)
    made, back, restored = done_and_undone(world, rules)
    assume(not any(TAKEN in note for note in back.notes))
    there = {account.id: account for account in restored.accounts}
    for account in world.accounts:
        if account.id not in deleted(made):
            assert as_known(there.pop(account.id), account) == account
    for left in there.values():
        assert (left.active, left.groups) == (False, frozenset())
        assert any("Deactivated and not deleted" in note for note in back.notes)


def as_known(now: Account, before: Account) -> Account:
    """An account, as far as was known of it before; an attribute that is empty is one that is not there."""
    return replace(
        now,
        display_name=None if before.display_name is None else now.display_name,
        email=None if before.email is None else now.email,
        attributes={name: value for name, value in now.attributes.items() if value or name in before.attributes},
    )


@MODEST
@given(worlds(), rules())
def test_undoing_puts_links_groups_and_leads_back(world: World, rules: TargetRules) -> None:
    world = undoable(world)
    made, back, restored = done_and_undone(world, rules)
    assume(not any(TAKEN in note for note in back.notes))
    kept = {account.id for account in world.accounts} - deleted(made)
    assert links(restored, kept) == links(world, kept)
    assert ours(restored, kept) == ours(world, kept)
    assert {group.name for group in restored.target_groups} == {group.name for group in world.target_groups}
    if not deleted(made):
        assert {(lead.key, lead.account_key) for lead in restored.leads} == {
            (lead.key, lead.account_key) for lead in world.leads
        }


def links(world: World, accounts: set[str]) -> set[tuple[str, str]]:
    return {(link.user_id, link.account_id) for link in world.links if link.account_id in accounts}


def ours(world: World, accounts: set[str]) -> set[tuple[str, str]]:
    """Memberships that we manage: those that undoing gave back to others are not among them."""
    return {(each.account_id, each.group_key) for each in world.managed if each.account_id in accounts}


@MODEST
@given(worlds(), rules())
def test_undoing_forgets_what_was_remembered_of_groups_and_nothing_else(world: World, rules: TargetRules) -> None:
    """Of a group that was remembered under a new name the old one is not known any more: it is forgotten too."""
    world = undoable(world)
    made, _, restored = done_and_undone(world, rules)
    remembered = {
        (change.because.group_id, (change.group or "").lower())
        for change in made.changes
        if change.kind == ChangeKind.LINK_GROUP
    }
    before = {(link.group_id, link.group_key) for link in world.group_links}
    after = {(link.group_id, link.group_key) for link in restored.group_links}
    assert after <= before
    assert before - after <= remembered


@MODEST
@given(worlds(), rules())
def test_nothing_that_was_undone_is_planned_again(world: World, rules: TargetRules) -> None:
    made, back, restored = done_and_undone(undoable(world), rules)
    again = plan(replace(restored, undone=tuple(Undone(change, 1000) for change in back.changes)), rules)
    assert not {change.key for change in again.changes} & {change.key for change in made.changes}
    assert not any(takes_back(expected(change), undone) for change in again.changes for undone in back.changes)


@MODEST
@given(worlds(), rules(), rules())
def test_undoing_touches_nothing_that_is_protected_by_now_and_all_the_rest_can_be_done(
    world: World, rules: TargetRules, by_now: TargetRules
) -> None:
    world = undoable(world)
    made = plan(world, rules)
    back = inverse(made.changes, after := applied(world, made), by_now)
    applied(after, back)
    assert not any(protected(back.changes, by_now))
    everything = inverse(made.changes, after, TargetRules(UserRules(protect=()), GroupRules(protect=())))
    assert len(back.changes) == len(everything.changes) or any("protect" in note for note in back.notes)


@MODEST
@given(worlds(), rules())
def test_undoing_twice_does_it_again(world: World, rules: TargetRules) -> None:
    """All but what the first undoing could not put back: what was created is not made anew, but active again."""
    world = undoable(world)
    made = plan(world, rules)
    assume(not {change.kind for change in made.changes} & {ChangeKind.CREATE_GROUP, ChangeKind.DELETE_ACCOUNT})
    after = applied(world, made)
    back = inverse(made.changes, after, rules)
    assume(not any("Not undone" in note for note in back.notes))
    restored = applied(after, back)
    again = inverse(back.changes, restored, rules)
    assert accounts(repeated := applied(restored, again)) == accounts(after)
    everybody = {account.id for account in after.accounts}
    assert ours(repeated, everybody) == ours(after, everybody)


def accounts(world: World) -> dict[str, Account]:
    return {account.id: replace(account, attributes={}) for account in world.accounts}
