"""Plans as documents: one form, read back whole, hashed the same, and refused where anything is wrong."""

import copy
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.planning.changes import Because, Change, ChangeKind, Conflict, Hold, Plan, Resolution
from core.planning.document import (
    canonical_json,
    change_document,
    conflict_document,
    hold_document,
    plan_document,
    plan_hash,
    read_change,
    read_conflict,
    read_hold,
    read_plan,
)
from core.planning.led import Lead

from .building import group, planned, user, world
from .test_limits import busy

LED = Lead("project", "ABC", "ABC", "Alphabet", "ada")
COMPONENT = Lead("component", "10", "ABC", "Engine", "ada", project_lead="ben")
LEAVING = Conflict("C30", "user:u-3", "Nobody takes over", "None.", {}, (), leads=(LED, COMPONENT))
FULL = Plan(
    changes=(
        Change(
            kind=ChangeKind.UPDATE_ACCOUNT,
            because=Because("e-mail differs", "users.update", user_id="u-1", group_id="g-1", exchange=12),
            account="ada",
            account_id="a-1",
            user_id="u-1",
            group="Staff",
            lead="project:ABC",
            before={"email": None, "active": True},
            after={"email": "ada@example.com", "active": False},
        ),
        Change(ChangeKind.CREATE_GROUP, Because("it is missing", "groups.on_the_fly.create_missing")),
    ),
    conflicts=(
        Conflict(
            kind="C16",
            subject="group:g-1",
            title="'R/D' is not a valid group name",
            explanation="It contains /.",
            evidence={"problem": "contains /", "Größe": "\ud800 \x07 <b>"},
            resolutions=(Resolution("E", "Edit", "Opens it."), Resolution("H", "Hold", "Leaves it.")),
            user_id="u-1",
            group_id="g-1",
            exchange=13,
        ),
        Conflict("C05", "user:u-2", "No name", "None.", {}, ()),
    ),
    notes=("Left out: 1 user (bob).",),
    holds=(
        Hold("brakes.deactivate", "2 would be.", ("deactivate-account|ada|",), ("ada",), "All by users.when_inactive."),
        Hold("brakes.min_admins", "Nobody would be left.", (), (), "", approvable=False),
    ),
)


def test_a_conflict_that_was_kept_before_it_told_what_is_led_is_read_as_ever() -> None:
    kept = conflict_document(FULL.conflicts[0])
    assert "leads" not in kept
    assert read_conflict(kept) == FULL.conflicts[0]


@pytest.mark.parametrize(("field", "value"), [("kind", "page"), ("id", 3), ("project_lead", 1)])
def test_what_is_led_is_read_whole_or_refused(field: str, value: object) -> None:
    assert read_conflict(conflict_document(LEAVING)) == LEAVING
    kept = conflict_document(LEAVING)
    kept["leads"][0][field] = value
    with pytest.raises(ValueError, match=rf"conflict\.leads\[0\]\.{field} is "):
        read_conflict(kept)


def written_and_read(plan: Plan) -> Plan:
    return read_plan(json.loads(canonical_json(plan_document(plan))))


def test_every_field_of_every_value_comes_back() -> None:
    assert written_and_read(FULL) == FULL


def test_a_plan_without_anything_comes_back() -> None:
    assert written_and_read(Plan((), ())) == Plan((), ())


def test_what_the_planner_makes_comes_back() -> None:
    conflicting = world(users=[user("o'b"), user(email=None), user("x", active=False)], groups=[group("R/D")])
    for made in (planned(busy()), planned(busy(complete=False)), planned(conflicting)):
        assert written_and_read(made) == made


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_kind_of_change_comes_back_as_its_kind(kind: ChangeKind) -> None:
    change = replace(FULL.changes[0], kind=kind)
    read = read_change(json.loads(canonical_json(change_document(change))))
    assert read == change
    assert read.kind is kind


