"""Which provider, version and endpoint a path means."""

import pytest

from core.scim.routing import Place, canonical, place_of

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.mark.parametrize(
    "path",
    ["/scim/entra/v2/Users/X1", "//scim//entra/v2//users/X1/", "/SCIM/entra/V2/USERS/X1", "scim/entra/v2/Users/X1"],
)
def test_slashes_and_case_of_the_standards_names_do_not_matter(path: str) -> None:
    assert place_of(path) == Place("entra", "v2", "/Users/X1")


@pytest.mark.parametrize("path", ["", "/", "/healthz", "/scim", "/scim/entra", "/scim/entra/Users", "/other/entra/v2"])
def test_what_is_no_providers_place_is_none(path: str) -> None:
    assert place_of(path) is None


@pytest.mark.parametrize(
    ("version", "served"), [("v2", True), ("V2", True), ("v1", False), ("v2.1", False), ("v10", False)]
)
def test_only_version_two_is_served(version: str, served: bool) -> None:
    place = place_of(f"/scim/entra/{version}/Users")
    assert place is not None
    assert place.is_served is served


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("", "/"),
        ("//", "/"),
        ("groups/.SEARCH", "/Groups/.search"),
        ("/.Search", "/.search"),
        ("bulk", "/Bulk"),
        ("ME", "/Me"),
        ("resourcetypes/group", "/ResourceTypes/Group"),
        (f"schemas/{ENTERPRISE.upper()}", f"/Schemas/{ENTERPRISE}"),
        ("users/Users", "/Users/Users"),
        ("users/ABC/x", "/Users/ABC/x"),
        ("Robots/1", "/Robots/1"),
    ],
)
def test_names_come_out_in_the_case_of_the_standard_and_ids_as_they_are(path: str, meant: str) -> None:
    assert canonical(path) == meant
