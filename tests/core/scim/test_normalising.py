"""What providers send, in their literal wire forms, and the strict SCIM that it means."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scim.normalising import normalise_group, normalise_patch, normalise_user
from core.scim.paths import ENTERPRISE, GROUP, PATCH_OP, USER, ResourceType
from core.scim.tolerances import TOLERANCES

LEGACY_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
MANAGER = f"{ENTERPRISE}:manager"


def patched(*operations: object, of: ResourceType = "User") -> tuple[list[Any], tuple[str, ...]]:
    """Normalise a PATCH with these operations; give the strict operations and the tolerances used."""
    sent = {"schemas": [PATCH_OP], "Operations": list(operations)}
    before = copy.deepcopy(sent)
    normalised = normalise_patch(sent, of)
    assert sent == before, "the input was changed"
    strict: Any = normalised.document["Operations"]
    return strict, normalised.tolerances


def test_a_strict_patch_passes_unchanged_and_names_no_tolerance() -> None:
    sent = [
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "ada.king@contoso.example"},
        {"op": "replace", "value": {"name": {"givenName": "Ada"}, ENTERPRISE: {"department": "X"}, "active": False}},
        {"op": "remove", "path": "title"},
    ]
    assert patched(*sent) == (sent, ())


def test_removing_members_without_naming_any_still_empties_the_group_as_the_rfc_says() -> None:
    assert patched({"op": "remove", "path": "members"}, of="Group") == ([{"op": "remove", "path": "members"}], ())


def test_capitalised_operations_are_lower_cased() -> None:
    assert patched({"op": "Replace", "path": "displayName", "value": "Ada King"}) == (
        [{"op": "replace", "path": "displayName", "value": "Ada King"}],
        ("op-case",),
    )


@pytest.mark.parametrize(("text", "meant"), [("False", False), ("True", True), ("false", False)])
def test_text_booleans_become_booleans_where_the_schema_says_so(text: str, meant: bool) -> None:
    strict, used = patched(
        {"op": "replace", "path": "active", "value": text},
        {"op": "add", "path": "roles", "value": [{"primary": text, "value": "Editor"}]},
        {"op": "replace", "path": 'emails[type eq "work"].primary', "value": text},
        {"op": "replace", "path": "displayName", "value": text},
    )
    assert [each["value"] for each in strict] == [meant, [{"primary": meant, "value": "Editor"}], meant, text]
    assert used == ("boolean-as-string",)


def test_a_filter_that_compares_primary_with_text_compares_it_with_a_boolean() -> None:
    strict, used = patched({"op": "add", "path": 'roles[primary eq "True"].value', "value": "Editor"})
    assert strict == [{"op": "add", "path": "roles[primary eq true].value", "value": "Editor"}]
    assert used == ("boolean-as-string-in-filter",)


def test_dotted_and_urn_keys_are_nested() -> None:
    sent = {
        "displayName": "Ada King",
        "name.givenName": "Ada",
        "name.familyName": "King",
        "active": False,
        f"{ENTERPRISE}:employeeNumber": "E-18",
    }
    nested = {
        "displayName": "Ada King",
        "name": {"givenName": "Ada", "familyName": "King"},
        "active": False,
        ENTERPRISE: {"employeeNumber": "E-18"},
    }
    assert patched({"op": "replace", "value": sent}) == (
        [{"op": "replace", "value": nested}],
        ("dotted-key", "urn-key"),
    )


def test_urns_are_known_in_any_case_and_by_their_longest_prefix() -> None:
    strict, _ = patched({"op": "add", "value": {f"{ENTERPRISE.upper()}:department": "R&D", f"{USER}:title": "Analyst"}})
    assert strict == [{"op": "add", "value": {ENTERPRISE: {"department": "R&D"}, "title": "Analyst"}}]


def test_keys_with_a_filter_become_operations_of_their_own() -> None:
    sent = {
        "title": "Analyst",
        'emails[type eq "work"].value': "a@contoso.example",
        'roles[primary eq "True"].value': "E",
    }
    strict, used = patched({"op": "replace", "value": sent})
    assert strict == [
        {"op": "replace", "value": {"title": "Analyst"}},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "a@contoso.example"},
        {"op": "replace", "path": "roles[primary eq true].value", "value": "E"},
    ]
    assert used == ("boolean-as-string-in-filter", "value-path-key")


@pytest.mark.parametrize("path", ["members", "Members.value"])
def test_removing_listed_members_removes_these_only(path: str) -> None:
    sent = {"op": "Remove", "path": path, "value": [{"$ref": None, "value": "a1"}, {"value": 'q"2'}]}
    strict, used = patched(sent, of="Group")
    assert strict == [
        {"op": "remove", "path": f'{path[:7]}[value eq "a1"]'},
        {"op": "remove", "path": f'{path[:7]}[value eq "q\\"2"]'},
    ]
    assert used == ("op-case", "removal-by-value")


def test_a_null_in_the_place_of_a_list_is_no_list_as_keycloak_empties_a_group() -> None:
    strict, used = patched({"op": "remove", "path": "members", "value": None}, of="Group")
    assert strict == [{"op": "remove", "path": "members"}]
    assert used == ("null-value-dropped",)


@pytest.mark.parametrize(
    "sent",
    [
        {"op": "add", "path": "groups", "value": [{"value": "g1"}]},
        {"op": "remove", "path": 'groups[value eq "g1"]'},
        {"op": "replace", "value": {"groups": [{"value": "g1"}]}},
    ],
)
def test_a_users_groups_are_left_alone_as_sailpoint_writes_them_through_the_user(sent: dict[str, object]) -> None:
    strict, used = patched(sent)
    assert strict == [{"op": "replace" if "path" in sent else sent["op"], "value": {}}]
    assert used == ("groups-dropped",)


def test_a_null_inside_a_list_is_absent_as_in_oktas_members() -> None:
    strict, used = patched({"op": "add", "path": "members", "value": [{"value": "a1", "display": None}]}, of="Group")
    assert strict == [{"op": "add", "path": "members", "value": [{"value": "a1"}]}]
    assert used == ("null-dropped",)


def test_a_null_for_one_chosen_entry_still_takes_a_part_of_it_away() -> None:
    sent = {"op": "replace", "path": 'emails[type eq "work"]', "value": {"display": None}}
    assert patched(sent) == ([sent], ())


def test_removing_an_empty_list_of_members_removes_nobody() -> None:
    strict, _ = patched({"op": "remove", "path": "members", "value": []}, of="Group")
    assert strict == [{"op": "add", "path": "members", "value": []}]


@pytest.mark.parametrize("value", [[None], [{"display": "Ada"}], [{"value": "a1"}, 7], ""])
def test_a_removal_of_members_that_cannot_be_read_loses_its_path_and_so_is_refused(value: object) -> None:
    strict, used = patched({"op": "remove", "path": "members", "value": value}, of="Group")
    assert strict == [{"op": "remove", "value": value}]
    assert used == ("unreadable-removal",)


@pytest.mark.parametrize(
    "path", ["manager", MANAGER, "urn:IETF:params:scim:schemas:extension:enterprise:2.0:user:manager"]
)
@pytest.mark.parametrize("value", ["7c1e", {"value": "7c1e"}, [{"$ref": None, "value": "7c1e"}], ["7c1e"]])
def test_a_manager_in_any_shape_becomes_complex(path: str, value: object) -> None:
    strict, _ = patched({"op": "add", "path": path, "value": value})
    assert strict == [{"op": "add", "path": MANAGER, "value": {"value": "7c1e"}}]


@pytest.mark.parametrize("op", ["add", "replace"])
@pytest.mark.parametrize("path", ["manager", MANAGER])
@pytest.mark.parametrize("value", ["", None, {"value": ""}, [{"value": None}], []])
def test_an_empty_manager_is_removed(op: str, path: str, value: object) -> None:
    strict, used = patched({"op": op, "path": path, "value": value})
    assert strict == [{"op": "remove", "path": MANAGER}]
    assert "manager-empty" in used


def test_a_manager_without_urn_in_a_value_without_path_moves_into_its_schema() -> None:
    strict, used = patched({"op": "replace", "value": {"manager": "7c1e"}}, {"op": "add", "value": {MANAGER: ""}})
    assert strict == [
        {"op": "replace", "value": {ENTERPRISE: {"manager": {"value": "7c1e"}}}},
        {"op": "remove", "path": MANAGER},
    ]
    assert {"manager-without-urn", "manager-not-complex", "manager-empty"} <= set(used)


def test_a_role_in_json_inside_a_text_is_opened() -> None:
    value = [{"value": '{"id":"06b0","value":"25","displayName":"Role1234"}'}]
    strict, used = patched({"op": "Add", "path": "roles", "value": value})
    assert strict == [{"op": "add", "path": "roles", "value": [{"display": "Role1234", "value": "25"}]}]
    assert used == ("op-case", "role-as-json-string", "role-display-name")


@pytest.mark.parametrize("empty", [None, ""])
def test_replacing_by_nothing_removes(empty: object) -> None:
    strict, _ = patched(
        {"op": "replace", "path": "title", "value": empty},
        {"op": "replace", "value": {"nickName": empty, "name": {"givenName": empty, "familyName": "King"}}},
        {"op": "replace", "value": {f"{ENTERPRISE}:department": empty}},
    )
    assert strict == [
        {"op": "remove", "path": "title"},
        {"op": "replace", "value": {"name": {"familyName": "King"}}},
        {"op": "remove", "path": "nickName"},
        {"op": "remove", "path": "name.givenName"},
        {"op": "remove", "path": f"{ENTERPRISE}:department"},
    ]


@pytest.mark.parametrize(
    ("of", "name"), [("User", "userName"), ("User", "active"), ("Group", "displayName"), ("Group", "members")]
)
def test_what_must_not_be_lost_is_never_removed_by_a_null(of: ResourceType, name: str) -> None:
    sent = [{"op": "replace", "path": name, "value": None}, {"op": "replace", "value": {name: None}}]
    assert patched(*sent, of=of) == (sent, ())


def test_a_single_value_in_a_list_of_one_is_taken_out() -> None:
    strict, used = patched(
        {"op": "replace", "path": "displayName", "value": [{"$ref": None, "value": "Ada"}]},
        {"op": "replace", "path": "active", "value": ["False"]},
    )
    assert [each["value"] for each in strict] == ["Ada", False]
    assert used == ("boolean-as-string", "scalar-in-list")


def test_a_group_rename_that_carries_the_id_keeps_only_the_name() -> None:
    strict, used = patched({"op": "replace", "value": {"id": "abf4", "displayName": "Jira Staff"}}, of="Group")
    assert strict == [{"op": "replace", "value": {"displayName": "Jira Staff"}}]
    assert used == ("id-dropped",)


def test_passwords_are_dropped_and_leave_an_operation_that_changes_nothing() -> None:
    strict, used = patched(
        {"op": "replace", "path": "password", "value": "t1meMa$heen"}, {"op": "replace", "value": {"password": "x"}}
    )
    assert strict == [{"op": "replace", "value": {}}, {"op": "replace", "value": {}}]
    assert used == ("password-dropped",)


def test_a_patch_without_schemas_and_with_operations_in_lower_case_is_completed() -> None:
    normalised = normalise_patch({"operations": [{"op": "remove", "path": "title"}]}, "User")
    assert normalised.document == {"schemas": [PATCH_OP], "Operations": [{"op": "remove", "path": "title"}]}
    assert normalised.tolerances == ("operations-case", "patch-schemas-missing")


def test_a_user_as_entra_posts_it_becomes_strict() -> None:
    sent: dict[str, object] = {
        "schemas": [USER, ENTERPRISE, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"],
        "userName": "ada@contoso.example",
        "active": "True",
        "title": None,
        "emails": [{"primary": True, "type": "work", "value": "ada@contoso.example"}],
        ENTERPRISE: {"employeeNumber": "E-17", "manager": "7c1e", "department": None},
        "urn:ietf:params:scim:schemas:extension:Custom:2.0:User": {"tag": "blue"},
        "roles": [{"primary": "True", "type": "WindowsAzureActiveDirectoryRole", "display": "E", "value": "E"}],
        "password": "t1meMa$heen",
        "meta": {"resourceType": "User"},
    }
    before = copy.deepcopy(sent)
    normalised = normalise_user(sent)
    assert sent == before
    assert normalised.document == {
        "schemas": [USER, ENTERPRISE],
        "userName": "ada@contoso.example",
        "active": True,
        "emails": [{"primary": True, "type": "work", "value": "ada@contoso.example"}],
        ENTERPRISE: {"employeeNumber": "E-17", "manager": {"value": "7c1e"}},
        "roles": [{"primary": True, "type": "WindowsAzureActiveDirectoryRole", "display": "E", "value": "E"}],
    }
    assert normalised.tolerances == (
        "unknown-schema-dropped",
        "meta-dropped",
        "password-dropped",
        "null-dropped",
        "boolean-as-string",
        "manager-not-complex",
    )


def test_an_emails_object_becomes_a_list_and_an_old_schema_the_present_one() -> None:
    normalised = normalise_user({"schemas": ["urn:scim:schemas:core:1.0"], "emails": {"value": "a@b.example"}})
    assert normalised.document == {"schemas": [USER], "emails": [{"value": "a@b.example"}]}
    assert normalised.tolerances == ("unknown-schema-dropped", "object-for-list")


def test_a_group_as_entra_posts_it_loses_the_legacy_schema_meta_and_null_refs() -> None:
    sent: dict[str, object] = {
        "schemas": [GROUP, LEGACY_GROUP],
        "displayName": "Jira Users",
        "members": [{"$ref": None, "value": "a1"}],
        "meta": {"resourceType": "Group"},
    }
    normalised = normalise_group(sent)
    assert normalised.document == {"schemas": [GROUP], "displayName": "Jira Users", "members": [{"value": "a1"}]}
    assert normalised.tolerances == ("unknown-schema-dropped", "meta-dropped", "null-ref-dropped")


@pytest.mark.parametrize(
    "operation",
    [
        7,
        {"op": None, "path": "title"},
        {"op": "Move", "path": "title"},
        {"op": "add", "path": 3, "value": "x"},
        {"op": "add", "path": "emails[", "value": "x"},
        {"op": "add", "value": "x"},
        {"op": "replace", "path": "active", "value": "maybe"},
        {"op": "remove"},
    ],
)
def test_malformed_operations_pass_unchanged_for_the_core_to_refuse(operation: object) -> None:
    assert patched(operation) == ([operation], ())


def test_every_tolerance_is_explained_in_one_line() -> None:
    assert all(line.endswith(".") and "\n" not in line for line in TOLERANCES.values())


PLAIN_KEYS = ("op", "path", "value", "schemas", "id", "meta", "active", "members", "emails", "name", "roles", "manager")
ODD_KEYS = (
    "name.givenName",
    "Manager",
    MANAGER,
    ENTERPRISE,
    ENTERPRISE.upper(),
    USER,
    f"{USER}:title",
    "urn:x",
    "$ref",
)
OTHER_KEYS = ('emails[type eq "work"].value', 'roles[primary eq "True"]', f"{MANAGER}.value", "password", "primary")
KEYS = st.sampled_from([*PLAIN_KEYS, *ODD_KEYS, *OTHER_KEYS])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | KEYS
    | st.sampled_from(["Add", "replace", "remove", "True", "", '{"value":"{\\"value\\":1}"}'])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(["Add", "replace", "Remove"])}, optional={"path": KEYS | SCALARS, "value": JSON}
)
DOCUMENTS = st.dictionaries(KEYS | st.text(max_size=4), JSON, max_size=5)
PATCHES = st.fixed_dictionaries({"Operations": st.lists(OPERATIONS | JSON, max_size=3)}) | DOCUMENTS


@given(DOCUMENTS, PATCHES, st.sampled_from(["User", "Group"]))
def test_any_json_is_normalised_without_error_without_change_to_it_and_once_for_all(
    document: dict[str, object], patch: dict[str, object], of: ResourceType
) -> None:
    before = json.dumps([document, patch])
    resource = normalise_user if of == "User" else normalise_group
    whole, change = resource(document), normalise_patch(patch, of)
    assert resource(whole.document).document == whole.document
    assert normalise_patch(change.document, of).document == change.document
    assert json.dumps([document, patch]) == before
