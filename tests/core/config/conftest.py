from collections.abc import Callable
from pathlib import Path

import pytest

from core.config import ConfigError, Problem, Settings, load_settings
from core.planning.rules import TargetRules

PROVIDER = """\
[[provider]]
name = "entra"
kind = "entra"
"""
TARGET = """\
[[target]]
name = "wiki"
kind = "confluence"
url = "https://wiki.example.com"
provider = "entra"
credential = "env:WIKI_TOKEN"
"""

Load = Callable[[str], Settings]
Rules = Callable[[str], TargetRules]
Problems = Callable[[str | bytes], tuple[Problem, ...]]
OnlyProblem = Callable[[str | bytes], Problem]


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def load(config_file: Path) -> Load:
    """Settings of a text."""

    def loaded(text: str) -> Settings:
        config_file.write_text(text)
        return load_settings(config_file)

    return loaded


@pytest.fixture
def rules(load: Load) -> Rules:
    """Rules of a target with these keys, which stand from line 10."""

    def read(keys: str) -> TargetRules:
        settings = load(PROVIDER + TARGET + keys)
        assert settings.warnings == ()
        return settings.targets[0].rules

    return read


@pytest.fixture
def problems(config_file: Path) -> Problems:
    """All problems of a text that is not valid."""

    def found(content: str | bytes) -> tuple[Problem, ...]:
        config_file.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(ConfigError) as caught:
            load_settings(config_file)
        return caught.value.problems

    return found


@pytest.fixture
def only_problem(problems: Problems) -> OnlyProblem:
    """The problem of a text that has exactly one."""

    def found(content: str | bytes) -> Problem:
        (problem,) = problems(content)
        return problem

    return found
