"""`config.toml.example` is true: it loads, names every key there is and no other, and states the real defaults."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from core.config import Settings, load_settings, read_source
from core.config.reading import examine

EXAMPLE = Path(__file__).parents[3] / "config.toml.example"

WITHOUT_DEFAULT = {"tls_cert", "tls_key", "username", "ca_file", "rate"}
"""Commented out like the others, but what stands there is an example."""
EXPLAINED = {f"target.users.{rule}.match" for rule in ("username", "email", "display_name")}
"""Keys without a default inside an inline table: explained beside it, since a line of their own would not be TOML."""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example, copied to where an admin would have it."""
    return Path(shutil.copy(EXAMPLE, tmp_path / "config.toml"))


def uncommented(text: str, without: frozenset[str] = frozenset()) -> str:
    """The text with its settings switched on: lines with one # and a key, the keys in `without` left out."""
    lines = (
        "" if (found := re.match(r"# (\w+) = ", line)) and found[1] in without else re.sub(r"^# (?=\w+ = )", "", line)
        for line in text.splitlines()
    )
    return "\n".join(lines)


def settings_of(path: Path, text: str) -> Settings:
    path.write_text(text)
    return load_settings(path)


def test_it_loads_as_it_is_without_a_warning(example: Path) -> None:
    settings = load_settings(example)
    assert [provider.name for provider in settings.providers] == ["entra"]
    assert [target.name for target in settings.targets] == ["wiki"]
    assert settings.warnings == ()


def test_every_default_it_states_is_the_default(example: Path) -> None:
    text = EXAMPLE.read_text()
    as_it_is = load_settings(example)
    switched_on = uncommented(text, frozenset(WITHOUT_DEFAULT))
    assert switched_on.count("\n# ") == 0
    assert settings_of(example, switched_on) == as_it_is


def test_it_loads_with_every_key_switched_on(example: Path) -> None:
    settings = settings_of(example, uncommented(EXAMPLE.read_text()))
    assert settings.targets[0].username == "svc-manciple"


def test_it_has_every_key_that_is_read_and_no_other(example: Path) -> None:
    text = uncommented(EXAMPLE.read_text())
    example.write_text(text)
    _, findings = examine(read_source(example))
    assert keys(tomllib.loads(text)) | EXPLAINED == findings.known


def test_the_keys_that_it_only_explains_are_explained() -> None:
    assert re.search(r"^##   match +a regular expression.*No default", EXAMPLE.read_text(), re.MULTILINE)


def test_every_setting_has_an_explanation_above_it() -> None:
    blocks = EXAMPLE.read_text().split("\n\n")
    unexplained = [block for block in blocks if re.search(r"^#? ?\w+ = ", block, re.MULTILINE) and "## " not in block]
    assert unexplained == []


def keys(table: dict[str, object], above: str = "") -> set[str]:
    """Every key of a document with its tables, `target.users.create`."""
    found = set()
    for key, value in table.items():
        path = f"{above}{key}"
        found.add(path)
        tables = value if isinstance(value, list) else [value]
        for below in tables:
            if isinstance(below, dict):
                found |= keys(below, f"{path}.")
    return found
