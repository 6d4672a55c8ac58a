"""Resource units, throttling and batches."""

from typing import Any

import pytest
from graph_visit import EVENTUAL, Clock, Visit

from core.sandbox.graph import Graph, Quirks, Tenant


def busy(units: int = 10) -> tuple[Graph, Clock]:
    clock = Clock()
    return Graph(Tenant(clock=clock, quirks=Quirks(units_per_10_seconds=units))), clock


@pytest.mark.parametrize(
    ("path", "units"),
    [
        ("users", 2),
        ("users?$select=id", 1),
        ("users?$expand=manager", 3),
        ("users?$top=10", 1),
        ("users?$top=10&$select=id", 1),
        ("groups/{group}/members", 3),
        ("groups/{group}/members?$select=id&$top=999", 2),
        ("groups/{group}/transitiveMembers", 5),
        ("groups", 1),
    ],
)
async def test_every_answer_tells_what_it_cost(path: str, units: int) -> None:
    graph = Graph()
    group = graph.tenant.new_group("All")
    answer = await Visit(graph).get(path.replace("{group}", group.id))
    assert answer.headers["x-ms-resource-unit"] == str(units)
    assert graph.units == units


async def test_pages_cost_what_the_first_one_did() -> None:
    graph = Graph(quirks=Quirks(delta_page_size=1))
    for number in range(3):
        graph.tenant.new_user(f"u{number}@contoso.example", "U")
    visit = Visit(graph)
    for path in ("users?$select=id&$top=1", "users/delta?$select=displayName"):
        before = graph.units
        assert len(await visit.pages(path)) == 3
        assert graph.units - before == 3


