"""What a test or the demo sees from outside: effects, the snapshot, the counted requests, and repeatable keys."""

from confluence_visit import Visit

from core.sandbox.confluence import AccountView, Confluence, Effect, LocalAccount

JANE = LocalAccount("jane", "Jane Doe", "jane@example.com", groups=("Staff",))
LEFT = LocalAccount("left", "Lea Left", "left@example.com", active=False, groups=())


async def test_effects_are_what_came_over_http_and_nothing_else(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    confluence.add_account(LEFT)
    confluence.change_account("jane", full_name="Jane Roe")
    confluence.rename_account("jane", "jane.roe")
    confluence.add_group("Ops")
    confluence.remove_account("left")
    assert confluence.effects == []
    await (await visit(confluence)).put("/rest/api/user/jane.roe/group/ops")
    assert confluence.effects == [Effect("add-member", "jane.roe", "Ops")]


async def test_the_effects_handed_out_do_not_change_afterwards(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    before = confluence.effects
    await (await visit(confluence)).put("/rest/api/admin/user/jane/disable")
    assert before == []


def test_a_snapshot_is_everything_that_counts_in_order() -> None:
    snapshot = Confluence.with_defaults([LEFT, JANE]).snapshot()
    assert snapshot.accounts == (
        AccountView("admin", "Confluence Administrator", "admin@example.com", True),
        AccountView("jane", "Jane Doe", "jane@example.com", True),
        AccountView("left", "Lea Left", "left@example.com", False),
    )
    assert snapshot.groups == ("confluence-administrators", "confluence-users", "Staff")
    assert snapshot.memberships == {
        ("confluence-administrators", "admin"),
        ("confluence-users", "admin"),
        ("Staff", "jane"),
    }


async def test_two_instances_that_agree_have_equal_snapshots(visit: Visit) -> None:
    by_hand, over_http = Confluence.with_defaults([JANE]), Confluence.with_defaults()
    client = await visit(over_http)
    await client.post("/rest/api/admin/group", json={"name": "Staff"})
    new = {"userName": "jane", "fullName": "Jane Doe", "email": "jane@example.com", "password": "x"}
    await client.post("/rest/api/admin/user", json=new)
    await client.put("/rest/api/user/jane/group/Staff")
    assert over_http.snapshot() != by_hand.snapshot()
    await client.delete("/rest/api/user/jane/group/confluence-users")
    assert over_http.snapshot() == by_hand.snapshot()


async def test_requests_are_counted_by_method_and_route(visit: Visit) -> None:
    confluence = Confluence.with_defaults([JANE])
    client = await visit(confluence)
    await client.put("/rest/api/admin/user/jane/disable")
    await client.put("/rest/api/admin/user/ghost/disable")
    await client.get("/rest/api/nowhere")
    assert confluence.requests == {("PUT", "/rest/api/admin/user/{username}/disable"): 2, ("GET", "(none)"): 1}


def test_the_same_seed_gives_the_same_keys() -> None:
    first, again, other = (Confluence(seed=seed).add_account(JANE) for seed in (1, 1, 2))
    assert first == again
    assert first != other
