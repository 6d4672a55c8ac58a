"""Seats of the licence: who takes one, what the licence tells, what happens when none is left."""

import httpx
import pytest
from confluence_visit import Visit, names

from core.sandbox.confluence import Confluence, LocalAccount, Quirks, Settings

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com")
GUEST = LocalAccount("guest", "Gina Guest", "guest@example.com", groups=("Guests",))
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False)
NEW = {"userName": "john", "fullName": "John Roe", "email": "john@example.com", "password": "secret"}
ACTIVE = "/rest/api/admin/users/list/active"


async def counts(client: httpx.AsyncClient) -> tuple[int, int, int]:
    """Seats taken, left, and allowed."""
    answers = [
        (await client.get(f"/rest/license/1.0/license/{name}")).json()["count"]
        for name in ("userCount", "remainingSeats", "maxUsers")
    ]
    return answers[0], answers[1], answers[2]


async def test_an_active_user_with_the_permission_to_use_takes_a_seat(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE, GUEST, LEFT], settings=Settings(seats=10))
    client = await visit(confluence)
    assert await counts(client) == (2, 8, 10)
    await client.put("/rest/api/user/guest/group/confluence-users")
    await client.put("/rest/api/admin/user/left/enable")
    assert await counts(client) == (4, 6, 10)
    await client.put("/rest/api/admin/user/jane/disable")
    await client.delete("/rest/api/user/guest/group/confluence-users")
    assert await counts(client) == (2, 8, 10)
    confluence.settings = Settings(seats=10, use_groups=frozenset({"guests"}))
    assert await counts(client) == (1, 9, 10)


async def test_without_a_seat_nobody_is_created_but_everything_else_goes_on(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE], settings=Settings(seats=2))
    client = await visit(confluence)
    answer = await client.post("/rest/api/admin/user", json=NEW)
    assert (answer.status_code, answer.json()["reason"]) == (402, "Payment Required")
    assert confluence.effects == []
    assert (await client.put("/rest/api/admin/user/jane/disable")).status_code == 204
    assert (await client.post("/rest/api/admin/user", json=NEW)).status_code == 201


async def test_who_is_activated_may_need_a_seat_that_is_there(visit: Visit) -> None:
    away = LocalAccount("away", "Ann Away", "away@example.com", active=False, groups=("Guests",))
    for quirks, status in ((Quirks(), 204), (Quirks(reactivation_without_seats="refuse"), 402)):
        client = await visit(Confluence.with_defaults([LEFT, away], quirks=quirks, settings=Settings(seats=1)))
        assert (await client.put("/rest/api/admin/user/left/enable")).status_code == status
        assert (await client.put("/rest/api/admin/user/away/enable")).status_code == 204


@pytest.mark.parametrize("unlimited", [-1, 0])
async def test_a_licence_without_limit_says_so_in_a_number(visit: Visit, unlimited: int) -> None:
    client = await visit(Confluence.with_defaults(quirks=Quirks(unlimited_seats=unlimited)))
    assert await counts(client) == (1, unlimited, unlimited)
    assert (await client.post("/rest/api/admin/user", json=NEW)).status_code == 201


async def test_the_details_of_the_licence_are_for_administrators(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE], settings=Settings(seats=50))
    assert (await (await visit(confluence)).get("/rest/license/1.0/license/details")).json()["maxUsers"] == 50
    for name in ("details", "userCount", "remainingSeats", "maxUsers"):
        answer = await (await visit(confluence, user="jane")).get(f"/rest/license/1.0/license/{name}")
        assert answer.status_code == 403


async def test_the_licensed_users_are_listed_with_their_e_mail(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults([JANE, GUEST, LEFT]))
    page = (await client.get(ACTIVE)).json()
    assert [(user["username"], user["email"]) for user in page["results"]] == [
        ("admin", "admin@example.com"),
        ("jane", "jane@example.com"),
    ]


async def test_the_licensed_users_may_be_listed_as_of_the_last_reindex(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE], quirks=Quirks(active_list_lags=True))
    client = await visit(confluence)
    assert names((await client.get(ACTIVE)).json()["results"]) == []
    confluence.reindex()
    await client.post("/rest/api/admin/user", json=NEW)
    confluence.change_account("jane", email="new@example.com")
    listed = (await client.get(ACTIVE)).json()["results"]
    assert [(user["username"], user["email"]) for user in listed] == [
        ("admin", "admin@example.com"),
        ("jane", "jane@example.com"),
    ]


async def test_the_licensed_users_may_be_listed_where_the_announcement_said(visit: Visit) -> None:
    client = await visit(Confluence.with_defaults([JANE], quirks=Quirks(active_list_path="/rest/api/user/list/active")))
    assert (await client.get(ACTIVE)).status_code == 404
    assert names((await client.get("/rest/api/user/list/active")).json()["results"]) == ["admin", "jane"]
