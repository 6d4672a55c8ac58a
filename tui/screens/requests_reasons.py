"""Why an action of the requests screen cannot act now."""

from tui.actions import Action

_ABOUT_ONE = frozenset(
    {"requests.copy", "requests.trail", "requests.replay", "requests.pause", "requests.export", "requests.jump"}
)
_ABOUT_FILTER = frozenset({"requests.toggle_filter", "requests.save_filter"})


def while_typing(action: Action, *, is_filter: bool) -> str:
    """While a line is typed: letters are no keys."""
    is_key = action.place == "everywhere" or (action.place == "filter" and is_filter)
    return "" if is_key else "something is being typed"


def reason_against(action: Action, *, is_opened: bool, is_filtered: bool, has_rows: bool, has_trail: bool) -> str:
    """While none is: what is about an exchange needs one, and what is about a filter, that."""
    if action.place == "filter":
        return "no filter is being typed"
    if action.id == "requests.next_part" and not is_opened:
        return "open an exchange first"
    if action.id in _ABOUT_FILTER and not is_filtered:
        return "no filter is set"
    if action.id in _ABOUT_ONE and not has_rows:
        return "no exchange is shown"
    if action.id == "requests.trail_back" and not has_trail:
        return "the trail begins here"
    return ""
