"""The settings of `[target.groups]`, as a form.

The defaults are those of the rules themselves; `config.toml.example` explains the same keys in a file.
"""

from collections.abc import Mapping
from typing import get_args

from core.planning.rules import Case, GroupMode, GroupRules, Nesting, NoGroupMatch, OnTheFly
from tui.forms.field import Field, Path, Value
from tui.forms.outline import Entries, Section
from tui.screens.user_sync_tables import GLOBS

MAP: Path = ("groups", "map")
FLY: Path = ("groups", "on_the_fly")
_GROUPS, _FLY = GroupRules(), OnTheFly()
_NAMES = "Separate several with commas; one with a comma in it stands in double quotes."


def sections() -> tuple[Section, ...]:
    """The form of any target."""
    return (
        Section("mode", "Groups", "How the identity provider's groups become target groups.", _mode()),
        Section(
            "defaults", "Default groups", "Target groups that accounts are put into whoever they are.", _defaults()
        ),
        Section("map", "Manual mapping", "Used in mode manual; t opens it as a table with both sides.", (), _maps()),
        Section("on_the_fly", "On the fly", "Used in mode on-the-fly: which groups, and their names.", _on_the_fly()),
    )


def _mode() -> tuple[Field, ...]:
    return (
        Field(
            ("groups", "mode"),
            "Mode",
            "What is done with the identity provider's groups.",
            "choice",
            _GROUPS.mode,
            get_args(GroupMode),
            more='"on-the-fly" keeps each as a target group of its name, or of one made of it. "manual" goes by the '
            'mappings, and leaves all others out. "off" leaves groups alone, but for the default groups.',
        ),
        Field(
            ("groups", "nested"),
            "Nested",
            "Whether members of a group inside a group are members of both.",
            "choice",
            _GROUPS.nested,
            get_args(Nesting),
            more='"flatten": members of the inner are members of the outer too. "ignore": only direct members count.',
        ),
        Field(
            ("groups", "protect"),
            "Protect",
            "Target groups that are never touched, by name.",
            "texts",
            _GROUPS.protect,
            more=f"They are never created, renamed or deleted, and their members never change. {GLOBS}",
        ),
    )


def _defaults() -> tuple[Field, ...]:
    return (
        Field(
            ("groups", "default_for_new"),
            "For new accounts",
            "Target groups that a new account is put into, once.",
            "texts",
            more=f"Who is taken out of one later stays out. {_NAMES}",
        ),
        Field(
            ("groups", "default_for_all"),
            "For everybody",
            "Target groups that every active user in scope is in.",
            "texts",
            more=_NAMES,
        ),
        Field(
            ("groups", "create_missing"),
            "Create missing",
            "Create a group that a mapping or a default names.",
            "flag",
            _GROUPS.create_missing,
            more="Off: a name that is not there is a conflict, since it may be a slip.",
        ),
    )


def _maps() -> Entries:
    new: Mapping[str, Value] = {"idp": (), "target": ()}
    return Entries(MAP, "mapping", _map_fields, new, help="Members of all its IdP groups are in all its target groups.")


def _map_fields(path: Path) -> tuple[Field, ...]:
    return (
        Field((*path, "idp"), "idp", "Groups of the identity provider, by name or glob.", "texts", more=GLOBS),
        Field((*path, "target"), "target", "Target groups that their members are in.", "texts", more=_NAMES),
        Field(
            (*path, "keep_existing_members"),
            "keep_existing_members",
            "Keep members that manciple did not add.",
            "flag",
            default=True,
            more="Off: who is in none of the IdP groups is taken out, whoever put them in.",
        ),
    )


def _on_the_fly() -> tuple[Field, ...]:
    return (
        Field((*FLY, "include"), "Include", "Groups that are mapped, by name.", "texts", _FLY.include, more=GLOBS),
        Field((*FLY, "exclude"), "Exclude", "Groups that are not mapped all the same.", "texts", more=GLOBS),
        Field(
            (*FLY, "match"),
            "Match",
            "A regular expression that the name must match.",
            "text",
            more="The syntax is RE2: no look-around, no back-references. It matches anywhere, unless ^ and $ tie it.",
            unset="names stay as they are",
        ),
        Field(
            (*FLY, "replace"),
            "Replace",
            "The target group's name: $1 is the first group, $0 all of it.",
            "text",
            _FLY.replace,
            more="$$ is a dollar sign.",
            may_be_empty=True,
        ),
        Field((*FLY, "case"), "Case", "Small or capital letters, applied last.", "choice", _FLY.case, get_args(Case)),
        Field(
            (*FLY, "no_match"),
            "No match",
            "What becomes of a group that match does not match.",
            "choice",
            _FLY.no_match,
            get_args(NoGroupMatch),
            more='"pass" takes the name unchanged, "skip-group" leaves the group out.',
        ),
        Field(
            (*FLY, "merge"),
            "Merge",
            "Let groups whose names become the same share one target group.",
            "flag",
            _FLY.merge,
            more="Off: that is a conflict.",
        ),
        Field(
            (*FLY, "create_missing"),
            "Create missing",
            "Create a target group that does not exist yet.",
            "flag",
            _FLY.create_missing,
            more="Off: a group that is missing stays missing.",
        ),
        Field(
            (*FLY, "keep_existing_groups"),
            "Keep existing",
            "Keep memberships that manciple did not add.",
            "flag",
            _FLY.keep_existing_groups,
            more="Off: who is not in the IdP's group is taken out of the target group, whoever put them in.",
        ),
    )
