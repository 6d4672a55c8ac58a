"""Every identity provider's conversation, in its literal wire forms, is understood, and leaves what it means."""

from pathlib import Path

import pytest
from conversation import read
from replaying import direct, over_socket, play

CONVERSATIONS = sorted((Path(__file__).parent / "conversations").glob("*.jsonl"))


def by_name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", CONVERSATIONS, ids=by_name)
async def test_a_conversation_is_answered_as_its_identity_provider_needs_it(path: Path, tmp_path: Path) -> None:
    await play(read(path), tmp_path / "manciple.db", direct)


@pytest.mark.parametrize("path", CONVERSATIONS, ids=by_name)
async def test_the_same_holds_over_a_socket(path: Path, tmp_path: Path) -> None:
    await play(read(path), tmp_path / "manciple.db", over_socket)
