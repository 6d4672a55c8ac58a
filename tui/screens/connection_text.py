"""What arrived of a provider's connection and what is missing, in words. Pure: the same facts give the same lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from core.config.settings import ListenerSettings
from core.config.setup_guides import SETUP_GUIDES
from core.store.exchanges import Listed
from core.store.tokens import Token
from tui import marks
from tui.actions import keys_of
from tui.counting import counted
from tui.marks import Mark
from tui.plain import fit
from tui.screens.connection_facts import ConnectionFacts, is_let_in, is_public, refusals
from tui.times import ago, clock_time, span
from tui.widgets.page import Line, Words, line
from tui.wrapping import wrapped

SHOWN = 8
"""Exchanges that are listed."""
_OUTCOME = 14
PATIENCE = 60_000
"""Milliseconds without a request after which it is said what may keep them away."""
_WRONG_VERSION = "the base URL does not end in /v2"
_REASONS: Mapping[int, str] = {
    401: "the token is wrong",
    403: "it may not send from there, or not with this token",
    429: "it sends faster than the rate of this provider",
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that arrived, or is missing."""

    mark: Mark
    text: str


def connection_lines(
    facts: ConnectionFacts,
    listener: ListenerSettings,
    *,
    since: int,
    is_engine_alive: bool,
    keymap: Mapping[str, str],
    width: int,
    now: int,
) -> list[Line]:
    """What is known of the connection, what to do next, and what arrived; `since` is when the admin began to wait."""
    guide = SETUP_GUIDES[facts.provider.kind]
    head = f" Waiting for {guide.product}, since {clock_time(since)}"
    rows = [
        line(Words(head, "page--title")),
        line(Words(f" {listener.scim_base_url(facts.provider.name)}", "page--dim")),
    ]
    rows.append(())
    for sign in signs(facts, listener, since=since, is_engine_alive=is_engine_alive, keymap=keymap, now=now):
        rows += _marked(sign, width)
    return [*rows, *_arrived(facts, now)]


def signs(
    facts: ConnectionFacts,
    listener: ListenerSettings,
    *,
    since: int,
    is_engine_alive: bool,
    keymap: Mapping[str, str],
    now: int,
) -> Iterator[Sign]:
    """What arrived and what is missing, from the engine to the first users, each with what to do about it."""
    if not is_engine_alive:
        overview, start = (keys_of(name, keymap)[0] for name in ("everywhere.overview", "overview.start_engine"))
        yield Sign(marks.BAD, f"no engine is alive, so nothing can arrive: {overview}, then {start} starts one")
    yield from _token_signs(facts, keymap, now)
    yield from _request_signs(facts, listener, since, now)
    if facts.let_in is not None or facts.users:
        yield from _people_signs(facts, listener)


def _token_signs(facts: ConnectionFacts, keymap: Mapping[str, str], now: int) -> Iterator[Sign]:
    if not facts.tokens:
        yield Sign(marks.LOOK, f"there is no live token: {keys_of('providers.issue', keymap)[0]} issues one")
    for token in facts.tokens:
        ends = f", valid for {span(token.expires_at - now)}" if token.expires_at is not None else ""
        used = _used_at(token, facts)
        if used is None:
            yield Sign(marks.AWAITED, f"token {shown(token)}{ends}, was not used yet")
        else:
            yield Sign(marks.GOOD, f"token {shown(token)}{ends}, was used {ago(used, now)}")


def _used_at(token: Token, facts: ConnectionFacts) -> int | None:
    """When a token was used; its use is noted with the next write only, so a lone one is known by what was let in."""
    found = facts.let_in
    if len(facts.tokens) == 1 and found is not None and found.at >= token.created_at:
        return max(found.at, token.last_used_at or 0)
    return token.last_used_at


