"""The changes of groups, one function for each kind: reason, premise and state after, and nothing decided."""

from core.planning.changes import Because, Change, ChangeKind
from core.planning.values import SourceGroup

ON_THE_FLY = "groups.on_the_fly"
MAP = "groups.map"


def creation(group: SourceGroup, name: str) -> Change:
    """A target group for an IdP group that has none."""
    text = f"IdP group '{group.display_name}' has no group of its name at the target"
    because = Because(text, f"{ON_THE_FLY}.create_missing", group_id=group.id, exchange=group.exchange)
    return Change(ChangeKind.CREATE_GROUP, because, group=name, after={"name": name})


def creation_by_rule(name: str, rule: str, group: SourceGroup | None = None) -> Change:
    """A target group that a rule names and that is not there; `group` is the IdP group that it is made for."""
    because = Because(
        f"{rule} names the group '{name}', which the target does not have",
        rule,
        group_id=group.id if group else None,
        exchange=group.exchange if group else None,
    )
    return Change(ChangeKind.CREATE_GROUP, because, group=name, after={"name": name})


def linking(group: SourceGroup, name: str, rule: str, source_name: str | None = None) -> Change:
    """Remember that an IdP group feeds a target group; `source_name` is what a rule names it by, if not by its name."""
    text = f"IdP group '{group.display_name}' feeds '{name}', whatever it is called from now on"
    because = Because(text, rule, group_id=group.id, exchange=group.exchange)
    return Change(ChangeKind.LINK_GROUP, because, group=name, after={"source_name": source_name or group.display_name})


def rename(group: SourceGroup, old: str, new: str) -> Change:
    """The name of a target group follows the IdP group's."""
    text = f"IdP group '{group.display_name}', which feeds '{old}', is '{new}' at the target by now"
    because = Because(text, ON_THE_FLY, group_id=group.id, exchange=group.exchange)
    return Change(ChangeKind.RENAME_GROUP, because, group=old, before={"name": old}, after={"name": new})
