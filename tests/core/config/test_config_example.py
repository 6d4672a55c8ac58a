"""`config.toml.example` is true: it loads, names every key there is and no other, and states the real defaults."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from core.config import Settings, load_settings, read_source
from core.config.reading import examine
from core.planning.mapping import map_value

EXAMPLE = Path(__file__).parents[3] / "config.toml.example"

WITHOUT_DEFAULT = frozenset(
    {
        "tls_cert",
        "tls_key",
        "username",
        "ca_file",
        "directory",
        "rate",
        "default_project_lead",
        "default_component_lead",
    }
    | {"first_name", "last_name", "where", "match"}
)
"""Commented out like the others, but what stands there is an example. So is every table of a `# [[list]]`."""
RULES = ("username", "email", "display_name", "attributes.first_name", "attributes.last_name")
EXPLAINED = {f"target.users.{rule}.match" for rule in RULES} | {
    f"target.users.{rule}.{key}" for rule in RULES[3:] for key in ("replace", "case", "no_match")
}
_INSTEAD = ("certificate", "certificate_password", "managed_identity", "workload_identity", "token", "base_url")
EXPLAINED |= {f"provider.graph.{key}" for key in _INSTEAD}
"""Keys of inline tables that have no default or keep theirs: explained beside it, as their lines would not be TOML.
So are the ways to sign in that stand in the place of another."""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example, copied to where an admin would have it."""
    return Path(shutil.copy(EXAMPLE, tmp_path / "config.toml"))


def uncommented(text: str) -> str:
    """The text with its settings switched on: lines with one # and a key or the header of a table."""
    return re.sub(r"^# (?=\w+ = |\[)", "", text, flags=re.MULTILINE)


def defaults_of(text: str) -> str:
    """The text with its settings switched on, but for those that are examples and no defaults."""
    text = re.sub(r"^# \[\[.*?(?=\n\n)", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = (
        "" if (found := re.match(r"# (\w+) = ", line)) and found[1] in WITHOUT_DEFAULT else line
        for line in text.splitlines()
    )
    return uncommented("\n".join(lines))


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
    switched_on = defaults_of(text)
    assert switched_on.count("\n# ") == 0
    assert settings_of(example, switched_on) == as_it_is


def test_it_loads_with_every_key_switched_on(example: Path) -> None:
    (target,) = settings_of(example, uncommented(EXAMPLE.read_text())).targets
    assert target.username == "svc-manciple"
    assert [rule.components for rule in target.rules.users.leads] == [None, ("*",)]
    assert [rule.target for rule in target.rules.groups.map] == [
        ("confluence-users",),
        ("wiki-editors", "wiki-reviewers"),
    ]


def test_its_map_is_ready_for_mode_manual(example: Path) -> None:
    text = uncommented(EXAMPLE.read_text()).replace('mode = "on-the-fly"', 'mode = "manual"')
    settings = settings_of(example, text)
    assert settings.targets[0].rules.groups.mode == "manual"
    assert settings.warnings == ()


def test_its_advice_works_as_it_stands(example: Path) -> None:
    """Lines with ## that show how to write something, like the one that drops the mail domain."""
    settings = settings_of(example, re.sub(r"^##   (?=\w+ = )", "", EXAMPLE.read_text(), flags=re.MULTILINE))
    rules = settings.targets[0].rules
    assert settings.warnings == ()
    assert map_value(rules.users.username, "Anna@example.com").value == "anna"
    assert (rules.users.grace, rules.users.matching) == (7 * 86400, ("id", "username", "email"))
    assert (rules.groups.on_the_fly.match, rules.groups.on_the_fly.replace) == ("^app-(.+)$", "$1")
    assert rules.groups.on_the_fly.exclude == ("Contractors", "Test *")


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
