"""D. Life cycle: C30 to C38; E. Time and machines: C40 to C46."""

from dataclasses import replace
from random import Random

from core.planning.rules import AttributeCheck, TargetRules, UserRules, UserScope
from core.planning.values import AdminGroup, Capabilities, Link, Repeated, Totals, World

from ..building import CONFLUENCE, group, link, project, target_group, world
from .people import name, person, same, stranger
from .seeds import Case, Late, Seeded, by_brake, by_note, by_rule, conflict

NOW = 1_767_225_600_000


def _leading(dice: Random) -> Seeded:
    who = person(dice, name(dice), active=False)
    able = Capabilities(names=CONFLUENCE, leads=None)
    known = world(
        users=[who],
        accounts=[same(who)],
        links=[link(who.user_name)],
        leads=(project(led_by=who.user_name),),
        capabilities=able,
    )
    return Seeded(known, conflict("C30", f"user:{who.id}"))


def _last_administrator(dice: Random) -> Seeded:
    who = person(dice, name(dice), active=False)
    admins = AdminGroup("x-administrators", "x-administrators", frozenset({f"a-{who.user_name}"}))
    known = world(users=[who], accounts=[same(who)], links=[link(who.user_name)], admin_groups=(admins,))
    return Seeded(known, by_brake("brakes.min_admins"))


def _deactivated_by_hand(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    known = world(users=[who], accounts=[same(who, active=False)], links=[link(who.user_name)])
    return Seeded(known, by_rule("reactivate-account", "users.reactivate"))


def _gone_at_the_idp(dice: Random) -> Seeded:
    how = dice.choice(({"active": False}, {"deleted": True}))
    who = person(dice, name(dice), **how)
    known = world(users=[who], accounts=[same(who)], links=[link(who.user_name)])
    return Seeded(known, by_rule("deactivate-account", "users.when_inactive"))


def _never_linked(dice: Random) -> Seeded:
    who = person(dice, name(dice), active=False)
    return Seeded(world(users=[who], accounts=[same(who)]), by_note("they were never linked"))


def _missing(dice: Random) -> Seeded:
    who = person(dice, name(dice), missed_reads=2 + dice.randrange(3))
    known = world(users=[who], accounts=[same(who)], links=[link(who.user_name)])
    return Seeded(known, by_rule("deactivate-account", "users.missed_reads"))


def _in_grace(dice: Random) -> Seeded:
    who = person(dice, name(dice), active=False, gone_at=NOW - 1000)
    known = world(users=[who], accounts=[same(who)], links=[link(who.user_name)], now=NOW)
    return Seeded(known, by_note("until their grace period"), TargetRules(UserRules(grace=86_400)))


def _many(dice: Random) -> World:
    users = [person(dice, f"{name(dice)}-{at}", active=False) for at in range(60)]
    return world(
        users=users,
        accounts=map(same, users),
        links=[link(each.user_name) for each in users],
        totals=Totals(linked=100),
    )


def _mass(dice: Random) -> Seeded:
    return Seeded(_many(dice), by_brake("brakes.deactivate"))


def _empty_source(dice: Random) -> Seeded:
    return Seeded(replace(_many(dice), source_complete=False), by_note("no deactivation"))


def _shadowed(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    hiding = replace(same(who), directory="LDAP", hides=("Internal",))
    return Seeded(world(users=[who], accounts=[hiding]), conflict("C37", f"user:{who.id}"))


def _hidden(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    first = replace(same(who, id="a-ldap"), directory="LDAP", hides=("Internal",))
    known = world(users=[who], accounts=[first], links=[Link(who.id, "a-internal", who.user_name)])
    return Seeded(known, conflict("C37", f"user:{who.id}"))


def _read_only(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    own = replace(same(who), directory="LDAP", read_only=True)
    return Seeded(world(users=[who], accounts=[own]), conflict("C37", f"user:{who.id}"))


def _elsewhere(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    able = Capabilities(names=CONFLUENCE, directory="Internal")
    known = world(users=[who], accounts=[replace(same(who), directory="LDAP")], capabilities=able)
    return Seeded(known, conflict("C37", f"user:{who.id}"))


def _guest(dice: Random) -> Seeded:
    who = person(dice, f"{name(dice)}#ext#@corp.example")
    rules = UserRules(scope=UserScope(where=(AttributeCheck("userName", not_match="(?i)#EXT#"),)))
    return Seeded(world(users=[who]), by_note("users.scope"), TargetRules(rules))


def _flapping(dice: Random) -> Seeded:
    who = person(dice, name(dice), groups=["g-Staff"])
    times = tuple((run, NOW - (9 - run) * 3_600_000) for run in range(3 + dice.randrange(3)))
    known = world(
        users=[who],
        groups=[group()],
        accounts=[same(who)],
        target_groups=[target_group()],
        links=[link(who.user_name)],
        repeated=(Repeated("add-member", f"a-{who.user_name}", "staff", {}, times),),
        now=NOW,
    )
    return Seeded(known, conflict("C41", f"user:{who.id}"))


def _broken_off(dice: Random) -> Seeded:
    who = person(dice, name(dice), active=False)
    known = world(users=[who], accounts=[same(who), stranger("x")], links=[link(who.user_name)], target_complete=False)
    return Seeded(known, by_note("The read of the target broke off"))


CASES = (
    Case("C30", "a leaver leads a project", "T, else ask", _leading),
    Case("C31", "the last administrator leaves", "hard stop", _last_administrator),
    Case("C32", "deactivated by hand, active at the IdP", "by rule", _deactivated_by_hand),
    Case("C33", "inactive or deleted at the IdP", "by rule", _gone_at_the_idp),
    Case("C33", "the account was never linked", "left alone, shown", _never_linked),
    Case("C34", "missing from several reads", "deactivate after n misses", _missing),
    Case("C34", "within its grace", "waits, shown", _in_grace),
    Case("C35", "many at once", "hold the class", _mass),
    Case("C35", "the source is empty or broke off", "no removal, shown", _empty_source),
    Case("C37", "an account that hides another", "H, L, N", _shadowed),
    Case("C37", "the linked account is hidden", "H, L", _hidden),
    Case("C37", "a read-only directory", "H, K, N", _read_only),
    Case("C37", "another directory than configured", "H, L, N", _elsewhere),
    Case("C38", "a guest", "X by rule", _guest),
    Case("C41", "another tool takes it back", "H, K, X, R", _flapping),
    Case("C46", "a read that broke off", "nothing planned as removal", _broken_off),
)
LATE = (
    Late("C36", "seats are used up", "asked of the product before each creation; then C36 and the rest goes on", True),
    Late("C40", "edited between plan and apply", "each change is compared with its premise, and planned anew"),
    Late("C42", "push contradicts pull", "one provider has one method: there is no such contradiction at a target"),
    Late("C43", "half done", "each step is kept by itself; what is left is planned anew"),
    Late("C44", "no answer to what was sent", "read back before anything is repeated"),
    Late("C45", "refused again and again", "C45 after three times"),
)
