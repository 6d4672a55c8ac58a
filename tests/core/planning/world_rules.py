"""Generated rules, for the worlds of `worlds`: every setting comes up, in all combinations with the others."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from core.planning.rules import (
    AttributeCheck,
    BrakeRules,
    Case,
    GroupMap,
    GroupMode,
    GroupRules,
    LeadRule,
    Limit,
    Matching,
    Nesting,
    NoMatch,
    OnTheFly,
    TargetRules,
    UserRules,
    UserScope,
    ValueRule,
    WhenInactive,
    WhenOutOfScope,
)

CASES: tuple[Case, ...] = ("lower", "keep")
ANSWERS: tuple[NoMatch, ...] = ("pass", "pass", "pass", "ignore", "skip-user", "clear")
MATCHING: tuple[tuple[Matching, ...], ...] = (
    ("id", "username"),
    ("username",),
    ("email", "username"),
    ("id", "email"),
    ("username", "email", "id"),
    (),
)
WHEN_INACTIVE: tuple[WhenInactive, ...] = ("deactivate", "deactivate", "delete", "delete", "keep")
OUT_OF_SCOPE: tuple[WhenOutOfScope, ...] = ("keep", "inactive")
MODES: tuple[GroupMode, ...] = ("on-the-fly", "on-the-fly", "on-the-fly", "manual", "manual", "manual", "off")
NESTING: tuple[Nesting, ...] = ("flatten", "ignore")
_HEIRS = ("user:eve", "user:Bob", "user:ada", "manager", "role:Developers", "project-lead")
_SOURCES = ("Staff", "STAFF", "Dev", "x-*", "Gone", "O?s", "R/D")
_TARGETS = ("Staff", "Dev", "Local", "R/D", "x-administrators", "New")
_DEFAULTS = ("Local", "staff", "New", "a/b", "x-administrators")
_T = TypeVar("_T")


def rules() -> st.SearchStrategy[TargetRules]:
    """Rules of all kinds."""
    return st.integers(0, 2**20).map(_rules)


def _rules(seed: int) -> TargetRules:
    return TargetRules(
        _user_rules(Random(f"{seed} users")), _group_rules(Random(f"{seed} groups")), _brakes(Random(f"{seed} brakes"))
    )


def _user_rules(dice: Random) -> UserRules:
    return UserRules(
        create=dice.random() < 0.8,
        update=dice.random() < 0.8,
        rename=dice.random() < 0.8,
        reactivate=dice.random() < 0.7,
        when_inactive=dice.choice(WHEN_INACTIVE),
        when_out_of_scope=dice.choice(OUT_OF_SCOPE),
        grace=dice.choice((0, 0, 60)),
        missed_reads=dice.choice((1, 2)),
        matching=dice.choice(MATCHING),
        alike=dice.choice(("ask", "ignore")),
        username=_username_rule(dice),
        email=_email_rule(dice),
        display_name=ValueRule(
            "displayName", match=dice.choice((None, None, None, "^A")), no_match=dice.choice(ANSWERS)
        ),
        attributes={"title": ValueRule("title", match="^D", no_match=dice.choice(ANSWERS)), "other": ValueRule("title")}
        if dice.random() < 0.6
        else {},
        scope=_scope(dice),
        protect=dice.choice(((), (), ("svc-*",), ("svc-*", "B?b"))),
        leads=tuple(_lead_rule(dice) for _ in range(dice.randrange(4))),
        default_project_lead=dice.choice((None, "cyd", "ada", "nobody")),
        default_component_lead=dice.choice((None, "ADA", "eve")),
    )


def _username_rule(dice: Random) -> ValueRule:
    """The whole userName, or what stands before the @, with every answer for those that have none."""
    if dice.random() < 0.6:
        return ValueRule("userName", case="lower")
    case, no_match = dice.choice(CASES), dice.choice(ANSWERS)
    return ValueRule("userName", match="^([^@]+)@", replace="$1", case=case, no_match=no_match)


def _email_rule(dice: Random) -> ValueRule:
    if dice.random() < 0.75:
        return ValueRule("emails.work")
    return ValueRule("emails.work", match="^a@", no_match=dice.choice(ANSWERS[3:]))


def _scope(dice: Random) -> UserScope:
    if dice.random() < 0.5:
        return UserScope()
    checks = (AttributeCheck("title", match="^D"), AttributeCheck("userName", not_match="x$"))
    return UserScope(
        where=tuple(check for check in checks if dice.random() < 0.25),
        groups=dice.choice(((), (), ("staff*", "x-*"))),
        exclude_groups=dice.choice(((), (), ("D*",))),
    )


def _lead_rule(dice: Random) -> LeadRule:
    projects, components = dice.choice((("*",), ("A",))), dice.choice((None, ("*",), ("we*",)))
    return LeadRule(tuple(dice.sample(_HEIRS, dice.choice((1, 2, 3)))), projects, components)


def _group_rules(dice: Random) -> GroupRules:
    return GroupRules(
        mode=dice.choice(MODES),
        nested=dice.choice(NESTING),
        default_for_new=tuple(dice.sample(_DEFAULTS, dice.choice((0, 0, 1, 2)))),
        default_for_all=tuple(dice.sample(_DEFAULTS, dice.choice((0, 0, 1, 2)))),
        create_missing=dice.random() < 0.5,
        map=tuple(_map(dice) for _ in range(dice.choice((0, 1, 2, 3)))),
        on_the_fly=_on_the_fly(dice),
        protect=dice.choice(((), ("*-administrators",))),
    )


def _map(dice: Random) -> GroupMap:
    idp, target = _few(dice, _SOURCES), _few(dice, _TARGETS)
    return GroupMap(idp, target, keep_existing_members=dice.random() < 0.5)


def _on_the_fly(dice: Random) -> OnTheFly:
    match, replace = dice.choice(((None, "$0"), (None, "$0"), ("^x-(.+)", "$1"), ("^(.).*", "$1"), ("^(x?)", "$1")))
    return OnTheFly(
        include=dice.choice((("*",), ("*",), ("staff*", "R*", "x*"))),
        exclude=dice.choice(((), (), ("D*",))),
        match=match,
        replace=replace,
        case=dice.choice(CASES),
        no_match=dice.choice(("pass", "pass", "skip-group")),
        merge=dice.random() < 0.5,
        create_missing=dice.random() < 0.7,
        keep_existing_groups=dice.random() < 0.6,
    )


def _brakes(dice: Random) -> BrakeRules:
    limits = [Limit(dice.choice((0, 1, 2, 50)), dice.choice((0, 5, 20))) for _ in range(5)]
    return BrakeRules(*limits, min_admins=dice.choice((0, 1, 2)))


def _few(dice: Random, items: Sequence[_T]) -> tuple[_T, ...]:
    return tuple(dice.sample(items, dice.choice((1, 1, 2, 3))))
