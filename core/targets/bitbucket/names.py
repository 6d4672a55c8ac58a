"""What Bitbucket accepts as names. It keeps capital letters and compares without them.

Names go into queries and bodies only, so that every name can be addressed.
"""

from core.planning.values import NameRules

NAME_RULES = NameRules(
    username_max=255, display_name_max=255, group_name_max=255, email_required=True, email_checked=True
)
