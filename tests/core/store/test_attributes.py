import pytest

from core.store.attributes import ENTERPRISE, flattened


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"userName": "ada", "active": True, "title": None}, {"userName": "ada"}),
        ({"name": {"givenName": "Ada", "familyName": None}}, {"name.givenName": "Ada"}),
        ({ENTERPRISE: {"department": "Sums", "manager": {"value": "42", "displayName": "Bab"}}},
         {"enterprise.department": "Sums", "enterprise.manager": "42"}),
        ({ENTERPRISE: {"manager": {"displayName": "Bab"}}}, {}),
        ({"emails": [{"type": "work", "value": "w@x"}, {"type": "home", "value": "h@x"}]},
         {"emails.work": "w@x", "emails.home": "h@x"}),
        ({"emails": [{"value": "plain@x"}]}, {"emails.work": "plain@x"}),
        ({"emails": [{"type": 7, "value": "odd@x"}]}, {"emails.work": "odd@x"}),
        ({"emails": [{"type": "work", "value": "1@x"}, {"type": "work", "value": "2@x", "primary": True}]},
         {"emails.work": "2@x"}),
        ({"emails": [{"type": "work", "value": "1@x"}, {"type": "work", "value": "2@x"}]}, {"emails.work": "1@x"}),
        ({"emails": [{"type": "work"}, "text", None, {"type": "work", "value": 5}]}, {}),
        ({"addresses": [{"type": "work", "locality": "London"}]}, {}),
        ({"x509Certificates": [], "urn:other": {"a": {"b": "c"}}}, {}),
    ],
)  # fmt: skip
def test_a_document_is_its_texts_by_their_paths(document: dict[str, object], expected: dict[str, str]) -> None:
    assert flattened(document) == expected
