import pytest

from core.resource_diff import Difference, asked, differences, resource_of

ADA = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "id": "7",
    "userName": "ada@example.com",
    "active": True,
    "name": {"familyName": "Lovelace", "givenName": "Ada"},
    "emails": [{"type": "work", "value": "ada@example.com", "primary": True}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Engines"},
    "meta": {"lastModified": "2026-01-01T00:00:00Z"},
}


def test_equal_states_differ_in_nothing_whatever_their_dates() -> None:
    assert differences(ADA, {**ADA, "meta": {"lastModified": "later"}}) == []


def test_attributes_are_told_before_and_after_by_their_names() -> None:
    after = {
        **ADA,
        "active": False,
        "name": {"familyName": "King", "givenName": "Ada"},
        "emails": [{"type": "work", "value": "king@example.com"}],
        "title": "Countess",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {},
    }
    assert differences(ADA, after) == [
        Difference("active", "true", "false"),
        Difference("emails[work].value", "ada@example.com", "king@example.com"),
        Difference("enterprise.department", "Engines", None),
        Difference("name.familyName", "Lovelace", "King"),
        Difference("title", None, "Countess"),
    ]


def test_members_are_told_by_who_came_and_who_went() -> None:
    before = {"id": "g", "members": [{"value": "1", "display": "Ada"}, {"value": "2"}]}
    after = {"id": "g", "members": [{"value": "2"}, {"value": "3", "display": "Grace"}]}
    assert differences(before, after) == [
        Difference("members[Ada]", "yes", None),
        Difference("members[Grace]", None, "yes"),
    ]


def test_what_an_answer_leaves_out_was_not_taken_away() -> None:
    before = {"id": "g", "displayName": "a", "members": [{"value": "1"}]}
    assert differences(before, {"id": "g", "displayName": "b"}) == [Difference("displayName", "a", "b")]
    assert differences(before, {"id": "g", "displayName": "a", "members": []}) == [
        Difference("members[1]", "yes", None)
    ]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b'{"Operations":[{"op":"Replace","path":"active","value":false}]}', ["replace active: false"]),
        (b'{"operations":[{"OP":"Add","value":{"title":"a","active":true}}]}', ["add title: a", "add active: true"]),
        (b'{"Operations":[{"op":"remove","path":"members[value eq \\"7\\"]"}]}', ['remove members[value eq "7"]']),
        (b'{"Operations":[{"op":"add","path":"members","value":[{"value":"1"}]}]}', ["add members: 1"]),
        (
            b'{"Operations":[{"op":"add","path":"members","value":[{"value":"1"},{"value":"2"},"3","4"]}]}',
            ["add members: 4 (1, 2, 3, ...)"],
        ),
        (b'{"Operations":[{"op":"add","path":"name","value":{"a":1}},7]}', ['add name: {"a":1}']),
        *((b'{"Operations":7}', []), (b"[1]", []), (b"not JSON", []), (b"", [])),
    ],
)
def test_what_a_patch_asks_for_is_one_line_an_operation(body: bytes, lines: list[str]) -> None:
    assert asked(body) == lines


def test_only_an_object_with_an_id_is_a_resource() -> None:
    assert resource_of(b'{"id":"7"}') == {"id": "7"}
    assert [resource_of(body) for body in (b'{"Resources":[]}', b"[]", b'{"id', b"")] == [None] * 4
