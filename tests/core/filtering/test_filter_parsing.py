from dataclasses import replace

import pytest
from reference_matching import holds

from core.filtering import ALL, FIELDS, FilterError, parse
from core.filtering.parsing import LONGEST
from core.store.exchanges import Listed

NOW = 1_000_000_000
ROW = Listed(
    id=15,
    direction="in",
    party="entra",
    at=NOW - 60_000,
    duration=20_000,
    method="PATCH",
    path="/Users/42",
    status=404,
    subject="Ada Lovelace",
    outcome="no match",
    client="192.0.2.1",
    run=12,
    change=5,
    cause=77,
)


def shows(text: str, row: Listed = ROW) -> bool:
    return holds(parse(text, NOW), row)


@pytest.mark.parametrize(
    "text",
    [
        *("status:404", "status:4xx", "status:4XX", "status:400-499", "status:400..499", "status:>=404", "status:<405"),
        *(
            '"no match"',
            "status:500|404",
            "STATUS:404",
            "method:patch",
            "party:ENTRA",
            "dir:in",
            "is:error",
            "is:write",
        ),
        *(
            "subject:ada",
            "subject:LOVE",
            'subject:"ada love"',
            "path:/users",
            "outcome:match",
            "lovelace",
            '"no match"',
        ),
        *(
            "run:12",
            "change:5",
            "cause:77",
            "id:15",
            "id:10..20",
            "id:10-20",
            "id:10..",
            "id:..15",
            "id:>14",
            "id:<=15",
        ),
        *("took:>19ms", "took:<1s", "took:>1s|<50ms", "took:>=20ms", "took:<0.5m", "took:>19999us"),
        *("since:10m", "since:60s", "since:1h", "since:1d", "bob|ada"),
    ],
)
def test_a_term_shows_what_it_says_and_its_negation_hides_it(text: str) -> None:
    assert shows(text)
    assert not shows(f"-{text}")
    assert not shows(f"not {text}")
    assert shows(f"not -{text}")


@pytest.mark.parametrize(
    "text",
    [
        *("status:none", "status:5xx", "status:405", "status:>404", "method:get", "party:entr", "dir:out", "is:slow"),
        *("subject:bob", "path:ada", "outcome:created", "bob", "run:1", "change:50", "cause:7", "id:16..", "id:..14"),
        *("took:>20ms", "took:<20ms", "since:59s", 'subject:"ada  love"'),
    ],
)
def test_a_term_hides_what_it_does_not_say(text: str) -> None:
    assert not shows(text)
    assert shows(f"-{text}")


def test_terms_side_by_side_must_all_hold() -> None:
    assert shows("  status:4xx   -party:okta ada ")
    assert not shows("status:4xx party:okta ada")


def test_an_exchange_without_an_answer_is_an_error_of_no_status() -> None:
    silent = replace(ROW, status=None)
    assert shows("status:none is:error -status:4xx -status:>=0", silent)


def test_that_something_is_not_there_is_no_error() -> None:
    assert not shows("is:error", replace(ROW, status=404, outcome="not there"))
    assert not shows("is:error", replace(ROW, status=400, outcome="probed"))
    assert shows("is:error", replace(ROW, status=404, outcome="not found"))


def test_quotes_keep_spaces_signs_and_words_of_the_language() -> None:
    assert shows('"-x|y: or"', replace(ROW, subject="a -x|y: or b"))
    assert shows(r'subject:"say \"hi\" \\o/"', replace(ROW, subject=r'say "hi" \o/'))
    assert shows('"or"', replace(ROW, subject="or"))
    assert shows('sub"ject"', replace(ROW, subject="subject"))


@pytest.mark.parametrize("text", ["100%", "a_b", "/Users", r"c:\x".replace("c:", ""), "'; drop"])
def test_signs_that_mean_something_to_sql_stand_for_themselves(text: str) -> None:
    assert shows(f'"{text}"', replace(ROW, subject=f"x{text}x"))
    assert not shows(f'"{text}"', replace(ROW, path="", subject="100x aXb"))


@pytest.mark.parametrize(("typed", "name"), [("müller", "MÜLLER"), ("øyvind åse", "Øyvind Åse"), ("ÉVA", "éva")])
def test_letters_outside_ascii_are_found_in_the_cases_that_names_have(typed: str, name: str) -> None:
    assert shows(f'"{typed}"', replace(ROW, subject=name))


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_filter_shows_everything(text: str) -> None:
    assert parse(text, NOW) is ALL
    assert shows(text)


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("stauts:404", 0, 'no field "stauts": status? Quote it'),
        ("ada -metod:get", 5, 'no field "metod": method?'),
        ("qqqq:1", 0, "use status, is, method"),
        ("urn:ietf", 0, "Quote it to look for the text"),
        ("status:", 7, "status: needs a value"),
        ("status:404|", 11, "status: needs a value"),
        ("status:404|6xx", 11, "use 404, 4xx"),
        ("is:eror", 3, "error?"),
        ("dir:up", 4, "use in for"),
        ("took:1s", 5, "begin with > or <"),
        ("took:>5", 5, "a unit (us, ms, s, m)"),
        ("took:>5parsec", 5, "a unit"),
        ("since:yesterday", 6, "as in 10m"),
        ("id:20..10", 3, "use 10..20"),
        ("id:..", 3, "use a number"),
        ("id:ten", 3, "use a number"),
        ("id:>ten", 3, "use a whole number"),
        ("id:9999999999999999999", 3, "too large"),
        ("id:99999999999999999999999", 3, "use a number"),
        ('ada "love', 4, 'has no end: add "'),
        ('subject:""', 8, "subject: needs a value"),
        ("ada -", 4, "a term must follow"),
        ("ada not", 4, "a term must follow"),
        ("- ada", 0, "a term must follow"),
        ("|ada", 0, "a word is missing"),
        ("status:404 or status:500", 11, "status:404|500"),
        ("a and b", 2, "already mean and"),
        ("a\0b", 1, "NUL"),
        ("x" * (LONGEST + 1), LONGEST, "longer than"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place_and_a_remedy(text: str, position: int, problem: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse(text, NOW)
    assert refused.value.position == position
    assert problem in refused.value.problem
    assert str(refused.value).startswith(f"character {position + 1}: ")


@pytest.mark.parametrize("example", [field.example for field in FIELDS])
def test_every_example_of_the_help_can_be_typed(example: str) -> None:
    assert parse(example, NOW) is not ALL
