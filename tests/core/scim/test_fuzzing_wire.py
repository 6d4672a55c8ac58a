"""Whatever comes over the wire, well formed or not: never a fault, and no secret of it in an answer or in the store.

`MANCIPLE_EXAMPLES=100000` sends a hundred thousand requests; the suite sends some hundreds.
"""

import os
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim_calls import ENTERPRISE, GROUP, PATCH, USER
from test_fuzzing import JSON, OPERATIONS, RESOURCES

from core.scim.listener import Listener, Served
from core.store import Store, tokens

SECRET = "hunter2-SECRET"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
PASSWORDS = st.sampled_from(["password", "Password", f"{USER}:password"]).map(lambda key: {key: SECRET})
NAMED = st.fixed_dictionaries({"schemas": st.sampled_from([[USER], [GROUP], [USER, ENTERPRISE], []])}).flatmap(
    lambda start: RESOURCES.map(lambda body: {"userName": "x", "displayName": "x", **start, **body})
)
WITH_PASSWORD = st.tuples(NAMED, PASSWORDS).map(lambda pair: pair[0] | pair[1])
HIDING = st.sampled_from(
    [
        {"op": "replace", "path": "password", "value": SECRET},
        {"op": "Add", "path": f"{USER}:password", "value": SECRET},
        {"op": "replace", "value": {"password": SECRET, "displayName": "y"}},
        {"OP": "add", "PATH": "PassWord", "VALUE": SECRET, "a": 1, "b": 2, "c": 3, "d": 4},
    ]
)
PATCHES = st.lists(OPERATIONS | HIDING, max_size=4).map(lambda each: {"schemas": [PATCH], "Operations": each})
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "QUERY"])
PATHS = st.sampled_from(
    ["", "/", "/Users", "/users/", "/Groups", "/Users/x", "/Groups/x", "/Users/<id>", "/Groups/<id>", "/Bulk", "/Me",
     "/.search", "/Users/.search", "/Groups/.search", "/Schemas", f"/Schemas/{USER}", "/ResourceTypes",
     "/ResourceTypes/User", "/ServiceProviderConfig", "/nowhere", "//Users//x", "/Users/%00", "/Users/a%2Fb"]
)  # fmt: skip
BULKS = st.lists(
    st.fixed_dictionaries(
        {}, optional={"method": METHODS, "path": PATHS, "bulkId": st.text(max_size=3), "data": WITH_PASSWORD | PATCHES}
    ),
    max_size=3,
).map(lambda each: {"schemas": [BULK], "Operations": each})
FILTERS = st.sampled_from(
    [f'password eq "{SECRET}"', f'userName eq "x" and password eq "{SECRET}"', 'userName eq "x', "(((", "userName pr",
     'emails[type eq "work"].value eq "a"', "active gt true", 'meta.lastModified gt "x"', "not (userName eq 1)", ""]
) | st.text(max_size=20)  # fmt: skip
SEARCHES = st.fixed_dictionaries(
    {"schemas": st.just([SEARCH])}, optional={"filter": FILTERS, "count": JSON, "startIndex": JSON, "sortBy": JSON}
)
DOCUMENTS = WITH_PASSWORD | PATCHES | BULKS | SEARCHES | NAMED | JSON


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """JSON, JSON that was damaged on its way, or anything."""
    sound = orjson.dumps(draw(DOCUMENTS))
    broken = sound.replace(SECRET.encode(), b"x")  # where the key of a secret is damaged, nothing says that it is one
    match draw(st.integers(0, 9)):
        case 0:
            return draw(st.binary(max_size=40))
        case 1:
            return sound[: draw(st.integers(0, len(sound) - 1))]
        case 2:
            at = draw(st.integers(0, len(broken)))
            return broken[:at] + draw(st.binary(max_size=3)) + broken[at:]
        case _:
            return sound


def secretive(key: str, value: str) -> str:
    """A value that holds the secret only where one belongs."""
    if key == "password":
        return SECRET
    return value if key.lower() == "filter" else value.replace(SECRET, "x")


QUERIES = st.dictionaries(
    st.sampled_from(["filter", "Filter", "attributes", "excludedAttributes", "count", "startIndex", "sortBy", "cursor",
                     "sortOrder", "password", "aadOptscim062020"]),
    FILTERS | st.sampled_from(["-1", "0", "5", "x", "userName", "emails.value", "id,members"]),
    max_size=2,
).map(lambda query: {key: secretive(key, value) for key, value in query.items()})  # fmt: skip
HEADERS = st.dictionaries(
    st.sampled_from(["Content-Type", "Accept", "If-Match", "If-None-Match", "Content-Encoding", "X-Forwarded-For"]),
    st.sampled_from(["application/scim+json", "application/json", "text/plain", "*", 'W/"1"', "gzip", "", "é", "1"]),
    max_size=2,
)
EXAMPLES = settings(
    max_examples=int(os.environ.get("MANCIPLE_EXAMPLES", "300")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Listener, str, Path]]:
    folder = tmp_path_factory.mktemp("fuzzing")
    with Store.open(f"sqlite:///{folder / 'manciple.db'}") as store:
        token = store.writer.write_now(lambda tx: tokens.issue(tx, "entra", "test"))
        yield Listener(store, [Served("entra", ["wiki"])], "http://x", allow=[ip_network("127.0.0.0/8")]), token, folder


@pytest.fixture
async def client(served: tuple[Listener, str, Path]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(served[0]),
        base_url="http://x/scim/entra/v2",
        headers={"Authorization": f"Bearer {served[1]}", "Content-Type": "application/scim+json"},
    ) as client:
        yield client


@EXAMPLES
@given(method=METHODS, path=PATHS, query=QUERIES, headers=HEADERS, body=bodies())
async def test_nothing_that_is_sent_is_a_fault_or_comes_back_with_a_secret(
    client: httpx.AsyncClient, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
) -> None:
    if "<id>" in path:
        found = (await client.get(path.removesuffix("/<id>"), params={"count": "1"})).json()["Resources"]
        path = path.replace("<id>", found[0]["id"] if found else "none")
    content = {} if method in ("GET", "HEAD") else {"content": body}
    asked: dict[str, Any] = {"params": {k: v.encode("utf-8", "replace").decode() for k, v in query.items()}, **content}
    answer = await client.request(method, path, headers={k: v.encode() for k, v in headers.items()}, **asked)
    assert answer.status_code < 500 or answer.status_code == 501, answer.text
    assert SECRET not in answer.text


def test_no_secret_is_in_the_store(served: tuple[Listener, str, Path]) -> None:
    listener, token, folder = served
    listener._store.writer.write_now(lambda tx: None)
    kept = b"".join(file.read_bytes() for file in folder.iterdir() if file.name.startswith("manciple.db"))
    assert b"exchanges" in kept
    assert token.encode() not in kept
    assert SECRET.encode() not in kept
