"""Every conflict is shown, and every answer to it is taken by command, carried out, seen at the target, and undone."""

import re
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from core.cli import program
from core.planning.explaining import doing
from core.store import Store
from tests.core.apply.answered import finding, grouping, living, mapped, naming, values
from tests.core.apply.answered.scene import Happened, Scene
from tests.core.apply.answered.story import Given, Story
from tests.core.cli.running import Result, Run, runner

STORIES: tuple[Story, ...] = (
    *(*finding.STORIES, *naming.STORIES, *values.STORIES),
    *(*grouping.STORIES, *mapped.STORIES, *living.STORIES),
)
OF_EACH = pytest.mark.parametrize("story", STORIES, ids=str)
GIVEN = [
    pytest.param(story, given, id=f"{story} - {given.key}{place}")
    for story in STORIES
    for place, given in enumerate(story.given)
]
KINDS = {
    *("C01", "C02", "C03", "C04", "C05", "C06", "C10", "C11", "C12", "C14", "C15", "C16", "C17"),
    *("C21", "C22", "C23", "C24", "C25", "C26", "C29", "C30", "C36", "C37", "C41", "C45"),
}
"""Those of the catalogue that are asked about; what a rule or a brake decides is in `tests/core/planning/corpus`."""

COMMANDS = cache(program.get_command)
"""The program as it is made of its commands: once, and not for each that is run."""


@dataclass(frozen=True)
class Stage:
    """A story whose conflict waits, and the commands of an admin who looks at it."""

    scene: Scene
    run: Run
    number: int

    def conflicts(self, *arguments: str) -> Result:
        return self.run("conflicts", *arguments)

    def answer(self, key: str, *arguments: str) -> Result:
        return self.conflicts("resolve", str(self.number), "--answer", key, *arguments)


@pytest.fixture(scope="module")
def known() -> dict[str, Happened]:
    """Stories that were played until their conflict was there: each is played once."""
    return {}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing in it: to be copied, since making one takes its time."""
    path = tmp_path_factory.mktemp("empty") / "manciple.db"
    with Store.open(f"sqlite:///{path}"):
        return path


@pytest.fixture
def stage(
    empty: Path,
    known: dict[str, Happened],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[Story], Awaitable[Stage]]]:
    scenes: list[Scene] = []
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr(program, "get_command", COMMANDS)

    async def staged(story: Story) -> Stage:
        if str(story) not in known:
            place = tmp_path_factory.mktemp("story")
            shutil.copy(empty, place / "manciple.db")
            first = Scene(place, story.product, story.rules, story.able)
            await story.seed(first)
            known[str(story)] = first.ended()
        shutil.copy(known[str(story)].database, tmp_path / "manciple.db")
        scene = Scene(tmp_path, story.product, story.rules, story.able)
        scenes.append(scene)
        scene.go_on_from(known[str(story)])
        return Stage(scene, runner(capsys, scene.config), scene.number(story.kind, story.about))

    yield staged
    for scene in scenes:
        scene.store.close()


Staged = Callable[[Story], Awaitable[Stage]]


def test_every_kind_that_is_asked_about_has_a_story() -> None:
    assert {story.kind for story in STORIES} == KINDS


@OF_EACH
async def test_it_is_listed_shown_held_skipped_and_tried_again(story: Story, stage: Staged) -> None:
    on = await stage(story)
    number = str(on.number)
    listed = next(item for item in on.conflicts("--json").document["items"] if item["id"] == on.number)
    assert (listed["kind"], listed["state"]) == (story.kind, "open")
    assert listed["title"].startswith(story.title)
    document = on.conflicts("show", number, "--json").document["conflict"]
    offered = [each["key"] for each in document["resolutions"]]
    assert set(offered) - set("HSR") == {given.key for given in story.given} - set("R")
    assert offered[0] not in "AIM", "what is offered first takes nothing away"
    on.answer("H", "--owner", "eve", "--note", "asks HR", "--until", "3d", "--yes")
    shown = on.conflicts("show", number).out
    assert "  held by eve until " in shown
    assert "  note: asks HR" in shown
    assert all(f"  {name}: {value}" in shown for name, value in document["evidence"].items())
    assert document["evidence"]
    assert re.findall(r"^  ([A-Z])  \S", shown, re.MULTILINE) == offered
    assert on.conflicts("take-back", number).code == 0
    on.scene.answer(on.number, "S")
    assert on.scene.state(on.number) == "skipped"
    on.scene.take_back(on.number)
    on.scene.answer(on.number, "R")
    assert on.scene.state(on.number) == "open"


@pytest.mark.parametrize(("story", "given"), GIVEN)
async def test_an_answer_does_what_it_showed_and_is_undone(story: Story, given: Given, stage: Staged) -> None:
    on = await stage(story)
    scene, before, since = on.scene, on.scene.there(), on.scene.last_run()
    if given.first is not None:
        given.first(scene)
    foreseen = _edited(on, given) if given.key == "E" else _answered(on, given)
    await scene.push()
    if scene.state(on.number) != "closed":
        await scene.compare()  # of rules that are edited, and of groups that rules name, no push knows
    done = {doing(change) for change in scene.done(since)}
    assert foreseen in (None, done)
    assert _difference(before, scene.there()) == (given.gone, given.come)
    assert (scene.state(on.number), tuple(scene.open_kinds())) == ("closed", given.leads_to)
    if not done:
        return
    await scene.undo(since)
    assert _difference(before, scene.there()) == (given.lost, given.left)
    await scene.compare()
    is_settled = _difference(before, scene.there()) == (given.lost, given.left)
    assert is_settled == given.settles, "the rules do not do it again at once"


def _answered(on: Stage, given: Given) -> set[str] | None:
    """The changes that were shown before the answer was given; `None`: such an answer shows none."""
    typed = ("--value", given.value) if given.value else ()
    if given.key != "R":
        on.scene.answer(on.number, given.key, given.value)
        on.scene.take_back(on.number)
    result = on.answer(given.key, *typed, "--yes")
    if taking := re.search(r"--confirm (\d+)", result.err):
        assert on.scene.state(on.number) == "open", "what takes something away is not done unasked"
        result = on.answer(given.key, *typed, "--confirm", taking[1])
    assert result.code == 0, result.err
    return None if given.key == "R" else set(re.findall(r"^  [+!] (.+)$", result.out, re.MULTILINE))


def _edited(on: Stage, given: Given) -> None:
    """The rules as the admin has changed them, as the answer says."""
    assert re.search(r"Opens [\w.]+ with a preview", on.answer("E", "--yes").err)
    on.scene.write_rules(given.value or "")


def _difference(before: list[str], after: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        tuple(line for line in before if line not in after),
        tuple(line for line in after if line not in before),
    )
