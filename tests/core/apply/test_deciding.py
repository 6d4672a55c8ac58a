"""Rules that answer conflicts: while they fit, by the most specific, and never more than they usually do."""

import pytest

from core.apply import deciding
from core.apply.deciding import would_decide
from core.apply.site import Site
from core.planning.deciding import DecisionRule
from core.planning.values import Capabilities, NameRules
from core.store import Store, answers, decision_rules
from core.store.decision_rules import Kept
from tests.core.apply.company import TARGET, Company
from tests.core.apply.instant import Instant
from tests.core.apply.looking import compared, pushed, steps
from tests.core.apply.resolving import BOB, of_target, open_one


@pytest.fixture
def instant() -> Instant:
    return Instant(capabilities=Capabilities(names=NameRules(forbidden_in_username="+", forbidden_in_group_name="/")))


def rule(
    store: Store, key: str, where: dict[str, str] | None = None, kind: str = "C16", expires: int | None = None
) -> int:
    made = DecisionRule(0, kind, where or {}, key)
    return store.writer.write_now(lambda tx: decision_rules.make(tx, TARGET, made, "as agreed", BOB, expires))


def kept(store: Store, number: int) -> Kept:
    with store.read() as connection:
        found = decision_rules.find(connection, number)
    assert found is not None
    return found


async def test_a_rule_answers_what_a_plan_finds_and_the_next_round_carries_it_out(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    number = rule(store, "N")
    company.hire("a+b", email="ab@contoso.example")
    await pushed(quick)
    assert of_target(store) == []
    assert [account.name for account in instant.accounts.values()] == ["a.b"]
    assert (kept(store, number).hits, kept(store, number).last_hit_at is not None) == (1, True)
    with store.read() as connection:
        (given,) = answers.of_rule(connection, number)
    assert (given.by, given.key, given.value) == (BOB, "N", "a.b")


async def test_the_most_specific_rule_decides(quick: Site, store: Store, company: Company, instant: Instant) -> None:
    rule(store, "N")
    rule(store, "X", {"username": "svc+*"})
    company.hire("svc+1")
    company.hire("a+b")
    await pushed(quick)
    await pushed(quick)
    assert [account.name for account in instant.accounts.values()] == ["a.b"]


async def test_rules_that_tie_leave_it_to_the_admin_and_say_so(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    first, second = rule(store, "N"), rule(store, "X")
    company.hire("a+b")
    await pushed(quick)
    row, _ = open_one(store, "C16")
    assert (row.state, row.note) == ("open", f"Rules {first} and {second} would answer it differently: revoke one.")


async def test_a_rule_that_is_revoked_suspended_or_over_decides_nothing(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    rule(store, "N", expires=1)
    for state in ("revoked", "suspended"):
        number = rule(store, "N")
        store.writer.write_now(lambda tx, n=number, s=state: decision_rules.move(tx, n, s, "a test"))
    company.hire("a+b")
    await pushed(quick)
    assert of_target(store) == ["C16"]


async def test_a_rule_whose_hits_jump_is_suspended_and_decides_nothing(
    quick: Site, store: Store, company: Company, instant: Instant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "AT_LEAST", 2)
    monkeypatch.setattr(deciding, "JUMP", 2.0)
    number = rule(store, "N")
    company.hire("a+b", email="ab@contoso.example")
    await pushed(quick)
    for name in "cdef":
        company.hire(f"{name}+x")
    await pushed(quick)
    assert len(of_target(store)) == 4
    found = kept(store, number)
    assert (found.state, found.ending) == ("suspended", "It would have decided 4 conflicts at once; 1 is usual.")


async def test_an_answer_that_does_not_fit_is_not_given(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    number = rule(store, "M")
    company.hire("a+b")
    await pushed(quick)
    row, _ = open_one(store, "C16")
    assert (row.state, (row.note or "")[:21]) == ("open", f"Rule {number} does not fit: ")


async def test_what_a_rule_would_decide_and_would_have_decided_is_shown_before_it_is_made(
    quick: Site, store: Store, company: Company, instant: Instant
) -> None:
    gone = company.hire("old+1")
    company.hire("a+b")
    company.form("R/D")
    await compared(quick)
    company.delete("User", gone)
    await compared(quick)
    draft = DecisionRule(0, "C16", {"username": "*+*"}, "X")
    with store.read() as connection:
        assert [each.title for each in would_decide(connection, TARGET, draft, "open", 10)] == [
            "'a+b' is not a valid username"
        ]
        assert [each.title for each in would_decide(connection, TARGET, draft, "closed", 10)] == [
            "'old+1' is not a valid username"
        ]
    assert steps(store, 1) == []
