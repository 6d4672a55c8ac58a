"""Generated rules and the parts of worlds that they ask for: groups inside groups, groups that were linked and then
renamed, accounts that keep a user's id, and every way of mapping."""

from dataclasses import replace
from random import Random

from hypothesis import strategies as st

from core.planning.names import group_key
from core.planning.rules import (
    AttributeCheck,
    GroupMap,
    GroupRules,
    OnTheFly,
    TargetRules,
    UserRules,
    UserScope,
    ValueRule,
)
from core.planning.values import Account, GroupLink, SourceGroup, World
from tests.core.planning.worlds import GROUP_KEYS, worlds

_SOMEBODY = Account("a-admin", "admin", "admin", "Admin", None, True, frozenset())
"""A product without any account was not read."""
PATTERNS = ("*", "*", "staff*", "D*", "R*")


def rules() -> st.SearchStrategy[TargetRules]:
    """Rules of every kind, as far as they decide which users and groups belong together."""
    return st.builds(_rules, st.integers(0, 2**20))


def rich_worlds() -> st.SearchStrategy[World]:
    """Whole worlds with all that these rules look at."""
    return st.builds(_enriched, worlds(), st.integers(0, 2**20))


def _rules(seed: int) -> TargetRules:
    dice = Random(f"{seed} rich rules")
    matching = dice.choice((("id", "username"), ("username",), ("email", "username"), ("id", "email")))
    username = _username(dice)
    users = UserRules(
        create=dice.random() < 0.8,
        # Of linked users that are to get one name, a plan for touched keys knows those that were touched.
        rename=username.match is None,
        update=dice.random() < 0.8,
        when_inactive=dice.choice(("deactivate", "deactivate", "delete", "keep")),
        when_out_of_scope=dice.choice(("keep", "inactive")),
        matching=matching,  # type: ignore[arg-type]
        alike=dice.choice(("ask", "ignore", "ignore")),
        username=username,
        scope=_scope(dice),
    )
    return TargetRules(users, _groups(dice))


def _username(dice: Random) -> ValueRule:
    if dice.random() < 0.5:
        return ValueRule("userName", case="lower")
    source = dice.choice(("userName", "emails.work", "displayName"))
    return ValueRule(source, match="^([^@]+)", replace=dice.choice(("$1", "${1}", "$1-x")), case="lower")


def _scope(dice: Random) -> UserScope:
    if dice.random() < 0.6:
        return UserScope()
    where = (AttributeCheck("displayName", match="^A"),) if dice.random() < 0.3 else ()
    return UserScope(where, dice.choice(((), ("Staff*", "Dev"))), dice.choice(((), ("Ops",))))


def _groups(dice: Random) -> GroupRules:
    return GroupRules(
        mode=dice.choice(("on-the-fly", "on-the-fly", "on-the-fly", "manual", "off")),
        nested=dice.choice(("flatten", "ignore")),
        default_for_new=dice.choice(((), ("Newcomers",))),
        default_for_all=dice.choice(((), ("Local",))),
        create_missing=dice.random() < 0.5,
        map=tuple(_map(dice) for _ in range(dice.randrange(3))),
        on_the_fly=OnTheFly(
            include=(dice.choice(PATTERNS),),
            exclude=dice.choice(((), ("D*",))),
            match=dice.choice((None, None, None, "^(St|D)")),
            replace=dice.choice(("$0", "$0", "x-$0")),
            no_match=dice.choice(("pass", "skip-group")),
            merge=dice.random() < 0.3,
            create_missing=dice.random() < 0.7,
            keep_existing_groups=dice.random() < 0.6,
        ),
        protect=(),
    )


def _map(dice: Random) -> GroupMap:
    idp = tuple(dice.sample(("Staff", "Dev", "Ops", "St*", "R*"), dice.randrange(1, 3)))
    return GroupMap(idp, (dice.choice(("Staff", "Local", "Dev")),), dice.random() < 0.6)


def _enriched(world: World, seed: int) -> World:
    dice = Random(f"{seed} rich world")
    ids = [group.id for group in world.groups]
    able = replace(world.capabilities, rename_user=None, rename_group=dice.choice((None, "Groups keep their names.")))
    return replace(
        world,
        groups=tuple(replace(group, parents=_some(dice, ids)) for group in world.groups),
        accounts=tuple(
            replace(each, external_id=dice.choice((None, None, "u1", "u2", "x1")))
            for each in (*world.accounts, _SOMEBODY)
        ),
        users=tuple(
            replace(each, attributes={**each.attributes, "externalId": dice.choice(("x1", "x2"))})
            if dice.random() < 0.4
            else each
            for each in world.users
        ),
        group_links=_links(dice, world.groups),
        capabilities=able if dice.random() < 0.7 else world.capabilities,
    )


def _some(dice: Random, ids: list[str]) -> frozenset[str]:
    return frozenset(ident for ident in ids if dice.random() < 0.2)


def _links(dice: Random, groups: tuple[SourceGroup, ...]) -> tuple[GroupLink, ...]:
    """Mostly to the target group of the group's name, sometimes to one of a former name."""
    keys = [(group, dice.choice((group_key(group.display_name), dice.choice(GROUP_KEYS)))) for group in groups]
    return tuple(GroupLink(group.id, key, group.display_name) for group, key in keys if dice.random() < 0.5)
