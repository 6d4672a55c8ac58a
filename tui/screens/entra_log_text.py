"""Entra's log beside ours in words: how much agrees, and each change that only one side saw."""

from dataclasses import dataclass

from tui.counting import counted
from tui.entra_log import LogBeside
from tui.screens.provider_lines import paragraph
from tui.times import short_moment
from tui.widgets.page import Line, Words, line

_STYLES = {"entra only": "page--bad", "here only": "page--warning", "differ": "page--warning"}


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison of one provider's two logs, as far as it came."""

    provider: str
    at: int
    """When it began, in milliseconds since 1970-01-01 UTC."""
    beside: LogBeside | None = None
    """`None` while it is under way, and where it failed."""
    failure: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether its outcome is awaited."""
        return self.beside is None and not self.failure


def entra_log_lines(compared: Compared, width: int, now: int) -> list[Line]:
    """The comparison, as far as it came."""
    rows = [line(Words(f" Entra's log of the last day beside ours, {short_moment(compared.at, now)}", "page--title"))]
    if compared.is_under_way:
        return [*rows, line(Words("   being read …", "page--dim"))]
    if compared.beside is None:
        return [*rows, *paragraph(compared.failure, 3, width, "page--bad")]
    beside = compared.beside
    told = [f"{number:,} {verdict}" for verdict, number in beside.counts.items() if number]
    text = f"{counted(sum(beside.counts.values()), 'change')}: {', '.join(told)}" if told else "Neither saw a change."
    rows += paragraph(text, 1, width)
    for each in beside.seen:
        style = _STYLES.get(each.verdict, "page--dim")
        rows.append(line(Words(f" {each.verdict:<11}", style), each.name, Words(f"  {each.at}", "page--dim")))
        rows += paragraph(f"Entra: {each.entra}   here: {each.here}", 4, width, "page--dim")
        rows += paragraph(each.says, 4, width)
    return rows
