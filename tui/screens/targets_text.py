"""Targets in words. Pure: the same facts, width and time give the same lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.config.settings import TargetSettings
from tui import marks
from tui.actions import keys_of
from tui.counting import counted
from tui.health_check import Found
from tui.marks import Mark
from tui.plain import fit
from tui.screens.overview_facts import TargetFacts
from tui.screens.run_text import outcome
from tui.sparkline import rate, sparkline
from tui.times import ago, span
from tui.widgets.page import Line, Words, line
from tui.widgets.window_source import Cell, Row
from tui.wrapping import wrapped

_LABEL = 12
_SECONDS_PER_BAR = 3
_PRODUCTS: Mapping[str, str] = {
    "confluence": "Confluence Data Center",
    "jira": "Jira Data Center",
    "bitbucket": "Bitbucket Data Center",
    "crowd": "Crowd",
    "cloud": "Atlassian Cloud",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A check of all targets, as far as it came."""

    at: int
    """When it began, in milliseconds since 1970-01-01 UTC."""
    found: Mapping[str, tuple[Found, ...]] | None = None
    """By target; `None` while it is under way, and where it failed."""
    failure: str = ""
    """Why it found nothing out."""

    @property
    def is_under_way(self) -> bool:
        """Whether its outcome is awaited."""
        return self.found is None and not self.failure

    def of(self, target: str) -> tuple[Found, ...]:
        """What it found at one target."""
        return (self.found or {}).get(target, ())


def row(number: int, facts: TargetFacts, checked: Checked | None) -> Row:
    """A target in the list."""
    mark = state(facts, checked)
    waits = f"{facts.backlog.keys:,} pending" if facts.backlog is not None else "in step"
    last = f"run {facts.run.id} {facts.run.state}" if facts.run is not None else "no run yet"
    return Row(
        number,
        (
            Cell(f"{mark.sign} {facts.target.name}", mark.in_list, 18),
            Cell(facts.target.kind, "window-view--dim", 10),
            Cell(waits, width=14),
            Cell(last, "window-view--dim"),
        ),
    )


def state(facts: TargetFacts, checked: Checked | None) -> Mark:
    """How a target stands, in a mark."""
    is_broken = facts.run is not None and facts.run.state == "failed"
    if is_broken or (checked is not None and any(not each.is_ok for each in checked.of(facts.target.name))):
        return marks.BAD
    if facts.conflicts or (facts.backlog is not None and facts.backlog.failing):
        return marks.LOOK
    return marks.GOOD if facts.run is not None else marks.AWAITED


def heading(has_keys: bool, keymap: Mapping[str, str], width: int) -> Line:
    """Over the list."""
    text = f" {'>' if has_keys else '-'} Targets   {keys_of('targets.next_pane', keymap)[0]} goes on"
    return line(Words(fit(text, width), "page--title" if has_keys else "page--dim"))


def empty_lines(width: int) -> list[Line]:
    """What is said where none is configured."""
    text = (
        "A target is a product that is provisioned. What the identity provider sends is received and kept meanwhile. "
        "Write a [[target]] into config.toml; config.toml.example explains its keys."
    )
    return [line(Words(" ! No target is configured.", "page--warning")), *_text(text, 3, width)]


def detail_lines(
    facts: TargetFacts, checked: Checked | None, keymap: Mapping[str, str], width: int, now: int
) -> list[Line]:
    """What it is, what the last check found, and how it stands."""
    target = facts.target
    product = _PRODUCTS.get(target.kind, target.kind)
    return [
        line(Words(f" {target.name}", "page--title"), f"  {product}"),
        *_configured(target, width),
        (),
        *health_lines(target, checked, keymap, width, now),
        (),
        *_standing(facts, width, now),
    ]


