"""The bodies that the simulated client writes, literally, in both dialects."""

import pytest
from contoso import ADA, colleague

from core.sandbox.entra.attributes import Difference, differences, nested, user_attributes, value_at
from core.sandbox.entra.wire import Compliant, Legacy, new_group, new_user, wire_for

PATCH = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MARRIED = [
    Difference("displayName", "Ada King", present=True),
    Difference("preferredLanguage", "en-GB", present=False),
    Difference("name.familyName", "King", present=True),
    Difference('emails[type eq "work"].value', "ada.king@contoso.example", present=True),
    Difference('addresses[type eq "work"].formatted', "HQ-4", present=False),
    Difference(f"{ENTERPRISE}:employeeNumber", "E-18", present=True),
    Difference("active", False, present=True),
]


def test_a_new_user_is_written_with_the_default_mapping() -> None:
    assert new_user(user_attributes(ADA), manager_id="7c1e") == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "externalId": "ada.lovelace",
        "userName": "ada.lovelace@contoso.example",
        "active": True,
        "displayName": "Ada Lovelace",
        "title": "Analyst",
        "preferredLanguage": "en-GB",
        "emails": [{"primary": True, "type": "work", "value": "ada.lovelace@contoso.example"}],
        "name": {"formatted": "Ada Lovelace", "familyName": "Lovelace", "givenName": "Ada"},
        "addresses": [
            {
                "type": "work",
                "primary": True,
                "formatted": "HQ-3",
                "streetAddress": "1 Mill St",
                "locality": "London",
                "region": "LDN",
                "postalCode": "N1",
                "country": "UK",
            }
        ],
        "phoneNumbers": [
            {"type": "work", "primary": True, "value": "+44 20 5550100"},
            {"type": "mobile", "value": "+44 7700 900100"},
            {"type": "fax", "value": "+44 20 5550101"},
        ],
        ENTERPRISE: {"employeeNumber": "E-17", "department": "R&D", "manager": "7c1e"},
        "roles": [],
        "meta": {"resourceType": "User"},
    }


def test_attributes_without_a_value_are_not_sent() -> None:
    body = new_user(user_attributes(colleague("Grace", mail=None, telephone=None, mobile=None, facsimile=None)), None)
    assert "emails" not in body
    assert "phoneNumbers" not in body
    assert "manager" not in body[ENTERPRISE]


def test_a_guest_loses_the_suffix_of_the_tenant() -> None:
    guest = colleague("Alan", user_principal_name="alan_fabrikam.example#EXT#@contoso.example")
    assert user_attributes(guest)["userName"] == "alan_fabrikam.example"


@pytest.mark.parametrize("values", [{"account_enabled": False}, {"soft_deleted": True}])
def test_who_may_not_sign_in_or_is_in_the_recycle_bin_is_inactive(values: dict[str, bool]) -> None:
    assert user_attributes(colleague("Grace", **values))["active"] is False


