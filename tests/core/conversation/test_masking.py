"""Of a SCIM message, what is about somebody is replaced, and what a server has to cope with stays as it is."""

from random import Random
from typing import Any

import pytest

from core.conversation.fakes import Fakes
from core.conversation.masking import Masking

ADA = "0b7c9e7e-6a3f-4b0e-9d0b-2f0f5f1c7a11"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture
def masking() -> Masking:
    return Masking(Fakes(Random(7)), {ADA: "{{user-1}}"})


def test_names_types_order_nulls_and_odd_shapes_stay(masking: Masking) -> None:
    sent = {
        "schemas": ["urn:scim:schemas:core:1.0"],
        "userName": "ada@contoso.com",
        "title": None,
        "nickName": "",
        "active": "True",
        "emails": {"value": "ada@contoso.com", "type": "work", "primary": "true"},
        "preferredLanguage": "en-GB",
        "employeeNumber": 17,
        "roles": [],
        "meta": {"resourceType": "User"},
    }
    masked = masking.body(sent)
    assert list(masked) == list(sent)
    kept = ("schemas", "title", "nickName", "active", "preferredLanguage", "roles", "meta")
    assert [masked[name] for name in kept] == [sent[name] for name in kept]
    assert masked["emails"] | {"value": ""} == {"value": "", "type": "work", "primary": "true"}
    assert masked["emails"]["value"] == masked["userName"]
    assert "contoso" not in str(masked)
    assert isinstance(masked["employeeNumber"], int)


@pytest.mark.parametrize(
    ("operation", "stays"),
    [
        ({"op": "Replace", "path": "active", "value": "False"}, True),
        ({"op": "add", "path": f"{ENTERPRISE}:department", "value": "Sales"}, False),
        ({"op": "add", "path": 'emails[type eq "work"].type', "value": "home"}, True),
        ({"op": "remove", "path": "members", "value": None}, True),
        ({"op": "remove", "path": "title"}, True),
    ],
)
def test_the_value_of_an_operation_is_about_what_its_path_leads_to(
    masking: Masking, operation: dict[str, Any], stays: bool
) -> None:
    masked = masking.body({"Operations": [operation]})["Operations"][0]
    assert (masked == operation) is stays
    assert masked | {"value": 0} == operation | {"value": 0}


def test_ids_of_the_store_become_placeholders_wherever_they_are(masking: Masking) -> None:
    sent = {
        "op": "remove",
        "path": f'members[value eq "{ADA.upper()}"]',
        "value": [{"$ref": f"Users/{ADA}", "value": ADA}],
    }
    masked = masking.body(sent)
    assert masked["path"] == 'members[value eq "{{user-1}}"]'
    assert masked["value"][0]["value"] == "{{user-1}}"
    assert masked["value"][0]["$ref"].endswith("/{{user-1}}")
    assert masking.target(f"/Users/{ADA}?attributes=id") == "/Users/{{user-1}}?attributes=id"


def test_keys_that_are_paths_keep_their_form(masking: Masking) -> None:
    masked = masking.body(
        {"name.givenName": "Ada", f"{ENTERPRISE}:employeeNumber": "E-17", 'emails[type eq "work"].value': "a@b.c"}
    )
    assert list(masked) == ["name.givenName", f"{ENTERPRISE}:employeeNumber", 'emails[type eq "work"].value']


def test_a_companys_own_schema_is_not_told(masking: Masking) -> None:
    masked = masking.body({"schemas": ["urn:contoso:scim:2.0:User"], "urn:contoso:scim:2.0:User": {"badge": "B-7"}})
    assert "contoso" not in str(masked)
    assert masked["schemas"] == [key for key in masked if key != "schemas"]


def test_a_role_in_json_inside_a_text_stays_json(masking: Masking) -> None:
    sent = '{"id":"06b0","value":"25","displayName":"Secret"}'
    masked = masking.body({"value": sent})["value"]
    assert masked.startswith('{"id":"')
    assert "Secret" not in masked


@pytest.mark.parametrize(
    ("target", "masked"),
    [
        ("/Users?aadOptscim062020&count=1&startIndex=5", "/Users?aadOptscim062020&count=1&startIndex=5"),
        ("/Users?filter=userName+eq+%22x1%22", "/Users?filter=userName+eq+%22{}%22"),
        ("/Users?filter=userName%20eq%20x1", "/Users?filter=userName%20eq%20{}"),
        ('/Users?filter=emails[type+eq+"work"].value+eq+"x1"', '/Users?filter=emails[type+eq+"work"].value+eq+"{}"'),
        ("/Groups/?excludedAttributes=members&filter=active+eq+true", None),
        ("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", None),
        ("/users/.search", None),
    ],
)
def test_a_query_stays_encoded_as_it_was(masking: Masking, target: str, masked: str | None) -> None:
    expected = target if masked is None else masked.format(masking.text("x1"))
    assert masking.target(target) == expected


def test_what_the_log_has_masked_stays_so_in_a_form_that_its_attribute_takes(masking: Masking) -> None:
    masked = masking.body({"phoneNumbers": [{"value": "•••"}], "x509Certificates": [{"value": "•••"}]})
    assert masked == {"phoneNumbers": [{"value": "•••"}], "x509Certificates": [{"value": "AAAA"}]}


@pytest.mark.parametrize(
    "sent",
    [
        {"op": "remove", "path": 'members["ada@contoso.com"]'},
        {"op": "remove", "path": "members[ada@contoso.com]"},
        {"op": "remove", "path": "emails[value eq ada@contoso.com]"},
        {"op": "remove", "path": "emails[value eq 'ada@contoso.com'"},
        {"ada@contoso.com": True},
        {"type": "ada@contoso.com"},
        {"filter": 'userName "ada@contoso.com"'},
    ],
    ids=str,
)
def test_what_is_malformed_tells_nobody_s_address_either(masking: Masking, sent: dict[str, Any]) -> None:
    assert "contoso" not in str(masking.body(sent))
