"""What a target would come to by rules that are not saved yet: planned on the store alone, for all users and groups.

Nothing is asked of the target, and nothing is kept. What leavers lead is not known here: it is planned as if they led
nothing, as it is in explanations.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from core.apply.observing import Observation
from core.apply.worlds import Setting, group_keys, whole_world
from core.planning.answers import with_answers
from core.planning.changes import Plan
from core.planning.plan import plan
from core.planning.rules import TargetRules
from core.planning.values import World
from core.store import answers, observed, origins, runs, sources


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan by some rules, and what it was made from."""

    world: World
    """Users, groups, accounts and target groups, as the store last saw them."""
    plan: Plan
    """Everything that the rules would change, for all users and groups."""
    rules: TargetRules
    """The rules, with the answers that stand."""
    seen_at: int | None
    """When the target was last read whole; milliseconds since 1970-01-01 UTC. `None`: never, so that only accounts are
    known that pushes led to."""
    unread: tuple[str, ...] = ()
    """Names of the target groups whose members decide something by these rules and were never read: everybody is
    planned into these, also who is in them already."""


def tried(connection: Connection, setting: Setting) -> Trial:
    """The plan by the rules of `setting`, with the answers of admins that stand: O(n log n) in users and memberships.

    100,000 users take some seconds: to be run in a thread.

    :raises ValueError: when a mapping rule is not valid (`core.planning.mapping.check_rule`).
    """
    rules = with_answers(setting.rules, answers.standing(connection, setting.target))
    setting = replace(setting, rules=rules)
    groups = sources.all_groups(connection, setting.provider)
    world = whole_world(connection, setting, groups, _last_seen(connection, setting.target), leads=())
    read = runs.last_whole(connection, setting.target)
    unread = _unread(connection, setting, world)
    return Trial(world, plan(world, rules), rules, None if read is None else read.started_at, unread)


def _last_seen(connection: Connection, target: str) -> Observation:
    """All that the store remembers of a target."""
    # What an observation of nothing would not have seen: everything.
    ids, keys = observed.unseen(connection, target, (), ())
    groups_of = observed.groups_of(connection, target, ids)
    accounts = (
        replace(account, groups=frozenset(groups_of.get(account.id, ())))
        for account in observed.accounts(connection, target, ids)
    )
    return Observation(tuple(accounts), tuple(observed.fresh_groups(connection, target, keys, 0)))


def _unread(connection: Connection, setting: Setting, world: World) -> tuple[str, ...]:
    """Those groups of the target that the rules fill, whose members were never counted, and that are not our own."""
    decided = group_keys(connection, setting.target, world.groups, setting.rules)
    uncounted = (each for each in world.target_groups if each.key in decided and each.key not in world.totals.members)
    found = ((each.name, origins.of_group(connection, setting.target, each.key)) for each in uncounted)
    return tuple(sorted(name for name, known in found if known is not None and not known.created_by_us))
