"""Changes are noted as done, and the target is then looked at: whether it shows what they should have left."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.apply import verifying
from core.apply.site import Site
from core.apply.stopping import Stop, Stopped
from core.apply.verifying import Verification, verified
from core.planning.changes import Because, Change, ChangeKind
from core.planning.values import Account, Lead, TargetGroup
from core.store import Store, changes, links
from core.targets.protocol import Unavailable
from tests.core.apply.company import TARGET
from tests.core.apply.instant import Instant

BECAUSE = Because("told so", "users.update")
RUN = 1


@pytest.fixture
def instant() -> Instant:
    ada = Account("a1", "ada", "ada", "Ada", "ada@x", True, frozenset({"crew"}), attributes={"department": "Research"})
    return Instant([ada, Account("a2", "ben", "ben", "Ben", None, True, frozenset())], [TargetGroup("Crew", "crew")])


def of_ada(kind: ChangeKind, **fields: object) -> Change:
    named: dict[str, object] = {"account": "ada", "account_id": "a1", "user_id": "u1"}
    return Change(kind, BECAUSE, **named | fields)  # type: ignore[arg-type]


def update(**after: str | bool | None) -> Change:
    return of_ada(ChangeKind.UPDATE_ACCOUNT, after=after)


def member(kind: ChangeKind, group: str) -> Change:
    return of_ada(kind, group=group, after={"member": kind == ChangeKind.ADD_MEMBER})


def of_group(kind: ChangeKind, group: str, **fields: object) -> Change:
    return Change(kind, BECAUSE, group=group, **fields)  # type: ignore[arg-type]


ACTIVE = of_ada(ChangeKind.REACTIVATE_ACCOUNT, after={"active": True})
INACTIVE = of_ada(ChangeKind.DEACTIVATE_ACCOUNT, after={"active": False})
DELETED = of_ada(ChangeKind.DELETE_ACCOUNT)
RENAMED = of_ada(ChangeKind.RENAME_ACCOUNT, before={"name": "ada"}, after={"name": "lovelace"})
LED = of_ada(ChangeKind.MOVE_LEAD, lead="project:ABC", before={"lead": "ada"}, after={"lead": "ben"})
CREATED = of_ada(
    ChangeKind.CREATE_ACCOUNT,
    account_id=None,
    after={"name": "ada", "display_name": "Ada", "email": "ada@x", "active": True, "attributes.department": "Research"},
)


def lead(account: str) -> Lead:
    return Lead("project", "ABC", "ABC", "Alphabet", account)


def done(store: Store, *made: Change, state: changes.State = "done") -> None:
    store.writer.write_now(lambda tx: changes.plan(tx, RUN, TARGET, 0, made))
    with store.read() as connection:
        numbers = [stored.id for stored in changes.of_run(connection, RUN)]
    for number in numbers:
        store.writer.write_now(lambda tx, number=number: changes.settle(tx, number, state))


async def texts(quick: Site, *made: Change) -> Sequence[str]:
    """What differs after these changes."""
    done(quick.store, *made)
    found = await verified(quick, RUN, Stop())
    assert found.stood + len(found.differing) == len(made)
    return [text for _, text in found.differing]


@pytest.mark.parametrize(
    "made",
    [
        update(display_name="Ada", email="ada@x"),
        update(display_name="Ada", email="ada@x", **{"attributes.department": "Research"}),
        update(display_name="Ada", email="ada@x", **{"attributes.phone": ""}),
        ACTIVE,
        member(ChangeKind.ADD_MEMBER, "CREW"),
        member(ChangeKind.REMOVE_MEMBER, "deck"),
        of_group(ChangeKind.CREATE_GROUP, "crew"),
        of_group(ChangeKind.DELETE_GROUP, "deck"),
        of_group(ChangeKind.RENAME_GROUP, "deck", after={"name": "Crew"}),
        Change(ChangeKind.DELETE_ACCOUNT, BECAUSE, "cyd", "a3", "u3"),
    ],
)
async def test_what_the_target_shows_stands(quick: Site, made: Change) -> None:
    assert await texts(quick, made) == []


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (update(display_name="Lady Ada", email="ada@x"), "The display name of ada is 'Ada', not 'Lady Ada'."),
        (update(display_name="Ada", email="new@x"), "The e-mail address of ada is 'ada@x', not 'new@x'."),
        (
            update(display_name="Ada", email="ada@x", **{"attributes.first_name": "Ada"}),
            "The first name of ada is '', not 'Ada'.",
        ),
        (INACTIVE, "The account ada is active."),
        (DELETED, "The account ada is still there."),
        (RENAMED, "The account is called ada, not lovelace."),
        (LED, "project:ABC is led by ada, not by ben."),
        (member(ChangeKind.ADD_MEMBER, "Deck"), "ada is not in the group Deck."),
        (member(ChangeKind.REMOVE_MEMBER, "Crew"), "ada is still in the group Crew."),
        (of_group(ChangeKind.CREATE_GROUP, "Deck"), "The group Deck is not there."),
        (of_group(ChangeKind.DELETE_GROUP, "Crew"), "The group Crew is still there."),
        (of_group(ChangeKind.RENAME_GROUP, "Crew", after={"name": "Hands"}), "The group Hands is not there."),
    ],
)
async def test_what_the_target_shows_otherwise_is_told(quick: Site, instant: Instant, made: Change, text: str) -> None:
    instant.leads = {"project:ABC": lead("ada")}
    assert await texts(quick, made) == [text]


@pytest.mark.parametrize("made", [INACTIVE, member(ChangeKind.ADD_MEMBER, "Crew")])
async def test_an_account_that_is_gone_is_told(quick: Site, instant: Instant, made: Change) -> None:
    instant.accounts.clear()
    (text,) = await texts(quick, made)
    assert text in ("The account ada is not there.", "ada is not in the group Crew.")


async def test_a_created_account_is_known_by_its_users_link(quick: Site, store: Store, instant: Instant) -> None:
    store.writer.write_now(lambda tx: links.put(tx, TARGET, "u1", "a1", "ada", "ada", "created", RUN))
    added = of_ada(ChangeKind.ADD_MEMBER, account_id=None, group="Crew", after={"member": True})
    instant.accounts["a1"] = replace(instant.accounts["a1"], attributes={}, groups=frozenset())
    assert await texts(quick, CREATED, added) == [
        "The department of ada is '', not 'Research'.",
        "ada is not in the group Crew.",
    ]


async def test_what_a_target_does_not_show_is_not_held_against_it(quick: Site, instant: Instant) -> None:
    instant.accounts["a1"] = replace(instant.accounts["a1"], email=None, groups=None)
    assert await texts(quick, update(display_name="Ada", email="x@y"), member(ChangeKind.ADD_MEMBER, "Deck")) == []


async def test_of_several_changes_of_one_thing_the_last_counts(quick: Site) -> None:
    remove, add = member(ChangeKind.REMOVE_MEMBER, "Crew"), member(ChangeKind.ADD_MEMBER, "Crew")
    assert await texts(quick, remove, INACTIVE, ACTIVE, add) == []


async def test_changes_before_a_rename_are_found_under_the_new_name(quick: Site, instant: Instant) -> None:
    ada = instant.accounts["a1"]
    instant.accounts["a1"] = replace(ada, name="lovelace", key="lovelace", groups=frozenset({"hands"}))
    instant.groups = {"hands": TargetGroup("Hands", "hands")}
    instant.leads = {"project:ABC": lead("lovelace")}
    taken = Change(
        ChangeKind.MOVE_LEAD,
        BECAUSE,
        "ben",
        "a2",
        "u2",
        lead="project:ABC",
        before={"lead": "ben"},
        after={"lead": "ada"},
    )
    rename = of_group(ChangeKind.RENAME_GROUP, "Crew", after={"name": "Hands"})
    assert await texts(quick, taken, member(ChangeKind.ADD_MEMBER, "Crew"), rename, RENAMED) == []


async def test_a_group_of_a_name_that_a_rename_left_free_is_another_one(quick: Site, instant: Instant) -> None:
    instant.groups["hands"] = TargetGroup("Hands", "hands")
    rename = of_group(ChangeKind.RENAME_GROUP, "Crew", after={"name": "Hands"})
    new = of_group(ChangeKind.CREATE_GROUP, "Crew")
    assert await texts(quick, rename, new) == []
    del instant.groups["hands"]
    found = await verified(quick, RUN, Stop())
    assert [text for _, text in found.differing] == ["The group Hands is not there."]


async def test_links_and_what_was_not_done_are_not_read_back(quick: Site, store: Store, instant: Instant) -> None:
    done(store, INACTIVE, state="failed")
    store.writer.write_now(lambda tx: changes.plan(tx, RUN, TARGET, 1, [of_ada(ChangeKind.LINK_ACCOUNT)]))
    assert await verified(quick, RUN, Stop()) == Verification(0, ())
    assert instant.calls == []


async def test_many_are_read_back_by_listing_everything(
    quick: Site, instant: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "WIDE", 1)
    ben = Change(ChangeKind.DEACTIVATE_ACCOUNT, BECAUSE, "ben", "a2", "u2", after={"active": False})
    made = (member(ChangeKind.ADD_MEMBER, "Crew"), ben, of_group(ChangeKind.CREATE_GROUP, "Crew"))
    assert await texts(quick, *made) == ["The account ben is active."]
    assert [call for call, _ in instant.calls] == ["list-groups", "list-members", "list-accounts"]


async def test_a_target_that_cannot_be_read_is_said_to_be_so(quick: Site, store: Store, instant: Instant) -> None:
    done(store, INACTIVE)
    instant.failing = lambda call, name: Unavailable("Nobody answers.")
    with pytest.raises(Unavailable):
        await verified(quick, RUN, Stop())


async def test_a_stop_ends_reading_back(quick: Site, store: Store) -> None:
    done(store, INACTIVE)
    stop = Stop()
    stop.ask("enough")
    with pytest.raises(Stopped):
        await verified(quick, RUN, stop)
