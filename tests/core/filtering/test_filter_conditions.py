"""The SQL of a condition selects what the condition means, as `reference_matching` says it a second time."""

from collections.abc import Iterator
from dataclasses import asdict, fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_matching import holds
from sqlalchemy import Connection, create_engine, delete, insert

from core.filtering import Condition, parse
from core.filtering.conditions import AllOf, AnyOf, Contains, Is, Missing, Not, Within
from core.store import exchanges, tables
from core.store.exchanges import Listed

EXCHANGES = tables.Exchange.metadata.tables["exchanges"]
NOW = 5_000_000

# Few letters, so that texts and what is looked for in them meet often; those that SQL, LIKE or case treat specially.
TEXT = st.text(st.sampled_from("aAbé%_/\\'\"Éßİ山 \0"), max_size=6)
NEEDLE = st.text(st.sampled_from("aAbé%_/\\'\"Éßİ山 "), min_size=1, max_size=3)
SMALL = st.integers(0, 6)
ROWS = st.lists(
    st.builds(
        Listed,
        id=st.just(0),
        direction=st.sampled_from(["in", "out"]),
        party=st.sampled_from(["entra", "Wiki", "é"]),
        at=st.integers(0, NOW),
        duration=st.integers(0, 3_000_000),
        method=st.sampled_from(["GET", "post", "PATCH"]),
        path=TEXT,
        status=st.none() | st.sampled_from([0, 200, 399, 400, 404, 499, 500, 599]),
        subject=TEXT,
        outcome=TEXT,
        client=st.just(""),
        run=st.none() | SMALL,
        change=st.none() | SMALL,
        cause=st.none() | SMALL,
    ),
    min_size=1,
    max_size=8,
)
TEXTS = st.sampled_from(["subject", "path", "outcome"])
NUMBERS = st.sampled_from(["status", "run", "change", "cause", "id", "duration", "at"])
BOUND = st.none() | SMALL | st.sampled_from([399, 400, 500])
LEAVES: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Contains, st.lists(TEXTS, min_size=1, max_size=3, unique=True).map(tuple), NEEDLE),
    st.builds(Is, st.sampled_from(["direction", "party", "method"]), st.sampled_from(["in", "wiki", "É", "Post"])),
    st.builds(Within, NUMBERS, BOUND, BOUND),
    st.builds(Missing, NUMBERS),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
TERMS = st.sampled_from(
    [
        *("status:4xx", "-status:4xx|none", "is:error", "is:slow|write", "-is:write", "not party:wiki", "dir:out"),
        *(
            "took:>1s|<50ms",
            "since:1h",
            "run:2..4",
            "change:3",
            "cause:>2",
            "id:2..5",
            "a",
            "-b",
            '"%"',
            "subject:_",
            "user:a",
            "-user:B",
        ),
    ]
)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    EXCHANGES.create(engine)
    with engine.connect() as connection:
        yield connection


def agree(connection: Connection, rows: list[Listed], condition: Condition) -> None:
    numbered = [Listed(**{**asdict(row), "id": number}) for number, row in enumerate(rows, 1)]
    connection.execute(delete(EXCHANGES))
    connection.execute(insert(EXCHANGES), [asdict(row) for row in numbered])
    by_sql = exchanges.matching(connection, condition.sql(), 0, len(rows), len(rows), newest=False)
    assert by_sql == [row.id for row in numbered if holds(condition, row)]
    negated = exchanges.matching(connection, Not(condition).sql(), 0, len(rows), len(rows), newest=False)
    assert sorted(by_sql + negated) == [row.id for row in numbered]  # no row is neither shown nor hidden


@settings(max_examples=400, deadline=None)
@given(rows=ROWS, condition=CONDITIONS)
def test_sql_selects_what_the_reference_does_for_every_condition(
    connection: Connection, rows: list[Listed], condition: Condition
) -> None:
    agree(connection, rows, condition)


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, terms=st.lists(TERMS, max_size=4))
def test_sql_selects_what_the_reference_does_for_what_is_typed(
    connection: Connection, rows: list[Listed], terms: list[str]
) -> None:
    agree(connection, rows, parse(" ".join(terms), NOW))


def test_values_reach_sql_as_parameters_only() -> None:
    compiled = parse("subject:secret party:hidden id:4711", NOW).sql().compile()
    assert not any(value in str(compiled) for value in ("secret", "hidden", "4711"))
    assert {"secret", "hidden", 4711} <= set(compiled.params.values())


def test_every_column_of_a_listed_exchange_is_one_of_the_table() -> None:
    assert {field.name for field in fields(Listed)} <= set(EXCHANGES.c.keys())


MESSAGES = tables.ExchangeBody.metadata.tables["exchange_bodies"]


@pytest.fixture
def messages(connection: Connection) -> Connection:
    """One exchange whose parts each hold a word of their own, and one that says nothing."""
    MESSAGES.create(connection, checkfirst=True)
    for table in (EXCHANGES, MESSAGES):
        connection.execute(delete(table))
    empty = dict.fromkeys(("request_headers", "request_body", "response_headers", "response_body"), b"")
    full = {
        "request_headers": b'{"x-request-id":"Alpha-7"}',
        "request_body": '{"title":"Größe \\"1\\""}'.encode(),
        "response_headers": b'{"retry-after":"9"}',
        "response_body": b'{"detail":"100% invalid_value"}',
    }
    common = {"direction": "in", "party": "p", "at": 1, "duration": 1, "method": "GET", "path": "/Users/z", "status": 1}
    rows = [{**common, "id": number, "subject": "", "outcome": "", "client": ""} for number in (1, 2)]
    connection.execute(insert(EXCHANGES), rows)
    connection.execute(insert(MESSAGES), [{"exchange": 1, **full}, {"exchange": 2, **empty}])
    return connection


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("text:alpha-7", [1]), ("text:größe", [1]), ("text:RETRY-AFTER", [1]), ('text:"100% invalid_value"', [1])),
        *((r'text:"\"1\""', [1]), ("text:invalidXvalue", []), ("text:/users/z", [2, 1]), ("-text:alpha", [2])),
    ],
)
def test_text_is_looked_for_in_headers_and_bodies_too(messages: Connection, text: str, found: list[int]) -> None:
    assert exchanges.matching(messages, parse(text, NOW).sql(), 0, 9, 9) == found


def test_a_user_is_looked_for_only_where_users_are_meant(messages: Connection) -> None:
    messages.execute(EXCHANGES.update().where(EXCHANGES.c.id == 2).values(path="/Groups/z", subject="ada"))
    messages.execute(EXCHANGES.update().where(EXCHANGES.c.id == 1).values(subject="Ada"))
    assert exchanges.matching(messages, parse("user:ada", NOW).sql(), 0, 9, 9) == [1]
    assert exchanges.matching(messages, parse("user:z", NOW).sql(), 0, 9, 9) == [1]
