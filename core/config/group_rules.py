"""`[target.groups]` → how the IdP's groups become target groups."""

from typing import get_args

from core.config.table import Table
from core.config.value_rules import check_replacement
from core.planning.rules import Case, GroupMap, GroupMode, GroupRules, Nesting, NoGroupMatch, OnTheFly


def group_rules(table: Table) -> GroupRules:
    """The rules in `[target.groups]`."""
    default = GroupRules()
    rules = GroupRules(
        mode=table.choice("mode", default.mode, get_args(GroupMode)),
        nested=table.choice("nested", default.nested, get_args(Nesting)),
        default_for_new=table.text_list("default_for_new", default.default_for_new),
        default_for_all=table.text_list("default_for_all", default.default_for_all),
        create_missing=table.flag("create_missing", default.create_missing),
        map=tuple(map(_map, table.tables("map"))),
        on_the_fly=_on_the_fly(table.table("on_the_fly")),
        protect=table.text_list("protect", default.protect),
    )
    _check_mode(table, rules)
    return rules


def _map(table: Table) -> GroupMap:
    return GroupMap(
        idp=table.one_or_more("idp", str, required=True),
        target=table.one_or_more("target", str, required=True),
        keep_existing_members=table.flag("keep_existing_members", True),
    )


def _check_mode(table: Table, rules: GroupRules) -> None:
    """Mode `manual` without a map is refused: no rule would give what earlier ones gave, and all of it would go."""
    if rules.mode == "manual" and not rules.map:
        table.problem("mode", "there is no [[target.groups.map]] to go by", 'Add one, or write "off" to map no groups')
    elif rules.mode != "manual" and rules.map:
        table.warning("map", f'mode "{rules.mode}" does not use it', 'Write mode = "manual", or take it out')


def _on_the_fly(table: Table) -> OnTheFly:
    default = OnTheFly()
    rules = OnTheFly(
        include=table.text_list("include", default.include),
        exclude=table.text_list("exclude", default.exclude),
        match=table.parsed("match", str, default.match),
        replace=table.text("replace", default.replace, may_be_empty=True),
        case=table.choice("case", default.case, get_args(Case)),
        no_match=table.choice("no_match", default.no_match, get_args(NoGroupMatch)),
        merge=table.flag("merge", default.merge),
        create_missing=table.flag("create_missing", default.create_missing),
        keep_existing_groups=table.flag("keep_existing_groups", default.keep_existing_groups),
    )
    check_replacement(table, rules.match, rules.replace)
    return rules
