"""Reference C.11 and C.12: what the service says of itself (RFC 7644 §4, RFC 7643 §5-7), and `/Me` (RFC 7644 §3.11)."""

from typing import Any

import httpx
import pytest
from protocol import (
    BULK,
    ENTERPRISE,
    GROUP,
    USER,
    Document,
    assert_error,
    assert_list,
    create_user,
    read,
    user_body,
)

CHARACTERISTICS = {"name", "type", "multiValued", "description", "required", "mutability", "returned"}
DISCOVERY = ["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas", f"/Schemas/{USER}"]


async def test_67_the_service_provider_config_has_every_member_of_the_standard(scim: httpx.AsyncClient) -> None:
    document = await read(scim, "/ServiceProviderConfig")
    assert document["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]
    for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag"):
        assert type(document[name]["supported"]) is bool
    assert {"maxOperations", "maxPayloadSize"} <= document["bulk"].keys()
    assert document["filter"]["maxResults"] > 0
    for scheme in document["authenticationSchemes"]:
        assert {"type", "name", "description", "specUri"} <= scheme.keys()
    assert document["meta"]["resourceType"] == "ServiceProviderConfig"
    assert document["meta"]["location"].endswith("/ServiceProviderConfig")
    assert not document.keys() - {
        "schemas", "meta", "patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes",
        "documentationUri", "pagination",
    }  # fmt: skip


async def test_67_the_service_provider_config_tells_the_truth(scim: httpx.AsyncClient) -> None:
    document = await read(scim, "/ServiceProviderConfig")
    user = await create_user(scim)
    place = f"/Users/{user['id']}"
    bulk = {"schemas": [BULK], "Operations": [{"method": "DELETE", "path": "/Users/x"}]}
    claims = {
        "patch": (await scim.patch(place, json={"Operations": [{"op": "add", "path": "title", "value": "x"}]})),
        "bulk": await scim.post("/Bulk", json=bulk),
        "filter": await scim.get("/Users", params={"filter": "userName pr"}),
        "sort": await scim.get("/Users", params={"sortBy": "userName"}),
        "etag": await scim.get(place, headers={"If-None-Match": "*"}),
    }  # fmt: skip
    for name, answer in claims.items():
        assert document[name]["supported"] is (answer.status_code < 400), name
    assert document["changePassword"] == {"supported": False}
    assert document["bulk"] == {"supported": True, "maxOperations": 1000, "maxPayloadSize": 8388608}


async def test_68_resource_types_are_listed_and_found_by_name(scim: httpx.AsyncClient) -> None:
    document = assert_list(await scim.get("/ResourceTypes"))
    assert document["totalResults"] == 2
    user, group = document["Resources"]
    assert (user["id"], user["endpoint"], user["schema"]) == ("User", "/Users", USER)
    assert user["schemaExtensions"] == [{"schema": ENTERPRISE, "required": False}]
    assert (group["id"], group["endpoint"], group["schema"]) == ("Group", "/Groups", GROUP)
    for each in (user, group):
        assert await read(scim, f"/ResourceTypes/{each['id']}") == each
        assert each["meta"]["location"].endswith(f"/ResourceTypes/{each['id']}")


async def test_68_schemas_are_listed_and_found_by_urn(scim: httpx.AsyncClient) -> None:
    document = assert_list(await scim.get("/Schemas"))
    assert {each["id"] for each in document["Resources"]} == {USER, GROUP, ENTERPRISE}
    for each in document["Resources"]:
        assert await read(scim, f"/Schemas/{each['id']}") == each


@pytest.mark.parametrize("path", ["/Schemas/urn:nothing", "/ResourceTypes/Robot", f"/Schemas/{USER}x"])
async def test_68_what_is_unknown_is_404(scim: httpx.AsyncClient, path: str) -> None:
    assert path.rsplit("/", 1)[1] in assert_error(await scim.get(path), 404)


@pytest.mark.parametrize("path", DISCOVERY)
async def test_68_a_filter_is_403_and_other_parameters_are_ignored(scim: httpx.AsyncClient, path: str) -> None:
    assert_error(await scim.get(path, params={"filter": 'id eq "User"'}), 403, None, "filter")
    query = {"startIndex": 5, "count": 1, "sortBy": "id", "attributes": "id", "excludedAttributes": "id"}
    assert await read(scim, path, **query) == await read(scim, path)


@pytest.mark.parametrize("path", DISCOVERY)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_68_other_methods_are_405(scim: httpx.AsyncClient, path: str, method: str) -> None:
    answer = await scim.request(method, path, json={})
    assert_error(answer, 405, None, "GET")
    assert answer.headers["allow"] == "GET"


def flat(schema: Document) -> list[tuple[str, Document]]:
    """Every attribute of a schema and its sub-attributes, by dotted name."""
    found = []
    for attribute in schema["attributes"]:
        found.append((attribute["name"], attribute))
        found += [(f"{attribute['name']}.{sub['name']}", sub) for sub in attribute.get("subAttributes", [])]
    return found


async def schemas(scim: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    return {each["id"]: dict(flat(each)) for each in (await read(scim, "/Schemas"))["Resources"]}


async def test_69_every_attribute_is_described_completely_and_without_nulls(scim: httpx.AsyncClient) -> None:
    for urn, attributes in (await schemas(scim)).items():
        for name, attribute in attributes.items():
            missing = CHARACTERISTICS - attribute.keys()
            assert not missing, (urn, name, missing)
            assert None not in attribute.values()
            assert attribute["description"]
            assert attribute["name"][0].islower() or attribute["name"] == "$ref"
            if attribute["type"] != "complex":
                assert "uniqueness" in attribute, (urn, name)
            else:
                assert attribute["subAttributes"], (urn, name)


@pytest.mark.parametrize(
    ("attribute", "values"),
    [
        ("emails.type", {"work", "home", "other"}),
        ("phoneNumbers.type", {"work", "home", "mobile", "fax", "pager", "other"}),
        ("addresses.type", {"work", "home", "other"}),
        ("ims.type", {"skype", "xmpp"}),
        ("photos.type", {"photo", "thumbnail"}),
        ("groups.type", {"direct", "indirect"}),
    ],
)
async def test_69_types_have_their_canonical_values(scim: httpx.AsyncClient, attribute: str, values: set[str]) -> None:
    """Microsoft's schema test makes names such as emails[type eq "work"].value of them."""
    assert values <= set((await schemas(scim))[USER][attribute]["canonicalValues"])


@pytest.mark.parametrize(
    ("urn", "name", "characteristics"),
    [
        (USER, "userName", {"type": "string", "required": True, "caseExact": False, "uniqueness": "server"}),
        (USER, "active", {"type": "boolean", "multiValued": False}),
        (USER, "password", {"mutability": "writeOnly", "returned": "never"}),
        (USER, "groups", {"type": "complex", "multiValued": True, "mutability": "readOnly"}),
        (USER, "groups.value", {"mutability": "readOnly"}),
        (USER, "emails", {"type": "complex", "multiValued": True, "returned": "default"}),
        (USER, "emails.primary", {"type": "boolean", "mutability": "readWrite"}),
        (USER, "profileUrl", {"type": "reference", "referenceTypes": ["external"]}),
        (USER, "x509Certificates.value", {"type": "binary"}),
        (USER, "name.familyName", {"type": "string", "multiValued": False}),
        (GROUP, "displayName", {"type": "string", "required": True}),
        (GROUP, "members", {"type": "complex", "multiValued": True, "mutability": "readWrite"}),
        (GROUP, "members.value", {"mutability": "immutable"}),
        (GROUP, "members.type", {"canonicalValues": ["User", "Group"], "mutability": "immutable"}),
        (ENTERPRISE, "employeeNumber", {"type": "string", "multiValued": False}),
        (ENTERPRISE, "manager.value", {"type": "string"}),
        (ENTERPRISE, "manager.displayName", {"mutability": "readOnly"}),
    ],
)
async def test_70_the_core_schemas_say_what_the_standard_says(
    scim: httpx.AsyncClient, urn: str, name: str, characteristics: Document
) -> None:
    """RFC 7643 §8.7.1."""
    attribute = (await schemas(scim))[urn][name]
    assert characteristics.items() <= attribute.items()


async def test_70_no_attribute_of_the_standard_is_missing(scim: httpx.AsyncClient) -> None:
    described = await schemas(scim)
    tops = {urn: {name for name in attributes if "." not in name} for urn, attributes in described.items()}
    assert tops[USER] == {
        "userName", "name", "displayName", "nickName", "profileUrl", "title", "userType", "preferredLanguage", "locale",
        "timezone", "active", "password", "emails", "phoneNumbers", "ims", "photos", "addresses", "groups",
        "entitlements", "roles", "x509Certificates",
    }  # fmt: skip
    assert tops[GROUP] == {"displayName", "members"}
    assert tops[ENTERPRISE] == {"employeeNumber", "costCenter", "organization", "division", "department", "manager"}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_71_me_is_501_and_says_what_to_use(scim: httpx.AsyncClient, method: str) -> None:
    """A token stands for an identity provider; there is no user whom it could mean."""
    answer = await scim.request(method, "/Me", json=None if method in ("GET", "DELETE") else user_body())
    assert_error(answer, 501, None, "use /Users/<id>")
