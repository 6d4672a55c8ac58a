"""A. Finding the right object: C01 to C08."""

from random import Random

from core.planning.rules import TargetRules, UserRules, ValueRule
from core.planning.values import Capabilities

from ..building import CONFLUENCE, link, world
from .people import name, person, same, stranger
from .seeds import Case, Seeded, by_rule, conflict

KEEPS_IDS = Capabilities(names=CONFLUENCE, attributes=frozenset({"externalId"}))


def _namesake(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    known = world(users=[who], accounts=[stranger(who.user_name)])
    return Seeded(known, conflict("C01", f"user:{who.id}"), TargetRules(UserRules(matching=("id",))))


def _several(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    accounts = [stranger(f"local{at}", email=f"{who.user_name}@example.com") for at in range(2 + dice.randrange(3))]
    return Seeded(
        world(users=[who], accounts=accounts),
        conflict("C02", f"user:{who.id}"),
        TargetRules(UserRules(matching=("email",))),
    )


def _shared(dice: Random) -> Seeded:
    users = [person(dice, f"{name(dice)}-{at}", email="one@example.com") for at in range(2 + dice.randrange(3))]
    known = world(users=users, accounts=[stranger("local", email="one@example.com")])
    return Seeded(known, conflict("C03", f"user:{users[0].id}"), TargetRules(UserRules(matching=("email",))))


def _same_display_name(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    shown = who.attributes["displayName"].upper()
    return Seeded(
        world(users=[who], accounts=[stranger("old.login", display_name=shown)]), conflict("C04", f"user:{who.id}")
    )


def _same_address(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    known = world(users=[who], accounts=[stranger("old.login", email=f"{who.user_name.upper()}@example.com")])
    return Seeded(known, conflict("C04", f"user:{who.id}"))


def _named_like_the_address(dice: Random) -> Seeded:
    who = person(dice, f"{name(dice)}@example.com", email=f"known{dice.randrange(9)}@example.com")
    local = who.attributes["emails.work"].partition("@")[0]
    return Seeded(world(users=[who], accounts=[stranger(local)]), conflict("C04", f"user:{who.id}"))


def _no_name(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    rules = TargetRules(UserRules(username=ValueRule("enterprise.employeeNumber")))
    return Seeded(world(users=[who]), conflict("C05", f"user:{who.id}"), rules)


def _vanished(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    return Seeded(world(users=[who], links=[link(who.user_name)]), conflict("C06", f"user:{who.id}"))


def _made_again(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    again = same(who, id="a-again")
    return Seeded(world(users=[who], accounts=[again], links=[link(who.user_name)]), conflict("C06", f"user:{who.id}"))


def _of_another_idp(dice: Random) -> Seeded:
    who = person(dice, name(dice), attributes={"externalId": "x-1"})
    owned = same(who, external_id=f"other-idp-{dice.randrange(99)}")
    return Seeded(world(users=[who], accounts=[owned], capabilities=KEEPS_IDS), conflict("C15", f"user:{who.id}"))


def _returning(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    known = world(users=[who], accounts=[same(who, active=False)], links=[link(who.user_name)])
    return Seeded(known, by_rule("reactivate-account", "users.reactivate"))


CASES = (
    Case("C01", "an account of the name, no rule links by it", "ask: L N X", _namesake),
    Case("C02", "several accounts with the address", "ask: L(choice) N H E", _several),
    Case("C03", "several users with the address of one account", "ask: L(one), H the others", _shared),
    Case("C04", "the same display name", "ask with score: L N", _same_display_name),
    Case("C04", "the same address, which matches nobody", "ask with score: L N", _same_address),
    Case("C04", "named like the address", "ask with score: L N", _named_like_the_address),
    Case("C05", "the attribute is missing", "H E X", _no_name),
    Case("C06", "the linked account is gone", "ask: N L X", _vanished),
    Case("C06", "another one has its name now", "ask: L X", _made_again),
    Case("C07", "the account keeps another application's id (told as C15)", "H, L, N", _of_another_idp),
    Case("C08", "a leaver comes back", "L and reactivate, by rule", _returning),
)
