"""Default groups: target groups that new accounts are put into once, and those that everybody is in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.planning import group_changes, group_conflicts
from core.planning.changes import Change, ChangeKind, Conflict
from core.planning.feeding import Fed
from core.planning.lookup import Lookup
from core.planning.names import check_group_name, group_key, is_kept_group, normalised
from core.planning.rules import GroupRules

FOR_ALL = "groups.default_for_all"
FOR_NEW = "groups.default_for_new"


@dataclass(frozen=True, slots=True)
class Defaults:
    """The default groups that are there, or that this plan creates, by key."""

    for_all: Mapping[str, Fed]
    for_new: Mapping[str, Fed]
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def plan_defaults(lookup: Lookup, rules: GroupRules, planned: Sequence[Change]) -> Defaults:
    """Plan the default groups; `planned` are the changes of groups that are planned already.

    One that a group is renamed to by this plan is there for the next.
    """
    names = {group_key(change.group or ""): change.group or "" for change in planned}
    coming = {group_key(str(each.after["name"])) for each in planned if each.kind == ChangeKind.RENAME_GROUP}
    names |= {key: group.name for key, group in lookup.target_groups.items()}
    changes: list[Change] = []
    found: dict[str, Conflict] = {}
    for rule, wanted in ((FOR_ALL, rules.default_for_all), (FOR_NEW, rules.default_for_new)):
        for name in map(normalised, wanted):
            key = group_key(name)
            if key in names or key in found or key in coming:
                continue
            problem = check_group_name(name, lookup.world.capabilities.names)
            if problem is not None:
                is_kept = is_kept_group(name, lookup.world.capabilities.names)
                found[key] = group_conflicts.invalid_target_group(key, name, problem, rule, is_kept=is_kept)
            elif rules.create_missing or key in rules.answers.created:
                names[key] = name
                changes.append(group_changes.creation_by_rule(name, rule))
            else:
                found[key] = group_conflicts.group_missing(key, name, rule)
    return Defaults(
        _there(rules.default_for_all, names),
        _there(rules.default_for_new, names),
        tuple(changes),
        tuple(found.values()),
    )


def _there(wanted: Iterable[str], names: Mapping[str, str]) -> Mapping[str, Fed]:
    keys = dict.fromkeys(map(group_key, wanted))
    return {key: Fed(key, names[key]) for key in keys if key in names}
