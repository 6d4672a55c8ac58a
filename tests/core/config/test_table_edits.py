"""A list of tables is changed entry by entry: what did not change keeps its lines, its comments and its place."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import ConfigError, Source, TomlValue, difference, edited

MAP = ("target", "wiki", "groups", "map")
LEAD = ("target", "wiki", "users", "lead")
WHERE = ("target", "wiki", "users", "scope", "where")
HEAD = """\
[[provider]]
name = "entra"
kind = "entra"

[[target]]
name = "docs"
kind = "confluence"
url = "https://docs.example.com"
provider = "entra"
credential = "env:DOCS_TOKEN"

[[target]]
name = "wiki"
kind = "jira"
url = "https://wiki.example.com"
provider = "entra"
credential = "env:WIKI_TOKEN"

"""
MAPS = """\
[target.groups]
mode = "manual"  # since May

# Engineering, as Ada asked.
[[target.groups.map]]
idp = ["Engineering", "Contractors"]  # both
target = "wiki-users"

# Everybody else
[[target.groups.map]]
idp = "Wiki *"
target = ["wiki-editors", "wiki-reviewers"]
keep_existing_members = false  # strict

[[target.groups.map]]
idp = "Sales"
target = "wiki-users"
# keep_existing_members = false

# How often it is compared.
[target.schedule]
every = "1h"
"""
ENGINEERING: Mapping[str, Any] = {"idp": ["Engineering", "Contractors"], "target": "wiki-users"}
WIKI: Mapping[str, Any] = {
    "idp": "Wiki *",
    "target": ["wiki-editors", "wiki-reviewers"],
    "keep_existing_members": False,
}
SALES: Mapping[str, Any] = {"idp": "Sales", "target": "wiki-users"}
NEW: Mapping[str, Any] = {"idp": ["Finance"], "target": ["finance"], "keep_existing_members": True}


def with_maps(entries: Sequence[Mapping[str, Any]], text: str = MAPS) -> list[str]:
    """The lines that are taken out and put in to come from `text` to these entries."""
    before = source(text)
    return changed_lines(before, edited(before, {MAP: entries or None}))


def source(text: str) -> Source:
    return Source(Path("/etc/manciple/config.toml"), (HEAD + text).encode())


def changed_lines(before: Source, after: Source) -> list[str]:
    lines = difference(before, after).splitlines()[2:]
    return [line for line in lines if line.startswith(("+", "-"))]


def value_at(text: str, path: tuple[str, ...]) -> object:
    below: Any = next(target for target in tomllib.loads(text)["target"] if target["name"] == path[1])
    for key in path[2:]:
        below = below.get(key, {})
    return below


def test_the_same_entries_change_nothing() -> None:
    before = source(MAPS)
    assert edited(before, {MAP: [ENGINEERING, WIKI, SALES]}) == before


def test_an_entry_that_changed_keeps_its_comments_and_its_other_lines() -> None:
    assert with_maps([ENGINEERING, {**WIKI, "idp": ["Wiki *", "Docs *"]}, SALES]) == [
        '-idp = "Wiki *"',
        '+idp = ["Wiki *", "Docs *"]',
    ]


def test_a_key_of_an_entry_that_is_new_goes_behind_its_last_and_one_that_is_gone_takes_its_line_along() -> None:
    without_keep = {key: value for key, value in WIKI.items() if key != "keep_existing_members"}
    assert with_maps([{**ENGINEERING, "keep_existing_members": False}, without_keep, SALES]) == [
        "+keep_existing_members = false",
        "-keep_existing_members = false  # strict",
    ]


def test_an_entry_that_is_removed_takes_the_comment_above_it_along_and_no_other() -> None:
    assert with_maps([ENGINEERING, SALES]) == [
        "-# Everybody else",
        "-[[target.groups.map]]",
        '-idp = "Wiki *"',
        '-target = ["wiki-editors", "wiki-reviewers"]',
        "-keep_existing_members = false  # strict",
        "-",
    ]


def test_what_is_commented_out_behind_the_last_entry_goes_with_it_and_the_comment_of_what_follows_stays() -> None:
    after = edited(source(MAPS), {MAP: [ENGINEERING, WIKI]}).text
    assert "# keep_existing_members = false" not in after
    assert after.endswith(
        'keep_existing_members = false  # strict\n\n# How often it is compared.\n[target.schedule]\nevery = "1h"\n'
    )


def test_a_new_entry_stands_where_it_belongs_with_blank_lines_around_it() -> None:
    block = ["+[[target.groups.map]]", '+idp = ["Finance"]', '+target = ["finance"]', "+keep_existing_members = true"]
    for entries in (
        [NEW, ENGINEERING, WIKI, SALES],
        [ENGINEERING, NEW, WIKI, SALES],
        [ENGINEERING, WIKI, SALES, NEW],
    ):
        after = edited(source(MAPS), {MAP: entries})
        assert sorted(changed_lines(source(MAPS), after)) == sorted([*block, "+"])
        assert "\n\n[[target.groups.map]]\n" + 'idp = ["Finance"]' in after.text.replace("+", "")
        assert "keep_existing_members = true\n\n" in after.text
        assert value_at(after.text, MAP) == entries


def test_an_entry_that_moves_takes_its_comments_along() -> None:
    after = edited(source(MAPS), {MAP: [WIKI, ENGINEERING, SALES]}).text
    assert value_at(after, MAP) == [WIKI, ENGINEERING, SALES]
    assert '# Everybody else\n[[target.groups.map]]\nidp = "Wiki *"' in after
    assert '# Engineering, as Ada asked.\n[[target.groups.map]]\nidp = ["Engineering", "Contractors"]  # both' in after
    assert "keep_existing_members = false  # strict\n\n# Engineering" in after


def test_all_entries_go_and_what_stood_around_them_stays() -> None:
    after = edited(source(MAPS), {MAP: None, ("target", "wiki", "groups", "mode"): "off"}).text
    assert after == HEAD + (
        '[target.groups]\nmode = "off"  # since May\n\n# How often it is compared.\n[target.schedule]\nevery = "1h"\n'
    )


def test_entries_between_other_tables_stay_between_them() -> None:
    apart = (
        '[[target.groups.map]]\nidp = "A"\ntarget = "a"\n\n[target.groups.on_the_fly]\ncase = "lower"\n\n'
        '[[target.groups.map]]\nidp = "B"\ntarget = "b"\n\n[target.groups]\nmode = "manual"\n'
    )
    entries = [{"idp": "A", "target": "a"}, {"idp": "A2", "target": "a"}, {"idp": "B", "target": "b2"}]
    after = edited(source(apart), {MAP: entries}).text
    a2 = '[[target.groups.map]]\nidp = "A2"\ntarget = "a"\n\n'
    assert after == HEAD + apart.replace("[target.groups.on_the_fly]", a2 + "[target.groups.on_the_fly]").replace(
        'target = "b"', 'target = "b2"'
    )


@pytest.mark.parametrize(
    "before",
    [
        "",
        "[target.groups]\n",
        '[target.groups]\nprotect = ["x"]\n',
        '[target.groups.on_the_fly]\ncase = "lower"\n',
        '# Groups.\n[target.groups]\nnested = "ignore"\n\n# The names:\n[target.groups.on_the_fly]\ncase = "lower"\n',
        '[target.users]\ncreate = false\n\n[[target]]\nname = "last"\nkind = "crowd"\nurl = "https://c.example.com"\n'
        'provider = "entra"\ncredential = "env:X"\nusername = "manciple"\n',
    ],
)
def test_the_first_entries_are_added_and_no_line_is_lost(before: str) -> None:
    changes: dict[tuple[str, ...], TomlValue | None] = {
        MAP: [ENGINEERING, NEW],
        ("target", "wiki", "groups", "mode"): "manual",
    }
    after = edited(source(before), changes)
    assert value_at(after.text, MAP) == [ENGINEERING, NEW]
    assert not [line for line in changed_lines(source(before), after) if line.startswith("-")]
    assert "\n\n\n" not in after.text


def test_the_first_entry_stands_behind_the_keys_of_its_table_and_before_the_comment_of_the_next() -> None:
    brakes = "# The brakes.\n[target.brakes]\nmin_admins = 2\n"
    before = source(f"[target.users]\ncreate = true\n# update = false\n\n{brakes}")
    after = edited(before, {LEAD: [{"to": ["manager"]}]})
    assert after.text == HEAD + (
        f'[target.users]\ncreate = true\n# update = false\n\n[[target.users.lead]]\nto = ["manager"]\n\n{brakes}'
    )


def test_an_explanation_that_is_about_all_entries_stays_when_the_first_goes() -> None:
    text = (
        '[target.groups]\nmode = "manual"\n\n## One table for each.\n# Ours.\n' + '[[target.groups.map]]\nidp = "A"\n'
    )
    text += 'target = "a"\n\n[[target.groups.map]]\nidp = "B"\ntarget = "b"\n'
    assert with_maps([{"idp": "B", "target": "b"}], text) == [
        "-# Ours.",
        "-[[target.groups.map]]",
        '-idp = "A"',
        '-target = "a"',
        "-",
    ]


def test_a_list_over_several_lines_stays_one() -> None:
    text = '[target.groups]\nmode = "manual"\n[[target.groups.map]]\nidp = [\n    "A",\n    "B",\n]\ntarget = "a"\n'
    assert with_maps([{"idp": ["A", "B", "C"], "target": "a"}], text) == ['+    "C",']


def test_entries_in_one_line_stay_in_their_form() -> None:
    text = '[target.groups]\nmode = "manual"\nmap = [{ idp = "A", target = "a" }] # short\n'
    assert with_maps([{"idp": "A", "target": "a"}, {"idp": "B", "target": "b"}], text) == [
        '-map = [{ idp = "A", target = "a" }] # short',
        '+map = [{idp = "A", target = "a"}, {idp = "B", target = "b"}] # short',
    ]


def test_checks_of_the_scope_are_written_in_one_line() -> None:
    checks = [{"attribute": "userType", "not_match": "^Guest$"}, {"attribute": "emails.work", "match": "@x$"}]
    after = edited(source(""), {WHERE: checks})
    assert value_at(after.text, WHERE) == checks
    assert 'where = [{attribute = "userType", not_match = "^Guest$"}, ' in after.text
    assert "where" not in edited(after, {WHERE: None}).text


def test_line_ends_stay_as_they_are() -> None:
    windows = Source(Path("c.toml"), (HEAD + MAPS).replace("\n", "\r\n").encode())
    after = edited(windows, {MAP: [{**ENGINEERING, "target": "x"}, NEW, SALES, WIKI]})
    assert after.content.count(b"\n") == after.content.count(b"\r\n")
    assert value_at(after.text, MAP) == [{**ENGINEERING, "target": "x"}, NEW, SALES, WIKI]


def test_a_change_that_makes_the_configuration_wrong_is_refused_and_says_which_entry() -> None:
    line = (HEAD + MAPS).splitlines().index('idp = "Wiki *"') + 1
    with pytest.raises(ConfigError) as caught:
        edited(source(MAPS), {MAP: [ENGINEERING, {"idp": [], "target": WIKI["target"]}]})
    assert [(each.key, each.line) for each in caught.value.problems] == [("target.groups.map.idp", line)]


def test_what_is_written_in_another_way_is_read_as_toml_reads_it() -> None:
    text = '[target."groups"]\nmode = "manual"\n[[ target . groups . "map" ]]\n"idp" = "A"\n'
    text += 'target = """\\\n[[target.groups.map]]\\\n# no comment"""\n'
    entry = {"idp": "A", "target": "[[target.groups.map]]# no comment"}
    assert with_maps([{"idp": "B", "target": "b"}, entry], text) == [
        "+",
        "+[[target.groups.map]]",
        '+idp = "B"',
        '+target = "b"',
        "+",
    ]


NAMES = st.text(alphabet="ab #\"[]\\'=*", min_size=1, max_size=6)
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"idp": NAMES | st.lists(NAMES, min_size=1, max_size=3), "target": NAMES},
        optional={"keep_existing_members": st.booleans()},
    ),
    max_size=5,
)


@given(ENTRIES, ENTRIES)
def test_whatever_the_entries_were_they_are_what_is_wanted_and_nothing_else_changes(
    first: list[dict[str, Any]], then: list[dict[str, Any]]
) -> None:
    mode = ("target", "wiki", "groups", "mode")
    before = edited(source(MAPS), {MAP: first or None, mode: "manual" if first else "off"})
    after = edited(before, {MAP: then or None, mode: "manual" if then else "off"})
    assert value_at(after.text, MAP) == (then or {})
    assert after.text.startswith(HEAD)
    assert after.text.endswith('\n\n# How often it is compared.\n[target.schedule]\nevery = "1h"\n')
