"""Which users are provisioned to a target at all: `[target.users.scope]`, by attributes and by IdP groups."""

from collections.abc import Callable, Mapping

from core.planning.globs import matching_glob
from core.planning.lookup import Lookup
from core.planning.names import normalised
from core.planning.nesting import effective_groups
from core.planning.patterns import compiled
from core.planning.rules import AttributeCheck, Nesting, UserScope
from core.planning.values import SourceUser


def scope_of(lookup: Lookup, scope: UserScope, nesting: Nesting) -> Callable[[SourceUser], bool]:
    """Whether a user of this world is in scope, looked at once for each; groups only where the scope names any."""
    if scope == UserScope():
        return lambda user: True
    groups = effective_groups(lookup, nesting) if scope.groups or scope.exclude_groups else {}
    wanted, excluded = _named(lookup, scope.groups), _named(lookup, scope.exclude_groups)
    outside = frozenset(
        user.id
        for user in lookup.users.values()
        if not all(holds(check, user) for check in scope.where)
        or (scope.groups and wanted.isdisjoint(groups[user.id]))
        or (scope.exclude_groups and not excluded.isdisjoint(groups[user.id]))
    )
    return lambda user: user.id not in outside


def holds(check: AttributeCheck, user: SourceUser) -> bool:
    """Whether one condition holds; a user without the attribute has the empty value.

    :raises ValueError: when the pattern is not valid; configuration refuses such a one.
    """
    value = user.user_name if check.attribute == "userName" else user.attributes.get(check.attribute, "")
    # RE2 reads UTF-8, which has no lone surrogates.
    text = value.encode("utf-8", "replace").decode("utf-8")
    pattern = check.match if check.match is not None else check.not_match or ""
    return (compiled(pattern).search(text) is not None) == (check.match is not None)


def failing(scope: UserScope, user: SourceUser, names: Mapping[str, str]) -> str | None:
    """Why a user is out of scope, as the rest of a sentence; `names` are those of the groups it is in, by id."""
    for check in scope.where:
        if not holds(check, user):
            verb = "does not match" if check.match is not None else "matches"
            return f"{check.attribute} {verb} {check.match if check.match is not None else check.not_match!r}"
    found = sorted(names.values())
    if excluded := next((name for name in found if matching_glob(scope.exclude_groups, name)), None):
        return f"it is in IdP group '{excluded}', which exclude_groups names"
    if scope.groups and not any(matching_glob(scope.groups, name) for name in found):
        return "it is in none of the IdP groups that groups names"
    return None


def _named(lookup: Lookup, globs: tuple[str, ...]) -> frozenset[str]:
    """Ids of the groups whose names the globs match."""
    return frozenset(
        id_ for id_, group in lookup.groups.items() if matching_glob(globs, normalised(group.display_name)) is not None
    )
