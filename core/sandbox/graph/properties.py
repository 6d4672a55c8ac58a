"""From Graph's property names to the fields of objects, and what of an object an answer shows.

A selection is compiled once per request, because it is applied to every object of a page.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from core.sandbox.graph.errors import bad_request
from core.sandbox.graph.objects import Assignment, DirectoryObject, Group, OtherObject, ServicePrincipal, User

Document = dict[str, Any]
"""A JSON object."""

USER_DEFAULT = (
    "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation",
    "preferredLanguage", "surname", "userPrincipalName", "id",
)  # fmt: skip
"""What `/users` shows without `$select`: not whether the account is enabled."""
GROUP_DEFAULT = (
    "id", "deletedDateTime", "createdDateTime", "description", "displayName", "groupTypes", "mail", "mailEnabled",
    "mailNickname", "membershipRule", "onPremisesSyncEnabled", "securityEnabled", "visibility",
)  # fmt: skip
APPLICATION_DEFAULT = (
    "id", "appId", "displayName", "accountEnabled", "appRoleAssignmentRequired", "appRoles", "servicePrincipalType",
)  # fmt: skip
OTHER_DEFAULT = ("id", "displayName")
MAILBOX_PROPERTIES = frozenset({"aboutMe", "birthday", "hireDate", "interests", "mailboxSettings", "mySite", "skills"})
"""Properties that lie outside the directory: in collections they answer 501."""
_NO_PROPERTIES = frozenset({"further", "cleared", "licences", "roles", "manager_id"})


def property_name(field: str) -> str:
    """Graph's name of a field: `accountEnabled` for `account_enabled`."""
    first, *rest = field.split("_")
    return first + "".join(map(str.capitalize, rest))


def _fields_of(kind: type[Any], *computed: str) -> dict[str, str]:
    names = [field.name for field in fields(kind) if field.name not in _NO_PROPERTIES]
    return {property_name(name): name for name in (*names, *computed)}


_FIELDS: dict[type[Any], dict[str, str]] = {
    User: _fields_of(User, "assigned_licenses"),
    Group: _fields_of(Group),
    ServicePrincipal: _fields_of(ServicePrincipal, "app_roles"),
    OtherObject: {"id": "id", "displayName": "display_name"},
    Assignment: _fields_of(Assignment),
}
_DEFAULTS: dict[type[Any], tuple[str, ...]] = {
    User: USER_DEFAULT,
    Group: GROUP_DEFAULT,
    ServicePrincipal: APPLICATION_DEFAULT,
    OtherObject: OTHER_DEFAULT,
    Assignment: tuple(_FIELDS[Assignment]),
}
_TYPE_NAMES = {User: "user", Group: "group", ServicePrincipal: "servicePrincipal", Assignment: "appRoleAssignment"}


def default_properties(kind: type[Any]) -> tuple[str, ...]:
    """What is shown of such an object without `$select`."""
    return _DEFAULTS[kind]


def has_property(kind: type[Any], name: str) -> bool:
    """Whether such objects have a property of that name."""
    return name.lower() in {known.lower() for known in _FIELDS[kind]}


def fields_of(kind: type[Any]) -> dict[str, str]:
    """The fields behind the properties of such an object."""
    return _FIELDS[kind]


class Selection:
    """Which properties an answer shows of objects of one kind."""

    def __init__(self, kind: type[Any], names: Iterable[str]) -> None:
        """Take the names as `$select` gives them.

        :raises Refusal: 400 for a property that this kind has not.
        """
        known = {name.lower(): name for name in _FIELDS[kind]}
        self.names = tuple(dict.fromkeys(_known(name, known, kind) for name in names))
        """The properties in their own spelling, each once."""
        plain = [name for name in self.names if name in _FIELDS[kind]]
        self._further = [name for name in self.names if name not in _FIELDS[kind]]
        self._plain = tuple(plain)
        self._read = _reader([_FIELDS[kind][name] for name in plain])

    def show(self, item: Any) -> Document:
        """The selected properties, those without a value as null."""
        document = dict(zip(self._plain, self._read(item), strict=True))
        for name in self._further:
            document[name] = item.further.get(name)
        return document

    def show_set(self, item: DirectoryObject) -> Document:
        """As delta shows an object: what never had a value is left out, what was cleared is null."""
        return {
            name: value
            for name, value in self.show(item).items()
            if (value is not None and value != ()) or name in item.cleared
        }


def _reader(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if not names:
        return lambda item: ()
    read = attrgetter(*names)
    return read if len(names) > 1 else lambda item: (read(item),)


def _known(name: str, known: dict[str, str], kind: type[Any]) -> str:
    found = known.get(name.lower())
    if found is not None:
        return found
    if name.startswith(("extension_", "onPremisesExtensionAttributes")) or name in MAILBOX_PROPERTIES:
        return name
    owner = f"microsoft.graph.{_TYPE_NAMES.get(kind, 'directoryObject')}"
    raise bad_request(
        f"Parsing OData Select and Expand failed: Could not find a property named '{name}' on type '{owner}'."
    )


def reader_of(kind: type[Any], name: str) -> Callable[[Any], Any]:
    """What reads one property of such objects.

    :raises Refusal: 400 for a property that this kind has not.
    """
    selection = Selection(kind, [name])
    (known,) = selection.names
    return lambda item: selection.show(item)[known]
