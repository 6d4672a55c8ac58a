"""The rules about a user's memberships, asked one by one: what gives each, and what would end it."""

from collections.abc import Iterator
from dataclasses import replace

from core.planning.explaining import NOTHING, Basis, Step, coming, protection, verdict
from core.planning.explaining_groups import (
    concerned,
    default_steps,
    group_record,
    keeping_rule,
    name_of,
    on_the_fly_steps,
)
from core.planning.names import group_key
from core.planning.nesting import groups_around, through
from core.planning.user_decisions import Holder
from core.planning.values import SourceGroup, SourceUser
from core.planning.wording import called


def explain_membership(found: Basis, user_id: str, key: str) -> tuple[Step, ...]:
    """Every rule that is asked about a user's membership in a target group."""
    user = found.lookup.users[user_id]
    holder = next((each for each in found.users.holders if each.user.id == user_id), None)
    account = found.account_of(user_id)
    names = (account.name,) if account else ()
    return (
        _account(user, holder),
        *_giving(found, user, key),
        *default_steps(found, key, is_holder=holder is not None, is_new=holder is not None and holder.is_new),
        *_present(found, user_id, key),
        protection("users.protect", found.rules.users.protect, names),
        protection("groups.protect", found.rules.groups.protect, (name_of(found, key),)),
    )


def explain_memberships(found: Basis, user_id: str) -> tuple[Step, ...]:
    """Of every target group that an account is in, or that a rule puts it into, what gives the membership."""
    user, account = found.lookup.users[user_id], found.account_of(user_id)
    has = account.groups or frozenset() if account else frozenset[str]()
    fed = {each.key for group_id in found.groups_of(user) for each in found.feeding.fed.get(group_id, ())}
    is_holder = any(each.user.id == user_id for each in found.users.holders)
    keys = has | fed | set(found.defaults.for_all) if is_holder else has
    return tuple(_membership(found, user, key, is_member=key in has) for key in sorted(keys))


def coming_for_membership(found: Basis, user_id: str, key: str) -> tuple[Step, ...]:
    """What the next plan would do about a user's membership in a target group."""
    theirs = [change for change in found.plan.changes if change.user_id == user_id]
    changes = [change for change in theirs if group_key(change.group or "") == key]
    subjects = {f"user:{user_id}", f"target-group:{key}"} | {f"group:{group_id}" for group_id in concerned(found, key)}
    return tuple(coming(found, changes, frozenset(subjects), frozenset())) or (NOTHING,)


def _account(user: SourceUser, holder: Holder | None) -> Step:
    if holder is None:
        text = "has no account whose memberships are planned now: see what is explained of the account."
        return Step("users", "no", f"{called(user)} {text}")
    if user.deleted:
        return Step("users", "no", f"{called(user)} is deleted at the IdP, and wants no membership.")
    return Step("users", "yes", f"The account of {called(user)} is '{holder.account_name}'.")


def _giving(found: Basis, user: SourceUser, key: str) -> Iterator[Step]:
    """Which IdP groups give the membership, and which would, were the user in them."""
    if found.rules.groups.mode == "off":
        yield Step("groups.mode", "no", 'It is "off": the IdP\'s groups are left alone.')
        return
    names, around = found.groups_of(user), groups_around(found.lookup)
    sources = concerned(found, key)
    if not sources:
        yield Step(found.feeding.rule, "no", "No IdP group feeds it, did so, or has its name.")
    for group in sources.values():
        feeds = any(each.key == key for each in found.feeding.fed.get(group.id, ()))
        if not feeds:
            yield from _unfed(found, group, key)
        elif group.id in names:
            inner = through(user, group.id, around)
            via = f" through '{found.lookup.groups[inner].display_name}'" if inner else ""
            text = f"IdP group '{group.display_name}' has this user as a member{via}, and feeds it."
            yield Step(found.feeding.rule, "yes", text, None, group.exchange)
        else:
            text = f"IdP group '{group.display_name}' feeds it, and does not have this user as a member."
            yield Step(found.feeding.rule, "no", text, None, group.exchange)


def _membership(found: Basis, user: SourceUser, key: str, *, is_member: bool) -> Step:
    """The first that gives a membership, in one sentence."""
    state = f"{'In' if is_member else 'Not yet in'} '{name_of(found, key)}'"
    giving = [*_giving(found, user, key), *default_steps(found, key, is_holder=True, is_new=False)]
    first = next((step for step in giving if step.verdict == "yes" and step.rule != "record"), None)
    if first is not None:
        return replace(first, text=f"{state}: {first.text}")
    account = found.account_of(user.id)
    is_managed = account is not None and key in found.lookup.managed(account.id)
    whose = "manciple added it, and no rule gives it any more" if is_managed else "no rule gives it"
    return Step("groups", "no", f"{state}: {whose}.")


def _unfed(found: Basis, group: SourceGroup, key: str) -> Iterator[Step]:
    yield group_record(group)
    if not group.deleted and found.rules.groups.mode == "on-the-fly":
        yield from (step for step in on_the_fly_steps(found, group, key) if step.verdict == "no")
    elif not group.deleted:
        yield Step("groups.map", "no", f"No [[target.groups.map]] gives it the members of '{group.display_name}'.")


def _present(found: Basis, user_id: str, key: str) -> Iterator[Step]:
    account = found.account_of(user_id)
    if account is None:
        return
    is_managed = key in found.lookup.managed(account.id)
    if key not in (account.groups if account.groups is not None else found.lookup.managed(account.id)):
        again = ", and manciple added it once: somebody took it out" if is_managed else ""
        yield Step("member", "no", f"'{account.name}' is not in it{again}.")
        return
    whose = "manciple added it" if is_managed else "manciple did not add it"
    yield Step("member", "yes", f"'{account.name}' is in it; {whose}.")
    if key in found.feeding.frozen:
        yield Step("groups", "n/a", "Nobody is taken out while a conflict about the group is open.")
    elif is_managed:
        yield Step("groups", "yes", "It is taken out once no rule gives the membership any more.")
    else:
        is_kept = key not in found.feeding.emptied
        text = "It stays, since manciple did not add it." if is_kept else "It is off: no membership stays by itself."
        yield Step(keeping_rule(found), verdict(is_kept), text)
