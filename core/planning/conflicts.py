"""The places where planning refuses to guess, by the catalogue's codes, with evidence and answers.

One function makes each kind. Texts are for an admin who sees them for the first time: what is in the way, then
what waits for the answer. Evidence is what the two sides look like; it is shown side by side and never acted on.
"""

from collections.abc import Iterable, Mapping, Sequence

from core.planning import resolutions, stakes
from core.planning.changes import Change, ChangeKind, Conflict, Resolution
from core.planning.mapping import MappedUser
from core.planning.values import Account, Link, SourceGroup, SourceUser
from core.planning.wording import called, counted, listed

_DELTA = 20
"""How many members or changes the evidence of a C29 names."""


def account_vanished(user: SourceUser, link: Link, namesake: Account | None) -> Conflict:
    """C06: the account that the user is linked to is not at the target any more. `namesake` has its name now."""
    now = {"account id now": namesake.id} if namesake else {}
    consequence = (
        f"The account that is named '{namesake.name}' now is another one."
        if namesake
        else "A new account of that name may take over the old one's content."
    )
    recreation = () if namesake else (resolutions.recreate(link.account_name),)
    return of_user(
        "C06",
        user,
        f"Account '{link.account_name}' of {called(user)} is gone",
        f"{called(user)} is linked to '{link.account_name}', which the target no longer has. {consequence}",
        {"account": link.account_name, "account id": link.account_id} | now,
        (
            resolutions.HOLD,
            *recreation,
            resolutions.link("Links the user to another account that you choose."),
            resolutions.SKIP_ALWAYS_USER,
        ),
    )


def no_username(user: SourceUser, source: str) -> Conflict:
    """C05: the rule gives no account name for this user."""
    return of_user(
        "C05",
        user,
        f"No account name for {called(user)}",
        f"users.username makes the account name from '{source}', and gives none for this user.",
        {"attribute": source, "value": user.attributes.get(source, "")},
        (
            resolutions.HOLD,
            resolutions.other_name(
                "Give it a name", "Uses an account name you give, for this user only.", "account-name"
            ),
            resolutions.edit_mapping("users.username"),
            resolutions.SKIP_ALWAYS_USER,
        ),
    )


def name_taken(user: SourceUser, name: str, holder: str, proposed: str, account: Account | None) -> Conflict:
    """C10: the account of this name is linked to another user. `account` is that one, where it is there."""
    return of_user(
        "C10",
        user,
        f"Account name '{name}' is taken",
        f"{called(user)} maps to '{name}', which belongs to {holder}.",
        {"account": name, "belongs to": holder, "proposed": proposed},
        (
            resolutions.create_under_other_name(proposed),
            resolutions.HOLD,
            *(() if account is None else (_taken_over(user, account, holder),)),
            resolutions.SKIP_ALWAYS_USER,
        ),
        {stakes.account(name)},
    )


def _taken_over(user: SourceUser, account: Account, holder: str) -> Resolution:
    text = f"Takes '{account.name}' from {holder}, with all that is in it, and links it to {called(user)}."
    return resolutions.link(text, account.id)


def same_name(user: SourceUser, name: str, claimants: Sequence[SourceUser]) -> Conflict:
    """C14: several users of this plan map to one account name. `claimants` are all of them, this one too."""
    first = [other for other in claimants[:6] if other.id != user.id]
    others = listed([other.user_name for other in first], len(claimants) - 1)
    return of_user(
        "C14",
        user,
        f"{counted(len(claimants), 'user')} map to '{name}'",
        f"{called(user)} maps to the same account name as {others}. None of them is provisioned while they do.",
        {"account": name, "userName": user.user_name, "others": others},
        (
            resolutions.edit_mapping("users.username"),
            resolutions.other_name(
                "Create under another name",
                "Creates an account under a name you give, for this user only.",
                "account-name",
            ),
        ),
        {stakes.account(name)},
    )


def invalid_user_value(user: SourceUser, field: str, value: str, problem: str, proposed: str) -> Conflict:
    """C16: the product refuses this account name or display name."""
    return of_user(
        "C16",
        user,
        f"'{value}' is not a valid {field}",
        f"The {field} of {called(user)} {problem}, which the product refuses.",
        {field: value, "problem": problem, "proposed": proposed},
        (
            resolutions.edit_mapping(f"users.{field.replace(' ', '_')}"),
            resolutions.other_name(
                "Use another",
                f"Uses a {field} you give, such as '{proposed}', for this user only.",
                "account-name" if field == "username" else "display-name",
                proposed,
            ),
            resolutions.SKIP_ALWAYS_USER,
        ),
    )


def invalid_group_name(group: SourceGroup, problem: str, proposed: str) -> Conflict:
    """C16: the product refuses this group name."""
    return of_group(
        "C16",
        group,
        f"'{group.display_name}' is not a valid group name",
        f"The group's name {problem}, which the product refuses. Its members wait with it.",
        {"group name": group.display_name, "problem": problem, "proposed": proposed},
        (
            resolutions.edit_mapping("groups.on_the_fly"),
            resolutions.other_name(
                "Use another", f"Maps it to a name you give, such as '{proposed}'.", "group-name", proposed
            ),
            resolutions.SKIP_ALWAYS_GROUP,
        ),
    )


