"""Mapping backwards: what an attribute must contain for a rule to make a given value of it.

Whoever looks for the users that a rule maps to one value need not map them all: each part of the value that the rule
took from the attribute is in the attribute. These clues rule out, and prove nothing. They hold for attributes in
Unicode NFC; of any other, a part may be another text by itself than within the whole.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from core.planning.mapping import replacement_parts
from core.planning.names import account_key
from core.planning.rules import ValueRule

Clues = frozenset[str]
"""Texts that an attribute contains, all of them, without case."""


def clues(rule: ValueRule, values: Collection[str], limit: int) -> tuple[Clues, ...] | None:
    """What the attribute contains wherever the rule makes one of `values` of it, values compared without case: one of
    these. `None` where nothing is known of it, or there are more than `limit`.

    :raises ValueError: when the rule is not valid (`core.planning.mapping.check_rule`).
    """
    made_of = replacement_parts(rule)
    if rule.case == "upper" or any(map(_has_whitespace, made_of)):
        return None  # SS may come of ß; and at the ends of a value whitespace is dropped
    parts = [account_key(part) if isinstance(part, str) else part for part in made_of]
    if len(parts) > 1 and not all(value.isascii() for value in values):
        return None  # where two parts meet, two letters may have become one
    found = dict.fromkeys(islice(_ways(rule, parts, values), limit + 1))
    return None if len(found) > limit or frozenset() in found else tuple(found)


def _ways(rule: ValueRule, parts: Sequence[str | int], values: Collection[str]) -> Iterator[Clues]:
    """What was captured, for each way in which the rule makes one of the values."""
    is_passed = rule.match is not None and rule.no_match == "pass"
    for value in sorted(map(account_key, values)):
        if is_passed:
            yield frozenset((value,))
        if all(part in value for part in parts if isinstance(part, str)):
            yield from (frozenset(captured) - {""} for captured in _splits(value, parts))


def _splits(value: str, parts: Sequence[str | int]) -> Iterator[tuple[str, ...]]:
    """What the groups captured, for each way in which `value` is made of these parts."""
    if not parts:
        yield from () if value else ((),)
        return
    first, rest = parts[0], parts[1:]
    if isinstance(first, str):
        if value.startswith(first):
            yield from _splits(value.removeprefix(first), rest)
    elif not rest:
        yield (value,)
    else:
        for end in range(len(value) + 1):
            yield from ((value[:end], *others) for others in _splits(value[end:], rest))


def _has_whitespace(part: str | int) -> bool:
    return isinstance(part, str) and any(map(str.isspace, part))
