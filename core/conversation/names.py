"""Which of SCIM's names and values describe the protocol and not a person, and so stay as they are in a recording."""

import re

from core.scim.paths import of_unknown_schema

_KEPT_VALUES = frozenset(
    [
        "schemas", "op", "type", "resourcetype", "primary", "active", "created", "lastmodified", "version", "method",
        "startindex", "count", "totalresults", "itemsperpage", "sortby", "sortorder", "attributes",
        "excludedattributes", "preferredlanguage", "locale", "timezone", "bulkid", "failonerrors", "status", "cursor",
    ]
)  # fmt: skip
"""Attributes and parameters, in lower case, whose values say nothing about anyone."""
_URN_WORDS = frozenset(
    [
        "urn", "ietf", "params", "scim", "schemas", "schema", "core", "extension", "enterprise", "user", "group", "api",
        "messages", "http", "https", "microsoft", "com", "resourcemanagement", "adscim", "custom", "customattributes",
        "okta", "onelogin", "sailpoint", "jumpcloud", "keycloak", "authentik", "www",
    ]
)  # fmt: skip
_STANDARD = ("urn:ietf:params:scim:api:", "urn:ietf:params:scim:schemas:core:")
_WORD = re.compile(r"[^\W\d_]+")
_FILTER = re.compile(r"\[[^\]]*\]")


def keeps_value(name: str) -> bool:
    """Whether the values of this attribute or parameter stay."""
    return name in _KEPT_VALUES


def last_name(path: str) -> str:
    """The name, in lower case, of what a path or key leads to: `emails[type eq "work"].value` → `value`.

    Of a path to `value` alone, the attribute that has it, since that says what the value is.
    """
    unfiltered = _FILTER.sub("", path)
    names = unfiltered.rsplit(":", 1)[-1] if unfiltered.lower().startswith(("urn:", "http")) else unfiltered
    name, _, sub = names.partition(".")
    return (name if sub.lower() in ("", "value") else sub).strip().lower()


def is_urn(text: str) -> bool:
    """Whether it is, or begins with, the URI of a schema."""
    return text.lower().startswith(("urn:", "http://", "https://"))


def urn_words(urn: str) -> list[str]:
    """The words of a schema's URI that may name a company."""
    if not of_unknown_schema(urn) or urn.lower().startswith(_STANDARD):
        return []
    return [word for word in _WORD.findall(urn) if word.lower() not in _URN_WORDS]
