"""The settings of `[target.users]`, `[target.brakes]` and `[target.schedule]`, as a form.

The defaults are those of the rules themselves; `config.toml.example` explains the same keys in a file.
"""

from collections.abc import Mapping
from typing import get_args

from core.config.settings import AutoApply, ScheduleSettings, TargetKind
from core.planning.rules import (
    Alike,
    BrakeRules,
    Limit,
    Matching,
    UserRules,
    WhenInactive,
    WhenOutOfScope,
)
from tui.forms.field import Field, Value
from tui.forms.outline import Section
from tui.screens.user_sync_tables import GLOBS, attributes, leads, scope_checks, scope_fields, value_section

_USERS, _BRAKES, _SCHEDULE = UserRules(), BrakeRules(), ScheduleSettings()
_DURATION = 'A number and s, m, h or d: "90s", "12h", "7d".'
VALUES: Mapping[str, str] = {"username": "Account name", "email": "E-mail", "display_name": "Display name"}
"""Values of an account that rules make, by their keys."""


def sections(kind: TargetKind) -> tuple[Section, ...]:
    """The form of a target of this kind."""
    return (
        Section("accounts", "Accounts", "What is done to accounts at all.", _accounts()),
        Section("leavers", "Leavers", "What is done when a user becomes inactive or is gone.", _leavers()),
        *(value_section(key, title) for key, title in VALUES.items()),
        attributes(),
        Section("scope", "Scope", "Which users get an account here at all.", scope_fields(), scope_checks()),
        *((leads(),) if kind == "jira" else ()),
        Section("brakes", "Brakes", "More than this waits for an admin.", _brakes()),
        Section("schedule", "Schedule", "When everything is compared, and what follows.", _schedule()),
    )


def _accounts() -> tuple[Field, ...]:
    return (
        _flag("create", "Create", "Create an account for a user who has none.", default=_USERS.create),
        _flag(
            "update",
            "Update",
            "Keep e-mail, names and attributes as the identity provider has them.",
            default=_USERS.update,
        ),
        _flag("rename", "Rename", "Give an account its user's new name, where the product can.", default=_USERS.rename),
        _flag(
            "reactivate", "Reactivate", "Activate the account of a user who is active again.", default=_USERS.reactivate
        ),
        Field(
            ("users", "matching"),
            "Matching",
            "What links a user to an account that is there already, in this order.",
            "texts",
            _USERS.matching,
            get_args(Matching),
            more='"id" is the identity provider\'s id of the user, where '
            "the product keeps it. An account that none of them finds is never taken over.",
        ),
        Field(
            ("users", "alike"),
            "Alike",
            "What is done where an account that is nobody's looks like a newcomer's.",
            "choice",
            _USERS.alike,
            get_args(Alike),
            more="The same display name or e-mail address, or the name before the @. "
            '"ask": a conflict (C04), "ignore": a new account is made all the same.',
        ),
        Field(("users", "protect"), "Protect", "Accounts that are never touched, by name.", "texts", more=GLOBS),
    )


def _leavers() -> tuple[Field, ...]:
    return (
        Field(
            ("users", "when_inactive"),
            "When inactive",
            "What becomes of the account of a user who leaves.",
            "choice",
            _USERS.when_inactive,
            get_args(WhenInactive),
            more='"delete" deactivates where the product cannot delete.',
        ),
        Field(
            ("users", "grace"),
            "Grace",
            "How long a user must have been gone before that is done.",
            "text",
            "0s",
            more=f"{_DURATION} Memberships are kept meanwhile.",
        ),
        Field(
            ("users", "missed_reads"),
            "Missed reads",
            "Complete reads in a row without a user that make it gone.",
            "number",
            _USERS.missed_reads,
            more="For providers that are read; one that pushes tells by itself.",
        ),
        Field(
            ("users", "when_out_of_scope"),
            "When out of scope",
            "What becomes of the account of one who leaves the scope.",
            "choice",
            _USERS.when_out_of_scope,
            get_args(WhenOutOfScope),
            more='"keep" leaves the account as it is, "inactive" treats the user as a leaver.',
        ),
    )


def _brakes() -> tuple[Field, ...]:
    return (
        _limit("deactivate", "Deactivate", "Accounts deactivated; percent of linked accounts.", _BRAKES.deactivate),
        _limit("delete", "Delete", "Accounts or groups deleted; percent of linked accounts.", _BRAKES.delete),
        _limit(
            "remove_member",
            "Remove members",
            "Memberships removed in all; percent of all that were read.",
            _BRAKES.remove_member,
        ),
        _limit(
            "remove_member_of_group",
            "… of one group",
            "Memberships removed in one group; percent of its members.",
            _BRAKES.remove_member_of_group,
        ),
        _limit("update", "Update", "Accounts updated or renamed; percent of linked accounts.", _BRAKES.update),
        Field(
            ("brakes", "min_admins"),
            "Last administrators",
            "Active members that every administrators' group keeps.",
            "number",
            _BRAKES.min_admins,
            more="A plan that would leave fewer is held even from approval.",
        ),
        Field(
            ("brakes", "admin_groups"),
            "Administrators' groups",
            "Target groups whose members administer the product.",
            "texts",
            _BRAKES.admin_groups,
            more=GLOBS,
        ),
    )


def _schedule() -> tuple[Field, ...]:
    more = f'{_DURATION} "never" compares only when an admin asks.'
    return (
        Field(
            ("schedule", "every"),
            "Every",
            "How often everything is compared, besides what is pushed.",
            "text",
            "1h",
            more=more,
        ),
        Field(
            ("schedule", "auto_apply"),
            "Apply",
            "Whether what is planned is applied at once.",
            "choice",
            _SCHEDULE.auto_apply,
            get_args(AutoApply),
            more='"within-brakes": at once, but for what brakes hold. "never": each plan waits for an admin.',
        ),
    )


def _flag(key: str, label: str, help: str, *, default: bool) -> Field:
    return Field(("users", key), label, help, "flag", default)


def _limit(key: str, label: str, help: str, default: Limit) -> Field:
    more = "A number or a percentage, whichever is less. Where there are fewer than 20, only the number holds."
    limit: Mapping[str, Value] = {"count": default.count, "percent": default.percent}
    return Field(("brakes", key), label, help, "limit", limit, more=more)
