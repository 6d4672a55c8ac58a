"""`[target.users]`, `[target.groups]` and `[target.brakes]` → the rules of a target."""

from core.config.group_rules import group_rules
from core.config.table import Table
from core.config.user_rules import user_rules
from core.planning.rules import BrakeRules, Limit, TargetRules


def target_rules(target: Table) -> TargetRules:
    """The rules of one `[[target]]`."""
    return TargetRules(
        users=user_rules(target.table("users")),
        groups=group_rules(target.table("groups")),
        brakes=_brake_rules(target.table("brakes")),
    )


def _brake_rules(table: Table) -> BrakeRules:
    default = BrakeRules()
    return BrakeRules(
        deactivate=_limit(table.table("deactivate"), default.deactivate),
        delete=_limit(table.table("delete"), default.delete),
        remove_member=_limit(table.table("remove_member"), default.remove_member),
        remove_member_of_group=_limit(table.table("remove_member_of_group"), default.remove_member_of_group),
        update=_limit(table.table("update"), default.update),
        min_admins=table.whole_number("min_admins", default.min_admins, at_least=0, at_most=1000),
        admin_groups=table.text_list("admin_groups", default.admin_groups),
    )


def _limit(table: Table, default: Limit) -> Limit:
    return Limit(
        count=table.whole_number("count", default.count, at_least=1, at_most=1_000_000),
        percent=table.whole_number("percent", default.percent, at_least=1, at_most=100),
    )
