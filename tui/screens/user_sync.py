"""The user sync screen: what becomes of users at a target, as a form, with all that an edit of it would change."""

from collections.abc import Sequence
from typing import ClassVar, cast

from sqlalchemy import Connection
from textual.binding import BindingType

from core.config.settings import TargetSettings
from core.planning.mapping import map_value
from core.planning.rules import UserRules, ValueRule
from core.planning.values import SourceUser
from core.store import Store
from tui.actions import Place, bindings
from tui.forms.field import Field
from tui.forms.form_screen import FormScreen
from tui.forms.outline import Section
from tui.forms.trials import Tried
from tui.screens.user_sync_fields import sections
from tui.screens.user_sync_preview import UserPreview, user_preview
from tui.widgets.page import Line, Words, line

_VALUE_KEYS = frozenset({"from", "match", "replace", "case", "no_match"})


class UserSyncScreen(FormScreen):
    """`[target.users]`, `[target.brakes]` and `[target.schedule]`."""

    PLACE = "user_sync"
    PLACES: ClassVar[tuple[Place, ...]] = ("form", "list", "everywhere")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("user_sync")]
    CSS_PATH = "user_sync.tcss"
    TITLE = "User sync"
    ABOUT: ClassVar[tuple[str, ...]] = (
        "What becomes of users at a target: which get an account, what it is called, what is done when they leave, how "
        "much may be done unasked, and when.",
        "The preview is the plan that the edited form leads to, computed for all users from what was last read of both "
        "sides; nothing is asked of the target. Lines with + are made by the edit.",
        "A wrong value stays as it was typed and says what is wrong; the preview is then of the last valid state.",
        "Nothing is written before it is saved; that shows the difference of config.toml, and asks.",
        "Marks: * differs from the file, ! is wrong; what is dim is a default.",
    )

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._people: tuple[SourceUser, ...] = ()
        """Whom the preview follows."""

    def sections(self, target: TargetSettings) -> Sequence[Section]:
        """All settings about users."""
        return sections(target.kind)

    def digest(self, found: Tried, connection: Connection) -> UserPreview:
        """Numbers, and people followed through the rules."""
        preview = user_preview(found, connection, [user.id for user in self._people])
        self._people = tuple(sample.user for sample in preview.samples)
        return preview

    def beside(self, field: Field, width: int) -> Sequence[Line]:
        """What the rule, as it is typed, makes of the people that are followed."""
        checked = self.checked
        if checked is None or field.path[-1] not in _VALUE_KEYS or any(p in checked.problems for p in _around(field)):
            return ()
        rule = _rule(checked.rules.users, field)
        if rule is None:
            return ()
        return [_made(rule, user, field) for user in self._people]


def _around(field: Field) -> list[tuple[str | int, ...]]:
    """The keys of the rule that a field belongs to."""
    return [(*field.path[:-1], key) for key in sorted(_VALUE_KEYS)]


def _rule(users: UserRules, field: Field) -> ValueRule | None:
    match field.path:
        case ("users", "attributes", str(name), _):
            return users.attributes.get(name)
        case ("users", ("username" | "email" | "display_name") as key, _):
            return cast("ValueRule", getattr(users, str(key)))
    return None


def _made(rule: ValueRule, user: SourceUser, field: Field) -> Line:
    source = user.attributes.get(rule.source)
    made = map_value(rule, source)
    value = made.value or ("(emptied)" if made.clear else "(stays as it is)")
    if made.skip_user:
        value = "(the user is left out)"
    style = "page--good" if made.value else "page--warning"
    return line(Words(f"   {source or '(none)'} -> ", "page--dim"), Words(value, style))
