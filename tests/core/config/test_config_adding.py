"""One more provider is put behind the last, and no line that was there changes."""

from pathlib import Path

import pytest

from core.config import ConfigError, Source, difference, read_settings
from core.config.adding import added

OKTA = {"name": "okta", "kind": "okta"}
BLOCK = '[[provider]]\nname = "okta"\nkind = "okta"\n'
EXAMPLE = Path(__file__).parents[3] / "config.toml.example"
ENTRA = '[[provider]]\nname = "entra"\nkind = "entra"\n'
TARGET = (
    '[[target]]\nname = "wiki"\nkind = "confluence"\nurl = "https://wiki.example.com"\nprovider = "entra"\n'
    'credential = "env:T"\n'
)


def source(text: str) -> Source:
    return Source(Path("/etc/manciple/config.toml"), text.encode())


def changed_lines(text: str, before: str) -> list[str]:
    """The lines that were put in or taken out."""
    shown = difference(source(before), source(text)).splitlines()[2:]
    return [line for line in shown if line.startswith(("+", "-"))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", BLOCK),
        ("# Ours.\n", f"# Ours.\n\n{BLOCK}"),
        (ENTRA, f"{ENTRA}\n{BLOCK}"),
        (ENTRA.rstrip(), f"{ENTRA}\n{BLOCK}"),
        (f"{ENTRA}\n{TARGET}", f"{ENTRA}\n{BLOCK}\n{TARGET}"),
        (f"{ENTRA}{TARGET}", f"{ENTRA}\n{BLOCK}\n{TARGET}"),
        (f"{ENTRA}\n# The wiki:\n{TARGET}", f"{ENTRA}\n{BLOCK}\n# The wiki:\n{TARGET}"),
        (f"{ENTRA}# rate = 9\n{TARGET}", f"{ENTRA}# rate = 9\n\n{BLOCK}\n{TARGET}"),
        (f"{ENTRA}\n# rate = 9\n\n# The wiki:\n{TARGET}", f"{ENTRA}\n# rate = 9\n\n{BLOCK}\n# The wiki:\n{TARGET}"),
        (
            f"{ENTRA}allow = [\n  '10.0.0.0/8',\n]\n\n{TARGET}",
            f"{ENTRA}allow = [\n  '10.0.0.0/8',\n]\n\n{BLOCK}\n{TARGET}",
        ),
        (f"{TARGET}\n{ENTRA}", f"{TARGET}\n{ENTRA}\n{BLOCK}"),
    ],
)
def test_it_goes_behind_the_last_provider_and_before_the_comment_of_what_follows(before: str, after: str) -> None:
    assert added(source(before), "provider", OKTA).text == after


def test_the_example_keeps_the_settings_that_are_commented_out_with_their_provider() -> None:
    before = EXAMPLE.read_text()
    after = added(source(before), "provider", OKTA).text
    assert not [line for line in changed_lines(after, before) if line.startswith("-")]
    assert '# hold = "0s"\n\n[[provider]]\nname = "okta"\nkind = "okta"\n\n## A target is one product' in after


def test_line_ends_and_a_byte_order_mark_stay_as_they_are() -> None:
    before = Source(Path("c.toml"), b"\xef\xbb\xbf" + ENTRA.replace("\n", "\r\n").encode())
    after = added(before, "provider", OKTA)
    assert after.content == before.content + f"\n{BLOCK}".replace("\n", "\r\n").encode()


def test_what_it_makes_is_read_as_one_provider_more() -> None:
    settings = read_settings(added(source(ENTRA), "provider", OKTA))
    assert [(each.name, each.kind) for each in settings.providers] == [("entra", "entra"), ("okta", "okta")]


@pytest.mark.parametrize(
    "values", [{"name": "entra", "kind": "okta"}, {"name": "No", "kind": "okta"}, {"name": "x", "kind": "y"}]
)
def test_what_would_be_no_valid_configuration_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        added(source(ENTRA), "provider", values)


@pytest.mark.parametrize(
    "text",
    [
        'provider = [{ name = "entra", kind = "entra" }]\n',
        ENTRA + 'probes = ["""\n[target]\n"""]\n',
    ],
    ids=["an inline array", "a text that looks like a header"],
)
def test_what_cannot_be_put_in_without_harm_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(ConfigError, match="add it by hand"):
        added(source(text), "provider", OKTA)
