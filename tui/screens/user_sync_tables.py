"""The settings of `[target.users]` that consist of several keys: value rules, further attributes, scope, and leads."""

from collections.abc import Mapping
from typing import get_args

from core.planning.rules import Case, NoMatch, UserRules, ValueRule
from tui.forms.field import Field, Path, Value
from tui.forms.outline import Entries, Section

GLOBS = "* stands for any characters, ? for one; case does not matter. Separate several with commas."
_PATTERN = "The syntax is RE2: no look-around, no back-references. It matches anywhere, unless ^ and $ tie it."


def value_fields(path: Path, rule: ValueRule, *, is_new: bool = False) -> tuple[Field, ...]:
    """The five keys of a value rule."""
    whole = "everything matches"
    return (
        Field(
            (*path, "from"),
            "from",
            "The attribute of the user that it is made of.",
            "text",
            None if is_new else rule.source,
            more="userName, displayName, emails.work, name.givenName, "
            "name.familyName, enterprise.department, and whatever else the identity provider sends.",
        ),
        Field(
            (*path, "match"),
            "match",
            "A regular expression that the attribute must match.",
            "text",
            rule.match,
            more=_PATTERN,
            unset=whole,
        ),
        Field(
            (*path, "replace"),
            "replace",
            "The value where it matches: $1 is the first group, $0 all of it.",
            "text",
            rule.replace,
            more="$$ is a dollar sign. Empty gives no value.",
            may_be_empty=True,
        ),
        Field((*path, "case"), "case", "Small or capital letters, applied last.", "choice", rule.case, get_args(Case)),
        Field(
            (*path, "no_match"),
            "no_match",
            "What becomes of it where match does not match.",
            "choice",
            rule.no_match,
            get_args(NoMatch),
            more='"pass" takes the attribute unchanged, "ignore" leaves the account\'s value alone, '
            '"clear" empties it, "skip-user" leaves the whole user out.',
        ),
    )


def _value_fields_of_new(path: Path) -> tuple[Field, ...]:
    return value_fields(path, ValueRule(""), is_new=True)


def value_section(key: str, title: str) -> Section:
    """A value of an account that every target has."""
    rule: ValueRule = getattr(UserRules(), key)
    return Section(key, title, f"How it is made; by default from {rule.source}.", value_fields(("users", key), rule))


def attributes() -> Section:
    """Further attributes, which an admin names."""
    new: Mapping[str, Value] = {"from": "displayName"}
    path = ("users", "attributes")
    text = "Type its name, like first_name. Which there are depends on the product; the preview says what it lacks."
    entries = Entries(path, "attribute", _value_fields_of_new, new, is_named=True, help=text)
    return Section("attributes", "Further attributes", "Made like the values above, by their own names.", (), entries)


def scope_fields() -> tuple[Field, ...]:
    """Which groups users must be in, or not in."""
    return (
        Field(
            ("users", "scope", "groups"),
            "Groups",
            "Only members of one of these groups of the identity provider.",
            "texts",
            more=f"{GLOBS} Members of groups inside them count.",
            unset="all users",
        ),
        Field(
            ("users", "scope", "exclude_groups"),
            "Exclude groups",
            "No member of any of these groups.",
            "texts",
            more=GLOBS,
        ),
    )


def scope_checks() -> Entries:
    """Conditions on attributes of users."""

    def fields(path: Path) -> tuple[Field, ...]:
        return (
            Field((*path, "attribute"), "attribute", "The attribute of the user that is looked at.", "text"),
            Field(
                (*path, "match"),
                "match",
                "It must match this; or leave it out, and give not_match.",
                "text",
                more=_PATTERN,
            ),
            Field(
                (*path, "not_match"),
                "not_match",
                "It must not match this; or leave it out, and give match.",
                "text",
                more=_PATTERN,
            ),
        )

    new: Mapping[str, Value] = {"attribute": "userType", "match": "."}
    return Entries(("users", "scope", "where"), "check", fields, new, help="All checks must hold for a user.")


def leads() -> Section:
    """Who takes over from a leaver (Jira)."""

    def fields(path: Path) -> tuple[Field, ...]:
        return (
            Field(
                (*path, "to"),
                "to",
                "Who takes over, in order: user:NAME, manager, role:NAME, project-lead.",
                "texts",
                more='"manager" is the leaver\'s, "role:NAME" the first member of this role of the project; '
                '"project-lead" is for components.',
            ),
            Field(
                (*path, "projects"),
                "projects",
                "Keys of the projects that the rule is for.",
                "texts",
                ("*",),
                more=GLOBS,
            ),
            Field(
                (*path, "components"),
                "components",
                "Names of components; without it, the rule is for leads of projects.",
                "texts",
                more=GLOBS,
                unset="the projects themselves",
            ),
        )

    named = "Name of an account, without user:."
    own = (
        Field(
            ("users", "default_project_lead"),
            "Default project lead",
            "Takes over projects where no rule finds anybody.",
            "text",
            more=named,
            unset="nobody: that is a conflict",
        ),
        Field(
            ("users", "default_component_lead"),
            "Default component lead",
            "Takes over components where no rule finds anybody.",
            "text",
            more=named,
            unset="nobody: that is a conflict",
        ),
    )
    new: Mapping[str, Value] = {"to": ("manager",)}
    text = "The first rule that fits and finds somebody decides."
    entries = Entries(("users", "lead"), "rule", fields, new, help=text)
    return Section("lead", "Leads of leavers", "Who takes over what a leaver leads in Jira.", own, entries)
