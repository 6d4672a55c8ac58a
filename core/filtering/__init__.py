"""The filter language of the request log: what an admin types, as a condition on exchanges.

    status:4xx -party:entra subject:"ada lovelace" took:>1s

Terms stand side by side and must all hold; `-` or `not` before a term turns it round; `|` within a term offers several
values. A word without a field is looked for in subject, path and outcome. A condition gives the SQL that searches the
log. A new field is one line in `core.filtering.fields`.
"""

from core.filtering.conditions import ALL, Condition
from core.filtering.fields import FIELDS, SLOW, Field
from core.filtering.hints import Seen, completed, hint
from core.filtering.parsing import FilterError, parse

__all__ = ["ALL", "FIELDS", "SLOW", "Condition", "Field", "FilterError", "Seen", "completed", "hint", "parse"]
