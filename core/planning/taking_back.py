"""One thing that a run did, taken back: the change that does it, or the reason why it is not done.

One function for each kind. Each asks first whether the thing is still as the run left it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from core.planning.changes import Because, Change, ChangeKind
from core.planning.lookup import Lookup
from core.planning.names import account_key, group_key
from core.planning.notes import Note, Topic
from core.planning.spans import Span
from core.planning.undone import OPPOSITES, named
from core.planning.values import Account, Lead, ManagedMembership

GONE = Topic("Not undone, because the account, the group, or what was led is not there any more", "change")
CHANGED = Topic("Not undone, because it is not as the run left it any more", "change")
UNKNOWN = Topic("Not undone, because what was there before is not known", "change")
TAKEN = Topic("Not undone, because the name, or the account, belongs to another by now", "change")
OURS = Topic("Not undone, because manciple manages the membership now, and took it over from others", "change")
NO_LEAD = Topic("Not undone, because the account that led it is not active", "change")
DELETED = Topic("Not undone, because what was deleted cannot be made again as it was", "deletion")

_STANDS = frozenset(
    {
        ChangeKind.CREATE_ACCOUNT,
        ChangeKind.REACTIVATE_ACCOUNT,
        ChangeKind.LINK_ACCOUNT,
        ChangeKind.CREATE_GROUP,
        ChangeKind.LINK_GROUP,
        ChangeKind.ADD_MEMBER,
    }
)
"""Kinds after which something is so that was not before; their opposites end it."""
_THEIRS: Mapping[str, bool] = {"managed": False}
"""What the state of a membership has besides that manciple does not manage."""
_Fields = Mapping[str, str | bool | None]


@dataclass(frozen=True, slots=True)
class Present:
    """What is there now."""

    lookup: Lookup
    leads: Mapping[str, Lead]
    """By `Lead.key`."""
    group_links: frozenset[tuple[str, str]]
    """Ids of IdP groups with the key of the target group that each feeds."""
    returning: frozenset[str | None] = frozenset()
    """Ids of accounts that are reactivated before leads are moved."""

    def account(self, change: Change) -> Account | None:
        """The account that a change is about."""
        return self.lookup.accounts.get(change.account_id or "")


def taken_back(span: Span, present: Present) -> Change | Note | None:
    """The change that puts back what was there before; `None` where the run itself ended as it began."""
    return _TAKING_BACK[span.last.kind](span, present)


def _activity(span: Span, present: Present) -> Change | Note | None:
    account, left = present.account(span.last), span.last.kind in _STANDS
    if account is None:
        return _note(GONE, span)
    if left != (span.first.kind in _STANDS):
        return None
    if account.active != left:
        return _note(CHANGED, span)
    kind = ChangeKind.DEACTIVATE_ACCOUNT if left else ChangeKind.REACTIVATE_ACCOUNT
    return _back(kind, span, {"active": left}, {"active": not left})


def _values(span: Span, present: Present) -> Change | Note | None:
    account = present.account(span.last)
    if account is None:
        return _note(GONE, span)
    left = span.last.after
    seen = {name: _value(account, name) for name in left}
    if any(None not in (value, seen[name]) and value != seen[name] for name, value in left.items()):
        return _note(CHANGED, span)
    wanted = {name: left[name] if (was := span.first.before.get(name)) is None else was for name in left}
    if wanted == left:
        return None if span.first.before == left else _note(UNKNOWN, span)
    return _back(ChangeKind.UPDATE_ACCOUNT, span, left, wanted)


def _value(account: Account, name: str) -> str | None:
    if name.startswith("attributes."):
        return account.attributes.get(name.removeprefix("attributes."), "")
    return account.display_name if name == "display_name" else account.email


def _account_name(span: Span, present: Present) -> Change | Note | None:
    account = present.account(span.last)
    if account is None:
        return _note(GONE, span)
    old, key = str(span.first.before["name"]), account_key(str(span.first.before["name"]))
    if account.key != account_key(str(span.last.after["name"])):
        return _note(CHANGED, span)
    if old == account.name:
        return None
    if key != account.key and present.lookup.is_taken(key):
        return _note(TAKEN, span)
    return _back(ChangeKind.RENAME_ACCOUNT, span, {"name": account.name}, {"name": old})


def _account_link(span: Span, present: Present) -> Change | Note | None:
    account, link = present.account(span.last), present.lookup.links.get(span.last.user_id or "")
    left = span.last.kind == ChangeKind.LINK_ACCOUNT
    if span.first.kind != span.last.kind:
        return None
    if account is None:
        return _note(GONE, span)
    if left != (link is not None and link.account_id == account.id):
        return _note(CHANGED, span)
    if not left and (link is not None or present.lookup.is_held(account.key)):
        return _note(TAKEN, span)
    name: _Fields = {"name": account.name}
    return _back(OPPOSITES[span.last.kind], span, name if left else {}, {} if left else name)


def _member(span: Span, present: Present) -> Change | Note | None:
    account, key = present.account(span.last), group_key(span.last.group or "")
    left, was_theirs = span.last.kind == ChangeKind.ADD_MEMBER, span.first.before.get("managed") is False
    managed = account is not None and ManagedMembership(account.id, key) in present.lookup.world.managed
    if span.first.kind != span.last.kind:
        return _note(OURS, span) if left and was_theirs and managed else None
    if account is None or key not in present.lookup.target_groups:
        return _note(GONE, span)
    if left != (managed if account.groups is None else key in account.groups):
        return _note(CHANGED, span)
    if left:
        before = {"member": True} if managed else {"member": True, **_THEIRS}
        return _back(ChangeKind.REMOVE_MEMBER, span, before, {"member": False})
    after = {"member": True, **_THEIRS} if was_theirs else {"member": True}
    return _back(ChangeKind.ADD_MEMBER, span, {"member": False}, after)


def _lead(span: Span, present: Present) -> Change | Note | None:
    lead, before, after = present.leads.get(span.last.lead or ""), span.first.before["lead"], span.last.after["lead"]
    if lead is None or present.account(span.first) is None:
        return _note(GONE, span)
    if lead.account_key != account_key(str(after)):
        return _note(CHANGED, span)
    if before == after:
        return None
    account = present.lookup.accounts_by_key.get(account_key(str(before)))
    if account is not None and not account.active and account.id not in present.returning:
        return _note(NO_LEAD, span)
    return _back(ChangeKind.MOVE_LEAD, span, {"lead": after}, {"lead": before})


def _group(span: Span, present: Present) -> Change | Note | None:
    if span.first.kind != span.last.kind:
        return None
    group = present.lookup.target_groups.get(group_key(span.last.group or ""))
    if group is None:
        return _note(GONE, span)
    return _back(ChangeKind.DELETE_GROUP, span, {"name": group.name}, {})


def _group_name(span: Span, present: Present) -> Change | Note | None:
    groups, old = present.lookup.target_groups, str(span.first.before["name"])
    group = groups.get(group_key(str(span.last.after["name"])))
    if group is None:
        return _note(GONE, span)
    if old == group.name:
        return None
    if group_key(old) != group.key and group_key(old) in groups:
        return _note(TAKEN, span)
    return replace(
        _back(ChangeKind.RENAME_GROUP, span, {"name": group.name}, {"name": old}),
        group=group.name,
    )


def _group_link(span: Span, present: Present) -> Change | Note | None:
    left = span.last.kind == ChangeKind.LINK_GROUP
    if span.first.kind != span.last.kind:
        return None
    if left != ((span.last.because.group_id or "", group_key(span.last.group or "")) in present.group_links):
        return _note(CHANGED, span)
    return _back(OPPOSITES[span.last.kind], span, span.last.after, span.first.before)


def _deletion(span: Span, present: Present) -> Note:
    """Says what the account was."""
    was = [f"{value}" for name, value in span.first.before.items() if name != "name" and isinstance(value, str)]
    return Note(DELETED, named(span.last) + (f": {', '.join(was)}" if was else ""))


_TAKING_BACK: Mapping[ChangeKind, Callable[[Span, Present], Change | Note | None]] = {
    ChangeKind.CREATE_ACCOUNT: _activity,
    ChangeKind.REACTIVATE_ACCOUNT: _activity,
    ChangeKind.DEACTIVATE_ACCOUNT: _activity,
    ChangeKind.UPDATE_ACCOUNT: _values,
    ChangeKind.RENAME_ACCOUNT: _account_name,
    ChangeKind.DELETE_ACCOUNT: _deletion,
    ChangeKind.LINK_ACCOUNT: _account_link,
    ChangeKind.UNLINK_ACCOUNT: _account_link,
    ChangeKind.ADD_MEMBER: _member,
    ChangeKind.REMOVE_MEMBER: _member,
    ChangeKind.MOVE_LEAD: _lead,
    ChangeKind.CREATE_GROUP: _group,
    ChangeKind.DELETE_GROUP: _deletion,
    ChangeKind.RENAME_GROUP: _group_name,
    ChangeKind.LINK_GROUP: _group_link,
    ChangeKind.UNLINK_GROUP: _group_link,
}


def _back(kind: ChangeKind, span: Span, before: _Fields, after: _Fields) -> Change:
    done = span.last
    because = Because(f"Undone: {done.because.text}", "undo", done.because.user_id, done.because.group_id)
    return replace(done, kind=kind, because=because, before=before, after=after)


def _note(topic: Topic, span: Span) -> Note:
    return Note(topic, named(span.last))
