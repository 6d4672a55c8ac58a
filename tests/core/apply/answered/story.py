"""What a story tells: how a conflict comes to be, what is shown of it, and what becomes of each answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.planning.values import Capabilities
from tests.core.apply.answered.scene import Scene

Seeding = Callable[[Scene], Awaitable[object]]


@dataclass(frozen=True)
class Given:
    """One answer, and what it comes to."""

    key: str
    value: str | None = None
    """What is typed with it; of `E` the rules as the admin changes them."""
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()
    """What is not at the target any more once it is carried out, and what is there instead (`Scene.there`)."""
    lost: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    """What is not there as it was once all of it is undone, and what is there instead: an account that was made stays,
    since it may have content, and is made inactive."""
    settles: bool = True
    """Whether that stays so: who loses another account than their own is a newcomer, to whom the rules give one."""
    first: Callable[[Scene], None] | None = None
    """What happens before the answer."""
    leads_to: tuple[str, ...] = ()
    """Kinds of the conflicts that are there afterwards."""


@dataclass(frozen=True)
class Story:
    """One kind of conflict in one form."""

    kind: str
    form: str
    title: str
    """What it is called."""
    seed: Seeding
    given: tuple[Given, ...]
    """Its own answers: those of every conflict (H, S, R) are the same everywhere."""
    rules: str = ""
    """Of the target, as the configuration has them."""
    product: str = "confluence"
    about: str | None = None
    """The user or IdP group that came under this name; `None`: there is only one."""
    able: Capabilities | None = None
    """What the target can do, where its product cannot."""

    def __str__(self) -> str:
        return f"{self.kind} {self.form}"
