"""What Jira accepts as names. It carries them in queries and bodies only, so that every name can be addressed.

Source: the validation in Jira's DefaultUserService. Capital letters in a username are no fault: Jira makes them small.
"""

from core.planning.values import NameRules

NAME_RULES = NameRules(
    forbidden_in_username="<>&",
    username_max=255,
    display_name_max=255,
    group_name_max=255,
    email_required=True,
    email_checked=True,
)
