"""The search of the simulated Crowd: pages without a total, queries, and what is shown only when expanded."""

import pytest
from crowd_visit import JANE, JOHN, LEFT, CrowdVisit, names, people, refused

from core.sandbox.crowd import Crowd, Quirks

USERS = "/search?entity-type=user"


async def test_a_listing_has_inactive_users_in_the_order_of_names_and_only_their_names(visit: CrowdVisit) -> None:
    client = await visit(Crowd([LEFT, JOHN, JANE]))
    listing = (await client.get(USERS)).json()
    assert [set(user) for user in listing["users"]] == [{"link", "name"}] * 3
    assert names(await client.get(USERS)) == ["Jane", "john", "left"]
    expanded = (await client.get(f"{USERS}&expand=user")).json()["users"]
    assert [user["active"] for user in expanded] == [True, True, False]


async def test_pages_have_no_total_and_the_last_is_told_by_being_short(visit: CrowdVisit) -> None:
    client = await visit(Crowd(people(5)))
    pages = [(await client.get(f"{USERS}&start-index={start}&max-results=2")).json() for start in (0, 2, 4, 6)]
    assert [len(page["users"]) for page in pages] == [2, 2, 1, 0]
    assert set(pages[0]) == {"expand", "users"}
    assert len(names(await client.get(f"{USERS}&max-results=-1"))) == 5
    assert refused(await client.get(f"{USERS}&max-results=many")) == (400, "ILLEGAL_ARGUMENT")


async def test_untold_a_page_has_1000_and_a_limit_of_the_instance_makes_every_page_short(visit: CrowdVisit) -> None:
    assert len(names(await (await visit(Crowd(people(1001)))).get(USERS))) == 1000
    limited = await visit(Crowd(people(5), quirks=Quirks(largest_page=3)))
    assert len(names(await limited.get(f"{USERS}&max-results=1000"))) == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('email="JANE@example.com"', ["Jane"]),
        ("name = j*", ["Jane", "john"]),
        ("active = false", ["left"]),
        ('displayName = "*o*" and active=true', ["Jane", "john"]),
        ("firstName=Jane or lastName=Left", ["Jane", "left"]),
        ("(name=jane or name=left) and active=false", ["left"]),
        ("name > jz", ["left"]),
        ("name < jb", ["Jane"]),
        (r'name = "a\"b"', []),
        ("name = [j]*", []),
        ("", ["Jane", "john", "left"]),
    ],
)
async def test_a_query_finds_by_fields(visit: CrowdVisit, query: str, found: list[str]) -> None:
    client = await visit(Crowd([JANE, JOHN, LEFT]))
    assert names(await client.get("/search", params={"entity-type": "user", "restriction": query})) == found


@pytest.mark.parametrize("query", ["shoe=42", "name=", "name", "(name=jane", "name=jane jane", '"', "name jane x"])
async def test_what_is_no_query_is_refused(visit: CrowdVisit, query: str) -> None:
    answer = await (await visit(Crowd())).get("/search", params={"entity-type": "user", "restriction": query})
    assert refused(answer) == (400, "ILLEGAL_ARGUMENT")


async def test_a_restriction_in_the_body_compares_one_property(visit: CrowdVisit) -> None:
    client = await visit(Crowd([JANE, JOHN]))
    body = {
        "property": {"name": "email", "type": "STRING"},
        "match-mode": "EXACTLY_MATCHES",
        "value": "JANE@example.com",
    }
    assert names(await client.post(USERS, json=body)) == ["Jane"]
    assert names(await client.post(USERS, json=body | {"match-mode": "CONTAINS", "value": "example"})) == [
        "Jane",
        "john",
    ]
    assert names(await client.post(USERS, json={})) == ["Jane", "john"]
    assert refused(await client.post(USERS, json={"property": {"name": "shoe"}})) == (400, "ILLEGAL_ARGUMENT")


async def test_groups_are_searched_by_name_and_description(visit: CrowdVisit) -> None:
    client = await visit(Crowd([JANE]))
    await client.post("/group", json={"name": "Ops", "type": "GROUP", "description": "Operations"})
    assert names(await client.get("/search?entity-type=group"), "groups") == ["Ops", "Staff"]
    query = {"entity-type": "group", "restriction": "name=st*"}
    assert names(await client.get("/search", params=query), "groups") == ["Staff"]
    query = {"entity-type": "group", "restriction": "description=oper*"}
    assert names(await client.get("/search", params=query), "groups") == ["Ops"]
    assert refused(await client.get("/search")) == (400, "ILLEGAL_ARGUMENT")
