"""A resource that is strict as it was sent is not normalised, because that would change nothing."""

from typing import Any

from hypothesis import given, settings
from test_differential import GROUPS, USERS

from core.scim.normalising import normalise_group, normalise_user
from core.scim.typed.documents import document_of, is_strict, members_of


@settings(max_examples=1000, deadline=None)
@given(sent=USERS)
def test_normalising_a_strict_user_changes_nothing(sent: dict[str, Any]) -> None:
    if is_strict("User", sent):
        normalised = normalise_user(sent)
        assert set(normalised.tolerances) <= {"meta-dropped"}
        assert document_of("User", normalised.document) == document_of("User", sent)


@settings(max_examples=1000, deadline=None)
@given(sent=GROUPS)
def test_normalising_a_strict_group_changes_nothing(sent: dict[str, Any]) -> None:
    if is_strict("Group", sent):
        normalised = normalise_group(sent)
        assert set(normalised.tolerances) <= {"meta-dropped"}
        assert document_of("Group", normalised.document) == document_of("Group", sent)
        assert members_of(normalised.document) == members_of(sent)


def test_what_entra_creates_a_user_with_is_strict() -> None:
    from wire_forms import ENTRA_USER

    assert is_strict("User", ENTRA_USER)
