"""`manciple conflicts` and `manciple rules`: from the list to the answer, one or many, asked or not."""

import re
from pathlib import Path

import pytest
from engine_stub import conflict
from running import Run

from core.planning.changes import Conflict, Resolution
from core.store import Store, Transaction, answers, conflicts, pending

UNENDING = '[[rule]]\ntarget = "wiki"\nkind = "C16"\nanswer = "N"\nreason = "x"\nexpires = "soon"'


def invalid(number: int, name: str) -> Conflict:
    """A name that the product refuses, of a user that the identity store does not have."""
    offers = (Resolution("N", "Use another", "Uses a name you give.", "account-name", name.replace("+", ".")),)
    leave = Resolution("X", "Skip always", "Leaves this user out.")
    evidence = {"username": name, "problem": "contains +"}
    return Conflict(
        "C16",
        f"user:u{number}",
        f"'{name}' is not a valid username",
        "It has a plus.",
        evidence,
        (*offers, leave),
        f"u{number}",
    )


@pytest.fixture
def queue(store: Store) -> Store:
    """Three conflicts of `wiki`, and one of `jira`."""

    def write(tx: Transaction) -> None:
        found = [invalid(1, "a+b"), invalid(2, "svc+1"), invalid(3, "svc+2")]
        conflicts.record(tx, "wiki", 1, found, lambda _: True)
        conflicts.record(tx, "jira", 2, [conflict("group:g1", "Two groups")], lambda _: True)

    store.writer.write_now(write)
    return store


def states(store: Store) -> dict[int, str]:
    with store.read() as connection:
        found = [conflicts.opened(connection, number) for number in range(1, 5)]
    return {each[0].id: each[0].state for each in found if each is not None}


def test_the_list_says_how_many_of_each_kind_and_then_which(run: Run, queue: Store) -> None:
    out = run("conflicts").out.splitlines()
    assert out[0] == "4 conflicts: 1 C16 at jira, 3 C16 at wiki"
    assert out[2].split() == ["#", "TARGET", "KIND", "STATE", "SINCE", "OWNER", "WHAT"]
    assert out[3].endswith("'a+b' is not a valid username")
    document = run("conflicts", "--target", "wiki", "--limit", "1", "--json").document
    assert (len(document["items"]), document["number"]) == (1, 3)


def test_an_empty_queue_says_so(run: Run, store: Store) -> None:
    assert run("conflicts").out == "Nothing waits for a decision.\n"


def test_one_is_shown_with_both_sides_and_its_answers(run: Run, queue: Store) -> None:
    out = run("conflicts", "show", "1").out
    assert "Conflict 1 of wiki  C16  'a+b' is not a valid username" in out
    assert "  username: a+b" in out
    assert "  N  Use another: Uses a name you give." in out
    assert "     with --value: account name, such as a.b" in out
    assert "  H  Hold: " in out
    assert "To answer: manciple conflicts resolve 1 --answer KEY" in out
    document = run("conflicts", "show", "1", "--json").document
    assert [each["key"] for each in document["conflict"]["resolutions"]] == ["N", "X", "H", "S", "R"]


def test_an_answer_is_given_and_its_subject_is_due(run: Run, queue: Store) -> None:
    result = run("conflicts", "resolve", "1", "--answer", "n", "--value", "ada.b", "--note", "asked her", "--yes")
    assert (result.code, result.out.splitlines()[-1]) == (0, "Conflict 1 is answered: Use another. ada.b it is.")
    with queue.read() as connection:
        (given,) = answers.standing(connection, "wiki")
        assert pending.claim(connection, "wiki", 1 << 60, 10)[0].id == "u1"
    assert (given.subject, given.key, given.value) == ("user:u1", "N", "ada.b")
    shown = run("conflicts", "show", "1").out
    assert "  answered, since" in shown
    assert "  N ada.b, by " in shown
    assert ": standing" in shown


def test_all_of_a_kind_are_answered_together(run: Run, queue: Store) -> None:
    result = run("conflicts", "resolve", "--kind", "C16", "--target", "wiki", "--answer", "N", "--yes", "--json")
    assert [item["answered"] for item in result.document["items"]] == [True, True, True]
    with queue.read() as connection:
        assert [each.value for each in answers.standing(connection, "wiki")] == ["a.b", "svc.1", "svc.2"]


def test_several_are_held_with_an_owner_until_a_moment(run: Run, queue: Store) -> None:
    assert run("conflicts", "resolve", "2-3", "--answer", "H", "--owner", "eve", "--until", "3d", "--yes").code == 0
    assert states(queue) == {1: "open", 2: "held", 3: "held", 4: "open"}
    assert "  held by eve until " in run("conflicts", "show", "2").out


def test_an_answer_is_taken_back(run: Run, queue: Store) -> None:
    run("conflicts", "resolve", "1", "--answer", "X", "--yes")
    assert run("conflicts", "take-back", "1").out == "Conflict 1 waits for an answer again.\n"
    assert states(queue)[1] == "open"


