"""B. Names and values: C10 to C1A."""

from dataclasses import replace
from random import Random

from core.planning.rules import TargetRules, UserRules, ValueRule
from core.planning.values import Capabilities, Link, Released

from ..building import CONFLUENCE, group, link, world
from .finding import KEEPS_IDS
from .people import name, person, same, stranger
from .seeds import Case, Late, Seeded, by_note, by_rule, conflict

UNIQUE = Capabilities(names=replace(CONFLUENCE, email_unique=True))
RENAMES = Capabilities(names=CONFLUENCE, rename_user=None)
LOCAL_PART = UserRules(username=ValueRule("userName", match="^([^@]+)@", replace="$1", case="lower"))


def _held(dice: Random) -> Seeded:
    login = name(dice)
    owner, new = person(dice, login), person(dice, login.upper(), id="u-new")
    known = world(users=[owner, new], accounts=[same(owner)], links=[link(login)])
    return Seeded(known, conflict("C10", "user:u-new"))


def _address_of_an_account(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    known = world(users=[who], accounts=[stranger("boss", email=f"{who.user_name}@example.com")], capabilities=UNIQUE)
    return Seeded(known, conflict("C11", f"user:{who.id}"))


def _address_to_be_changed(dice: Random) -> Seeded:
    who, login = person(dice, name(dice)), "boss"
    own = same(who, email="old@example.com")
    boss = stranger(login, email=f"{who.user_name}@example.com")
    known = world(users=[who], accounts=[own, boss], links=[link(who.user_name)], capabilities=UNIQUE)
    return Seeded(known, conflict("C11", f"user:{who.id}"))


def _address_of_two_newcomers(dice: Random) -> Seeded:
    users = [person(dice, f"{name(dice)}-{at}", email="one@example.com") for at in range(2)]
    return Seeded(world(users=users, capabilities=UNIQUE), conflict("C11", f"user:{users[1].id}"))


def _renamed_to_a_taken_name(dice: Random) -> Seeded:
    old, new = name(dice), f"new-{name(dice)}"
    who = person(dice, new, id="u-1")
    known = world(
        users=[who],
        accounts=[stranger(old), stranger(new)],
        links=[Link("u-1", f"a-{old}", old)],
        capabilities=RENAMES,
    )
    return Seeded(known, conflict("C12", "user:u-1"))


def _case_only(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    known = world(users=[who], accounts=[same(who, id="a-1")])
    upper = replace(known.accounts[0], name=who.user_name.upper())
    return Seeded(replace(known, accounts=(upper,)), by_rule("link-account", "users.matching"))


def _folded(dice: Random) -> Seeded:
    login = name(dice)
    users = [person(dice, f"{login}@{place}") for place in ("paris", "rome")]
    return Seeded(world(users=users), conflict("C14", f"user:{users[0].id}"), TargetRules(LOCAL_PART))


def _name_of_one_who_left(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    how = dice.choice(("deleted", "renamed"))
    before = Released(who.user_name, who.user_name, "u-old", "Old", "x-old", "a-old", how, 1)
    return Seeded(world(users=[who], released=[before]), conflict("C15", f"user:{who.id}"))


def _account_of_one_who_left(dice: Random) -> Seeded:
    who = person(dice, name(dice), attributes={"externalId": "x-new"})
    known = world(users=[who], accounts=[same(who, external_id="x-old")], capabilities=KEEPS_IDS)
    return Seeded(known, conflict("C15", f"user:{who.id}"))


def _invalid_name(dice: Random) -> Seeded:
    who = person(dice, f"{name(dice)}{dice.choice('+,<>')}x", email="some@example.com")
    return Seeded(world(users=[who]), conflict("C16", f"user:{who.id}"))


def _invalid_display_name(dice: Random) -> Seeded:
    who = person(dice, name(dice), display_name=dice.choice(("A <b>", "anonymous", "x" * 300)))
    return Seeded(world(users=[who]), conflict("C16", f"user:{who.id}"))


def _invalid_group_name(dice: Random) -> Seeded:
    made = group(dice.choice(("R/D", "a\\b", ".", "x" * 256)))
    return Seeded(world(groups=[made]), conflict("C16", f"group:{made.id}"))


def _no_address(dice: Random) -> Seeded:
    who = person(dice, name(dice), email=None)
    return Seeded(world(users=[who]), conflict("C17", f"user:{who.id}"))


def _no_such_address(dice: Random) -> Seeded:
    who = person(dice, name(dice), email=dice.choice(("nobody", "@x", "a b@c", "a@b@c")))
    return Seeded(world(users=[who]), conflict("C17", f"user:{who.id}"))


def _no_display_name(dice: Random) -> Seeded:
    who = person(dice, name(dice), display_name=None)
    return Seeded(world(users=[who]), conflict("C17", f"user:{who.id}"))


def _unmatched(dice: Random) -> Seeded:
    rule = ValueRule("userName", match="@corp[.]example$", no_match="skip-user")
    known = world(users=[person(dice, name(dice))])
    return Seeded(known, by_note("users.username does not match"), TargetRules(UserRules(username=rule)))


def _frozen(dice: Random) -> Seeded:
    who = person(dice, name(dice))
    own = replace(same(who, email="old@example.com"), directory="LDAP", read_only=True)
    known = world(users=[who], accounts=[own], links=[link(who.user_name)])
    return Seeded(known, conflict("C37", f"user:{who.id}"))


def _no_such_attribute(dice: Random) -> Seeded:
    rules = TargetRules(UserRules(attributes={"department": ValueRule("enterprise.department")}))
    return Seeded(world(users=[person(dice, name(dice))]), by_note("accounts of this product have no such"), rules)


CASES = (
    Case("C10", "the name is another user's", "ask: N L H", _held),
    Case("C11", "an account has the address", "ask: L N K I", _address_of_an_account),
    Case("C11", "the address changes to another account's", "ask: K I", _address_to_be_changed),
    Case("C11", "two newcomers have one address", "ask", _address_of_two_newcomers),
    Case("C12", "renamed to a taken name", "ask: K N H", _renamed_to_a_taken_name),
    Case("C13", "names differ in case alone", "L by itself, no twin", _case_only),
    Case("C14", "a rule makes one name of two", "ask: E N, both wait", _folded),
    Case("C15", "the name was taken from another person", "ask: N, L typed", _name_of_one_who_left),
    Case("C15", "the account keeps another person's id", "ask: N, L typed", _account_of_one_who_left),
    Case("C16", "a user name that is refused", "E N", _invalid_name),
    Case("C16", "a display name that is refused", "E N", _invalid_display_name),
    Case("C16", "a group name that is refused", "E N", _invalid_group_name),
    Case("C17", "no address", "E H X", _no_address),
    Case("C17", "what is no address", "E H X", _no_such_address),
    Case("C17", "no display name", "E H X", _no_display_name),
    Case("C19", "no rule matches", "the configured default, shown", _unmatched),
    Case("C1A", "the values are a directory's (told as C37)", "K E", _frozen),
    Case("C1A", "the product has no such attribute", "shown", _no_such_attribute),
)
LATE = (
    Late("C18", "the domain is not verified", "refused by Atlassian Cloud, then C45: no API tells the domains", True),
)
