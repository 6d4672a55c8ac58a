"""Every kind of provider has steps that lead to a test of the connection, with the values that must be entered."""

import re
from pathlib import Path
from typing import get_args

import pytest

from core.config.settings import ListenerSettings, ProviderKind
from core.config.setup_guide import SetupGuide
from core.config.setup_guides import SETUP_GUIDES

README = Path(__file__).parents[3] / "README.md"
LISTENER = ListenerSettings(public_url="https://scim.example.com")
KINDS: tuple[ProviderKind, ...] = get_args(ProviderKind)
EVERY = pytest.mark.parametrize("kind", KINDS)


def texts(guide: SetupGuide) -> tuple[str, ...]:
    return (*guide.steps, *guide.afterwards, *guide.notes, guide.test, guide.asks)


def test_every_kind_has_a_guide() -> None:
    assert set(SETUP_GUIDES) == set(KINDS)


@EVERY
def test_the_base_url_and_the_token_are_entered_in_a_step_of_their_own(kind: ProviderKind) -> None:
    guide = SETUP_GUIDES[kind]
    filled = [guide.filled(step, LISTENER, "our-idp") for step in guide.steps]
    (at_url,) = (step for step in filled if "https://scim.example.com/scim/our-idp/v2" in step)
    assert "URL" in at_url or "endpoint" in at_url or "Url" in at_url
    assert any("token" in step for step in filled)


@EVERY
def test_no_place_of_a_text_stays_unfilled(kind: ProviderKind) -> None:
    guide = SETUP_GUIDES[kind]
    assert not [text for text in texts(guide) if re.search(r"[{}]", guide.filled(text, LISTENER, "our-idp"))]


@EVERY
def test_there_is_a_test_and_what_it_sends_and_what_comes_after_it(kind: ProviderKind) -> None:
    guide = SETUP_GUIDES[kind]
    assert guide.test
    assert re.match(r"(GET|POST) /(Users|ServiceProviderConfig)", guide.asks)
    assert guide.afterwards


@EVERY
def test_names_of_the_console_are_quoted_as_pairs_and_steps_are_sentences(kind: ProviderKind) -> None:
    guide = SETUP_GUIDES[kind]
    for text in texts(guide):
        assert text.count('"') % 2 == 0
        assert "  " not in text
    for step in (*guide.steps, *guide.afterwards, *guide.notes):
        assert step.endswith((".", "}")), step


def test_only_an_idp_that_never_pushes_groups_says_so() -> None:
    assert [kind for kind, guide in SETUP_GUIDES.items() if not guide.pushes_groups] == ["google"]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        *(("entra", word) for word in ("Tenant URL", "Secret token", "Test connection", "Provision on demand")),
        *(("okta", word) for word in ("SCIM 2.0 Test App (OAuth Bearer Token)", "Push Groups", "Deactivate Users")),
    ],
)
def test_the_readme_calls_things_as_the_guide_does(kind: ProviderKind, word: str) -> None:
    assert any(f'"{word}"' in text for text in texts(SETUP_GUIDES[kind]))
    assert f"*{word}*" in " ".join(README.read_text().split())
