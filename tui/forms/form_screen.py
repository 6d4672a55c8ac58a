"""FormScreen: a part of a target's configuration as a form, beside what an edit of it comes to.

What is typed is read as the configuration reads it at once; the plan by it follows when the typing rests, in a thread.
A draft stays with its target until it is saved or given up. Nothing here needs an engine.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

from sqlalchemy import Connection
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.timer import Timer

from core.config import ConfigError, Source, TargetSettings
from core.store import Store
from tui.actions import Action, bindings
from tui.forms import form_saving
from tui.forms import form_screen_text as text
from tui.forms.checking import Checked, checked, refused
from tui.forms.draft import Draft
from tui.forms.drafts import Drafts
from tui.forms.field import Field
from tui.forms.form_pane import FormPane
from tui.forms.form_text import explained
from tui.forms.outline import Section
from tui.forms.previewing import Preview, Previewing
from tui.forms.target_screen import TargetScreen
from tui.forms.trials import Tried
from tui.screens.console_screen import WIDE
from tui.widgets.page import Line, Page
from tui.widgets.scroll import Scroll

SETTLE = 0.3
"""Seconds without a key after which a plan is computed; and after which that is said."""
_OF_FORM = frozenset({"save", "find", "next_choice", "previous_choice", "reset", "take_default", "remove"})


class FormScreen(TargetScreen):
    """A form of the target that is chosen, and its preview."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("form")]
    AUTO_FOCUS = ""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._drafts = Drafts()
        self._failure = ""
        """Why there is no form."""
        self._checked: Checked | None = None
        self._previewing = Previewing(store, self.digest, self._refused)
        self._settling: Timer | None = None
        self._pane: Literal["form", "preview"] = "form"
        self._heading = Page(self._head_lines, classes="heading")
        self._form = FormPane(self.beside, id="form")
        self._summary = Page(self._summary_lines, id="summary")
        self._preview_page = Page(self._preview_lines)

    def sections(self, target: TargetSettings) -> Sequence[Section]:
        """What the form of a target consists of."""
        raise NotImplementedError

    def digest(self, found: Tried, connection: Connection) -> Preview:
        """What is shown of a plan; called in a thread."""
        raise NotImplementedError

    def beside(self, field: Field, width: int) -> Sequence[Line]:
        """What else is said of the field under the cursor."""
        return ()

    def body(self) -> ComposeResult:
        """The form; below it in a line what it comes to, and at length at its side."""
        with Vertical(id="form-pane"):
            yield self._heading
            yield self._form
            yield self._summary
        yield Scroll(self._preview_page, id="preview")

    def on_mount(self) -> None:
        """Begin with the first target."""
        self.begin()
        self._go_to("form")

    @property
    def draft(self) -> Draft:
        """What is edited."""
        return self._form.draft

    @property
    def checked(self) -> Checked | None:
        """The draft as the configuration reads it; problems and all."""
        return self._checked

    def news(self) -> None:
        """Remember it: a plan is computed seldom enough to cost little."""
        self._previewing.news()

    def second(self) -> None:
        """Compute again where something was committed."""
        if self._previewing.is_due():
            self._compute()
        self._update_preview()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Take in a file that was changed meanwhile, by another screen too; edits go on top of it."""
        self._reread()
        super().on_screen_resume(event)

    def about(self) -> tuple[str, ...]:
        """The setting under the cursor at length, before what the screen is."""
        return (*explained(self._form.row), *self.ABOUT)

    def go_back(self) -> None:
        """Leave what is typed, the preview, or the form; with edits, ask whether they are given up."""
        if self._form.go_back():
            return
        if self._pane == "preview":
            self._go_to("form")
        elif self.draft.is_edited:
            form_saving.ask_to_give_up(self.console, self.draft, self._give_up)
        else:
            super().go_back()

    def reason_against(self, action: Action) -> str:
        """What is typed are no keys; a form is needed for the rest."""
        if action.place != "form":
            return super().reason_against(action)
        if self._form.is_typing and action.method != "save":
            return "a value is being typed"
        if self._failure or self.target is None:
            return "there is no form"
        return text.reason_against(action, self._form, self.console.settings.targets, is_wrong=self._has_problem)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a value is typed, letters are characters like any other."""
        return not (self._form.is_typing and action in (_OF_FORM - {"save"}) | {"next_target", "previous_target"})

    def action_next_choice(self) -> None:
        """The next choice."""
        if self.can("form.next_choice"):
            self._form.change(1)

    def action_previous_choice(self) -> None:
        """The choice before."""
        if self.can("form.previous_choice"):
            self._form.change(-1)

    def action_reset(self) -> None:
        """As saved."""
        if self.can("form.reset"):
            self._form.reset()

    def action_take_default(self) -> None:
        """Let the default hold."""
        if self.can("form.take_default"):
            self._form.take_default()

    def action_remove(self) -> None:
        """Take out the entry under the cursor."""
        if self.can("form.remove"):
            self._form.take_out()

    def action_find(self) -> None:
        """Go to a setting by its name."""
        if self.can("form.find"):
            self._go_to("form")
            self._form.find()

    def action_next_pane(self) -> None:
        """To the preview, or back."""
        self._go_to("preview" if self._pane == "form" else "form")

    async def action_save(self) -> None:
        """Show what is written; it is written where that is confirmed."""
        self._form.keep()
        self._judge()
        if not self.can("form.save") or (source := self._drafts.source) is None:
            return
        preview = self._previewing.preview if self._previewing.is_of(self.draft) else None
        foreseen = preview.summary if preview is not None else "it is being computed"
        await form_saving.ask_to_save(self.console, source, self.draft, foreseen, self._saved, self._reread)

    @on(FormPane.Changed)
    def _edited(self, event: FormPane.Changed) -> None:
        """Read it as the configuration reads it; plan by it when the typing rests."""
        self._drafts.keep(event.draft)
        self._judge()
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLE, self._compute)
        self._update_all()

    @on(FormPane.Moved)
    def _moved(self) -> None:
        self.update_frame()

    @property
    def _has_problem(self) -> bool:
        return bool(self.draft.typed) or bool(self._checked and self._checked.problems)

    def begin(self) -> None:
        """Read the file, and show the form of the target."""
        target = self.target
        self._failure = self.NO_TARGET if target is None else self._drafts.read(self.console.settings.path)
        self._form.display = not self._failure
        if target is not None and not self._failure:
            self._form.show(self.sections(target), self._drafts.of(target.name), folded=self.size.width < WIDE)
            self._form.go_to(self.wanted)
            self._previewing.begin(target.name)
            self._judge()
            self.call_after_refresh(self._compute)  # first the form, as planning takes what the processor has
        self._update_all()

    def _judge(self) -> None:
        self._checked = checked(self.draft)
        self._form.judge(self._checked.problems)

    def _compute(self) -> None:
        """Plan by the draft, if it is valid."""
        if self._has_problem:
            self._previewing.problem = "a value is wrong"
        elif (source := self._drafts.source) is not None and self._previewing.want(source, self.draft):
            self.run_worker(self._computed(), group="trial")
        self._update_preview()

    async def _computed(self) -> None:
        saying = self.set_timer(SETTLE, self._say_computing)
        await self._previewing.compute()
        saying.stop()
        self._update_all()

    def _say_computing(self) -> None:
        self._previewing.is_late = True
        self._update_preview()

    def _refused(self, error: ConfigError, draft: Draft) -> None:
        """What only the whole file shows to be wrong."""
        if draft == self.draft and self._checked is not None:
            fields = [row.field for row in self._form.rows if row.field is not None]
            self._previewing.problem, self._checked = refused(error, fields, self._checked)
            self._form.judge(self._checked.problems)

    def _reread(self) -> None:
        """Take the file as it is by now; what cannot be read stays as it was read before."""
        if (source := self._drafts.newer(self.console.settings.path)) is not None:
            self._take_file(source)

    def _saved(self, source: Source) -> None:
        self._take_file(source)
        super().go_back()

    def _take_file(self, source: Source) -> None:
        self._drafts.take(source)
        self._show_again()

    def _give_up(self) -> None:
        self._drafts.give_up(self.draft.target)
        self._show_again()

    def _show_again(self) -> None:
        """The draft is another one, but not by an edit."""
        self._form.replace(self._drafts.of(self.draft.target))
        self._judge()
        self._compute()
        self._update_all()

    def _go_to(self, pane: Literal["form", "preview"]) -> None:
        """Give a pane the keys; on a narrow screen the preview takes all of it."""
        self._pane = pane
        self.set_class(pane == "preview", "-pane-preview")
        if pane == "form":
            self._form.focus_list()
        else:
            self.query_one("#preview").focus(scroll_visible=False)
        self._update_all()

    def _update_all(self) -> None:
        self.console.leaving.note(self.PLACE, self._drafts.number_edited)
        self._heading.update()
        self._form.update()
        self._update_preview()
        self.update_frame()

    def _update_preview(self) -> None:
        self._summary.update()
        self._preview_page.update()

    def _head_lines(self, width: int) -> list[Line]:
        title = f"{'>' if self._pane == 'form' else '-'} {self.title_of()}"
        return text.heading(title, self.draft, self._failure, self.console.keymap, width)

    def _summary_lines(self, width: int) -> list[Line]:
        return [] if self._failure else [text.summary_line(self._previewing, self.draft, self.console.keymap)]

    def _preview_lines(self, width: int) -> list[Line]:
        shown, has_keys = (self._previewing, self.draft), self._pane == "preview"
        return [] if self._failure else text.preview_lines(*shown, width, self.now, has_keys=has_keys)
