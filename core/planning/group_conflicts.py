"""Conflicts about which target group an IdP group feeds, and about target groups that rules name."""

from collections.abc import Sequence
from itertools import islice

from core.planning import resolutions, stakes
from core.planning.changes import Conflict, Resolution
from core.planning.conflicts import of_group
from core.planning.values import SourceGroup
from core.planning.wording import counted, listed

_SHOWN = 20


def folded_groups(group: SourceGroup, name: str, others: Sequence[SourceGroup], key: str) -> Conflict:
    """C23: IdP groups of different names become one target group, of this key. `others` are all of them, this one
    too."""
    rest, total = (other for other in others if other.id != group.id), len(others) - 1
    names = [f"'{other.display_name}'" for other in islice(rest, _SHOWN)]
    few = listed(names, total)
    return of_group(
        "C23",
        group,
        f"{counted(len(others), 'IdP group')} become '{name}'",
        f"The rule makes '{name}' of '{group.display_name}' and of {few}. Its members stay as they are.",
        {"group name": name, "IdP group": group.display_name, "others": listed(names, total, _SHOWN)},
        (
            resolutions.HOLD,
            resolutions.merge(f"Puts the members of all of them into '{name}'.", name),
            resolutions.other_name("Map to another name", "Maps this group to a name you give.", "group-name"),
            resolutions.edit_mapping("groups.on_the_fly"),
            resolutions.SKIP_ALWAYS_GROUP,
        ),
        {stakes.group(key)},
    )


def group_missing(key: str, name: str, rule: str) -> Conflict:
    """C24: a rule names a target group that is not there."""
    return _of_target_group(
        "C24",
        key,
        f"There is no group '{name}' at the target",
        f"{rule} names '{name}', which is not there, and groups.create_missing is off. Its members wait.",
        {"group": name, "rule": rule},
        (
            resolutions.HOLD,
            Resolution("N", "Create it", f"Creates the group '{name}' and adds its members.", None, name),
            resolutions.edit_mapping(rule),
        ),
    )


def source_missing(key: str, name: str, missing: Sequence[str]) -> Conflict:
    """C25: a mapping names IdP groups that the provider does not have, or has no more."""
    names = listed([f"'{each}'" for each in missing], shown=_SHOWN)
    return _of_target_group(
        "C25",
        key,
        f"IdP groups of '{name}' are not there",
        f"groups.map gives '{name}' the members of {names}, which the provider does not have. Nobody is taken out of "
        "it meanwhile.",
        {"group": name, "missing": names},
        (
            resolutions.HOLD,
            resolutions.edit_mapping("groups.map"),
            resolutions.approve_once("Takes those out, this once, who are in none of its IdP groups any more.", name),
        ),
    )


def name_of_another(group: SourceGroup, target_group: str, owner: SourceGroup) -> Conflict:
    """C26: an IdP group has a name by which another one feeds a target group: that one was renamed."""
    return of_group(
        "C26",
        group,
        f"'{target_group}' belongs to another IdP group",
        f"IdP group '{owner.display_name}' feeds '{target_group}' since it was called so itself. This other group of "
        "that name gives it no members.",
        {"group": target_group, "IdP group": group.display_name, "fed by": owner.display_name},
        (
            resolutions.HOLD,
            resolutions.other_name("Map to another name", "Maps this group to a name you give.", "group-name"),
            resolutions.merge(f"Puts the members of both into '{target_group}'.", target_group),
            resolutions.SKIP_ALWAYS_GROUP,
        ),
        {stakes.group(target_group)},
    )


def new_group_name_taken(group: SourceGroup, old: str, new: str, rival: SourceGroup | None) -> Conflict:
    """C26: the target group is to follow its IdP group to a name that another target group has, or that the rule makes
    of `rival` too."""
    taken = (
        f"IdP group '{rival.display_name}' becomes '{new}' too" if rival else f"the target has another group '{new}'"
    )
    return of_group(
        "C26",
        group,
        f"'{old}' cannot be renamed to '{new}'",
        f"IdP group '{group.display_name}' feeds '{old}', and {taken}. The members of '{old}' stay as they are.",
        {"group": old, "new name": new, "IdP group": group.display_name},
        (
            resolutions.keep_name(old),
            resolutions.HOLD,
            resolutions.edit_mapping("groups.on_the_fly"),
        ),
        {stakes.group(new)} | ({stakes.source_group(rival.id)} if rival else set()),
    )


def group_of_the_product(group: SourceGroup, name: str, proposed: str) -> Conflict:
    """C21: an IdP group has the name of a group that the product made itself, which gives access or administers."""
    return of_group(
        "C21",
        group,
        f"'{name}' is a group of the product itself",
        f"'{name}' gives access to the product, or administers it, and is not taken over by IdP group "
        f"'{group.display_name}'. Its members wait with it.",
        {"group name": name, "IdP group": group.display_name, "proposed": proposed},
        (
            resolutions.other_name(
                "Map to another name",
                f"Puts its members into a group of their own, such as '{proposed}'; give that one access there.",
                "group-name",
                proposed,
            ),
            resolutions.edit_mapping("groups.on_the_fly"),
            resolutions.SKIP_ALWAYS_GROUP,
        ),
    )


def invalid_target_group(key: str, name: str, problem: str, rule: str, *, is_kept: bool) -> Conflict:
    """C16: the product refuses the name of a target group that a rule names; C21: it keeps it for a group of its
    own."""
    return _of_target_group(
        "C21" if is_kept else "C16",
        key,
        f"'{name}' is not a valid group name",
        f"{rule} names a group whose name {problem}, which the product refuses. Its members wait with it.",
        {"group": name, "problem": problem, "rule": rule},
        (resolutions.edit_mapping(rule), resolutions.HOLD),
    )


def _of_target_group(
    kind: str, key: str, title: str, explanation: str, evidence: dict[str, str], answers: tuple[Resolution, ...]
) -> Conflict:
    return Conflict(kind, f"target-group:{key}", title, explanation, evidence, answers)
