"""What is mapped on the fly, and three target groups followed through the rules: of a plan, for the preview."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.planning.changes import ChangeKind, Conflict, Plan
from core.planning.defaults import Defaults
from core.planning.explaining import Basis, Step
from core.planning.explaining_groups import explain_group, name_of
from core.planning.groups import plan_groups
from core.planning.lookup import Lookup
from core.planning.names import group_key
from core.planning.on_the_fly import made_name
from core.planning.rules import OnTheFly, TargetRules
from core.planning.users import UserPlan
from core.planning.values import SourceGroup
from tui.counting import counted
from tui.screens.group_sync_sides import AtTarget, Sides

SAMPLES = 3
SHOWN = 60
"""Groups that are listed at most."""
_ORDER = ("conflict", "created", "missing", "left out", "there")


@dataclass(frozen=True, slots=True)
class Mapped:
    """An IdP group that is mapped on the fly."""

    name: str
    becomes: str
    state: str
    """`conflict`, `created`, `missing` (and not created), `left out`, or `there`."""
    text: str
    """Of a conflict its title; of one that is there, what it is called where that is otherwise."""


@dataclass(frozen=True, slots=True)
class Fly:
    """What is mapped on the fly."""

    matching: int
    of: int
    counts: dict[str, int]
    """How many there are of each state."""
    shown: Sequence[Mapped]


@dataclass(frozen=True, slots=True)
class Followed:
    """One target group, and what the rules say."""

    key: str
    name: str
    members: str
    steps: Sequence[Step]


def on_the_fly(tables: Lookup, rules: OnTheFly, conflicts: Iterable[Conflict], of: Sides) -> Fly:
    """What becomes of each IdP group that is mapped on the fly; those first that need a look."""
    told = {each.group_id: each for each in conflicts if each.group_id is not None}
    mapped = [_mapped(tables, rules, each.group, told.get(each.group.id)) for each in of.mapped(rules)]
    counts = Counter(each.state for each in mapped)
    shown = sorted(mapped, key=lambda each: _ORDER.index(each.state))[:SHOWN]
    return Fly(len(mapped), len(of.idp), dict(counts), shown)


def _mapped(tables: Lookup, rules: OnTheFly, group: SourceGroup, conflict: Conflict | None) -> Mapped:
    made = made_name(group, rules)
    if conflict is not None:
        return Mapped(group.display_name, made or "", "conflict", f"{conflict.kind} {conflict.title}")
    if made is None:
        return Mapped(group.display_name, "", "left out", "match does not match")
    fed = [tables.target_groups[key] for key in sorted(tables.fed_by(group.id)) if key in tables.target_groups]
    there = tables.target_groups.get(group_key(made)) or (fed[0] if fed else None)
    if there is None:
        return Mapped(group.display_name, made, "created" if rules.create_missing else "missing", "")
    return Mapped(group.display_name, made, "there", f"called {there.name}" if there.name != made else "")


def followed(tables: Lookup, rules: TargetRules, plan: Plan, of: Sides, keys: Sequence[str]) -> tuple[Followed, ...]:
    """Three target groups: those with these keys, else those whose members change most."""
    groups = {each.key: each for each in (*of.targets, *of.new.values())}
    kept = [groups[key] for key in keys if key in groups]
    busy = sorted(groups.values(), key=lambda each: (-len(each.problems), -(each.added + each.removed), each.key))
    chosen = [*kept, *(each for each in busy if each not in kept)][:SAMPLES]
    feeding = plan_groups(tables, rules.groups)
    # What is asked about a group is decided without users, whose part is the costly one.
    basis = Basis(tables.world, rules, tables, UserPlan((), (), (), (), {}), feeding, Defaults({}, {}), plan, {})
    created = {group_key(change.group or "") for change in plan.changes if change.kind == ChangeKind.CREATE_GROUP}
    return tuple(_explained(basis, each, is_created=each.key in created) for each in chosen)


def _explained(basis: Basis, group: AtTarget, *, is_created: bool) -> Followed:
    """The rules about a target group; of its members only how many come and go."""
    steps = tuple(step for step in explain_group(basis, group.key) if step.verdict != "n/a")
    members = "is created" if is_created else "" if group.members is None else counted(group.members, "member")
    deltas = f"+{group.added:,} -{group.removed:,}" if group.added or group.removed else "no change of members"
    said = ", ".join(part for part in (members, deltas, *group.problems) if part)
    return Followed(group.key, name_of(basis, group.key), said, steps)
