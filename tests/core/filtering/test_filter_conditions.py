"""The SQL of a condition and its check of one row are two readings of one text: they must select the same rows."""

from collections.abc import Iterator
from dataclasses import asdict, fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
        *("took:>1s|<50ms", "since:1h", "run:2..4", "change:3", "cause:>2", "id:2..5", "a", "-b", '"%"', "subject:_"),
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
    assert by_sql == [row.id for row in numbered if condition.matches(row)]
    negated = exchanges.matching(connection, Not(condition).sql(), 0, len(rows), len(rows), newest=False)
    assert sorted(by_sql + negated) == [row.id for row in numbered]  # no row is neither shown nor hidden


@settings(max_examples=400, deadline=None)
@given(rows=ROWS, condition=CONDITIONS)
def test_sql_and_check_agree_for_every_condition(
    connection: Connection, rows: list[Listed], condition: Condition
) -> None:
    agree(connection, rows, condition)


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, terms=st.lists(TERMS, max_size=4))
def test_sql_and_check_agree_for_what_is_typed(connection: Connection, rows: list[Listed], terms: list[str]) -> None:
    agree(connection, rows, parse(" ".join(terms), NOW))


def test_values_reach_sql_as_parameters_only() -> None:
    compiled = parse("subject:secret party:hidden id:4711", NOW).sql().compile()
    assert not any(value in str(compiled) for value in ("secret", "hidden", "4711"))
    assert {"secret", "hidden", 4711} <= set(compiled.params.values())


def test_every_column_of_a_listed_exchange_is_one_of_the_table() -> None:
    assert {field.name for field in fields(Listed)} <= set(EXCHANGES.c.keys())
