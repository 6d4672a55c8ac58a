"""Groups in Bitbucket that remember what was taken from deactivated accounts.

Bitbucket cannot deactivate over its REST: what lets an account in is taken from it, and given back when it returns.
What that was is kept where it was taken, as memberships in groups that carry no permission, so that it outlasts every
restart, goes with the account when that is renamed or deleted, and can be read (and undone) by Bitbucket's own people:

* `manciple-deactivated`: the account is deactivated; all was taken;
* `manciple-deactivated: group NAME`: it was in that group;
* `manciple-deactivated: permission NAME`: it was granted that permission itself.

These groups are manciple's own and are shown to nobody as groups of the target.
"""

from collections.abc import Collection, Iterable

from core.planning.names import group_key
from core.planning.values import TargetGroup
from core.targets.bitbucket.names import NAME_RULES
from core.targets.bitbucket.permissions import Rights
from core.targets.protocol import Refused

DEACTIVATED = "manciple-deactivated"
_GROUP, _PERMISSION = f"{DEACTIVATED}: group ", f"{DEACTIVATED}: permission "


def is_mark(group: TargetGroup) -> bool:
    """Whether a group is one of these."""
    return group.key == DEACTIVATED or group.key.startswith(f"{DEACTIVATED}: ")


def is_finished(groups: Collection[TargetGroup]) -> bool:
    """Whether an account in these groups is marked as deactivated: all was taken, and nothing let it in."""
    return any(group.key == DEACTIVATED for group in groups)


def real(groups: Iterable[TargetGroup]) -> tuple[TargetGroup, ...]:
    """Those of these groups that are none of manciple's own."""
    return tuple(group for group in groups if not is_mark(group))


def marks(groups: Iterable[TargetGroup]) -> tuple[TargetGroup, ...]:
    """Those of these groups that are manciple's own; the one that says "deactivated" last."""
    return tuple(sorted(filter(is_mark, groups), key=lambda group: (group.key == DEACTIVATED, group.key)))


def of(rights: Rights) -> tuple[str, ...]:
    """The names of the groups that remember these rights.

    :raises Refused: when a group's name leaves no room for it.
    """
    names = [_GROUP + group for group in rights.groups]
    if rights.permission is not None:
        names.append(_PERMISSION + rights.permission)
    for name in names:
        if len(name) > NAME_RULES.group_name_max:
            raise Refused(
                f"The name of the group {name.removeprefix(_GROUP)} is too long to remember who was taken out of it.",
                remedy="Give it a shorter name, or take the account out of it by hand.",
            )
    return tuple(names)


def group_in(mark: str) -> str | None:
    """The name of the group that a mark of this name remembers; `None` for one that remembers no group."""
    return mark[len(_GROUP) :] if group_key(mark).startswith(_GROUP) else None


def mark_of(group: str, groups: Iterable[TargetGroup]) -> TargetGroup | None:
    """The one of these groups that remembers a group of this name."""
    return next((each for each in groups if each.key == group_key(_GROUP + group)), None)


def remembered(groups: Iterable[TargetGroup]) -> Rights:
    """The rights that these groups remember."""
    names = [group.name for group in groups if is_mark(group)]
    inside = [group for name in names if (group := group_in(name)) is not None]
    granted = [name[len(_PERMISSION) :].upper() for name in names if group_key(name).startswith(_PERMISSION)]
    return Rights(max(granted, key=_level) if granted else None, tuple(sorted(inside)))


def _level(permission: str) -> int:
    levels = ("LICENSED_USER", "PROJECT_CREATE", "ADMIN", "SYS_ADMIN")
    return levels.index(permission) if permission in levels else -1
