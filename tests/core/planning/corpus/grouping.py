"""C. Groups: C20 to C2A."""

from dataclasses import replace
from random import Random

from core.planning.rules import GroupMap, GroupRules, OnTheFly, TargetRules, UserScope
from core.planning.rules import UserRules as Users
from core.planning.values import Capabilities, GroupLink

from ..building import CONFLUENCE, group, group_link, link, target_group, world
from .people import name, person, same, stranger
from .seeds import Case, Late, Seeded, by_note, by_rule, conflict

KEEPING = Capabilities(names=replace(CONFLUENCE, kept_groups=("site-admins", "jira-users", "jira-users-*")))
NAMES = ("Staff", "Crew", "Sales", "Legal", "Press")


def _same_name_other_members(dice: Random) -> Seeded:
    title = dice.choice(NAMES)
    local = stranger("local", groups=[title.lower()])
    known = world(groups=[group(title)], target_groups=[target_group(title)], accounts=[local], group_links=())
    return Seeded(known, by_rule("link-group", "groups.on_the_fly"))


def _of_the_product(dice: Random) -> Seeded:
    made = group(dice.choice(("Site-Admins", "jira-users", "jira-users-acme")))
    return Seeded(world(groups=[made], capabilities=KEEPING), conflict("C21", f"group:{made.id}"))


def _of_the_product_by_hand(dice: Random) -> Seeded:
    rules = GroupRules(mode="manual", create_missing=True, map=(GroupMap(("Staff",), ("site-admins",)),))
    known = world(groups=[group("Staff")], capabilities=KEEPING)
    return Seeded(known, conflict("C21", "target-group:site-admins"), TargetRules(groups=rules))


def _namesakes(dice: Random) -> Seeded:
    title = dice.choice(NAMES)
    groups = [group(title, id="g-1"), group(title.upper(), id="g-2")]
    return Seeded(world(groups=groups), conflict("C22", "group:g-1"))


def _folded(dice: Random) -> Seeded:
    title = dice.choice(NAMES)
    groups = [group(f"{place}-{title}") for place in ("paris", "rome")]
    rules = GroupRules(on_the_fly=OnTheFly(match="^[a-z]+-(.+)$", replace="$1"))
    return Seeded(world(groups=groups), conflict("C23", f"group:{groups[0].id}"), TargetRules(groups=rules))


def _missing_target(dice: Random) -> Seeded:
    title = dice.choice(NAMES)
    rules = GroupRules(mode="manual", map=(GroupMap((title,), ("Local",)),))
    return Seeded(world(groups=[group(title)]), conflict("C24", "target-group:local"), TargetRules(groups=rules))


def _missing_default(dice: Random) -> Seeded:
    rules = GroupRules(default_for_all=(dice.choice(NAMES),))
    key = rules.default_for_all[0].lower()
    return Seeded(world(), conflict("C24", f"target-group:{key}"), TargetRules(groups=rules))


def _missing_source(dice: Random) -> Seeded:
    rules = GroupRules(mode="manual", map=(GroupMap(("Gone",), ("Local",)),))
    known = world(groups=[group(dice.choice(NAMES))], target_groups=[target_group("Local")])
    return Seeded(known, conflict("C25", "target-group:local"), TargetRules(groups=rules))


def _renamed(dice: Random) -> Seeded:
    old, new = dice.sample(NAMES, 2)
    able = Capabilities(names=CONFLUENCE, rename_group=None)
    known = world(
        groups=[group(new, id="g-1")],
        target_groups=[target_group(old)],
        group_links=[GroupLink("g-1", old.lower(), old)],
        capabilities=able,
    )
    return Seeded(known, by_rule("rename-group", "groups.on_the_fly"))


def _renamed_where_none_can_be(dice: Random) -> Seeded:
    old, new = dice.sample(NAMES, 2)
    known = world(
        groups=[group(new, id="g-1")],
        target_groups=[target_group(old)],
        group_links=[GroupLink("g-1", old.lower(), old)],
    )
    return Seeded(known, by_note("Keep their names."))


def _renamed_to_a_taken_name(dice: Random) -> Seeded:
    old, new = dice.sample(NAMES, 2)
    able = Capabilities(names=CONFLUENCE, rename_group=None)
    known = world(
        groups=[group(new, id="g-1")],
        target_groups=[target_group(old), target_group(new)],
        group_links=[GroupLink("g-1", old.lower(), old)],
        capabilities=able,
    )
    return Seeded(known, conflict("C26", "group:g-1"))


def _twin_of_a_renamed_one(dice: Random) -> Seeded:
    old, new = dice.sample(NAMES, 2)
    known = world(
        groups=[group(new, id="g-1"), group(old, id="g-2")],
        target_groups=[target_group(old)],
        group_links=[GroupLink("g-1", old.lower(), old)],
    )
    return Seeded(known, conflict("C26", "group:g-2"))


def _loop(dice: Random) -> Seeded:
    one, other = dice.sample(NAMES, 2)
    groups = [group(one, parents=[f"g-{other}"]), group(other, parents=[f"g-{one}"])]
    return Seeded(world(groups=groups), by_note("IdP groups inside each other"))


def _member_out_of_scope(dice: Random) -> Seeded:
    who = person(dice, name(dice), groups=["g-Staff"])
    rules = TargetRules(Users(scope=UserScope(groups=("Nobody",))))
    return Seeded(world(users=[who], groups=[group()]), by_note("they are out of scope"), rules)


def _protected_group(dice: Random) -> Seeded:
    title = f"{dice.choice(NAMES).lower()}-administrators"
    who = person(dice, name(dice), groups=[f"g-{title}"])
    known = world(
        users=[who],
        groups=[group(title)],
        target_groups=[target_group(title)],
        accounts=[same(who)],
        links=[link(who.user_name)],
        group_links=[group_link(title)],
    )
    return Seeded(known, conflict("C29", f"group:g-{title}"))


def _protected_account(dice: Random) -> Seeded:
    who = person(dice, f"svc-{name(dice)}")
    return Seeded(world(users=[who]), conflict("C29", f"user:{who.id}"), TargetRules(Users(protect=("svc-*",))))


CASES = (
    Case("C20", "the group is there with others in it", "M by rule: members stay", _same_name_other_members),
    Case("C21", "a group of the product itself", "N E X", _of_the_product),
    Case("C21", "the same, named by hand", "E H", _of_the_product_by_hand),
    Case("C22", "two IdP groups of one name", "E N M", _namesakes),
    Case("C23", "a rule makes one name of two", "M E X", _folded),
    Case("C24", "a mapping names a group that is not there", "ask: N E", _missing_target),
    Case("C24", "a default group that is not there", "ask: N E", _missing_default),
    Case("C25", "a mapping names an IdP group that is gone", "H E A", _missing_source),
    Case("C26", "renamed at the IdP", "rename by rule, no twin", _renamed),
    Case("C26", "renamed, where the product renames none", "keep the name, shown", _renamed_where_none_can_be),
    Case("C26", "renamed to a taken name", "ask: K H E", _renamed_to_a_taken_name),
    Case("C26", "a new group has the old name", "ask, no twin", _twin_of_a_renamed_one),
    Case("C27", "groups inside each other", "flatten, report the cycle", _loop),
    Case("C28", "a member that is out of scope", "shown, waits", _member_out_of_scope),
    Case("C29", "a protected group would change", "H A", _protected_group),
    Case("C29", "a protected account would change", "H A", _protected_account),
)
LATE = (Late("C2A", "a group over the product's limit", "refused by the product, then C45: limits are not told", True),)
