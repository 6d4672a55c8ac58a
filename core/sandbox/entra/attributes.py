"""The default attribute mapping of a non-gallery application, and SCIM attribute paths as Entra writes them.

A resource is handled as a flat table from path to value, because that is how Entra compares: attribute by
attribute, and only attributes that have a value. What the source does not have is never sent, so nothing is cleared.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.sandbox.groups import Group
from core.sandbox.people import Person

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MANAGER = f"{ENTERPRISE_USER}:manager"

Resource = dict[str, Any]
"""A JSON object from or for the wire."""
Value = str | bool

_WORK_ADDRESS = 'addresses[type eq "work"]'
_USER_MAPPING: tuple[tuple[str, Callable[[Person], Value | None]], ...] = (
    # Guests lose the tenant's suffix, unless an administrator maps originalUserPrincipalName.
    ("userName", lambda person: person.user_principal_name.split("#EXT#@")[0]),
    ("active", lambda person: person.in_service),
    ("displayName", lambda person: person.display_name),
    ("title", lambda person: person.job_title),
    ('emails[type eq "work"].value', lambda person: person.mail),
    ("preferredLanguage", lambda person: person.site.language),
    ("name.givenName", lambda person: person.given_name),
    ("name.familyName", lambda person: person.surname),
    ("name.formatted", lambda person: f"{person.given_name} {person.surname}"),
    (f"{_WORK_ADDRESS}.formatted", lambda person: person.office),
    (f"{_WORK_ADDRESS}.streetAddress", lambda person: person.street),
    (f"{_WORK_ADDRESS}.locality", lambda person: person.site.city),
    (f"{_WORK_ADDRESS}.region", lambda person: person.site.state),
    (f"{_WORK_ADDRESS}.postalCode", lambda person: person.site.postal_code),
    (f"{_WORK_ADDRESS}.country", lambda person: person.site.country),
    ('phoneNumbers[type eq "work"].value', lambda person: person.telephone),
    ('phoneNumbers[type eq "mobile"].value', lambda person: person.mobile),
    ('phoneNumbers[type eq "fax"].value', lambda person: person.facsimile),
    ("externalId", lambda person: person.mail_nickname),
    (f"{ENTERPRISE_USER}:employeeNumber", lambda person: person.employee_id),
    (f"{ENTERPRISE_USER}:department", lambda person: person.department),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """An attribute that the target should have otherwise."""

    path: str
    value: Value
    present: bool
    """Whether the target has a value there now: Entra then replaces, otherwise it adds."""


def user_attributes(person: Person) -> dict[str, Value]:
    """Return what a person should look like in the target, without the manager, which is a reference."""
    values = ((path, read(person)) for path, read in _USER_MAPPING)
    return {path: value for path, value in values if value is not None}


def group_attributes(group: Group) -> dict[str, Value]:
    """Return what a group should look like in the target, without its members, which are references."""
    return {"displayName": group.display_name, "externalId": group.id}


def differences(desired: Mapping[str, Value], resource: Resource) -> list[Difference]:
    """Return the attributes of `resource` that are not as desired, in the order of the mapping."""
    current = {path: value_at(resource, path) for path in desired}
    return [
        Difference(path, value, present=current[path] is not None)
        for path, value in desired.items()
        if current[path] != value
    ]


def nested(attributes: Mapping[str, Value]) -> Resource:
    """Return the attributes as the nested JSON object that a create request holds."""
    resource: Resource = {}
    for path, value in attributes.items():
        if path.startswith(f"{ENTERPRISE_USER}:"):
            resource.setdefault(ENTERPRISE_USER, {})[path.removeprefix(f"{ENTERPRISE_USER}:")] = value
        elif has_value_filter(path):
            name, element_type, sub_attribute = _split_value_path(path)
            _element(resource.setdefault(name, []), element_type)[sub_attribute] = value
        elif "." in path:
            name, sub_attribute = path.split(".")
            resource.setdefault(name, {})[sub_attribute] = value
        else:
            resource[path] = value
    return resource


def value_at(resource: Resource, path: str) -> Any:
    """Return the value at a path of a resource as the target answered it, or None."""
    if path.startswith(f"{ENTERPRISE_USER}:"):
        return _member(resource.get(ENTERPRISE_USER), path.removeprefix(f"{ENTERPRISE_USER}:"))
    if has_value_filter(path):
        name, element_type, sub_attribute = _split_value_path(path)
        elements = resource.get(name)
        for element in elements if isinstance(elements, list) else ():
            if _member(element, "type") == element_type:
                return _member(element, sub_attribute)
        return None
    name, _, sub_attribute = path.partition(".")
    return _member(resource.get(name), sub_attribute) if sub_attribute else resource.get(name)


def has_value_filter(path: str) -> bool:
    """Whether a path selects an element, as in `emails[type eq "work"].value`."""
    return "[" in path


def _split_value_path(path: str) -> tuple[str, str, str]:
    name, _, rest = path.partition('[type eq "')
    element_type, _, sub_attribute = rest.partition('"].')
    return name, element_type, sub_attribute


def _element(elements: list[Resource], element_type: str) -> Resource:
    for element in elements:
        if element["type"] == element_type:
            return element
    # Only the work entry is marked, and the others carry no mark at all.
    elements.append({"type": element_type} | ({"primary": True} if element_type == "work" else {}))
    return elements[-1]


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None
