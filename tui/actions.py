"""Every action of the console, once: what it is called, its keys, where it works, and what it does to whom.

Key bindings, footer, help page, command palette and the check of an admin's keymap all come from this table. A screen
implements an action as a method, `action_<method>`; nothing else in the console names a key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from textual.binding import Binding, InvalidBinding
from textual.keys import format_key

Grade = Literal["view", "write", "danger"]
"""`view` changes nothing but the screen, `write` gives an order to the engine, `danger` may take something away."""
Place = Literal[
    "everywhere",
    "overview",
    "requests",
    "sync",
    "conflicts",
    "people",
    "providers",
    "targets",
    "audit",
    "user_sync",
    "group_sync",
    "mapping",
    "form",
    "typing",
    "filter",
    "filters",
    "comparison",
    "drift",
    "list",
    "dialog",
    "question",
    "answer",
    "issued",
]
CONTEXTS: tuple[frozenset[Place], ...] = (
    frozenset({"everywhere", "list", "overview"}),
    frozenset({"everywhere", "list", "requests"}),
    frozenset({"everywhere", "list", "sync"}),
    frozenset({"everywhere", "list", "conflicts"}),
    frozenset({"everywhere", "list", "people"}),
    frozenset({"everywhere", "list", "providers"}),
    frozenset({"everywhere", "list", "targets"}),
    frozenset({"everywhere", "list", "audit"}),
    frozenset({"everywhere", "list", "form", "user_sync"}),
    frozenset({"everywhere", "list", "form", "group_sync"}),
    frozenset({"everywhere", "list", "mapping"}),
    frozenset({"everywhere", "typing"}),
    frozenset({"everywhere", "filter"}),
    frozenset({"dialog", "list", "filters"}),
    frozenset({"dialog", "list", "comparison"}),
    frozenset({"dialog", "list", "drift"}),
    frozenset({"dialog", "list"}),
    frozenset({"dialog", "question"}),
    frozenset({"answer", "issued"}),
)
"""The places whose actions can be meant at one moment: a screen, or a dialog over it."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that an admin can do in the console."""

    id: str
    """`<place>.<method>`; what `[console.keymap]` calls it."""
    title: str
    """One or two words, for the footer."""
    help: str
    """One sentence, for help page and palette."""
    keys: str
    """Textual's names of keys, comma-separated."""
    grade: Grade = "view"
    rank: int = 0
    """Where it stands in the footer, from 1 on; 0 is not shown there."""
    is_prompt: bool = False
    """It opens a line to type in."""

    @property
    def place(self) -> Place:
        """Where it works."""
        return cast("Place", self.id.partition(".")[0])

    @property
    def method(self) -> str:
        """The part of the method's name after `action_`; of a screen that it shows, the place."""
        return self.id.partition(".")[2]

    @property
    def call(self) -> str:
        """What Textual is to run for it: the method, or the change to the screen that is called as it is."""
        is_screen = self.place == "everywhere" and self.method in get_args(Place)
        return f"switch_mode('{self.method}')" if is_screen else self.method


