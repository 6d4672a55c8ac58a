"""A plan for touched keys decides the same for them as a plan of everything: on generated stores and targets."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.apply.observing import Observation, observe_all, observe_some
from core.apply.scoping import Scope, scope
from core.apply.stopping import Stop
from core.apply.worlds import Setting, group_keys, scoped_world, whole_world
from core.planning.changes import Change, ChangeKind, Plan
from core.planning.names import group_key
from core.planning.plan import plan
from core.planning.rules import TargetRules
from core.planning.values import Capabilities, World
from core.store import Store, Transaction, links, observed, sources
from tests.core.apply.generated import FakeTarget, target_of, write
from tests.core.apply.generated_rules import rich_worlds, rules

_numbers = count()


class Undone(Exception):
    """Takes back what was written, once everything was read."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("worlds") / "manciple.db"
    with Store.open(f"sqlite:///{path}") as store:
        yield store


async def no_progress(read: int) -> None: ...


def keep(tx: Transaction, target: str, observation: Observation) -> None:
    observed.see_accounts(tx, target, observation.accounts)
    links.follow_names(tx, target, observation.accounts)
    observed.see_groups(tx, target, observation.groups)


def planned_whole(
    tx: Transaction, provider: str, name: str, target: FakeTarget, asked: TargetRules, able: Capabilities
) -> Plan:
    groups_now = sources.all_groups(tx.connection, provider)
    keys = group_keys(tx.connection, name, groups_now, asked)
    observation = asyncio.run(observe_all(target, keys, Stop(), no_progress))  # type: ignore[arg-type]
    keep(tx, name, observation)
    accounts, groups = {each.id for each in observation.accounts}, {each.key for each in observation.groups}
    gone_accounts, gone_groups = observed.unseen(tx.connection, name, accounts, groups)
    observed.forget_accounts(tx, name, gone_accounts)
    observed.forget_groups(tx, name, gone_groups)
    setting = Setting(provider, name, asked, able)
    return plan(whole_world(tx.connection, setting, groups_now, observation), asked)


def planned_some(
    tx: Transaction, provider: str, name: str, target: FakeTarget, asked: TargetRules, able: Capabilities, wanted: Scope
) -> Plan:
    asked_for = (*wanted.links, *wanted.held)
    observation = asyncio.run(
        observe_some(target, wanted.names, asked_for, sorted(wanted.group_names), Stop(), sorted(wanted.candidates))  # type: ignore[arg-type]
    )
    keep(tx, name, observation)
    setting = Setting(provider, name, asked, able)
    return plan(scoped_world(tx.connection, setting, wanted, observation), asked)


def words(change: Change) -> tuple[object, ...]:
    """A change without its reason; a group by its key, since only a whole reading knows how the target writes each."""
    states = frozenset(change.before.items()), frozenset(change.after.items())
    group = group_key(change.group) if change.group else None
    return change.kind, change.user_id, change.account, change.account_id, group, *states


_OF_GROUPS = frozenset({ChangeKind.CREATE_GROUP, ChangeKind.RENAME_GROUP, ChangeKind.LINK_GROUP})


def about(changes: Plan, users: set[str], groups: set[str]) -> set[tuple[object, ...]]:
    """Those of the changes that are about these users, or made for these IdP groups."""
    return {
        words(change)
        for change in changes.changes
        if change.user_id in users or (change.kind in _OF_GROUPS and change.because.group_id in groups)
    }


def conflicts_about(changes: Plan, users: set[str], groups: set[str]) -> set[tuple[str, str]]:
    subjects = {f"user:{user}" for user in users} | {f"group:{group}" for group in groups}
    return {(conflict.kind, conflict.subject) for conflict in changes.conflicts if conflict.subject in subjects}


def members_of_touched(world: World, whole: Plan, groups: set[str]) -> set[str | None]:
    """Users that a whole plan adds for these IdP groups, or removes for them after we had added them."""
    linked = {link.account_id for link in world.links}
    ours = {(managed.account_id, managed.group_key) for managed in world.managed if managed.account_id in linked}
    return {
        change.user_id
        for change in whole.changes
        if change.group
        and change.because.group_id in groups
        and (change.kind == ChangeKind.ADD_MEMBER or (change.account_id, group_key(change.group)) in ours)
        and change.user_id
    }


@settings(max_examples=200, deadline=None)
@given(
    world=rich_worlds(),
    asked=rules(),
    touched_users=st.sets(st.integers(0, 6), max_size=3),
    touched_groups=st.sets(st.integers(0, 3), max_size=2),
    seed=st.integers(0, 2**16),
)
def test_a_plan_for_touched_keys_has_the_changes_that_a_whole_plan_has_for_them(
    store: Store, world: World, asked: TargetRules, touched_users: set[int], touched_groups: set[int], seed: int
) -> None:
    number = next(_numbers)
    provider, name, target = f"p{number}", f"t{number}", target_of(world)
    users = {f"{provider}-u{user}" for user in touched_users}
    groups = {f"{provider}-g{group}" for group in touched_groups}
    # Accounts are matched by id and e-mail as they were last seen: nothing but a whole reading finds a new one.
    by_email = world.capabilities.names.email_unique
    sees_all = asked.users.matching != ("username",) or asked.users.alike == "ask" or by_email
    found: list[tuple[World, Scope, Plan, Plan]] = []

    def compare(tx: Transaction) -> None:
        written = write(tx, world, provider, name, seed, sees_all=sees_all)
        wanted = scope(tx.connection, provider, name, asked, users, groups, world.capabilities)
        with suppress(Undone), tx.savepoint():
            some = planned_some(tx, provider, name, target, asked, world.capabilities, wanted)
            raise Undone
        whole = planned_whole(tx, provider, name, target, asked, world.capabilities)
        found.append((written, wanted, some, whole))
        raise Undone

    with pytest.raises(Undone):
        store.writer.write_now(compare)
    ((written, wanted, some, whole),) = found
    concerned = {user.id for user in wanted.users}
    theirs = groups.union(*(user.groups for user in wanted.users))
    assert about(some, concerned, theirs) == about(whole, concerned, theirs)
    assert conflicts_about(some, concerned, groups) == conflicts_about(whole, concerned, groups)
    assert users & {user.id for user in written.users} <= concerned
    assert members_of_touched(written, whole, groups) <= concerned
    # Nothing is planned for anybody else.
    assert {change.user_id for change in some.changes} <= concerned | {None}
