"""What a write has changed, in the words of `core.sandbox.effects`."""

from collections.abc import Mapping
from typing import Any

from core.sandbox.cloud.models import Group, User
from core.sandbox.cloud.rules import primary_email
from core.sandbox.cloud.state import State

_NEVER = {"meta", "groups", "active", "user_name", "schemas"}
"""What is no property of the account, or has an effect of its own."""


def record_user(state: State, before: User[Any] | None, after: User[Any]) -> None:
    """Record what became of a user; nothing where nothing did."""
    name, detail = str(after.user_name), f"{after.display_name or ''} <{primary_email(after)}>"
    if before is None:
        state.record("create-account", name, detail)
        if after.active is False:
            state.record("deactivate-account", name)
        return
    if before.user_name != after.user_name:
        state.record("rename-account", str(before.user_name), name)
    if before.model_dump(exclude=_NEVER) != after.model_dump(exclude=_NEVER):
        state.record("update-account", name, detail)
    if before.active != after.active:
        state.record("reactivate-account" if after.active else "deactivate-account", name)


def record_group(state: State, before: Group | None, after: Group, names: Mapping[str, str]) -> None:
    """Record what became of a group; `names` has the user name of each user's id."""
    group = str(after.display_name)
    if before is None:
        state.record("create-group", group)
    had = {str(member.value) for member in (before and before.members) or ()}
    has = {str(member.value) for member in after.members or ()}
    for ident in sorted(has - had, key=lambda ident: names[ident]):
        state.record("add-member", names[ident], group)
    for ident in sorted(had - has, key=lambda ident: names.get(ident, ident)):
        state.record("remove-member", names.get(ident, ident), group)