ACTIONS: tuple[Action, ...] = (
    Action("everywhere.overview", "Overview", "Show engine, providers and targets at a glance.", "1"),
    Action("everywhere.requests", "Requests", "Show what comes in and goes out, live.", "2"),
    Action("everywhere.sync", "Sync", "Show runs, their plans and their progress.", "3"),
    Action("everywhere.conflicts", "Conflicts", "Show what waits for a decision, and answer it.", "4"),
    Action("everywhere.people", "People", "Show users and groups, and why each is as it is.", "5"),
    Action("everywhere.providers", "Providers", "Show and set up the connections to identity providers.", "6"),
    Action("everywhere.targets", "Targets", "Show and check the products that are provisioned.", "7"),
    Action("everywhere.user_sync", "User sync", "Say what becomes of users at a target; shows what it comes to.", "8"),
    Action("everywhere.group_sync", "Group sync", "Say what groups become at a target; shows what it comes to.", "9"),
    Action("everywhere.audit", "Audit", "Show what admins did, and when.", "0"),
    Action("everywhere.back", "Back", "Close what is open, or clear the filter.", "escape"),
    Action("everywhere.palette", "Menu", "Find any action by its name.", "colon,ctrl+p", rank=18),
    Action("everywhere.help", "Help", "Explain this screen and list its keys.", "question_mark", rank=19),
    Action("everywhere.theme", "Theme", "Change to the next theme; the choice is kept.", "T"),
    Action(
        "everywhere.choose_theme", "Choose theme", "List the themes, and show each as you go through them.", "ctrl+t"
    ),
    Action("everywhere.quit", "Quit", "Close the console; the engine goes on.", "q,ctrl+q", rank=20),
    Action(
        "overview.start_engine", "Start engine", "Start an engine for this store, if none is alive.", "g", "write", 2
    ),
    Action("overview.synchronise", "Sync now", "Compare a target with the rules, and show the plan.", "s", "write", 1),
    Action("overview.tolerances", "Tolerances", "List what each provider sends beside the SCIM standard.", "t", rank=3),
    Action(
        "requests.filter",
        "Filter",
        "Show only exchanges that match; shows what can be written.",
        "slash",
        rank=1,
        is_prompt=True,
    ),
    Action("requests.follow", "Follow", "Go to the newest exchange, and follow.", "f", rank=2),
    Action("requests.pause", "Pause", "Hold the rows as they are, or go on to the newest.", "p", rank=8),
    Action("requests.next_error", "Next error", "Go to the next exchange that failed.", "e", rank=3),
    Action("requests.previous_error", "Previous error", "Go to the exchange before that failed.", "E"),
    Action(
        "requests.next_part", "Next part", "Show request, response or effect of the opened exchange.", "tab", rank=4
    ),
    Action(
        "requests.trail", "Trail", "Go on to a change, a run or a call that it led to, or that led to it.", "l", rank=5
    ),
    Action("requests.trail_back", "Trail back", "Go back to where you came from on the trail.", "b"),
    Action("requests.copy", "Copy as curl", "Copy the exchange as a curl command, without its token.", "y", rank=6),
    Action("requests.toggle_filter", "Filter on/off", "Switch the filter off for a moment, and on again.", "t", rank=7),
    Action("requests.jump", "Go to", "Go to a time, or to an exchange by its number.", "g", rank=9, is_prompt=True),
    Action("requests.filters", "Filters", "Choose a filter by its name, or delete one.", "F"),
    Action("requests.save_filter", "Name filter", "Give the filter that is set a name.", "N", is_prompt=True),
    Action("requests.export", "Export HAR", "Write what the filter shows into a HAR file, secrets masked.", "x"),
    Action(
        "requests.replay",
        "Replay",
        "Send the request again, to a sandbox; never with the original's token.",
        "r",
        "write",
        is_prompt=True,
    ),
    Action("filter.complete", "Complete", "Complete the name or the value before the caret.", "tab"),
    Action("filter.older", "Earlier", "The filter that was typed before.", "up"),
    Action("filter.newer", "Later", "The filter that was typed after, or what was begun.", "down"),
    Action("filters.delete", "Delete", "Delete the filter under the cursor.", "d", "write"),
    Action("sync.synchronise", "Sync now", "Compare a target with the rules, and show the plan.", "s", "write", 1),
    Action("sync.approve", "Approve", "Apply exactly the plan that waits.", "a", "danger", 2),
    Action("sync.drop", "Drop", "Refuse the plan that waits; nothing is changed.", "d", "write", 3),
    Action("sync.exclude", "Exclude", "Take the change under the cursor out of the plan that waits.", "x", "write", 4),
    Action("sync.pause", "Pause", "Let the run pause before its next change, or go on again.", "p", "write", 5),
    Action("sync.cancel", "Cancel", "Stop the run within one call; what is done stays.", "X", "danger", 6),
    Action("sync.undo", "Undo", "Plan what puts back what the run changed; the plan then waits.", "u", "write", 7),
    Action("sync.search", "Search", "Show only the changes that have certain words.", "slash", rank=8, is_prompt=True),
    Action("sync.order", "Group", "Group the changes by kind, by account, by group, or not at all.", "g"),
    Action("sync.trail", "Trail", "Go on to the request that caused a change, or to its calls.", "l", rank=10),
    Action("sync.trail_back", "Trail back", "Go back to where you came from on the trail.", "b"),
    Action("sync.compare", "Compare", "Mark a run; then, at another one, compare the two.", "c"),
    Action("comparison.next_part", "Next part", "Go on to what only the other has, and to what both have.", "tab"),
    Action("sync.drift", "Drift", "Show what others changed at a target, and what has nobody behind it.", "v"),
    Action("sync.next_pane", "Panes", "Go on to the runs, to what is said of a run, to its changes.", "tab", rank=9),
    Action(
        "conflicts.answer", "Answer", "Choose an answer; shows what it leads to before it is given.", "a", "write", 1
    ),
    Action("conflicts.take_back", "Take back", "Take the last answer that was given here back.", "u", "write", 2),
    Action("conflicts.rule", "Rule", "Have all like it answered; shows what that decides first.", "r", "write", 4),
    Action("conflicts.next_open", "Next open", "Go to the next conflict that waits for an answer.", "n", rank=3),
    Action("conflicts.next_pane", "Panes", "Go on to the list, and to what is said of a conflict.", "tab", rank=5),
    Action("audit.search", "Search", "Show only the entries that have certain words.", "slash", rank=1, is_prompt=True),
    Action("audit.go_to", "Go there", "Show the run or the conflict that the entry is about.", "g", rank=2),
    Action("audit.next_pane", "Panes", "Go on to the trail, and to the entry.", "tab", rank=3),
    Action("form.save", "Save", "Show what is written into config.toml, and write it.", "ctrl+s", "write", 1),
    Action("form.find", "Find", "Go to a setting by its name.", "slash", rank=2, is_prompt=True),
    Action("form.next_choice", "Choose", "The next choice, or on and off; unfold a heading.", "right,space", rank=3),
    Action("form.previous_choice", "Choose back", "The choice before, or on and off; fold a heading.", "left"),
    Action("form.reset", "As saved", "Take the edit of this setting back.", "u", rank=4),
    Action("form.take_default", "Default", "Take the setting out of the file: its default holds.", "d", rank=5),
    Action("form.remove", "Remove", "Take out the rule that the cursor is in.", "x", rank=6),
    Action("form.next_pane", "Preview", "Go on to the preview, and back to the form.", "tab", rank=7),
    Action("form.next_target", "Next target", "Show the form of the next target.", "n", rank=8),
    Action("form.previous_target", "Previous target", "Show the form of the target before.", "p"),
    Action(
        "group_sync.table", "Mappings", "Edit the manual mapping in a table with the groups of both sides.", "t", rank=9
    ),
    Action(
        "mapping.put",
        "Put in/out",
        "Put the group under the cursor into the mapping, or take it out.",
        "space",
        rank=1,
    ),
    Action("mapping.add", "Add", "Add a mapping of the two groups under the cursors.", "a", rank=2),
    Action(
        "mapping.write", "Type a name", "Type a glob, or a name that is not there yet.", "w", rank=3, is_prompt=True
    ),
    Action(
        "mapping.search", "Search", "Show only the groups that have certain words.", "slash", rank=4, is_prompt=True
    ),
    Action(
        "mapping.next_list",
        "Lists",
        "Go on to the groups of the one side, of the other, to the mappings.",
        "tab",
        rank=5,
    ),
    Action("mapping.take_out", "Remove", "Take out the mapping under the cursor.", "x", rank=6),
    Action("mapping.take_back", "Take back", "Take the last edit of the table back.", "u", rank=7),
    Action("typing.next", "Next", "Keep what is typed, and go on to the next setting.", "tab,down"),
    Action("typing.previous", "Previous", "Keep what is typed, and go back to the setting before.", "shift+tab,up"),
    Action("drift.keep", "Keep", "Let it stay as it is; it is not reported again.", "K", "write"),
    Action(
        "drift.take_away",
        "Take away",
        "Plan to deactivate the account, or to delete the group, without a user.",
        "D",
        "write",
    ),
    Action("people.search", "Search", "Find users or groups by name, address or id.", "slash", rank=1, is_prompt=True),
    Action("people.switch", "Users/groups", "Show the groups in the place of the users, or the users.", "g", rank=2),
    Action("people.next_place", "Next target", "Tell the story at the next target, or target group.", "tab", rank=3),
    Action("people.synchronise", "Sync user", "Compare this one user with the rules; shows the plan.", "s", "write", 4),
    Action("providers.issue", "Issue token", "Make a token or an OAuth client, shown once.", "i", "write", 1),
    Action("providers.steps", "Steps", "Show what to do in the identity provider's own console.", "s", rank=2),
    Action("providers.wait", "Wait for test", "Wait for the test of the connection; says what arrived.", "w", rank=3),
    Action("providers.revoke", "Revoke", "End a token at once.", "r", "danger", 4),
    Action("providers.add", "Add", "Add a provider to config.toml; shows what is written.", "a", "write", 5),
    Action("providers.copy_url", "Copy URL", "Copy the base URL that is entered at the provider.", "y", rank=6),
    Action("providers.attributes", "Attributes", "List what rules can use of users, with real values.", "t", rank=10),
    Action("providers.pull", "Pull now", "Read what changed in the directory over Microsoft Graph.", "p", "write", 8),
    Action(
        "providers.check",
        "Check",
        "Try sign-in and permissions of a provider that is read.",
        "c",
        rank=9,
    ),
    Action("providers.entra_log", "Entra's log", "Read Entra's log beside ours: what only one side saw.", "l", rank=11),
    Action("providers.next_pane", "Panes", "Go on to the list, and to what is said of a provider.", "tab", rank=7),
    Action("targets.check", "Check", "Try all targets: URL, credential, permissions; changes nothing.", "c", rank=1),
    Action("targets.synchronise", "Sync now", "Compare the target with the rules; shows the plan.", "s", "write", 2),
    Action("targets.next_pane", "Panes", "Go on to the list, and to what is said of a target.", "tab", rank=3),
    Action("issued.copy", "Copy", "Copy the secret that was issued.", "y"),
    Action("issued.copy_url", "Copy URL", "Copy the base URL.", "u"),
    Action("list.cursor_up", "Up", "One row up.", "up,k"),
    Action("list.cursor_down", "Down", "One row down.", "down,j"),
    Action("list.page_up", "Page up", "A screenful up.", "pageup"),
    Action("list.page_down", "Page down", "A screenful down.", "pagedown"),
    Action("list.oldest", "Oldest", "To the oldest row.", "home"),
    Action("list.follow", "Newest", "To the newest row, and follow.", "end,G"),
    Action("list.open", "Open", "Open the row under the cursor.", "enter", rank=17),
    Action("dialog.dismiss", "Close", "Close the dialog, and do nothing.", "escape,q"),
    Action("answer.previous", "Back", "One step back, or close.", "escape"),
    Action("answer.confirm", "Go on", "Choose, look, and then answer.", "enter"),
    Action("answer.up", "Up", "One answer up.", "up"),
    Action("answer.down", "Down", "One answer down.", "down"),
    Action(
        "answer.widen", "For all", "Answer all open ones of this kind at this target alike, or this one only.", "tab"
    ),
    Action("question.confirm", "Answer", "Do it, where what was asked for is typed.", "enter"),
)
_BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}
_WORDS: Mapping[str, str] = {key: key for key in ("enter", "up", "down", "left", "right")}
RESERVED = frozenset({"ctrl+c", "ctrl+z"})
"""Keys that stay the terminal's."""
SUSPEND = Binding("ctrl+z", "suspend_process", show=False)
"""What a terminal does on that key, which a program that reads single keys must do itself."""