def _request_signs(facts: ConnectionFacts, listener: ListenerSettings, since: int, now: int) -> Iterator[Sign]:
    guide, latest, tested = SETUP_GUIDES[facts.provider.kind], facts.latest, facts.tested
    if not facts.arrived:
        yield Sign(marks.AWAITED, f"nothing arrived yet: {guide.test}")
        yield Sign(marks.NOTE, f"it will send {guide.asks}")
        if now - since > PATIENCE:
            yield from _unreached(facts, listener)
        return
    if latest is None:
        row = facts.arrived[-1]
        yield Sign(marks.GOOD, f"{told(row)}: it reaches this server, {ago(row.at, now)}")
        yield Sign(marks.AWAITED, f"no token was used yet: {guide.test}")
        return
    if tested is not None:
        yield Sign(marks.GOOD, f"{told(tested)}: test connection arrived {ago(tested.at, now)}")
    if not is_let_in(latest):
        yield Sign(marks.BAD, f"{told(latest)}, {ago(latest.at, now)}: {reason(latest)}")
    elif latest != tested:
        yield Sign(marks.GOOD, f"{told(latest)}: request arrived {ago(latest.at, now)}")
    before = refusals(facts.arrived) - (not is_let_in(latest))
    if before:
        yield Sign(marks.NOTE, f"{counted(before, 'request')} of those before it {_was(before)} not let in")


def _unreached(facts: ConnectionFacts, listener: ListenerSettings) -> Iterator[Sign]:
    """What may keep requests away, with a call that tells."""
    url = listener.scim_base_url(facts.provider.name)
    yield Sign(marks.LOOK, f"try it from outside; no token is needed: curl -i {url}/ServiceProviderConfig")
    yield Sign(
        marks.NOTE,
        "If that fails, it is the name (DNS), a firewall, the certificate, or a reverse proxy that does not pass "
        "/scim/ on. If it works, compare the URL at the identity provider letter by letter: what comes under another "
        "path is not logged.",
    )


def _people_signs(facts: ConnectionFacts, listener: ListenerSettings) -> Iterator[Sign]:
    provider = facts.provider
    guide = SETUP_GUIDES[provider.kind]
    if not facts.users:
        yield Sign(marks.AWAITED, "no user came yet")
        for step in guide.afterwards:
            yield Sign(marks.NOTE, guide.filled(step, listener, provider.name))
        return
    yield Sign(marks.GOOD, f"{counted(facts.users, 'user')} provisioned")
    if facts.groups:
        yield Sign(marks.GOOD, f"{counted(facts.groups, 'group')} provisioned")
    elif guide.pushes_groups:
        yield Sign(marks.AWAITED, "no group came yet")


def told(row: Listed) -> str:
    """A request as a person reads it: `GET /Users?filter=userName eq "ada" 200`."""
    status = "without an answer" if row.status is None else row.status
    return f"{row.method} {unquote_plus(row.path)} {status}"


def reason(row: Listed) -> str:
    """Why a request was not let in, and what to do."""
    if row.status is None:
        return "it hung up before it was answered; its time-out may be too short"
    if row.status >= 500:
        return "a fault here; the engine's log says what"
    if row.status == 400:
        return _WRONG_VERSION
    known = _REASONS.get(row.status, "it is refused")
    return f"{known}: {row.outcome}" if row.outcome else known


def shown(token: Token) -> str:
    """How a token begins; of an OAuth client, its whole id."""
    return token.prefix if token.kind == "client" else f"{token.prefix}…"


def _arrived(facts: ConnectionFacts, now: int) -> list[Line]:
    if not facts.arrived:
        return []
    rows = [(), line(Words(" What arrived, the latest first", "page--dim"))]
    return [*rows, *(_exchange(row) for row in list(reversed(facts.arrived))[:SHOWN])]


def _exchange(row: Listed) -> Line:
    is_good = is_let_in(row) or is_public(row)
    mark = marks.GOOD if is_good else marks.BAD
    status = "-" if row.status is None else row.status
    # What came of it stands before the path, which may be longer than the line.
    head = f" {mark.sign} {clock_time(row.at)} {status:>3} {fit(row.outcome, _OUTCOME)} "
    return line(
        Words(head, mark.on_page), f"{row.method} {unquote_plus(row.path)}", Words(f"  {row.client}", "page--dim")
    )


def _marked(sign: Sign, width: int) -> list[Line]:
    first, *rest = wrapped(sign.text, max(20, width - 4))
    head = line(Words(f" {sign.mark.sign} {first}", sign.mark.on_page))
    return [head, *(line(Words(f"   {text}", sign.mark.on_page)) for text in rest)]


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
