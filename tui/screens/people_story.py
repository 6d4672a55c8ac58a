"""The whole story of a user or a group at one target, as `manciple explain` tells it; and its lines.

Reading it plans a small world, which may take a while: it is called in a thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from core.apply.explained_facts import Fact
from core.apply.explained_names import Subject, group_named
from core.apply.explanations import Explanation, Part, account_explained, group_explained
from core.apply.offline import offline_setting
from core.apply.worlds import Setting
from core.config.settings import Settings, TargetSettings
from core.planning.answers import with_answers
from core.planning.explaining import Step
from core.store import Store, answers, group_links, links, people
from core.store.identities import Kind
from core.store.people import Listed
from tui.text_lines import Kind as LineKind
from tui.text_lines import TextLine
from tui.times import moment

_HEADINGS: tuple[tuple[Part, str], ...] = (
    ("sent", "What the identity provider sent"),
    ("rules", "The rules, in the order in which they are asked"),
    ("target", "At the target, as last seen"),
    ("done", "What was done, the newest last"),
    ("waiting", "What waits"),
    ("next", "What the next plan would do"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be told."""

    kind: Kind
    key: int
    """Of the user or group in its list."""
    at: int
    """Which of its places: beyond the last one, the first ones again."""


@dataclass(frozen=True, slots=True)
class Story:
    """What is told of one at one of its places: a target, and of a group one of the target groups that it feeds."""

    wanted: Wanted
    provider: str
    name: str
    title: str
    target: str | None
    """`None` where no target takes it."""
    number: int
    """Of the place, from 1."""
    places: int
    explanation: Explanation | None


def read_story(store: Store, settings: Settings, wanted: Wanted) -> Story | None:
    """Read it; `None` where there is no such user or group any more.

    :raises StoreError: when the store cannot be read.
    """
    with store.read() as connection:
        listed = next(iter(people.at(connection, wanted.kind, [wanted.key])), None)
        if listed is None:
            return None
        targets = [target for target in settings.targets if target.provider == listed.provider]
        all_of = [_setting(connection, settings, target) for target in targets]
        if wanted.kind == "User":
            told: list[tuple[Setting, str | None]] = [(setting, None) for setting in all_of]
        else:
            told = [(setting, key) for setting in all_of for key in _keys(connection, setting, listed)]
        if not told:
            return Story(wanted, listed.provider, listed.name, listed.name, None, 0, 0, None)
        at = wanted.at % len(told)
        setting, key = told[at]
        explanation = _explained(connection, setting, listed, key)
    return Story(
        wanted, listed.provider, listed.name, explanation.title, setting.target, at + 1, len(told), explanation
    )


def story_lines(story: Story, now: int) -> list[TextLine]:
    """The story in words."""
    if story.explanation is None:
        return [
            TextLine(f"No target takes what {story.provider} gives.", "warning"),
            TextLine("Add a [[target]] with this provider to config.toml."),
        ]
    return list(_lines(story.explanation, now))[1:]  # what stands above the first heading is empty


def titles(story: Story, next_key: str) -> tuple[str, ...]:
    """The title in forms, the longest first."""
    if story.places < 2:
        return (story.title,)
    place = f"({story.number} of {story.places}, {next_key} next)"
    return (f"{story.title} {place}", f"{story.name} at {story.target} {place}", story.title)


def _setting(connection: Connection, settings: Settings, target: TargetSettings) -> Setting:
    setting = offline_setting(settings, target)
    return replace(setting, rules=with_answers(setting.rules, answers.standing(connection, target.name)))


def _keys(connection: Connection, setting: Setting, group: Listed) -> Sequence[str]:
    """Keys of the target groups that an IdP group feeds; of one that feeds none, of the one that it would."""
    fed = sorted(link.group_key for link in group_links.of_groups(connection, setting.target, [group.id]))
    if fed:
        return fed
    key = group_named(connection, setting, group.name)
    return [key] if key is not None else []


def _explained(connection: Connection, setting: Setting, listed: Listed, key: str | None) -> Explanation:
    if key is not None:
        return group_explained(connection, setting, key)
    linked = links.of_users(connection, setting.target, [listed.id])
    return account_explained(connection, setting, Subject(listed.id, linked[0].account_id if linked else None))


def _lines(explanation: Explanation, now: int) -> Iterator[TextLine]:
    for part, heading in _HEADINGS:
        if told := explanation.parts[part]:
            yield TextLine("")
            yield TextLine(heading, "head")
            for each in told:
                yield _step_line(each, now) if isinstance(each, Step) else _fact_line(each, part, now)


def _step_line(step: Step, now: int) -> TextLine:
    at = f" ({moment(step.moment, now)})" if step.moment is not None else ""
    exchange = f" (exchange {step.exchange})" if step.exchange is not None else ""
    kinds: dict[str, LineKind] = {"no": "warning", "n/a": "dim"}
    return TextLine(f"{step.verdict:<3}  {step.rule}: {step.text}{at}{exchange}", kinds.get(step.verdict, "plain"))


def _fact_line(fact: Fact, part: Part, now: int) -> TextLine:
    numbers = [f"{name} {number}" for name, number in (("run", fact.run), ("exchange", fact.exchange)) if number]
    behind = ", ".join((*numbers, *((fact.by,) if fact.by else ())))
    at = f"{moment(fact.at, now)}  " if fact.at is not None else ""
    until = f" It goes on at {moment(fact.until, now)}." if fact.until is not None else ""
    text = f"{at}{fact.text}{until}{f' ({behind})' if behind else ''}"
    return TextLine(text, "warning" if part == "waiting" or fact.kind == "drift" else "plain")
