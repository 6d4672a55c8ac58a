"""The health check runs the command itself, in a process of its own."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tui.health_check import CheckFailed, check_provider, check_targets

CONFIG = """
[listener]
bind = "127.0.0.1:0"
public_url = "http://127.0.0.1:1"

[[provider]]
name = "entra"
kind = "entra"

[[target]]
name = "wiki"
kind = "confluence"
url = "http://127.0.0.1:1"
provider = "entra"
credential = "env:MANCIPLE_TEST_TOKEN"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return path


def saying(text: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; print({text!r})"]


async def test_what_the_command_finds_is_given_by_target_with_its_remedy(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MANCIPLE_TEST_TOKEN", raising=False)
    found = await check_targets(config)
    assert list(found) == ["wiki"]
    (finding,) = found["wiki"]
    assert (finding.subject, finding.is_ok) == ("credential", False)
    assert "MANCIPLE_TEST_TOKEN" in finding.detail
    assert finding.remedy


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong" / "config.toml"
    path.parent.mkdir()
    path.write_text("[[target]]\n")
    return path


async def test_a_configuration_that_is_wrong_is_what_is_told(wrong: Path) -> None:
    with pytest.raises(CheckFailed, match=r"config\.toml"):
        await check_targets(wrong)


async def test_a_command_that_cannot_be_started_is_told_with_what_to_do(config: Path) -> None:
    with pytest.raises(CheckFailed, match=r"could not be started.*Run in a terminal: manciple check --config"):
        await check_targets(config, [str(config / "nothing")])


@pytest.mark.parametrize("output", ["", "no JSON", "[]", '{"other": 1}'])
async def test_an_output_that_cannot_be_read_is_told(config: Path, output: str) -> None:
    with pytest.raises(CheckFailed, match="ended without a result"):
        await check_targets(config, saying(output))


async def test_a_check_that_nobody_waits_for_any_more_ends_its_process(config: Path, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    os.mkfifo(told)
    code = f"import os, signal; open({str(told)!r}, 'w').write(str(os.getpid())); signal.pause()"
    checking = asyncio.create_task(check_targets(config, [sys.executable, "-c", code]))
    process = int(await asyncio.to_thread(told.read_text))
    checking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await checking
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


async def test_one_provider_is_checked_by_its_name_with_what_is_only_warned_of(config: Path) -> None:
    (finding,) = await check_provider(config, "entra")
    assert (finding.subject, finding.is_ok, finding.is_warning) == ("token", True, True)
