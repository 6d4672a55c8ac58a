"""`[target.groups]` becomes the rules that the planner reads: a test for every setting, named after it."""

from dataclasses import replace

import pytest

from core.planning.rules import GroupMap, GroupRules, OnTheFly

from .conftest import PROVIDER, TARGET, Load, OnlyProblem, Rules

MAP = '\n[[target.groups.map]]\nidp = "Engineering"\ntarget = "wiki-users"\n'


@pytest.mark.parametrize("written", ["on-the-fly", "off"])
def test_mode(rules: Rules, written: str) -> None:
    assert rules(f'groups.mode = "{written}"').groups == GroupRules(mode=written)  # type: ignore[arg-type]


def test_mode_manual(rules: Rules) -> None:
    groups = rules(f'[target.groups]\nmode = "manual"{MAP}').groups
    assert groups == GroupRules(mode="manual", map=(GroupMap(("Engineering",), ("wiki-users",)),))


@pytest.mark.parametrize("map", ["", "map = []"])
def test_mode_manual_without_any_map_is_refused(only_problem: OnlyProblem, map: str) -> None:
    """No rule would give the memberships that earlier ones gave, and a plan would take them all away."""
    problem = only_problem(f'{PROVIDER}{TARGET}[target.groups]\nmode = "manual"\n{map}')
    assert (problem.line, problem.key) == (11, "target.groups.mode")
    assert problem.message == "there is no [[target.groups.map]] to go by"
    assert problem.remedy == 'Add one, or write "off" to map no groups'


@pytest.mark.parametrize("mode", ["on-the-fly", "off"])
def test_a_map_in_another_mode_is_read_and_warned_of(load: Load, mode: str) -> None:
    settings = load(f'{PROVIDER}{TARGET}[target.groups]\nmode = "{mode}"{MAP}')
    (warning,) = settings.warnings
    assert (warning.line, warning.key) == (12, "target.groups.map")
    assert warning.message == f'mode "{mode}" does not use it'
    assert warning.remedy == 'Write mode = "manual", or take it out'
    assert settings.targets[0].rules.groups.map == (GroupMap(("Engineering",), ("wiki-users",)),)


@pytest.mark.parametrize("written", ["flatten", "ignore"])
def test_nested(rules: Rules, written: str) -> None:
    assert rules(f'groups.nested = "{written}"').groups == GroupRules(nested=written)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["default_for_new", "default_for_all", "protect"])
@pytest.mark.parametrize("written", [("wiki-users", "all staff"), ()])
def test_default_for_new_default_for_all_protect(rules: Rules, key: str, written: tuple[str, ...]) -> None:
    read = rules(f"groups.{key} = {list(written)}").groups
    assert read == replace(GroupRules(), **{key: written})  # type: ignore[arg-type]


def test_create_missing(rules: Rules) -> None:
    assert rules("groups.create_missing = true").groups == GroupRules(create_missing=True)


def test_map_idp_target_keep_existing_members(rules: Rules) -> None:
    groups = rules(
        """
        [target.groups]
        mode = "manual"
        [[target.groups.map]]
        idp = ["Engineering", "Contractors *"]
        target = ["wiki-users", "wiki-editors"]
        keep_existing_members = false
        [[target.groups.map]]
        idp = "[App] Wiki"
        target = "wiki-users"
        """
    ).groups
    assert groups.map == (
        GroupMap(("Engineering", "Contractors *"), ("wiki-users", "wiki-editors"), keep_existing_members=False),
        GroupMap(("[App] Wiki",), ("wiki-users",), keep_existing_members=True),
    )


