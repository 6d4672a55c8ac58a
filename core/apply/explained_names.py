"""What a name stands for at a target and its provider: a user, an account, a group."""

from dataclasses import dataclass

from sqlalchemy import Connection

from core.apply.rivals import mapped_to
from core.apply.worlds import Setting
from core.planning.names import account_key, group_key
from core.planning.on_the_fly import made_name
from core.store import group_links, links, observed, origins, sources


@dataclass(frozen=True, slots=True)
class Subject:
    """What a name stands for: a user, with or without an account; an account, with or without a user."""

    user_id: str | None
    account_id: str | None


def account_named(connection: Connection, setting: Setting, name: str) -> Subject | None:
    """The user or account of this name: a userName, the name of an account, there or to be made, or a user's id; `None`
    where it is nowhere. A living user goes before an account, and that before a user who is deleted."""
    target = setting.target
    living = sources.user_named(connection, setting.provider, name)
    if living is not None:
        return _of_user(connection, target, living)
    key = account_key(name)
    ids = observed.with_names(connection, target, {key})
    ids |= {link.account_id for link in links.of_names(connection, target, {key})}
    for account_id in sorted(ids):
        linked = links.of_accounts(connection, target, {account_id})
        return Subject(linked[0].user_id if linked else _wanting(connection, setting, key), account_id)
    if (wanting := _wanting(connection, setting, key)) is not None:
        return Subject(wanting, None)
    called = origins.users_called(connection, setting.provider, name)
    called += [user.id for user in sources.users(connection, setting.provider, [name])]
    return _of_user(connection, target, called[0]) if called else None


def group_named(connection: Connection, setting: Setting, name: str) -> str | None:
    """The key of the target group of this name, or of the one that the IdP group of this name feeds or would feed;
    `None` where it is nowhere."""
    key = group_key(name)
    if observed.fresh_groups(connection, setting.target, {key}, 0):
        return key
    if group_links.of_keys(connection, setting.target, {key}):
        return key
    named = sources.groups_named(connection, setting.provider, {name})
    rules = setting.rules.groups
    fed = group_links.of_groups(connection, setting.target, [group.id for group in named])
    if fed:
        return min(link.group_key for link in fed)
    wanted = [*rules.default_for_all, *rules.default_for_new, *(name for each in rules.map for name in each.target)]
    if named and rules.mode == "on-the-fly":
        return group_key(made_name(named[0], rules.on_the_fly) or name)
    return key if named or key in map(group_key, wanted) else None


def _wanting(connection: Connection, setting: Setting, key: str) -> str | None:
    """Id of an active user without an account whose account would have this name."""
    rule = setting.rules.users.username
    return min(mapped_to(connection, setting.provider, setting.target, rule, {key}, account_key), default=None)


def _of_user(connection: Connection, target: str, user_id: str) -> Subject:
    linked = links.of_users(connection, target, {user_id})
    return Subject(user_id, linked[0].account_id if linked else None)
