"""Names at a target: how they are compared, what is wrong with them, and a clean one in their place.

Every comparison of names goes through `account_key` and `group_key`, here and in `core.targets`, so that planner and
product never disagree about what is one name. Nothing here changes a name by itself: an invalid name becomes a
conflict, and the proposal is evidence for the admin, because an account's name cannot be taken back later.
"""

import unicodedata
from collections.abc import Callable

from core.planning.globs import matching_glob
from core.planning.values import NameRules

_QUOTES = "'\"`’"
_APART = "idp-"
"""Before a name that the product keeps for itself."""
_EMAIL_MAX = 255


def normalised(name: str) -> str:
    """The name in Unicode NFC and without outer whitespace: as manciple sends it."""
    return unicodedata.normalize("NFC", name).strip()


def account_key(name: str) -> str:
    """The name as Atlassian's products compare account names: without case.

    Lower case and not case folding, as their directories do: `straße` and `strasse` are two accounts.
    """
    return normalised(name.lower())


def group_key(name: str) -> str:
    """The name as Atlassian's products compare group names: without case."""
    return normalised(name.lower())


def display_key(name: str) -> str:
    """A person's name as names of people are compared: without case, accents and repeated whitespace."""
    if name.isascii():
        return " ".join(name.lower().split())
    apart = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(each for each in apart if not unicodedata.combining(each)).split())


def check_username(name: str, rules: NameRules) -> str | None:
    """What the product would refuse in this account name, as the end of a sentence; `None` when it is valid."""
    if problem := _check(name, rules.forbidden_in_username, rules.username_max):
        return problem
    if not rules.whitespace_in_username and any(character.isspace() for character in name):
        return "contains whitespace"
    if rules.username_lower_case and name != name.lower():
        return "has upper-case letters"
    if account_key(name) in rules.reserved_usernames:
        return "is reserved by the product"
    return None


def check_display_name(name: str, rules: NameRules) -> str | None:
    """What the product would refuse in this display name; `None` when it is valid."""
    if problem := _check(name, rules.forbidden_in_display_name, rules.display_name_max):
        return problem
    return "is reserved by the product" if name.lower() in rules.reserved_display_names else None


def check_group_name(name: str, rules: NameRules) -> str | None:
    """What the product would refuse in this group name; `None` when it is valid."""
    if problem := _check(name, rules.forbidden_in_group_name, rules.group_name_max):
        return problem
    if group_key(name) in rules.reserved_group_names:
        return "is reserved by the product"
    return "is kept by the product for a group of its own" if is_kept_group(name, rules) else None


def is_kept_group(name: str, rules: NameRules) -> bool:
    """Whether the product keeps this name for a group of its own, which gives access or administers."""
    return matching_glob(rules.kept_groups, group_key(name)) is not None


def check_email(address: str, rules: NameRules) -> str | None:
    """What the product would refuse in this e-mail address; `None` when it takes it."""
    if not rules.email_checked:
        return None
    before, _, after = address.partition("@")
    if not before or not after or "@" in after or any(character.isspace() for character in address):
        return "is no e-mail address"
    return f"is longer than {_EMAIL_MAX} characters" if len(address) > _EMAIL_MAX else None


def propose_username(name: str, rules: NameRules, is_taken: Callable[[str], bool]) -> str:
    """A valid account name close to `name` whose key is not taken."""
    filler = next(mark for mark in "._-" if mark not in rules.forbidden_in_username)
    text = normalised(name.lower() if rules.username_lower_case else name)
    bad = set(rules.forbidden_in_username)
    clean = _cleaned(
        "".join(filler if not rules.whitespace_in_username and c.isspace() else c for c in text), bad, filler
    )
    proposal = clean[: rules.username_max].strip(filler + " ") or "user"
    return _free(proposal, rules.username_max, lambda key: key in rules.reserved_usernames or is_taken(key))


def propose_display_name(name: str, rules: NameRules) -> str:
    """A valid display name close to `name`."""
    clean = _cleaned(normalised(name), set(rules.forbidden_in_display_name), " ")
    proposal = clean[: rules.display_name_max].strip() or "user"
    return f"{proposal} (user)" if proposal.lower() in rules.reserved_display_names else proposal


def propose_group_name(name: str, rules: NameRules, is_taken: Callable[[str], bool]) -> str:
    """A valid group name close to `name` whose key is not taken."""
    clean = _cleaned(normalised(name), set(rules.forbidden_in_group_name), "-")
    apart = f"{_APART}{clean}" if is_kept_group(clean, rules) else clean
    proposal = apart[: rules.group_name_max].strip("- ") or "group"
    return _free(proposal, rules.group_name_max, lambda key: key in rules.reserved_group_names or is_taken(key))


def _check(name: str, forbidden: str, longest: int) -> str | None:
    if not name.strip():
        return "is blank"
    if any(map(_unprintable, name)):
        return "contains a control character"
    if found := next((character for character in name if character in forbidden), None):
        return f"contains {found}"
    if len(name) > longest:
        return f"is longer than {longest} characters"
    return None


def _unprintable(character: str) -> bool:
    """Control characters and lone surrogates: no product takes them, and the latter cannot be sent as UTF-8."""
    return unicodedata.category(character) in ("Cc", "Cs")


def _cleaned(text: str, forbidden: set[str], filler: str) -> str:
    """`text` with every forbidden character made `filler` (quotes dropped), no filler twice in a row."""
    kept = (_replaced(character, forbidden, filler) for character in text)
    parts = "".join(kept).split(filler)
    return unicodedata.normalize("NFC", filler.join(part for part in parts if part))


def _replaced(character: str, forbidden: set[str], filler: str) -> str:
    if character not in forbidden and not _unprintable(character):
        return character
    return "" if character in _QUOTES else filler


def _free(name: str, longest: int, is_taken: Callable[[str], bool]) -> str:
    """`name`, else `name2`, `name3`, …: the first that is not taken."""
    candidate, number = name, 1
    while is_taken(account_key(candidate)):
        number += 1
        candidate = f"{name[: longest - len(str(number))]}{number}"
    return candidate