def value_missing(mapped: MappedUser, field: str, source: str) -> Conflict:
    """C17: the product needs a value (e-mail, display name) that the user does not have."""
    user = mapped.user
    return of_user(
        "C17",
        user,
        f"{called(user)} has no {field}",
        f"The product creates no account without one, and '{source}' gives none for this user.",
        {"account": mapped.username or "", "attribute": source, "value": user.attributes.get(source, "")},
        (
            resolutions.edit_mapping(f"users.{field.replace('-', '').replace(' ', '_')}"),
            resolutions.HOLD,
            resolutions.SKIP_ALWAYS_USER,
        ),
    )


def same_group_name(
    group: SourceGroup, name: str, namesakes: Sequence[SourceGroup], made_name: str | None = None
) -> Conflict:
    """C22: several IdP groups are one name at the target. `namesakes` are all of them, this one too; `made_name` is
    what a rule makes of its name."""
    first = [other for other in namesakes[:6] if other.id != group.id]
    others = listed([f"'{other.display_name}' ({other.id})" for other in first], len(namesakes) - 1)
    return of_group(
        "C22",
        group,
        f"{counted(len(namesakes), 'IdP group')} are named '{name}'",
        f"'{group.display_name}' is the same name at the target as {others}. Their members stay as they are.",
        {"group name": group.display_name, "id": group.id, "others": others},
        (
            resolutions.edit_mapping("groups.on_the_fly"),
            *(() if made_name is None else (_mapped_apart(f"{made_name} {group.id[:8]}"),)),
            resolutions.merge(f"Puts the members of all of them into '{made_name or name}'.", made_name or name),
            resolutions.SKIP_ALWAYS_GROUP,
        ),
        {stakes.group(name), stakes.group(made_name or name)},
    )


def protected_account(user: SourceUser, account: str, glob: str, changes: Sequence[Change]) -> Conflict:
    """C29: a protected account would change."""
    wanted = [f"{change.kind} {change.group}" if change.group else str(change.kind) for change in changes]
    created = any(change.kind == ChangeKind.CREATE_ACCOUNT for change in changes)
    return of_user(
        "C29",
        user,
        f"Protected account '{account}' would {'be created' if created else 'change'}",
        f"What the IdP says of {called(user)} would {'create' if created else 'change'} '{account}', "
        f"which users.protect ('{glob}') keeps untouched.",
        {"account": account, "protected by": glob, "changes": listed(wanted, shown=_DELTA)},
        (
            resolutions.HOLD,
            resolutions.edit_mapping("users.protect"),
            resolutions.approve_once(f"Makes {counted(len(changes), 'change')} to '{account}' this once.", account),
        ),
    )


def protected_group(group: SourceGroup | None, key: str, glob: str, changes: Sequence[Change]) -> Conflict:
    """C29: the members of a protected target group would change, or it would be created."""
    name = changes[0].group or key
    added = [change.account or "" for change in changes if change.kind == ChangeKind.ADD_MEMBER]
    removed = [change.account or "" for change in changes if change.kind == ChangeKind.REMOVE_MEMBER]
    created = any(change.kind == ChangeKind.CREATE_GROUP for change in changes)
    names = [str(change.after.get("name")) for change in changes if change.kind == ChangeKind.RENAME_GROUP]
    wanted = (
        ("create it", created),
        (f"rename it to '{''.join(names)}'", names),
        ("delete it", any(change.kind == ChangeKind.DELETE_GROUP for change in changes)),
        (f"add {counted(len(added), 'member')}", added),
        (f"remove {counted(len(removed), 'member')}", removed),
    )
    return Conflict(
        kind="C29",
        subject=f"group:{group.id}" if group else f"target-group:{key}",
        title=f"Protected group '{name}' would {'be created' if created else 'change'}",
        explanation=f"The IdP's groups would {', '.join(text for text, is_due in wanted if is_due)}; "
        f"groups.protect ('{glob}') keeps this group untouched.",
        evidence={
            "group": name,
            "protected by": glob,
            "create": "yes" if created else "no",
            "add": listed(added, shown=_DELTA),
            "remove": listed(removed, shown=_DELTA),
        },
        resolutions=(
            resolutions.HOLD,
            resolutions.edit_mapping("groups.protect"),
            resolutions.approve_once(f"Makes {counted(len(changes), 'change')} to '{name}' this once.", name),
        ),
        group_id=group.id if group else None,
        exchange=group.exchange if group else None,
    )


def _mapped_apart(proposed: str) -> Resolution:
    """Answer N for a group whose target name is another's."""
    text = f"Maps this group to a name you give, such as '{proposed}'."
    return resolutions.other_name("Map to another name", text, "group-name", proposed)


def of_user(
    kind: str,
    user: SourceUser,
    title: str,
    explanation: str,
    evidence: Mapping[str, str],
    answers: tuple[Resolution, ...],
    turns_on: Iterable[str] = (),
) -> Conflict:
    """A conflict about a user."""
    return Conflict(
        kind,
        f"user:{user.id}",
        title,
        explanation,
        evidence,
        answers,
        user_id=user.id,
        exchange=user.exchange,
        stakes=frozenset(turns_on),
    )


def of_group(
    kind: str,
    group: SourceGroup,
    title: str,
    explanation: str,
    evidence: Mapping[str, str],
    answers: tuple[Resolution, ...],
    turns_on: Iterable[str] = (),
) -> Conflict:
    """A conflict about an IdP group."""
    return Conflict(
        kind,
        f"group:{group.id}",
        title,
        explanation,
        evidence,
        answers,
        group_id=group.id,
        exchange=group.exchange,
        stakes=frozenset(turns_on),
    )
