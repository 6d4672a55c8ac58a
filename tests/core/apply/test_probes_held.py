"""JumpCloud's test user and test group reach no target, by a push or by a comparison of everything."""

from dataclasses import replace

import pytest

from core.apply.drafting import Draft, draft_some, draft_whole
from core.apply.site import Site
from core.apply.stopping import Stop
from core.planning.probes import ProbeRules
from core.store import Store, identities
from tests.core.apply.company import PROVIDER


@pytest.fixture
def jumpcloud(quick: Site) -> Site:
    return replace(quick, probes=ProbeRules(names=("scim-test@*",), hold=120))


def made(store: Store, kind: identities.Kind, **document: str) -> str:
    return store.writer.write_now(lambda tx: identities.create(tx, PROVIDER, kind, document)).id


def aged(store: Store) -> None:
    """Let the hold of everything be over."""
    for table in ("users", "groups"):
        statement = f"UPDATE {table} SET created_at = created_at - 120000"
        store.writer.write_now(lambda tx, statement=statement: tx.connection.exec_driver_sql(statement))


async def drafts(site: Site, users: list[str], groups: list[str]) -> list[Draft]:
    return [await draft_some(site, 1, users, groups, Stop()), await draft_whole(site, 1, Stop())]


async def test_what_is_new_waits_and_the_plan_says_so(store: Store, jumpcloud: Site) -> None:
    ada = made(store, "User", userName="ada", displayName="Ada")
    staff = made(store, "Group", displayName="Staff")
    for draft in await drafts(jumpcloud, [ada], [staff]):
        assert draft.plan.changes == ()
        assert any("newer than the provider's hold" in note for note in draft.plan.notes)
    aged(store)
    for draft in await drafts(jumpcloud, [ada], [staff]):
        assert len(draft.plan.changes) + len(draft.plan.conflicts) == 2


async def test_what_is_named_as_a_test_waits_for_ever(store: Store, jumpcloud: Site) -> None:
    probe = made(store, "User", userName="scim-test@example.com", displayName="Test User")
    aged(store)
    for draft in await drafts(jumpcloud, [probe], []):
        assert (draft.plan.changes, draft.plan.conflicts) == ((), ())
        assert any("(scim-test@example.com)" in note for note in draft.plan.notes)


async def test_without_a_hold_nothing_waits(store: Store, quick: Site) -> None:
    ada = made(store, "User", userName="ada", displayName="Ada")
    for draft in await drafts(quick, [ada], []):
        assert len(draft.plan.changes) + len(draft.plan.conflicts) == 1
