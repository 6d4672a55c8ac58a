"""Conflicts from their answer to the target: carried out by the next push, taken back, or refused."""

from dataclasses import replace

import pytest

from core.apply.resolving import Choice, NotAnswered, answered_with, chosen, resolve, take_back
from core.apply.site import Site
from core.planning import resolutions
from core.planning.changes import Conflict
from core.planning.rules import GroupRules, TargetRules, UserRules
from core.planning.values import Account, Capabilities, NameRules
from core.store import Store, answers, audit, claims, conflicts, links
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, pushed, steps
from tests.core.apply.resolving import BOB, NO_RULES, answer, of_target, open_one, state


def local(name: str, email: str | None = None) -> Account:
    """An account that the product's own people made."""
    return Account(
        f"key-{name}", name, name.lower(), name.title(), email or f"{name}@contoso.example", True, frozenset()
    )


def linked(store: Store) -> dict[str, str]:
    """User's id → id of the account."""
    with store.read() as connection:
        return {link.user_id: link.account_id for link in links.all_links(connection, TARGET)}


def standing(store: Store) -> list[tuple[str, str]]:
    """Kind and key of the answers that stand."""
    with store.read() as connection:
        return [(each.kind, each.key) for each in answers.standing(connection, TARGET)]


class TestLinking:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(matching=("email",)), GroupRules())

    async def test_the_chosen_account_is_linked_and_the_answer_is_over(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        instant.accounts |= {
            each.id: each for each in (local("one", "ada@contoso.example"), local("two", "ada@contoso.example"))
        }
        ada = company.hire("ada")
        await compared(quick)
        number = open_one(store, "C02")[0].id
        said = answer(store, "C02", "L", "two")
        assert said == f"Conflict {number} is answered: Link. two it is."
        ended = await pushed(quick)
        assert "link-account two done" in steps(store, ended.run)
        assert linked(store) == {ada: "key-two"}
        assert (state(store, number), standing(store)) == ("closed", [])
        assert (await compared(quick)).answer == "Nothing to change."

    async def test_only_an_account_that_is_there_and_nobody_s_is_linked(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        instant.accounts |= {
            each.id: each for each in (local("one", "ada@contoso.example"), local("two", "ada@contoso.example"))
        }
        company.hire("ada")
        company.hire("zoe")
        await compared(quick)
        with pytest.raises(NotAnswered, match="wiki has no account 'nobody', as far as was seen: name one that it has"):
            answer(store, "C02", "L", "nobody")
        with pytest.raises(NotAnswered, match="'zoe' is another user's account already"):
            answer(store, "C02", "L", "zoe")
        with pytest.raises(NotAnswered, match="This answer needs the name of an account"):
            answer(store, "C02", "L")
        assert of_target(store) == ["C02"]


class TestNaming:
    @pytest.fixture
    def instant(self) -> Instant:
        return Instant(
            capabilities=Capabilities(names=NameRules(forbidden_in_username="+", forbidden_in_group_name="/"))
        )

    async def test_another_name_is_used_from_then_on(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        company.hire("a+b", email="ab@contoso.example")
        await pushed(quick)
        answer(store, "C16", "N")
        ended = await pushed(quick)
        assert steps(store, ended.run) == ["create-account a.b done"]
        assert standing(store) == [("C16", "N")], "the name stays given"
        assert (await compared(quick)).answer == "Nothing to change."

    async def test_a_name_that_the_product_refuses_is_refused_here(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        company.hire("a+b")
        await pushed(quick)
        number = open_one(store, "C16")[0].id
        names = NameRules(forbidden_in_username="+")
        with pytest.raises(NotAnswered, match=r"'x\+y' contains \+, which the product refuses: give another name"):
            store.writer.write_now(lambda tx: resolve(tx, number, Choice("N", "x+y"), BOB, names))

    async def test_a_group_s_name(self, quick: Site, store: Store, company: Company, instant: Instant) -> None:
        company.form("R/D", [company.hire("ada")])
        await pushed(quick)
        answer(store, "C16", "N", "research")
        await pushed(quick)
        assert "research" in instant.groups
        assert next(iter(instant.accounts.values())).groups == {"research"}

    async def test_an_answer_that_is_taken_back_is_asked_for_again(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        company.hire("a+b")
        await pushed(quick)
        number = open_one(store, "C16")[0].id
        answer(store, "C16", "X")
        assert of_target(store) == []
        said = store.writer.write_now(lambda tx: take_back(tx, number, BOB))
        assert said == f"Conflict {number} waits for an answer again."
        await pushed(quick)
        assert (of_target(store), standing(store)) == (["C16"], [])

    async def test_skip_always_leaves_the_user_out(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        company.hire("a+b")
        await pushed(quick)
        number = open_one(store, "C16")[0].id
        answer(store, "C16", "X")
        await pushed(quick)
        assert (state(store, number), instant.accounts) == ("closed", {})


async def test_what_was_answered_otherwise_than_it_can_be_is_open_again_and_says_so(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.hire("ada")
    await compared(quick)
    instant.accounts.clear()
    instant.accounts["key-other"] = local("other")
    await compared(quick)
    number = open_one(store, "C06")[0].id
    answer(store, "C06", "L", "other")
    del instant.accounts["key-other"]
    instant.accounts["key-third"] = local("third")
    await pushed(quick)
    row, _ = open_one(store, "C06")
    assert (row.id, row.state, row.note) == (number, "open", "The last answer did not end it.")
    assert standing(store) == []


async def test_a_vanished_account_is_created_again_once(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    instant.accounts["key-local"] = local("local")
    ada = company.hire("ada")
    await compared(quick)
    del instant.accounts[linked(store)[ada]]
    await compared(quick)
    answer(store, "C06", "N")
    ended = await pushed(quick)
    assert steps(store, ended.run) == ["create-account ada done"]
    assert linked(store)[ada] in instant.accounts
    assert standing(store) == []


class TestGroupsOfRules:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(), GroupRules(default_for_all=("Everybody",)))

    async def test_a_missing_group_is_created_by_a_comparison_of_everything(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        company.hire("ada")
        await compared(quick)
        answer(store, "C24", "N")
        with store.read() as connection:
            assert answers.newest_for_groups(connection, TARGET) is not None, "the engine compares everything for it"
        await compared(quick)
        assert "everybody" in instant.groups
        assert standing(store) == []


async def test_two_groups_of_one_name_are_merged(quick: Site, store: Store, company: Company, instant: Instant) -> None:
    company.form("Crew", [company.hire("ada")])
    company.form("crew ", [company.hire("zoe")])
    await pushed(quick)
    answer(store, "C22", "M")
    await pushed(quick)
    await pushed(quick)
    assert of_target(store) == []
    assert {account.name for account in instant.accounts.values() if account.groups == {"crew"}} == {"ada", "zoe"}


class TestProtected:
    @pytest.fixture
    def rules(self) -> TargetRules:
        return TargetRules(UserRules(protect=("ada",)), GroupRules())

    async def test_what_is_approved_once_is_done_once(
        self, quick: Site, store: Store, company: Company, instant: Instant
    ) -> None:
        ada = company.hire("ada")
        await pushed(quick)
        answer(store, "C29", "A")
        await pushed(quick)
        assert len(instant.accounts) == 1
        assert standing(store) == []
        company.change(ada, displayName="Ada King")
        await pushed(quick)
        assert of_target(store) == ["C29"]


@pytest.fixture
async def asked(quick: Site, store: Store, company: Company, instant: Instant) -> int:
    """The number of an open conflict: the group's name is taken by two."""
    company.form("Crew")
    company.form("crew ")
    await pushed(quick)
    return open_one(store, "C22")[0].id


def give(store: Store, number: int, choice: Choice, by: str = BOB, seen: Conflict | None = None) -> str:
    return store.writer.write_now(lambda tx: resolve(tx, number, choice, by, NO_RULES, seen))


async def test_a_held_conflict_has_an_owner_a_note_and_an_end(quick: Site, store: Store, asked: int) -> None:
    assert give(store, asked, Choice("H", owner="eve", note="asks HR", until=1)) == f"Conflict {asked} is held for eve."
    with store.read() as connection:
        row = conflicts.opened(connection, asked)
    assert row is not None
    assert (row[0].state, row[0].owner, row[0].note) == ("held", "eve", "asks HR")
    await compared(quick)
    assert state(store, asked) == "open", "its time has come"


async def test_a_skipped_conflict_comes_back_with_the_next_plan(quick: Site, store: Store, asked: int) -> None:
    give(store, asked, Choice("S"))
    assert state(store, asked) == "skipped"
    await compared(quick)
    assert state(store, asked) == "open"


async def test_retry_plans_it_once_more(store: Store, company: Company, asked: int) -> None:
    give(store, asked, Choice("R"))
    assert state(store, asked) == "open"
    assert len(company.pending()) == 1


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        (Choice("Z"), r"This conflict has no answer Z\. It offers N \(Map to another name\), M \(Merge\)"),
        (Choice("E"), r"Opens groups\.on_the_fly .* Change it in config\.toml, and run: manciple check"),
    ],
)
async def test_what_a_conflict_does_not_offer_is_refused(store: Store, asked: int, choice: Choice, why: str) -> None:
    with pytest.raises(NotAnswered, match=why):
        give(store, asked, choice)


async def test_an_answer_to_what_has_changed_is_refused_with_what_it_is_now(store: Store, asked: int) -> None:
    now = open_one(store, "C22")[1]
    before = replace(now, evidence=now.evidence | {"others": "'Crew' (x)"}, resolutions=now.resolutions[:1])
    with pytest.raises(NotAnswered) as refused:
        give(store, asked, Choice("M"), seen=before)
    said = str(refused.value)
    assert said.startswith(f"Conflict {asked} has changed: {now.title}. ")
    assert f" others was ''Crew' (x)' and is '{now.evidence['others']}'; its own answers are " in said
    assert said.endswith(" Look at it again.")
    give(store, asked, Choice("M"), seen=replace(now, exchange=4711))


async def test_what_is_answered_is_not_answered_again(store: Store, asked: int) -> None:
    give(store, asked, Choice("M"))
    with pytest.raises(NotAnswered, match=r"is answered already\. Take that answer back first"):
        give(store, asked, Choice("X"), by="eve@console")


async def test_what_another_admin_has_open_is_not_answered(store: Store, asked: int) -> None:
    store.writer.write_now(lambda tx: claims.claim(tx, [asked], "eve@console 7"))
    with pytest.raises(NotAnswered, match=r"eve@console 7 has conflict \d+ open"):
        give(store, asked, Choice("M"))
    store.writer.write_now(lambda tx: claims.release(tx, "eve@console 7"))
    give(store, asked, Choice("M"))


async def test_a_claim_ends_when_it_is_not_renewed(store: Store, asked: int) -> None:
    def claim_long_ago(tx: object) -> None:
        tx.now -= claims.LASTS + 1  # type: ignore[attr-defined]
        assert claims.claim(tx, [asked], "eve@console 7") == 1  # type: ignore[arg-type]

    store.writer.write_now(claim_long_ago)
    assert store.writer.write_now(lambda tx: claims.claim(tx, [asked], BOB)) == 1
    assert store.writer.write_now(lambda tx: claims.claim(tx, [asked], "eve@console 7")) == 0


async def test_every_answer_is_in_the_audit_trail(store: Store, asked: int) -> None:
    give(store, asked, Choice("M", note="same team"))
    with store.read() as connection:
        entry = audit.newest(connection, 1)[0]
    assert (entry.who, entry.action, entry.detail) == (BOB, "answer conflict", "M same team")
    assert entry.subject.lower() == f"conflict {asked}: 2 idp groups are named 'crew'"


async def test_what_is_over_or_was_never_there_is_not_answered(
    quick: Site, store: Store, company: Company, asked: int
) -> None:
    subject = open_one(store, "C22")[0].subject.removeprefix("group:")
    company.delete("Group", subject)
    await pushed(quick)
    with pytest.raises(NotAnswered, match="is over: its cause is gone"):
        give(store, asked, Choice("M"))
    with pytest.raises(NotAnswered, match="There is no conflict 999"):
        give(store, 999, Choice("M"))


async def test_leads_are_given_to_an_active_account_only(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    company.hire("bob")
    await compared(quick)
    leaving = Conflict(
        "C30", "user:u", "Nobody takes over", "", {}, (resolutions.transfer("Gives it away."),), user_id="u"
    )
    with store.read() as connection:
        transfer = chosen(leaving, "T")
        given = answered_with(connection, TARGET, leaving, transfer, "bob", NO_RULES)
        assert (given.key, given.value) == ("T", "bob")
        with pytest.raises(NotAnswered, match="wiki has no active account 'nobody'"):
            answered_with(connection, TARGET, leaving, transfer, "nobody", NO_RULES)
