"""The planner: from everything known to the changes and conflicts that bring a target to where the rules want it.

Pure: the same world and rules give the same plan, in whatever order the world's parts come. Applying a plan and
planning again gives no further change. In stages, each taking values and giving values: what is wanted for users,
groups and memberships; what the reads and the product allow of it; what an admin has undone; what somebody else takes
back again and again; the order; what is protected; and what is too much to do unasked.
"""

from collections.abc import Iterable, Iterator

from core.planning import notes
from core.planning.answers import without_replaced
from core.planning.brakes import brakes
from core.planning.changes import Conflict, Plan
from core.planning.defaults import plan_defaults
from core.planning.groups import plan_groups
from core.planning.limits import within_limits
from core.planning.lookup import Lookup, lookup
from core.planning.memberships import plan_memberships
from core.planning.nesting import cycles
from core.planning.notes import Note
from core.planning.order import ordered, ordered_conflicts
from core.planning.protection import without_protected
from core.planning.repeating import without_repeated
from core.planning.rules import TargetRules
from core.planning.undone import without_undone
from core.planning.users import plan_users
from core.planning.values import World


def plan(world: World, rules: TargetRules) -> Plan:
    """Plan one target: O(n log n) in users, groups and memberships.

    :raises ValueError: when a mapping rule is not valid (`core.planning.mapping.check_rule`).
    """
    world = without_replaced(world, rules.users.answers)
    tables = lookup(world)
    users = plan_users(tables, rules)
    groups = plan_groups(tables, rules.groups)
    defaults = plan_defaults(tables, rules.groups, groups.changes)
    members = plan_memberships(tables, users.holders, groups, defaults, rules.groups)
    possible, impossible = within_limits((*users.changes, *groups.changes, *defaults.changes, *members), world)
    due, undone = without_undone(possible, world)
    due, flapping, left = without_repeated(due, tables, rules.users.answers)
    allowed, protected = without_protected(ordered(due), tables, rules)
    left_out = (*users.notes, *groups.notes, *_cycles(tables, rules), *undone, *left)
    return Plan(
        allowed,
        ordered_conflicts(_once((*users.conflicts, *groups.conflicts, *defaults.conflicts, *flapping, *protected))),
        impossible + notes.sentences(left_out),
        brakes(allowed, tables, rules.brakes),
        users.due,
        groups.about,
        left_out,
    )


def _once(conflicts: Iterable[Conflict]) -> Iterable[Conflict]:
    """A mapping and a default may name the same missing group."""
    return {(conflict.kind, conflict.subject): conflict for conflict in conflicts}.values()


def _cycles(tables: Lookup, rules: TargetRules) -> Iterator[Note]:
    if rules.groups.mode == "off" or rules.groups.nested == "ignore":
        return
    for cycle in cycles(tables):
        names = [group.display_name for group in (*cycle, cycle[0])]
        yield Note(notes.NESTED_CYCLE, " > ".join(names))