async def test_the_limit_is_told_from_four_fifths_of_it_on_and_then_kept() -> None:
    graph, clock = busy(10)
    visit = Visit(graph)
    answers = [await visit.get("users?$select=id") for _ in range(11)]
    told = [answer.headers.get("x-ms-throttle-limit-percentage") for answer in answers]
    assert told == [None] * 8 + ["0.9", "1.0", None]
    refused = answers[-1]
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "TooManyRequests")
    assert refused.headers["retry-after"] == "10"
    assert refused.headers["x-ms-throttle-scope"].startswith("Tenant_Application/Read/")
    assert refused.headers["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"
    clock.now += 10
    assert (await visit.get("users")).status_code == 200
    assert graph.throttled == 1


async def test_who_comes_too_early_waits_longer() -> None:
    graph, clock = busy(2)
    visit = Visit(graph)
    await visit.get("users")
    assert (await visit.get("users")).headers["retry-after"] == "10"
    clock.now += 9
    assert (await visit.get("users")).status_code == 429
    clock.now += 1
    assert (await visit.get("users")).status_code == 429


@pytest.mark.parametrize(("users", "limit"), [(49, 3500), (50, 5000), (501, 8000)])
async def test_the_limit_goes_by_the_number_of_users(users: int, limit: int) -> None:
    graph = Graph(Tenant(clock=Clock()))
    for number in range(users):
        graph.tenant.new_user(f"u{number}@contoso.example", "U")
    visit = Visit(graph)
    graph._state.throttle.charge("directory", limit - 1, limit, {})
    assert [(await visit.get("users?$select=id")).status_code for _ in range(2)] == [200, 429]


async def test_throttling_can_be_ordered_with_and_without_a_word_on_when_to_come_back() -> None:
    graph = Graph(quirks=Quirks(tells_throttle_details=False))
    visit = Visit(graph)
    graph.throttle_next(1, retry_after=17)
    assert (await visit.get("users")).headers["retry-after"] == "17"
    graph.throttle_next(1, retry_after=None)
    silent = await visit.get("users")
    assert silent.status_code == 429
    assert not [name for name in silent.headers if name.startswith(("retry", "x-ms-throttle"))]
    assert (await visit.get("users")).status_code == 200


async def test_reports_take_five_requests_in_ten_seconds() -> None:
    graph, clock = busy(1000)
    visit = Visit(graph)
    statuses = [(await visit.get("auditLogs/provisioning")).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert (await visit.get("users")).status_code == 200
    clock.now += 10
    assert (await visit.get("auditLogs/provisioning")).status_code == 200


def get(number: int, url: str, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "method": "GET", "url": url, **more}


async def send(visit: Visit, *requests: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = await visit.ask("POST", "$batch", json={"requests": requests})
    assert answer.status_code == 200, answer.text
    return {each["id"]: each for each in answer.json()["responses"]}


async def test_a_batch_answers_each_request_by_itself() -> None:
    graph = Graph()
    ann = graph.tenant.new_user("ann@contoso.example", "Ann")
    answers = await send(
        Visit(graph),
        get(1, "/users?$select=id"),
        get(2, f"users/{ann.id}/manager"),
        get(3, "/users/$count", headers=EVENTUAL),
    )
    assert {key: answer["status"] for key, answer in answers.items()} == {"1": 200, "2": 404, "3": 200}
    assert answers["1"]["body"]["value"] == [{"id": ann.id}]
    assert answers["2"]["body"]["error"]["code"] == "Request_ResourceNotFound"
    assert answers["3"]["body"] == "1"


async def test_what_was_asked_is_seen_inside_batches_too_and_without_the_token() -> None:
    graph = Graph()
    visit = Visit(graph)
    await visit.get("groups/nothing/members?$top=5", EVENTUAL)
    await send(visit, get(1, "/users?$select=id"))
    assert [(each.route, each.target, each.status) for each in graph.seen] == [
        ("groups/{id}/members", "/groups/nothing/members?$top=5", 404),
        ("users", "/users?$select=id", 200),
    ]
    assert graph.seen[0].headers["consistencylevel"] == "eventual"
    assert "authorization" not in graph.seen[0].headers


async def test_answers_of_a_batch_come_in_any_order() -> None:
    answer = await Visit(Graph()).ask("POST", "$batch", json={"requests": [get(n, "/users") for n in range(20)]})
    order = [int(each["id"]) for each in answer.json()["responses"]]
    assert order != sorted(order)
    assert sorted(order) == list(range(20))


async def test_each_request_of_a_batch_is_throttled_by_itself() -> None:
    graph, _ = busy(2)
    answers = await send(Visit(graph), *(get(number, "/groups") for number in range(4)))
    assert [answers[str(number)]["status"] for number in range(4)] == [200, 200, 429, 429]
    assert answers["2"]["headers"]["Retry-After"] == "10"
    assert answers["2"]["body"]["error"]["code"] == "TooManyRequests"


async def test_what_depends_on_a_failed_request_fails_too() -> None:
    answers = await send(Visit(Graph()), get(1, "/users/nobody"), get(2, "/users", dependsOn=["1"]), get(3, "/users"))
    assert {key: answer["status"] for key, answer in answers.items()} == {"1": 404, "2": 424, "3": 200}


@pytest.mark.parametrize(
    "requests",
    [
        [get(number, "/users") for number in range(21)],
        [get(1, "/users"), get(1, "/groups")],
        [get(1, "/users", dependsOn=["2"])],
        [{"id": "1", "url": "/users"}],
        [],
    ],
)
async def test_a_malformed_batch_is_refused_as_a_whole(requests: list[dict[str, Any]]) -> None:
    assert (await Visit(Graph()).ask("POST", "$batch", json={"requests": requests})).status_code == 400


@pytest.mark.parametrize(("taken", "status"), [(False, 400), (True, 200)])
async def test_absolute_urls_in_a_batch_are_taken_only_where_that_is_the_habit(taken: bool, status: int) -> None:
    visit = Visit(Graph(quirks=Quirks(batch_absolute_urls=taken)))
    assert (await send(visit, get(1, "https://graph.example/v1.0/users")))["1"]["status"] == status