def actions_of(*places: Place) -> tuple[Action, ...]:
    """The actions that work in these places, in the order of the table."""
    return tuple(action for action in ACTIONS if action.place in places)


def bindings(*places: Place) -> list[Binding]:
    """Textual's bindings for these places; their ids are what a keymap changes."""
    return [
        # The keys that follow belong to the line that a prompt opens, so it is open before they are looked at.
        Binding(action.keys, action.call, action.title, show=False, id=action.id, priority=action.is_prompt)
        for action in actions_of(*places)
    ]


def keys_of(action_id: str, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an action as people write them: `esc`, `?`, `ctrl+p`."""
    return tuple(_label(key) for key in _split(keymap.get(action_id, _BY_ID[action_id].keys)))


def keymap_problems(keymap: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with `[console.keymap]`: unknown actions, keys that are none, reserved ones, and those that would
    do two things.

    A keymap with a problem is not used at all: half of one would move keys silently.
    """
    unknown = [f"keymap: there is no action {name!r}; press ? for their names" for name in keymap if name not in _BY_ID]
    empty = [
        f'keymap: {name} needs a key, or several with commas, such as "f5" or "s,ctrl+s"'
        for name, keys in keymap.items()
        if not _split(keys)
    ]
    keys = {action.id: frozenset(_split(keymap.get(action.id, action.keys))) for action in ACTIONS}
    reserved = [
        f"keymap: {key} of {name} stays the terminal's; choose another key"
        for name in keymap
        for key in sorted(keys.get(name, frozenset()) & RESERVED)
    ]
    return (*unknown, *empty, *reserved, *_clashes(keys))


def _clashes(keys_by_id: Mapping[str, frozenset[str]]) -> Iterable[str]:
    """Two actions clash when both can be meant by one key."""
    names = list(keys_by_id)
    for number, first in enumerate(names):
        for second in names[number + 1 :]:
            shared = sorted(keys_by_id[first] & keys_by_id[second])
            if shared and any({_BY_ID[first].place, _BY_ID[second].place} <= context for context in CONTEXTS):
                labels = ", ".join(_label(key) for key in shared)
                yield f"keymap: {labels} is given to {first} and to {second}; give each its own"


def _split(keys: str) -> tuple[str, ...]:
    """Textual's names of the keys in a comma-separated list; none where an entry is empty."""
    try:
        return tuple(binding.key for binding in Binding.make_bindings([Binding(keys, "")]))
    except InvalidBinding:
        return ()


def _label(key: str) -> str:
    """Words rather than arrows and hooks: not every terminal's font has those."""
    return _WORDS.get(key) or format_key(key)
