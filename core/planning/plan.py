"""The planner: from everything known to the changes and conflicts that bring a target to where the rules want it.

Pure: the same world and rules give the same plan, in whatever order the world's parts come. Applying a plan and
planning again gives no further change. In stages, each taking values and giving values: what is wanted for users,
groups and memberships; what the reads and the product allow of it; what an admin has undone; the order; what is
protected; and what is too much to do unasked.
"""

from core.planning import notes
from core.planning.brakes import brakes
from core.planning.changes import Plan
from core.planning.groups import plan_groups
from core.planning.limits import within_limits
from core.planning.lookup import lookup
from core.planning.memberships import plan_memberships
from core.planning.order import ordered, ordered_conflicts
from core.planning.protection import without_protected
from core.planning.rules import TargetRules
from core.planning.undone import without_undone
from core.planning.users import plan_users
from core.planning.values import World


def plan(world: World, rules: TargetRules) -> Plan:
    """Plan one target: O(n log n) in users, groups and memberships.

    :raises ValueError: when a mapping rule is not valid (`core.planning.mapping.check_rule`).
    """
    tables = lookup(world)
    users = plan_users(tables, rules)
    wanted, conflicts, left_out = users.changes, users.conflicts, users.notes
    if rules.groups.mode != "off":
        groups = plan_groups(tables, rules.groups)
        members = plan_memberships(tables, users.holders, groups, rules.groups)
        wanted += groups.changes + members
        conflicts += groups.conflicts
        left_out += groups.notes
    possible, impossible = within_limits(wanted, world)
    due, undone = without_undone(possible, world)
    allowed, protected = without_protected(ordered(due), tables, rules)
    return Plan(
        allowed,
        ordered_conflicts(conflicts + protected),
        impossible + notes.sentences(left_out + undone),
        brakes(allowed, tables, rules.brakes),
        users.due,
    )