def test_without_somebody_to_ask_nothing_is_answered(run: Run, queue: Store) -> None:
    result = run("conflicts", "resolve", "1", "--answer", "X")
    assert (result.code, states(queue)[1]) == (3, "open")
    assert result.error == "manciple: nobody could be asked: add --yes to answer without asking"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("resolve", "1"), "say which answer: --answer KEY"),
        (("resolve", "--answer", "X"), "say which: numbers, as in 3,7-9, or --kind CODE"),
        (("resolve", "1", "--kind", "C16", "--answer", "X"), "say which: numbers, as in 3,7-9, or --kind CODE"),
        (("resolve", "1", "--answer", "Q", "--yes"), "This conflict has no answer Q. It offers N (Use another), X"),
        (("resolve", "x", "--answer", "X"), "conflicts x: write numbers, as in 3 or 2,5-9"),
        (("resolve", "99", "--answer", "X"), "there is no conflict 99: see `manciple conflicts"),
        (("resolve", "--kind", "C99", "--answer", "X"), "no open conflict is of kind C99: see `manciple conflicts"),
        (("resolve", "1", "--answer", "H", "--until", "soon"), "--until soon: "),
        (("show", "99"), "there is no conflict 99: see `manciple conflicts"),
        (("take-back", "1"), "Conflict 1 has no answer that could be taken back."),
    ],
)
def test_a_wrong_order_is_refused_with_what_to_do(
    arguments: tuple[str, ...], said: str, run: Run, queue: Store
) -> None:
    result = run("conflicts", *arguments)
    assert result.code != 0
    assert said in result.err
    assert set(states(queue).values()) == {"open"}


def test_a_rule_shows_what_it_decides_and_decides_at_once(run: Run, queue: Store) -> None:
    result = run(
        "rules", "add", "--like", "2", "--answer", "X", "--where", "username=svc+*", "--reason", "bots", "--yes"
    )
    assert result.code == 0, result.err
    assert "It would decide now: 2 conflicts" in result.out
    assert "It would have decided before: 0 conflicts" in result.out
    assert states(queue) == {1: "open", 2: "answered", 3: "answered", 4: "open"}
    (rule,) = run("rules", "--json").document["items"]
    assert (rule["where"], rule["answer"], rule["hits"], rule["state"]) == ({"username": "svc+*"}, "X", 2, "active")


def test_without_a_width_all_three_are_shown_with_what_each_would_decide(run: Run, queue: Store) -> None:
    result = run("rules", "add", "--like", "2", "--answer", "X", "--reason", "bots", "--yes")
    assert (result.code, result.out.count("It would have decided before: 0 conflicts")) == (2, 3)
    offered = re.findall(r"(\d) conflicts?\n(?:  \d.*\n)*It would have .*\n  to make it: (.*)", result.out)
    assert offered == [("1", "--this"), ("2", "--where 'username=svc+*'"), ("3", "--whole-kind")]


def test_revoking_a_rule_opens_again_what_it_decided(run: Run, queue: Store) -> None:
    run("rules", "add", "--like", "2", "--answer", "X", "--this", "--reason", "bots", "--yes")
    result = run("rules", "revoke", "1")
    assert result.out == "Rule 1 is revoked; 1 conflict of those it decided will be looked at anew.\n"
    assert states(queue)[2] == "open"
    assert "there is no rule 1: see `manciple rules" in run("rules", "revoke", "1").error


def test_rules_go_from_one_installation_to_another_as_toml(run: Run, queue: Store, tmp_path: Path) -> None:
    run("rules", "add", "--like", "1", "--answer", "N", "--whole-kind", "--reason", "as proposed", "--yes")
    path = tmp_path / "rules.toml"
    path.write_text(run("rules", "export").out)
    assert 'reason = "as proposed"' in path.read_text()
    result = run("rules", "import", str(path))
    assert result.out == "0 rules made, 1 stood already.\n", result.err + path.read_text()
    run("rules", "revoke", "1")
    assert run("rules", "import", str(path)).out == "1 rule made, 0 stood already.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--answer", "A", "--this"), "Answer A is given each time anew"),
        (("--answer", "X"), "say how wide it is: --this, --where FIELD=GLOB, or --whole-kind"),
        (("--answer", "X", "--this", "--whole-kind"), "say how wide it is: --this, --where FIELD=GLOB"),
        (("--answer", "X", "--where", "shoe=42"), "with a field of problem, username"),
        (("--answer", "X", "--where", "username=zoe"), "such a rule would not be about conflict 1"),
    ],
)
def test_a_rule_that_may_not_be_is_not_made(arguments: tuple[str, ...], said: str, run: Run, queue: Store) -> None:
    result = run("rules", "add", "--like", "1", "--reason", "why not", "--yes", *arguments)
    assert (result.code, said in result.err) == (2, True), result.err
    assert run("rules", "--json").document["items"] == []


def test_the_end_of_a_rule_goes_with_it(run: Run, queue: Store, tmp_path: Path) -> None:
    wide = ("--answer", "N", "--whole-kind", "--reason", "as proposed", "--expires", "90d", "--yes")
    run("rules", "add", "--like", "1", *wide)
    (before,) = run("rules", "--json").document["items"]
    path = tmp_path / "rules.toml"
    path.write_text(run("rules", "export").out)
    run("rules", "revoke", "1")
    assert run("rules", "import", str(path)).code == 0
    after = run("rules", "--json").document["items"][1]
    assert after["expires"][:19] == before["expires"][:19]


def test_a_hold_lasts_until_the_end_of_a_day(run: Run, queue: Store) -> None:
    assert run("conflicts", "resolve", "2", "--answer", "H", "--until", "2126-01-31", "--yes").code == 0
    assert run("conflicts", "show", "2", "--json").document["conflict"]["until"].startswith("2126-01-31T23:59:59")
    result = run("conflicts", "resolve", "3", "--answer", "H", "--until", "2020-01-31", "--yes")
    assert "2020-01-31 is over already: give a day to come" in result.err


@pytest.mark.parametrize(
    "text", ["no toml = = =", "rule = 3", '[[rule]]\ntarget = "wiki"', "[[rule]]\nkind = 3", UNENDING]
)
def test_a_file_of_rules_that_is_none_is_refused(text: str, run: Run, queue: Store, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text)
    assert run("rules", "import", str(path)).code == 2
