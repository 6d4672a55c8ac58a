"""Pages: by number and by cursor they hold everybody once, in the order asked for, whoever does the work."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim2_models import SearchRequest
from scim2_server.requests import ScimRequest
from sqlalchemy import Connection

from core.scim.models import MODELS
from core.scim.search.answering import search
from core.scim.service import DEFAULT_PAGE, MAX_RESULTS
from core.store import Store, identities, member_rows
from core.store.identities import Kind

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BASE = "https://scim.example.com/scim/entra/v2"
PATHS: dict[str, tuple[Kind, ...]] = {"/Users": ("User",), "/Groups": ("Group",), "/": ("User", "Group")}
MODEL_OF: dict[str, Any] = {"/Users": MODELS["User"], "/Groups": MODELS["Group"], "/": MODELS["User"] | MODELS["Group"]}


def user(number: int) -> dict[str, Any]:
    """Some have a value twice, some have none, and case differs."""
    document: dict[str, Any] = {"schemas": [USER], "userName": f"{'uU'[number % 2]}{number * 7 % 23:02}"}
    document |= {"externalId": f"{'xX'[number % 2]}{number // 3}"} if number % 4 else {}
    document |= {"displayName": f"{'dD'[number % 2]}{number // 4}"} if number % 3 else {}
    document |= {"active": number % 5 != 0, "title": "tT"[number % 2]} if number % 2 else {}
    document |= {"name": {"familyName": f"F{number % 6}"}} if number % 5 else {}
    document |= {ENTERPRISE: {"department": f"{number % 3}"}} if number % 7 else {}
    emails = [{"value": f"B{number % 4}@x"}, {"value": f"a{number % 3}@x", "primary": True}]
    return document | {"emails": emails[: number % 3]}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("paging") / "manciple.db"
    with Store.open(f"sqlite:///{path}") as store:

        def write(tx: Any) -> None:
            users = [identities.create(tx, "entra", "User", user(number)) for number in range(23)]
            for number in range(5):
                group = {"schemas": [GROUP], "displayName": f"{'gG'[number % 2]}{number * 3 % 5}"}
                key = identities.create(tx, "entra", "Group", group).key
                member_rows.add(tx, key, [(False, each.key, None) for each in users[number :: number + 2]])
            identities.remove(tx, "User", users[11])

        store.writer.write_now(write)
        for each in (3, 19):  # changed later than the others
            with store.read() as connection:
                stored = identities.page(connection, "entra", "User", each, 1)[1][0]
            store.writer.write_now(lambda tx, at=stored: identities.count_version_up(tx, "User", at))  # type: ignore[misc]
        yield store


@pytest.fixture
def connection(filled: Store) -> Iterator[Connection]:
    with filled.read() as connection:
        yield connection


def listed(connection: Connection, path: str, **query: Any) -> dict[str, Any]:
    request = ScimRequest("GET", BASE, path, {name: str(value) for name, value in query.items()})
    answer = search(connection, "entra", request)
    assert answer is not None
    document: dict[str, Any] = orjson.loads(answer.body)
    assert document["itemsPerPage"] == len(document["Resources"])
    return document


def ids(document: dict[str, Any]) -> list[str]:
    return [each["id"] for each in document["Resources"]]


def expected(connection: Connection, path: str, query: dict[str, str]) -> list[str]:
    """What the library's own filter and order make of everything there is."""
    request: Any = SearchRequest[MODEL_OF[path]].model_validate(query)  # type: ignore[misc]
    there = listed(connection, path, count=MAX_RESULTS)["Resources"]
    shown = [({"active": True} if "userName" in each else {}) | each for each in there]
    resources = [MODELS[each["meta"]["resourceType"]].model_validate(each) for each in shown]  # type: ignore[index]
    found = [each for each in resources if request.filter is None or request.filter.match(each)]
    return [each.id for each in request.sort(found)]


FILTERS = st.sampled_from(
    [None, None, "id pr", 'displayName pr', 'displayName sw "d"', 'not (displayName pr)', 'emails co "B"',
     f'{ENTERPRISE}:department ne "1"', 'title eq "T"', 'groups.display sw "g"', 'userName eq "nobody"',
     'displayName co "1" or members pr', "meta.created pr and not (title pr)"]
)  # fmt: skip
SORTS = st.sampled_from(
    [None, None, "id", "userName", "USERNAME", "externalId", "displayName", "active", "meta.created",
     "meta.lastModified", "name.familyName", "emails", "emails.value", f"{ENTERPRISE}:department",
     "title", "groups.display"]
)  # fmt: skip
QUERIES = st.fixed_dictionaries(
    {"filter": FILTERS, "sortBy": SORTS, "sortOrder": st.sampled_from([None, "descending"])}
)


def told(query: dict[str, str | None], path: str) -> dict[str, str]:
    kept = {name: value for name, value in query.items() if value is not None}
    if path == "/Groups":  # of what groups have
        kept = {
            name: value for name, value in kept.items() if name == "sortOrder" or value.startswith(("display", "id"))
        }
        kept |= {"filter": 'displayName co "1"'} if "or members" in kept.get("filter", "") else {}
    elif path == "/Users" and "members" in kept.get("filter", ""):
        kept["filter"] = "title pr"
    return kept


ANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(path=st.sampled_from(sorted(PATHS)), query=QUERIES, start=st.integers(-1, 30), count=st.integers(0, 30))
@ANY
def test_a_page_by_number_is_a_part_of_the_whole(
    connection: Connection, path: str, query: dict[str, str | None], start: int, count: int
) -> None:
    asked = told(query, path)
    everybody = expected(connection, path, asked)
    page = listed(connection, path, startIndex=start, count=count, **asked)
    first = max(start, 1)
    assert (page["totalResults"], page["startIndex"]) == (len(everybody), first)
    assert ids(page) == everybody[first - 1 : first - 1 + count]
    assert "nextCursor" not in page


@given(path=st.sampled_from(sorted(PATHS)), query=QUERIES, count=st.integers(1, 30))
@ANY
def test_pages_by_cursor_follow_each_other_to_the_end(
    connection: Connection, path: str, query: dict[str, str | None], count: int
) -> None:
    asked = told(query, path)
    everybody = expected(connection, path, asked)
    page = listed(connection, path, cursor="", count=count, **asked)
    found = ids(page)
    while "nextCursor" in page:
        assert len(page["Resources"]) == count
        page = listed(connection, path, cursor=page["nextCursor"], count=count, **asked)
        assert page["totalResults"] == len(everybody)
        assert page["Resources"]
        found += ids(page)
    assert found == everybody
    assert "startIndex" not in page


@pytest.mark.parametrize("query", [{}, {"sortBy": "userName"}, {"filter": "title pr"}, {"filter": 'userName sw "u"'}])
def test_a_count_of_zero_gives_the_total_alone(connection: Connection, query: dict[str, str]) -> None:
    for more in ({"count": 0}, {"count": -3}, {"count": 0, "cursor": ""}):
        page = listed(connection, "/Users", **more, **query)
        assert page["Resources"] == []
        assert page["totalResults"] == len(expected(connection, "/Users", query))
        assert "nextCursor" not in page


def test_a_page_far_beyond_the_end_is_empty(connection: Connection) -> None:
    for start in (24, 2**53, 10**40):
        for query in ({}, {"filter": 'userName sw "u"'}, {"filter": "title pr"}, {"sortBy": "userName"}):
            assert ids(listed(connection, "/Users", startIndex=start, **query)) == []


def statements(connection: Connection, path: str, **query: Any) -> list[str]:
    seen: list[str] = []
    driver: Any = connection.connection.dbapi_connection
    driver.set_trace_callback(seen.append)
    listed(connection, path, **query)
    driver.set_trace_callback(None)
    return seen


def test_without_a_filter_nothing_is_counted_and_no_row_before_the_page_is_read(connection: Connection) -> None:
    seen = statements(connection, "/Users", startIndex=9, count=3)
    assert len(seen) == 3  # the total, the page, and the groups of its users
    assert not any("count(" in each for each in seen)


@pytest.mark.parametrize("query", [{"filter": 'userName sw "u"', "count": 30}, {"filter": 'userName eq "nobody"'}])
def test_a_filtered_page_that_is_not_full_tells_the_total_itself(connection: Connection, query: dict[str, Any]) -> None:
    assert not any("count(" in each for each in statements(connection, "/Users", **query))


@pytest.mark.parametrize(
    ("path", "query", "table"),
    [
        ("/Groups", {"excludedAttributes": "members"}, "memberships"),
        ("/Groups", {"attributes": "id,displayName"}, "memberships"),
        ("/Users", {"attributes": "userName"}, "memberships"),
        ("/Users", {"excludedAttributes": "groups", "filter": "title pr"}, "memberships"),
        ("/", {"excludedAttributes": "groups,members"}, "memberships"),
    ],
)
def test_members_and_groups_that_are_not_to_be_seen_are_not_read(
    connection: Connection, path: str, query: dict[str, Any], table: str
) -> None:
    assert not any(table in each for each in statements(connection, path, **query))


def test_the_groups_of_all_users_of_a_page_are_read_at_once(connection: Connection) -> None:
    page = listed(connection, "/Users", count=20)
    assert sum(bool(each.get("groups")) for each in page["Resources"]) > 10
    assert sum("memberships" in each for each in statements(connection, "/Users", count=20)) == 1


def test_a_page_of_which_nobody_said_how_long_has_the_default_length(connection: Connection, filled: Store) -> None:
    def fill(tx: Any) -> None:
        for number in range(MAX_RESULTS + 5):
            identities.create(tx, "okta", "User", {"schemas": [USER], "userName": str(number)})

    filled.writer.write_now(fill)
    with filled.read() as connection:
        for query, length in (({}, DEFAULT_PAGE), ({"count": "5000"}, MAX_RESULTS), ({"count": "9" * 40}, MAX_RESULTS)):
            answer = search(connection, "okta", ScimRequest("GET", BASE, "/Users", query))
            assert answer is not None
            assert len(orjson.loads(answer.body)["Resources"]) == length