def test_legacy_writes_one_capitalised_operation_per_attribute() -> None:
    assert Legacy().change(MARRIED) == {
        "schemas": PATCH,
        "Operations": [
            {"op": "Replace", "path": "displayName", "value": "Ada King"},
            {"op": "Add", "path": "preferredLanguage", "value": "en-GB"},
            {"op": "Replace", "path": "name.familyName", "value": "King"},
            {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ada.king@contoso.example"},
            {"op": "Add", "path": 'addresses[type eq "work"].formatted', "value": "HQ-4"},
            {"op": "Replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "E-18"},
            {"op": "Replace", "path": "active", "value": "False"},
        ],
    }


def test_legacy_writes_booleans_as_words() -> None:
    enabled = Legacy().change([Difference("active", True, present=True)])
    assert enabled["Operations"] == [{"op": "Replace", "path": "active", "value": "True"}]


def test_compliant_merges_plain_attributes_without_a_path() -> None:
    assert Compliant().change(MARRIED) == {
        "schemas": PATCH,
        "Operations": [
            {"op": "replace", "path": 'emails[type eq "work"].value', "value": "ada.king@contoso.example"},
            {"op": "add", "path": 'addresses[type eq "work"].formatted', "value": "HQ-4"},
            {
                "op": "replace",
                "value": {
                    "displayName": "Ada King",
                    "name.familyName": "King",
                    f"{ENTERPRISE}:employeeNumber": "E-18",
                    "active": False,
                },
            },
            {"op": "add", "value": {"preferredLanguage": "en-GB"}},
        ],
    }


def test_the_manager_is_a_string_in_legacy_and_complex_in_compliant() -> None:
    path = f"{ENTERPRISE}:manager"
    assert Legacy().assign_manager("7c1e", present=False) == {
        "schemas": PATCH,
        "Operations": [{"op": "Add", "path": path, "value": "7c1e"}],
    }
    assert Legacy().assign_manager("7c1e", present=True)["Operations"][0]["op"] == "Replace"
    assert Compliant().assign_manager("7c1e", present=True) == {
        "schemas": PATCH,
        "Operations": [{"op": "replace", "path": path, "value": {"value": "7c1e"}}],
    }


def test_a_new_group_has_no_members_and_in_legacy_a_second_schema() -> None:
    attributes = {"displayName": "Jira Users", "externalId": "8aa1a0c0-0000-4000-8000-0000000000a1"}
    assert new_group(attributes, Legacy()) == {
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:Group",
            "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
        ],
        "externalId": "8aa1a0c0-0000-4000-8000-0000000000a1",
        "displayName": "Jira Users",
        "meta": {"resourceType": "Group"},
        "members": [],
    }
    assert new_group(attributes, Compliant())["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:Group"]


def test_a_group_is_renamed_in_the_form_of_the_dialect() -> None:
    rename = [Difference("displayName", "Jira Staff", present=True)]
    assert Legacy().change(rename)["Operations"] == [{"op": "Replace", "path": "displayName", "value": "Jira Staff"}]
    assert Compliant().change(rename)["Operations"] == [{"op": "replace", "value": {"displayName": "Jira Staff"}}]


def test_legacy_adds_and_removes_members_by_lists_of_values() -> None:
    values = [{"$ref": None, "value": "u1"}, {"$ref": None, "value": "u2"}]
    assert Legacy().add_members(["u1", "u2"]) == {
        "schemas": PATCH,
        "Operations": [{"op": "Add", "path": "members", "value": values}],
    }
    assert Legacy().remove_members(["u1", "u2"]) == {
        "schemas": PATCH,
        "Operations": [{"op": "Remove", "path": "members", "value": values}],
    }


def test_compliant_removes_each_member_by_its_own_path() -> None:
    assert Compliant().add_members(["u1", "u2"])["Operations"] == [
        {"op": "add", "path": "members", "value": [{"value": "u1"}, {"value": "u2"}]}
    ]
    assert Compliant().remove_members(["u1", "u2"])["Operations"] == [
        {"op": "remove", "path": 'members[value eq "u1"]'},
        {"op": "remove", "path": 'members[value eq "u2"]'},
    ]


def test_a_mixed_job_sends_the_same_object_always_alike_and_a_third_as_legacy() -> None:
    kinds = [type(wire_for("mixed", f"object-{number}")) for number in range(300)]
    assert kinds == [type(wire_for("mixed", f"object-{number}")) for number in range(300)]
    assert 70 < kinds.count(Legacy) < 130
    assert set(kinds) == {Legacy, Compliant}


def test_what_was_sent_reads_back_as_no_difference() -> None:
    attributes = user_attributes(ADA)
    assert differences(attributes, nested(attributes)) == []


def test_a_difference_tells_whether_the_target_has_a_value() -> None:
    resource = {"displayName": "Ada", "emails": [{"type": "home", "value": "ada@home.example"}]}
    found = differences({"displayName": "Ada King", 'emails[type eq "work"].value': "ada@work.example"}, resource)
    assert [(one.path, one.present) for one in found] == [
        ("displayName", True),
        ('emails[type eq "work"].value', False),
    ]


@pytest.mark.parametrize("broken", [{"emails": "x"}, {"emails": ["x"]}, {"emails": [{"type": "work"}]}, {}])
def test_a_resource_of_another_shape_has_no_value_there(broken: dict[str, object]) -> None:
    assert value_at(broken, 'emails[type eq "work"].value') is None
