"""`[target.users]` and `[target.groups]` → the rules of a target."""

from dataclasses import replace
from typing import get_args

from core.config.formats import attribute
from core.config.table import Table
from core.planning.mapping import check_rule
from core.planning.rules import (
    Case,
    GroupMode,
    GroupRules,
    NoMatch,
    OnTheFly,
    TargetRules,
    UserRules,
    ValueRule,
    WhenInactive,
)


def target_rules(target: Table) -> TargetRules:
    """The rules of one `[[target]]`."""
    return TargetRules(users=_user_rules(target.table("users")), groups=_group_rules(target.table("groups")))


def _user_rules(table: Table) -> UserRules:
    default = UserRules()
    return UserRules(
        create=table.flag("create", default.create),
        update=table.flag("update", default.update),
        reactivate=table.flag("reactivate", default.reactivate),
        when_inactive=table.choice("when_inactive", default.when_inactive, get_args(WhenInactive), later=("delete",)),
        username=_value_rule(table.table("username"), default.username),
        email=_value_rule(table.table("email"), default.email),
        display_name=_value_rule(table.table("display_name"), default.display_name),
        protect=table.text_list("protect", default.protect),
    )


def _value_rule(table: Table, default: ValueRule) -> ValueRule:
    rule = ValueRule(
        source=table.parsed("from", attribute, default.source),
        match=table.parsed("match", str, default.match),
        replace=table.text("replace", default.replace, may_be_empty=True),
        case=table.choice("case", default.case, get_args(Case)),
        no_match=table.choice("no_match", default.no_match, get_args(NoMatch)),
    )
    _check_pattern(table, rule)
    return rule


def _check_pattern(table: Table, rule: ValueRule) -> None:
    try:
        check_rule(replace(rule, replace=""))
    except ValueError as error:
        table.problem("match", str(error), "Use the syntax of RE2: no look-around, no back-references")
        return
    try:
        check_rule(rule)
    except ValueError as error:
        table.problem("replace", str(error), "Write $1 for the first capture group, $0 for all that matched")


def _group_rules(table: Table) -> GroupRules:
    default = GroupRules()
    return GroupRules(
        mode=table.choice("mode", default.mode, get_args(GroupMode), later=("manual",)),
        on_the_fly=_on_the_fly(table.table("on_the_fly")),
        protect=table.text_list("protect", default.protect),
    )


def _on_the_fly(table: Table) -> OnTheFly:
    default = OnTheFly()
    return OnTheFly(
        include=table.text_list("include", default.include),
        exclude=table.text_list("exclude", default.exclude),
        create_missing=table.flag("create_missing", default.create_missing),
        keep_existing_groups=table.flag("keep_existing_groups", default.keep_existing_groups),
    )
