"""B. Values that a product refuses, or needs: C16 and C17."""

from tests.core.apply.answered.scene import Scene
from tests.core.apply.answered.story import Given, Story

BY_LOGIN = '[target.users]\nemail = { from = "userName" }'
NO_PLUS = '[target.users]\nusername = { from = "userName", match = "^(.+)[+](.+)$", replace = "$1.$2" }'
SHORT = '[target.users]\ndisplay_name = { from = "userName" }'
NO_SLASH = '[target.groups.on_the_fly]\nmatch = "^(.+)/(.+)$"\nreplace = "$1-$2"'


async def plus(scene: Scene) -> None:
    scene.hire("ada+1", email="ada@contoso.example")
    await scene.compare()


async def markup(scene: Scene) -> None:
    scene.hire("ada", display_name="Ada <b>")
    await scene.compare()


async def slash(scene: Scene) -> None:
    scene.form("R/D", scene.hire("ada"))
    await scene.compare()


async def nothing(scene: Scene) -> None:
    scene.hire("ada")
    await scene.compare()


async def no_address(scene: Scene) -> None:
    scene.hire("ada@contoso.example", email=None, display_name="Ada")
    await scene.compare()


STORIES = (
    Story(
        "C16",
        "a user name",
        "'ada+1' is not a valid username",
        plus,
        (
            Given(
                "E",
                NO_PLUS,
                come=('ada.1 <ada@contoso.example> "Ada+1" of ada+1',),
                left=('ada.1 (inactive) <ada@contoso.example> "Ada+1" of ada+1',),
            ),
            Given(
                "N",
                "ada1",
                come=('ada1 <ada@contoso.example> "Ada+1" of ada+1',),
                left=('ada1 (inactive) <ada@contoso.example> "Ada+1" of ada+1',),
            ),
            Given("X"),
        ),
    ),
    Story(
        "C16",
        "a display name",
        "'Ada <b>' is not a valid display name",
        markup,
        (
            Given(
                "E",
                SHORT,
                come=('ada <ada@contoso.example> "ada" of ada',),
                left=('ada (inactive) <ada@contoso.example> "ada" of ada',),
            ),
            Given(
                "N",
                "Ada B",
                come=('ada <ada@contoso.example> "Ada B" of ada',),
                left=('ada (inactive) <ada@contoso.example> "Ada B" of ada',),
            ),
            Given("X"),
        ),
    ),
    Story(
        "C16",
        "a group name",
        "'R/D' is not a valid group name",
        slash,
        (
            Given(
                "E",
                NO_SLASH,
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: r-d', "group r-d"),
            ),
            Given(
                "N",
                "R and D",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: r and d', "group r and d"),
            ),
            Given("X"),
        ),
    ),
    Story(
        "C16",
        "a group name in a rule",
        "'a/b' is not a valid group name",
        nothing,
        (Given("E", ""),),
        '[target.groups]\ndefault_for_all = ["a/b"]',
    ),
    Story(
        "C17",
        "no address",
        "Ada has no e-mail",
        no_address,
        (
            Given(
                "E",
                BY_LOGIN,
                come=('ada@contoso.example <ada@contoso.example> "Ada" of ada@contoso.example',),
                left=('ada@contoso.example (inactive) <ada@contoso.example> "Ada" of ada@contoso.example',),
            ),
            Given("X"),
        ),
    ),
)
