"""What `manciple requests --record` makes of real traffic: a conversation that replays, and names nobody."""

import json
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from conversation import read
from replaying import LOCAL, PROVIDER, direct, play

from core.conversation.writing import Recording, recording_of
from core.exchange import Exchange
from core.redaction import Bodies
from core.sandbox.churn import churn
from core.sandbox.directory import Directory
from core.sandbox.entra import Dialect, EntraClient
from core.scim.listener import Listener
from core.scim.served import Served
from core.store import Store, exchanges, tokens

PEOPLE = 16


async def pushed(database: Path, dialect: Dialect, bodies: Bodies, cycles: int) -> list[list[Exchange]]:
    """The log of what the simulated Entra sends in some cycles, by cycle."""
    directory, rng, parts = Directory.seeded(PEOPLE, 7), Random(11), list[list[Exchange]]()
    with Store.open(f"sqlite:///{database}") as store:
        token = store.writer.write_now(lambda tx: tokens.issue(tx, PROVIDER, "test"))
        listener = Listener(store, [Served(PROVIDER)], "https://scim.example.com", bodies, allow=LOCAL)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(listener)) as http:
            entra = EntraClient(f"http://test/scim/{PROVIDER}/v2", token, dialect=dialect, client=http)
            await entra.test_connection()
            await entra.initial_cycle(directory)
            parts.append(logged(store, parts))
            for _ in range(cycles - 1):
                await entra.incremental_cycle(directory, churn(directory, rng, 0.5))
                parts.append(logged(store, parts))
    return parts


def logged(store: Store, before: list[list[Exchange]]) -> list[Exchange]:
    """What came since."""
    store.writer.write_now(lambda tx: None)
    with store.read() as connection:
        found = [exchanges.opened(connection, n) for n in range(1, exchanges.newest(connection) + 1)]
    return [exchange for exchange in found if exchange is not None][sum(map(len, before)) :]


def recorded(sent: list[Exchange], path: Path) -> Recording:
    recording = recording_of(sent, "entra", Random(3))
    path.write_text("".join(f"{line}\n" for line in recording.lines))
    return recording


@pytest.mark.parametrize("bodies", ["full", "redacted"])
@pytest.mark.parametrize("dialect", ["legacy", "compliant"])
async def test_what_was_recorded_replays_against_a_new_store_with_the_same_statuses(
    dialect: Dialect, bodies: Bodies, tmp_path: Path
) -> None:
    (sent,) = await pushed(tmp_path / "first.db", dialect, bodies, cycles=1)
    recording = recorded(sent, tmp_path / "entra.jsonl")
    assert (recording.exchanges, recording.left_out) == (len(sent), {})
    conversation, by_time = read(tmp_path / "entra.jsonl"), sorted(sent, key=lambda exchange: exchange.at)
    assert [step.expect["status"] for step in conversation.steps] == [exchange.status for exchange in by_time]  # type: ignore[union-attr]
    await play(conversation, tmp_path / "second.db", direct)


async def test_a_recording_that_begins_in_the_middle_brings_along_what_it_refers_to(tmp_path: Path) -> None:
    _, sent = await pushed(tmp_path / "first.db", "legacy", "redacted", cycles=2)
    recording = recorded(sent, tmp_path / "entra.jsonl")
    assert recording.exchanges == len(sent)
    conversation = read(tmp_path / "entra.jsonl")
    assert conversation.given
    await play(conversation, tmp_path / "second.db", direct)


async def test_nobody_is_named_and_no_id_of_the_store_is_told(tmp_path: Path) -> None:
    (sent,) = await pushed(tmp_path / "first.db", "legacy", "full", cycles=1)
    recorded(sent, tmp_path / "entra.jsonl")
    written = (tmp_path / "entra.jsonl").read_text().lower()
    told = [value.lower() for exchange in sent for value in personal(json.loads(exchange.response_body or b"null"))]
    assert len(told) > PEOPLE
    assert [value for value in told if value in written] == []


def personal(value: Any, name: str = "") -> list[str]:
    """The values of an answer that tell who somebody is."""
    if isinstance(value, dict):
        return [each for key, inner in value.items() for each in personal(inner, key)]
    if isinstance(value, list):
        return [each for inner in value for each in personal(inner, name)]
    told = name in ("id", "externalId", "userName", "displayName", "givenName", "familyName", "value")
    return [value] if told and isinstance(value, str) and len(value) > 4 else []


async def test_without_bodies_what_cannot_be_replayed_is_left_out_and_counted(tmp_path: Path) -> None:
    (sent,) = await pushed(tmp_path / "first.db", "legacy", "none", cycles=1)
    recording = recorded(sent, tmp_path / "entra.jsonl")
    assert sum(recording.left_out.values()) == sum(exchange.method != "GET" for exchange in sent)
    assert all("bodies were not kept" in reason for reason in recording.left_out)
    await play(read(tmp_path / "entra.jsonl"), tmp_path / "second.db", direct)
