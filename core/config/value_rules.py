"""One value of an account from one attribute of the user, and the patterns that make one name of another."""

from typing import get_args

from core.config.formats import attribute
from core.config.table import Table
from core.planning.mapping import check_rule
from core.planning.patterns import compiled
from core.planning.rules import Case, NoMatch, ValueRule

_RE2 = "Use the syntax of RE2: no look-around, no back-references"


def value_rule(table: Table, default: ValueRule) -> ValueRule:
    """The rule in a table that may leave out any key."""
    return _rule(table, default, required=False)


def new_value_rule(table: Table) -> ValueRule:
    """The rule in a table that must say which attribute it takes."""
    return _rule(table, ValueRule(""), required=True)


def check_pattern(table: Table, key: str, pattern: str) -> bool:
    """Note a pattern that RE2 refuses as a problem of `key`, and say whether it is fine."""
    try:
        compiled(pattern)
    except ValueError as error:
        table.problem(key, str(error), _RE2)
        return False
    return True


def check_replacement(table: Table, match: str | None, replace: str) -> None:
    """Note what is wrong with the table's `match` and `replace`."""
    if match is not None and not check_pattern(table, "match", match):
        return
    try:
        check_rule(ValueRule("", match, replace))
    except ValueError as error:
        table.problem("replace", str(error), "Write $1 for the first capture group, $0 for all that matched")


def _rule(table: Table, default: ValueRule, *, required: bool) -> ValueRule:
    rule = ValueRule(
        source=table.parsed("from", attribute, default.source, required=required),
        match=table.parsed("match", str, default.match),
        replace=table.text("replace", default.replace, may_be_empty=True),
        case=table.choice("case", default.case, get_args(Case)),
        no_match=table.choice("no_match", default.no_match, get_args(NoMatch)),
    )
    check_replacement(table, rule.match, rule.replace)
    return rule