def test_a_conflict_by_itself_comes_back() -> None:
    assert read_conflict(conflict_document(FULL.conflicts[0])) == FULL.conflicts[0]


def test_a_hold_by_itself_comes_back() -> None:
    assert read_hold(hold_document(FULL.holds[1])) == FULL.holds[1]


def test_when_a_user_s_grace_ends_is_no_part_of_the_document() -> None:
    waiting = replace(FULL, due={"u-1": 5})
    assert plan_document(waiting) == plan_document(FULL)
    assert written_and_read(waiting) == FULL


def test_the_document_is_plain_json_with_sorted_keys() -> None:
    document = plan_document(FULL)
    assert canonical_json(document) == json.dumps(document, separators=(",", ":"))
    assert document["version"] == 2
    assert list(document["changes"][0]) == [
        "account",
        "account_id",
        "after",
        "because",
        "before",
        "group",
        "kind",
        "lead",
        "user_id",
    ]


# The hash


def test_the_hash_is_over_the_canonical_json() -> None:
    for plan in (FULL, Plan((), ()), planned(busy())):
        assert plan_hash(plan) == hashlib.sha256(canonical_json(plan_document(plan)).encode()).hexdigest()


def test_the_hash_is_the_same_after_reading_back() -> None:
    assert plan_hash(written_and_read(FULL)) == plan_hash(FULL)


def test_the_hash_of_a_plan_never_changes_between_releases() -> None:
    """A stored plan is approved by its hash: a change of this value is a change of `VERSION`."""
    assert plan_hash(FULL) == "8038d1ca6004a7ddeb6900317cc67d118299170175e33fed0281f92b70691a69"


