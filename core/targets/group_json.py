"""Groups as all products write them in JSON: objects with a name."""

from typing import Any

from core.planning.names import group_key
from core.planning.values import TargetGroup
from core.targets.answer import Answer
from core.targets.protocol import IncompleteRead


def group(document: Any, product: str) -> TargetGroup:
    """One group object.

    :raises IncompleteRead: when it has no name.
    """
    name = document.get("name") if isinstance(document, dict) else None
    if not isinstance(name, str) or not name:
        raise IncompleteRead(f"{product} answered with a group that has no name.")
    return TargetGroup(name, group_key(name))


def created_group(answer: Answer, name: str, product: str) -> TargetGroup:
    """The group that was just created: as its answer shows it, or as it was asked for, where that is no group."""
    try:
        return group(answer.document(), product)
    except IncompleteRead:  # it is created; the body is only its echo
        return TargetGroup(name, group_key(name))
