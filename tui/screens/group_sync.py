"""The group sync screen: what groups become at a target, as a form, and the manual mapping in a two-sided table."""

from collections.abc import Sequence
from typing import ClassVar, cast

from sqlalchemy import Connection
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from core.config.settings import TargetSettings
from core.planning.rules import GroupRules
from core.store import Store
from tui.actions import Action, Place, actions_of, bindings, keys_of
from tui.forms.draft import Draft
from tui.forms.field import Field
from tui.forms.form_pane import FormPane
from tui.forms.form_screen import FormScreen
from tui.forms.form_text import edited_text
from tui.forms.outline import Section
from tui.forms.trials import Tried
from tui.screens.group_sync_beside import beside
from tui.screens.group_sync_fields import FLY, MAP, sections
from tui.screens.group_sync_preview import GroupPreview, group_preview
from tui.screens.group_sync_table import MappingTable
from tui.widgets.page import Line

_OF_TABLE = frozenset(action.method for action in actions_of("mapping"))
_OF_FORM = frozenset(action.method for action in actions_of("form", "group_sync")) - {"save"}


class GroupSyncScreen(FormScreen):
    """`[target.groups]`."""

    PLACE = "group_sync"
    PLACES: ClassVar[tuple[Place, ...]] = ("form", "group_sync", "mapping", "list", "everywhere")
    # Once more those of the form: a key of the class alone would take the place of the same key of its base.
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("form", "group_sync", "mapping")]
    CSS_PATH = ["user_sync.tcss", "group_sync.tcss"]  # noqa: RUF012
    TITLE = "Group sync"
    ABOUT: ClassVar[tuple[str, ...]] = (
        "What groups become at a target: kept as they are called or by a name made of it, mapped by hand, or left "
        "alone; into which groups accounts are put besides, and which are never touched.",
        "Manual mapping is edited in a table: above or in the middle the mappings, with the members that each adds and "
        "removes; at its sides the identity provider's groups and the target's. The cursor of the mappings says which "
        "one is meant, [x] which groups are in it.",
        "Marks in the table: * a glob, + is created, ! is not there or is refused. The number before a name is its "
        "members, the one behind that in how many mappings it is.",
        "Nothing is written before it is saved; that shows the difference of config.toml, and asks.",
    )

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._followed: tuple[str, ...] = ()
        """Keys of the target groups that the preview follows."""
        self._table = MappingTable(self._mapped, id="table")

    @property
    def is_table_open(self) -> bool:
        """Whether the table is shown in the place of the form."""
        return self.has_class("-pane-table")

    def body(self) -> ComposeResult:
        """The form with its preview, and the table."""
        yield from super().body()
        yield self._table

    def sections(self, target: TargetSettings) -> Sequence[Section]:
        """All settings about groups."""
        return sections()

    def digest(self, found: Tried, connection: Connection) -> GroupPreview:
        """Numbers, both sides, and groups followed through the rules."""
        preview = group_preview(found, self._followed)
        self._followed = tuple(sample.key for sample in preview.samples)
        return preview

    def beside(self, field: Field, width: int) -> Sequence[Line]:
        """What the names and patterns of a field mean, as they are typed."""
        preview, checked = self._group_preview, self.checked
        if checked is None or preview is None:
            return ()
        if field.path[:2] == FLY and any(path[:2] == FLY for path in checked.problems):
            return ()
        return beside(field, self.draft.value(field.path), checked.rules.groups, preview.sides)

    def update_frame(self) -> None:
        """The table with the rest; it draws only what is new."""
        super().update_frame()
        if self.is_table_open and self.checked is not None:
            rules: GroupRules = self.checked.rules.groups
            sides = self._group_preview.sides if self._group_preview else None
            problems = {path: text for path, text in self.checked.problems.items() if path[:2] == MAP}
            self._table.show(self.draft, sides, problems, mode=rules.mode, creates=rules.create_missing)
            state, _ = self._previewing.state(self.draft)
            self._table.tell(
                state or (self._group_preview.summary if self._group_preview else ""), edited_text(self.draft)
            )

    def go_back(self) -> None:
        """Leave what is typed in the table, then the table; then as in any form."""
        if not self.is_table_open:
            super().go_back()
        elif not self._table.go_back():
            self.remove_class("-pane-table")
            self._go_to("form")

    def reason_against(self, action: Action) -> str:
        """The table has actions of its own, and takes the form's place."""
        if action.place == "mapping":
            return self._reason_in_table(action)
        if action.place in ("form", "group_sync") and self.is_table_open and action.id != "form.save":
            return f"{keys_of('everywhere.back', self.console.keymap)[0]} closes the table first"
        if action.place == "group_sync":
            return "there is no form" if self._failure or self.target is None else ""
        return super().reason_against(action)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One key can mean one thing in the form and another in the table."""
        if self.is_table_open and (action in _OF_FORM or (action in _OF_TABLE and self._table.is_typing)):
            return False
        if not self.is_table_open and action in _OF_TABLE:
            return False
        if action == "table" and self._form.is_typing:
            return False
        return super().check_action(action, parameters)

    def action_table(self) -> None:
        """Open the table."""
        if self.can("group_sync.table"):
            self.add_class("-pane-table")
            self.update_frame()
            self._table.begin()

    def action_put(self) -> None:
        """Put in, or take out."""
        if self.can("mapping.put"):
            self._table.toggle()

    def action_add(self) -> None:
        """One more mapping."""
        if self.can("mapping.add"):
            self._table.add()

    def action_write(self) -> None:
        """Type a name."""
        if self.can("mapping.write"):
            self._table.write()

    def action_search(self) -> None:
        """Type words."""
        if self.can("mapping.search"):
            self._table.search()

    def action_next_list(self) -> None:
        """The next list of the table."""
        if self.can("mapping.next_list"):
            self._table.next_pane()

    def action_take_out(self) -> None:
        """Without the mapping."""
        if self.can("mapping.take_out"):
            self._table.take_out()

    def action_take_back(self) -> None:
        """As it was before the last edit."""
        if self.can("mapping.take_back"):
            self._table.take_back()

    def _mapped(self, draft: Draft) -> None:
        """An edit of the table is one of the form."""
        self._form.replace(draft)
        self._form.post_message(FormPane.Changed(draft))

    @on(MappingTable.Moved)
    def _table_moved(self) -> None:
        self.update_frame()

    def _compute(self) -> None:
        super()._compute()
        self.update_frame()

    @property
    def _group_preview(self) -> GroupPreview | None:
        return cast("GroupPreview | None", self._previewing.preview)

    def _reason_in_table(self, action: Action) -> str:
        if not self.is_table_open:
            return f"{keys_of('group_sync.table', self.console.keymap)[0]} opens the table first"
        if self._table.is_typing:
            return "a name is being typed"
        if action.method in ("put", "take_out") and not self._table.number:
            return "there is no mapping yet"
        if action.method == "take_back" and not self._table.can_take_back:
            return "nothing was edited here"
        return ""