def health_lines(
    target: TargetSettings, checked: Checked | None, keymap: Mapping[str, str], width: int, now: int
) -> list[Line]:
    """What the last check found, what fails first, each with its remedy."""
    if checked is None:
        text = f"not checked yet: {keys_of('targets.check', keymap)[0]} tries it, and changes nothing"
        return [line(Words(" Health", "page--title")), *_text(text, 3, width, "page--dim")]
    head = line(Words(" Health", "page--title"), Words(f"  checked {ago(checked.at, now)}", "page--dim"))
    if checked.is_under_way:
        return [head, line("   > checking …")]
    if checked.failure:
        return [head, *_marked(marks.BAD, checked.failure, width)]
    found = checked.of(target.name)
    if not found:
        return [head, *_text("config.toml had no such target when it was checked", 3, width, "page--dim")]
    rows = [head]
    for each in sorted(found, key=lambda one: one.is_ok):
        mark = marks.GOOD if each.is_ok else marks.BAD
        rows += _marked(mark, f"{each.subject}: {each.detail}", width)
        if not each.is_ok and each.remedy:
            rows += _text(each.remedy, 5, width, "page--key")
    if target.credential.scheme == "env":
        rows += _text(f"Checked with {target.credential} of this console, not of the engine.", 3, width, "page--dim")
    return rows


def told(checked: Checked) -> tuple[str, bool]:
    """What a check came to, in one sentence; and whether all is well."""
    if checked.failure:
        return f"check: {checked.failure}", False
    found = checked.found or {}
    failed = {name: sum(not each.is_ok for each in each_found) for name, each_found in found.items()}
    wrong = [f"{name}: {number} of {len(found[name])} failed" for name, number in failed.items() if number]
    return (
        (f"check: {'; '.join(wrong)}", False) if wrong else (f"check: {counted(len(found), 'target')}, all well", True)
    )


def _configured(target: TargetSettings, width: int) -> list[Line]:
    account = (
        f"{target.username}, its password {target.credential}" if target.username else f"token {target.credential}"
    )
    every = f"every {span(target.schedule.every * 1000)}" if target.schedule.every is not None else "only when asked"
    applied = "are applied within the brakes" if target.schedule.auto_apply == "within-brakes" else "wait for approval"
    return [
        *_labelled("URL", target.url, width),
        *_labelled("credential", account, width),
        *_labelled("provider", target.provider, width),
        *(_labelled("directory", target.directory, width) if target.directory is not None else []),
        *(_labelled("key ends", str(target.credential_expires), width) if target.credential_expires else []),
        *_labelled("schedule", f"{every}; plans {applied}", width),
    ]


def _standing(facts: TargetFacts, width: int, now: int) -> list[Line]:
    failed = Words(f"  ! {facts.flow.failed:,} failed" if facts.flow.failed else "", "page--warning")
    bars = sparkline(facts.flow.counts, facts.flow.end, _SECONDS_PER_BAR)
    run = outcome(facts.run, now) if facts.run is not None else (Words("no run yet", "page--dim"),)
    seen = f"{counted(facts.accounts, 'account')}, {counted(facts.groups, 'group')}"
    rows = [
        line(_label("traffic"), f" {rate(facts.flow.counts)} ", Words(bars, "page--good"), failed),
        line(_label("backlog"), " ", *_backlog(facts, now)),
        line(_label("last run"), " ", *run),
        *_labelled("seen", seen, width),
    ]
    if facts.conflicts:
        rows.append(line(_label("conflicts"), Words(f" ! {facts.conflicts:,} open", "page--warning")))
    return rows


def _backlog(facts: TargetFacts, now: int) -> Sequence[Words]:
    if facts.backlog is None:
        return (Words("v nothing is pending", "page--good"),)
    failing = Words(f"  ! {facts.backlog.failing:,} failing" if facts.backlog.failing else "", "page--bad")
    oldest = span(now - facts.backlog.oldest)
    return Words(f"{counted(facts.backlog.keys, 'key')} pending, the oldest for {oldest}"), failing


def _label(label: str) -> Words:
    return Words(fit(f" {label}", _LABEL), "page--dim")


def _labelled(label: str, text: str, width: int) -> list[Line]:
    first, *rest = wrapped(text, max(20, width - _LABEL - 2))
    return [line(_label(label), f" {first}"), *(line(f"{'':{_LABEL}} {part}") for part in rest)]


def _marked(mark: Mark, text: str, width: int) -> list[Line]:
    first, *rest = wrapped(text, max(20, width - 6))
    head = line(Words(f"   {mark.sign} {first}", mark.on_page))
    return [head, *(line(Words(f"     {part}", mark.on_page)) for part in rest)]


def _text(text: str, by: int, width: int, style: str = "page--plain") -> list[Line]:
    return [line(Words(" " * by + part, style)) for part in wrapped(text, max(20, width - by - 1))]