@pytest.mark.parametrize(
    ("written", "key", "message", "remedy"),
    [
        ("idp = 'A'", "target", "this key is missing", 'Add target = ["…"]'),
        ("target = 'a'", "idp", "this key is missing", 'Add idp = ["…"]'),
        ("idp = []\ntarget = 'a'", "idp", "this list is empty", "Name at least one"),
        ("idp = 'A'\ntarget = []", "target", "this list is empty", "Name at least one"),
        ("idp = 'A'\ntarget = ['a', '']", "target", "this is empty", 'Write a list of texts, like ["one", "two"]'),
        ("idp = 'A'\ntarget = true", "target", "this is true or false", 'Write a list of texts, like ["one", "two"]'),
        (
            "idp = 'A'\ntarget = 'a'\nkeep = true",
            "keep",
            "unknown key",
            "Known here: idp, target, keep_existing_members",
        ),
    ],
)
def test_a_map_names_groups_on_both_sides(
    only_problem: OnlyProblem, written: str, key: str, message: str, remedy: str
) -> None:
    problem = only_problem(f'{PROVIDER}{TARGET}groups.mode = "manual"\n[[target.groups.map]]\n{written}')
    assert (problem.key, problem.message, problem.remedy) == (f"target.groups.map.{key}", message, remedy)


@pytest.mark.parametrize("key", ["include", "exclude"])
@pytest.mark.parametrize("written", [("App *",), ("[tmp]*", "(?x"), ()])
def test_on_the_fly_include_exclude(rules: Rules, key: str, written: tuple[str, ...]) -> None:
    read = rules(f"groups.on_the_fly.{key} = {list(written)}").groups.on_the_fly
    assert read == replace(OnTheFly(), **{key: written})  # type: ignore[arg-type]


def test_on_the_fly_match_replace(rules: Rules) -> None:
    read = rules('[target.groups.on_the_fly]\nmatch = "^app-(.+)$"\nreplace = "$1"').groups
    assert read == GroupRules(on_the_fly=OnTheFly(match="^app-(.+)$", replace="$1"))


@pytest.mark.parametrize("pattern", ["(a", "(?=a)", "*"])
def test_on_the_fly_match_that_re2_refuses_is_refused(only_problem: OnlyProblem, pattern: str) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}groups.on_the_fly.match = '{pattern}'")
    assert (problem.line, problem.key) == (10, "target.groups.on_the_fly.match")
    assert "RE2" in problem.remedy


@pytest.mark.parametrize("keys", ["match = '^app-(.+)$', replace = '$2'", "replace = '$1'", "replace = '$'"])
def test_on_the_fly_replace_without_its_group_is_refused(only_problem: OnlyProblem, keys: str) -> None:
    problem = only_problem(f"{PROVIDER}{TARGET}groups.on_the_fly = {{ {keys} }}")
    assert (problem.line, problem.key) == (10, "target.groups.on_the_fly.replace")
    assert "$1" in problem.remedy


@pytest.mark.parametrize("written", ["keep", "lower", "upper"])
def test_on_the_fly_case(rules: Rules, written: str) -> None:
    read = rules(f'groups.on_the_fly.case = "{written}"').groups.on_the_fly
    assert read == OnTheFly(case=written)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["pass", "skip-group"])
def test_on_the_fly_no_match(rules: Rules, written: str) -> None:
    read = rules(f'groups.on_the_fly.no_match = "{written}"').groups.on_the_fly
    assert read == OnTheFly(no_match=written)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "written"), [("merge", True), ("create_missing", False), ("keep_existing_groups", False)]
)
def test_on_the_fly_merge_create_missing_keep_existing_groups(rules: Rules, key: str, written: bool) -> None:
    read = rules(f"groups.on_the_fly.{key} = {str(written).lower()}").groups
    assert read == GroupRules(on_the_fly=replace(OnTheFly(), **{key: written}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "accepted"),
    [
        ("mode = 'auto'", '"manual", "on-the-fly", "off"'),
        ("nested = 'keep'", '"flatten", "ignore"'),
        ("on_the_fly.no_match = 'skip-user'", '"pass", "skip-group"'),
        ("on_the_fly.case = 'title'", '"keep", "lower", "upper"'),
    ],
)
def test_another_word_is_refused_with_those_accepted(only_problem: OnlyProblem, written: str, accepted: str) -> None:
    assert only_problem(f"{PROVIDER}{TARGET}[target.groups]\n{written}").remedy == f"Accepted: {accepted}"