def test_the_hash_is_the_same_in_every_process() -> None:
    program = (
        "from tests.core.planning.test_limits import busy; from tests.core.planning.building import planned;"
        "from core.planning.document import plan_hash; print(plan_hash(planned(busy())))"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert hashes == {plan_hash(planned(busy()))}


@pytest.mark.parametrize(
    "other",
    [
        replace(FULL, changes=FULL.changes[::-1]),
        replace(FULL, changes=FULL.changes[:1]),
        replace(FULL, conflicts=()),
        replace(FULL, notes=()),
        replace(FULL, holds=()),
        replace(FULL, holds=(replace(FULL.holds[0], approvable=False), FULL.holds[1])),
        replace(FULL, changes=(replace(FULL.changes[0], lead=None), FULL.changes[1])),
        replace(FULL, changes=(replace(FULL.changes[0], before={}), FULL.changes[1])),
        replace(FULL, changes=(replace(FULL.changes[0], account=None), FULL.changes[1])),
        replace(FULL, conflicts=(replace(FULL.conflicts[0], evidence={}), FULL.conflicts[1])),
    ],
)
def test_another_plan_has_another_hash(other: Plan) -> None:
    assert plan_hash(other) != plan_hash(FULL)


# Refusing


def missing(*path: str | int) -> Callable[[Any], None]:
    def edit(document: Any) -> None:
        del place(document, path[:-1])[path[-1]]

    return edit


def holding(value: object, *path: str | int) -> Callable[[Any], None]:
    def edit(document: Any) -> None:
        place(document, path[:-1])[path[-1]] = value

    return edit


def place(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (missing("version"), "plan: version None is not 2, the one this manciple reads"),
        (holding(1, "version"), "plan: version 1 is not 2, the one this manciple reads"),
        (holding(True, "version"), "plan: version True is not 2, the one this manciple reads"),
        (holding(2.0, "version"), "plan: version 2.0 is not 2, the one this manciple reads"),
        (holding(1, "hash"), "plan.hash is unknown"),
        (missing("changes"), "changes is not a list"),
        (holding({}, "conflicts"), "conflicts is not a list"),
        (holding("none", "notes"), "notes is not a list"),
        (holding(3, "notes", 0), "notes[0] is not text"),
        (holding("x", "changes", 1), "changes[1] is not an object"),
        (missing("changes", 1, "account"), "changes[1].account is missing"),
        (holding(0, "changes", 1, "color"), "changes[1].color is unknown"),
        (holding("merge-account", "changes", 0, "kind"), "changes[0].kind: 'merge-account' is no kind of change"),
        (holding([], "changes", 0, "kind"), "changes[0].kind: [] is no kind of change"),
        (holding(None, "changes", 0, "because"), "changes[0].because is not an object"),
        (missing("changes", 0, "because", "rule"), "changes[0].because.rule is missing"),
        (holding(None, "changes", 0, "because", "text"), "changes[0].because.text is not text"),
        (holding("12", "changes", 0, "because", "exchange"), "changes[0].because.exchange is not a whole number"),
        (holding(True, "changes", 0, "because", "exchange"), "changes[0].because.exchange is not a whole number"),
        (holding(1.5, "conflicts", 0, "exchange"), "conflicts[0].exchange is not a whole number"),
        (holding(5, "changes", 0, "account"), "changes[0].account is not text"),
        (holding(5, "changes", 0, "group"), "changes[0].group is not text"),
        (missing("changes", 1, "lead"), "changes[1].lead is missing"),
        (holding(5, "changes", 0, "lead"), "changes[0].lead is not text"),
        (missing("holds"), "holds is not a list"),
        (holding([None], "holds"), "holds[0] is not an object"),
        (missing("holds", 1, "cause"), "holds[1].cause is missing"),
        (holding(1, "holds", 0, "limit"), "holds[0].limit is unknown"),
        (holding(None, "holds", 0, "brake"), "holds[0].brake is not text"),
        (holding(None, "holds", 0, "text"), "holds[0].text is not text"),
        (holding("x", "holds", 0, "keys"), "holds[0].keys is not a list"),
        (holding(7, "holds", 0, "sample", 0), "holds[0].sample[0] is not text"),
        (holding(None, "holds", 0, "cause"), "holds[0].cause is not text"),
        (holding(1, "holds", 1, "approvable"), "holds[1].approvable is neither true nor false"),
        (holding([], "changes", 0, "before"), "changes[0].before is not an object"),
        (
            holding(5, "changes", 0, "before", "email"),
            "changes[0].before.email is neither text, true, false, nor null",
        ),
        (holding([], "changes", 0, "after", "x"), "changes[0].after.x is neither text, true, false, nor null"),
        (holding(None, "conflicts", 0, "subject"), "conflicts[0].subject is not text"),
        (holding(None, "conflicts", 0, "evidence"), "conflicts[0].evidence is not an object"),
        (holding(None, "conflicts", 0, "evidence", "problem"), "conflicts[0].evidence.problem is not text"),
        (holding(None, "conflicts", 0, "resolutions"), "conflicts[0].resolutions is not a list"),
        (missing("conflicts", 0, "resolutions", 1, "title"), "conflicts[0].resolutions[1].title is missing"),
        (holding(1, "conflicts", 0, "resolutions", 1, "key"), "conflicts[0].resolutions[1].key is not text"),
    ],
)
def test_a_malformed_document_is_refused_and_the_place_is_named(edit: Callable[[Any], None], message: str) -> None:
    document = copy.deepcopy(plan_document(FULL))
    edit(document)
    with pytest.raises(ValueError, match=r".") as error:
        read_plan(document)
    assert str(error.value) == message


@pytest.mark.parametrize("document", [None, [], "plan", 1, {1: 2}])
def test_what_is_no_object_is_no_plan(document: object) -> None:
    with pytest.raises(ValueError, match="plan is not an object"):
        read_plan(document)


def test_the_caller_names_the_place_of_a_single_value() -> None:
    with pytest.raises(ValueError, match=r"^change 7 of run 3 is not an object$"):
        read_change(None, "change 7 of run 3")
    with pytest.raises(ValueError, match=r"^conflict is not an object$"):
        read_conflict(None)
