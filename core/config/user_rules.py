"""`[target.users]` → what is done to accounts, for which users, and who takes over from a leaver."""

import re
from functools import partial
from types import MappingProxyType
from typing import get_args

from core.config.formats import NotAccepted, attribute, duration
from core.config.problems import quoted
from core.config.table import Table
from core.config.value_rules import check_pattern, new_value_rule, value_rule
from core.planning.rules import (
    Alike,
    AttributeCheck,
    LeadRule,
    Matching,
    UserRules,
    UserScope,
    WhenInactive,
    WhenOutOfScope,
)

_ATTRIBUTE_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def user_rules(table: Table) -> UserRules:
    """The rules in `[target.users]`."""
    default = UserRules()
    attributes = table.named_tables("attributes", _attribute_name)
    return UserRules(
        create=table.flag("create", default.create),
        update=table.flag("update", default.update),
        rename=table.flag("rename", default.rename),
        reactivate=table.flag("reactivate", default.reactivate),
        when_inactive=table.choice("when_inactive", default.when_inactive, get_args(WhenInactive)),
        when_out_of_scope=table.choice("when_out_of_scope", default.when_out_of_scope, get_args(WhenOutOfScope)),
        grace=table.parsed("grace", duration, default.grace),
        missed_reads=table.whole_number("missed_reads", default.missed_reads, at_least=1, at_most=100),
        matching=table.choices("matching", default.matching, get_args(Matching)),
        alike=table.choice("alike", default.alike, get_args(Alike)),
        username=value_rule(table.table("username"), default.username),
        email=value_rule(table.table("email"), default.email),
        display_name=value_rule(table.table("display_name"), default.display_name),
        attributes=MappingProxyType({name: new_value_rule(rule) for name, rule in attributes.items()}),
        scope=_scope(table.table("scope")),
        protect=table.text_list("protect", default.protect),
        leads=tuple(map(_lead, table.tables("lead"))),
        default_project_lead=table.parsed("default_project_lead", _account_name, default.default_project_lead),
        default_component_lead=table.parsed("default_component_lead", _account_name, default.default_component_lead),
    )


def _attribute_name(text: str) -> str:
    if not _ATTRIBUTE_NAME.fullmatch(text):
        raise NotAccepted(
            f"{quoted(text)} cannot be the name of an account's attribute",
            "Use small letters, digits and single underscores, like first_name",
        )
    return text


def _scope(table: Table) -> UserScope:
    default = UserScope()
    return UserScope(
        where=tuple(map(attribute_check, table.tables("where"))),
        groups=table.text_list("groups", default.groups),
        exclude_groups=table.text_list("exclude_groups", default.exclude_groups),
    )


def attribute_check(table: Table) -> AttributeCheck:
    """One condition on an attribute of a user."""
    check = AttributeCheck(
        attribute=table.parsed("attribute", attribute, "", required=True, accepted='Write one like "userType"'),
        match=table.parsed("match", str, None),
        not_match=table.parsed("not_match", str, None),
    )
    if "match" in table and "not_match" in table:
        table.problem("not_match", "match is given too", "Keep one of the two, and write the other as its own check")
    elif "match" not in table and "not_match" not in table:
        table.problem("match", "this key is missing", "Add match = … or not_match = …, with a regular expression")
    for key, pattern in (("match", check.match), ("not_match", check.not_match)):
        if pattern is not None:
            check_pattern(table, key, pattern)
    return check


def _lead(table: Table) -> LeadRule:
    successor = partial(_successor, of_component="components" in table)
    return LeadRule(
        to=table.one_or_more("to", successor, required=True),
        projects=table.one_or_more("projects", str, ("*",)),
        components=table.one_or_more("components", str) or None,
    )


def _successor(text: str, *, of_component: bool) -> str:
    """Somebody who may take over, as `LeadRule.to` has them."""
    kind, _, name = text.partition(":")
    if text == "project-lead" and not of_component:
        raise NotAccepted(
            '"project-lead" can take over components only', 'Give the rule components = ["*"], or name somebody else'
        )
    if text in ("manager", "project-lead") or (kind in ("user", "role") and name and name == name.strip()):
        return text
    raise NotAccepted(
        f"{quoted(text)} names nobody who could take over",
        'Accepted: "user:NAME", "manager", "role:NAME", and for components "project-lead"',
    )


def _account_name(text: str) -> str:
    """The name alone: here nobody else than an account can be meant."""
    kind, colon, name = text.partition(":")
    if kind == "user" and colon:
        raise NotAccepted("this takes the name of an account alone", f"Write {quoted(name)}, without user:")
    return text
