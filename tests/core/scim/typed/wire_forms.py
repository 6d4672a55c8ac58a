"""What IdPs send most, in their own form (reference A.4-A.8, B.1-B.7 of the conformance notes)."""

from typing import Any

from scim_calls import ENTERPRISE, GROUP, PATCH, USER

ENTRA_USER: dict[str, Any] = {
    "schemas": [USER, ENTERPRISE],
    "externalId": "ada.lovelace",
    "userName": "ada.lovelace@contoso.example",
    "active": True,
    "displayName": "Ada Lovelace",
    "title": "Analyst",
    "preferredLanguage": "en-GB",
    "emails": [{"primary": True, "type": "work", "value": "ada.lovelace@contoso.example"}],
    "name": {"formatted": "Ada Lovelace", "familyName": "Lovelace", "givenName": "Ada"},
    "addresses": [{"type": "work", "primary": True, "formatted": "HQ-3", "country": "UK"}],
    "phoneNumbers": [{"type": "work", "primary": True, "value": "+44 20 5550100"}],
    ENTERPRISE: {"employeeNumber": "E-17", "department": "R&D"},
    "roles": [],
    "meta": {"resourceType": "User"},
}
OKTA_USER: dict[str, Any] = {
    "schemas": [USER],
    "userName": "ben@example.com",
    "name": {"givenName": "Ben", "familyName": "Bee"},
    "emails": [{"primary": True, "value": "ben@example.com", "type": "work", "display": "ben@example.com"}],
    "displayName": "Ben Bee",
    "locale": "en-US",
    "externalId": "00u1",
    "groups": [],
    "password": "random",
    "active": True,
}
ENTRA_GROUP: dict[str, Any] = {
    "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
    "externalId": "8aa1a0c0",
    "displayName": "Jira Users",
    "meta": {"resourceType": "Group"},
    "members": [],
}


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH], "Operations": list(operations)}


USER_PATCHES: dict[str, dict[str, Any]] = {
    "Entra, legacy": patch(
        {"op": "Replace", "path": "displayName", "value": "Ada King"},
        {"op": "Add", "path": "nickName", "value": "Ada"},
        {"op": "Replace", "path": "name.familyName", "value": "King"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ada.king@contoso.example"},
        {"op": "Add", "path": 'addresses[type eq "work"].formatted', "value": "HQ-4"},
        {"op": "Replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "E-18"},
        {"op": "Replace", "path": "active", "value": "False"},
    ),
    "Entra, legacy, manager": patch({"op": "Add", "path": f"{ENTERPRISE}:manager", "value": "<user>"}),
    "Entra, compliant": patch(
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "ada.king@contoso.example"},
        {"op": "replace", "value": {"displayName": "Ada King", "name.givenName": "Ada", "active": False,
                                    f"{ENTERPRISE}:employeeNumber": "E-18"}},
    ),
    "Okta, deactivation": patch({"op": "replace", "value": {"active": False}}),
    "JumpCloud": patch({"op": "replace", "path": "active", "value": False}),
    "a removal": patch({"op": "remove", "path": "title"}),
}  # fmt: skip
GROUP_PATCHES: dict[str, dict[str, Any]] = {
    "Entra, legacy, add": patch({"op": "Add", "path": "members", "value": [{"$ref": None, "value": "<user>"}]}),
    "Entra, legacy, remove": patch({"op": "Remove", "path": "members", "value": [{"$ref": None, "value": "<user>"}]}),
    "Entra, compliant, remove": patch({"op": "remove", "path": 'members[value eq "<user>"]'}),
    "Entra, rename": patch({"op": "Replace", "path": "displayName", "value": "Jira Staff"}),
    "Okta, rename and members": patch(
        {"op": "replace", "value": {"id": "<group>", "displayName": "X"}},
        {"op": "remove", "path": 'members[value eq "<user>"]'},
        {"op": "add", "path": "members", "value": [{"value": "<user>", "display": "user@x"}]},
    ),
    "Okta, full push": patch({"op": "replace", "path": "members", "value": [{"value": "<user>", "display": None}]}),
    "Okta, without a path": patch({"op": "replace", "value": {"members": [{"value": "<user>"}]}}),
    "authentik": patch(
        {"op": "replace", "value": {"schemas": [GROUP], "id": "<group>", "externalId": "e", "displayName": "X"}},
        {"op": "add", "path": "members", "value": [{"value": "<user>"}]},
    ),
    "all members": patch({"op": "remove", "path": "members"}),
}
