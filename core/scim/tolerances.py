"""The liberties that identity providers take with SCIM and that we accept, by name.

The request log shows these names, so that an administrator sees which of them a provider relies on. Nothing is
tolerated without a name here; this table decides nothing by itself.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

Tolerance = Literal[
    "bearer-word-missing",
    "op-case",
    "operations-case",
    "patch-schemas-missing",
    "unknown-schema-dropped",
    "meta-dropped",
    "id-dropped",
    "password-dropped",
    "groups-dropped",
    "null-dropped",
    "null-ref-dropped",
    "null-value-dropped",
    "empty-as-removal",
    "boolean-as-string",
    "boolean-as-string-in-filter",
    "bare-word-in-filter",
    "manager-compared-whole",
    "dotted-key",
    "urn-key",
    "value-path-key",
    "removal-by-value",
    "members-kept",
    "unreadable-removal",
    "manager-without-urn",
    "manager-not-complex",
    "manager-empty",
    "role-as-json-string",
    "role-display-name",
    "scalar-in-list",
    "object-for-list",
]

TOLERANCES: Mapping[Tolerance, str] = MappingProxyType(
    {
        "bearer-word-missing": "The token was sent without the word “Bearer” in front of it.",
        "op-case": "The operation was not in lower case, as in “Replace”.",
        "operations-case": "The key “Operations” was written in another case.",
        "patch-schemas-missing": "The PATCH named no schema; PatchOp was assumed.",
        "unknown-schema-dropped": "A schema that this server does not have was left out, with its attributes.",
        "meta-dropped": "The client sent “meta”, which is the server's to write.",
        "id-dropped": "The client sent “id” among the values to change; it cannot be changed.",
        "password-dropped": "A password was sent and thrown away; none is ever stored.",
        "groups-dropped": "A user's groups were sent; they are read-only, and changed by the groups' members alone.",
        "null-dropped": "An attribute was null and was read as absent.",
        "null-ref-dropped": "A “$ref” was null and was left out.",
        "null-value-dropped": "A removal had a “value” that was null, and was read as one without.",
        "empty-as-removal": "Replacing an attribute by null or an empty text was read as removing it.",
        "boolean-as-string": "A boolean was sent as text, as in “False”.",
        "boolean-as-string-in-filter": "A filter compared a boolean with text, as in primary eq “True”.",
        "bare-word-in-filter": "A filter compared with a word without quotes.",
        "manager-compared-whole": "A filter compared the manager with an id; its “value” was compared.",
        "dotted-key": "A key such as “name.givenName” was read as an attribute and its sub-attribute.",
        "urn-key": "A key that begins with a schema's URN was read as an attribute of that schema.",
        "value-path-key": "A key with a filter, such as “emails[type eq …].value”, became an operation of its own.",
        "removal-by-value": "A removal that lists values removes these values, not all of them.",
        "members-kept": "A PUT told no members; the group keeps those it has. An empty list empties it.",
        "unreadable-removal": "A removal lists values that cannot be read; it is refused, lest it remove all of them.",
        "manager-without-urn": "“manager” was sent outside the enterprise extension.",
        "manager-not-complex": "The manager was sent as a text or a list instead of an object.",
        "manager-empty": "An empty manager was read as no manager.",
        "role-as-json-string": "A role was sent as JSON inside a text.",
        "role-display-name": "A role had “displayName” in the place of “display”.",
        "scalar-in-list": "A single value was sent as a list of one.",
        "object-for-list": "A single object was sent where a list belongs.",
    }
)
"""Each tolerance and what it means, in one line."""


def meaning(name: str) -> str:
    """What a tolerance means, in one line; empty for a name of a version that had others."""
    return next((line for known, line in TOLERANCES.items() if known == name), "")


def in_order(used: set[Tolerance]) -> tuple[Tolerance, ...]:
    """Give the used tolerances in the order of the table, so that equal requests are logged alike."""
    return tuple(name for name in get_args(Tolerance) if name in used)
