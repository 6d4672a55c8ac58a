"""How much a filter may ask for."""

import orjson
import pytest

from core.scim.answers import Refused
from core.scim.filter_limits import MAX_CONDITIONS, MAX_FILTER, MAX_NESTING, check_filter


@pytest.mark.parametrize(
    "text",
    [
        " or ".join(['userName eq "a"'] * MAX_CONDITIONS),
        "(" * MAX_NESTING + "title pr" + ")" * MAX_NESTING,
        'displayName eq "' + " and ".join("x" * 200) + '"',
        'displayName eq "' + "(" * 200 + '"',
        r'displayName eq "\"' + "(" * 200 + '"',
        "a" * MAX_FILTER,
    ],
)
def test_what_is_within_the_limits_passes(text: str) -> None:
    check_filter(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (" or ".join(['userName eq "a"'] * (MAX_CONDITIONS + 1)), f"more than {MAX_CONDITIONS} conditions"),
        ("emails[" + " AND ".join(["type pr"] * (MAX_CONDITIONS + 1)) + "]", f"more than {MAX_CONDITIONS} conditions"),
        (
            " and ".join(["(title pr)"] * 60).replace(" and ", ")and(").replace("))", ")"),
            f"{MAX_CONDITIONS} conditions",
        ),
        ("(" * (MAX_NESTING + 1) + "title pr" + ")" * (MAX_NESTING + 1), f"deeper than {MAX_NESTING} brackets"),
        ("(" * 8000, f"deeper than {MAX_NESTING} brackets"),
        ("a" * (MAX_FILTER + 1), f"longer than {MAX_FILTER} characters"),
    ],
)
def test_what_is_beyond_a_limit_is_refused_by_its_name(text: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        check_filter(text)
    error = orjson.loads(refused.value.answer.body)
    assert (error["status"], error["scimType"]) == ("400", "invalidFilter")
    assert says in error["detail"]
