"""C. Groups: C21 to C23."""

from tests.core.apply.answered.scene import Scene
from tests.core.apply.answered.story import Given, Story

MANUAL = '[target.groups]\nmode = "manual"\n[[target.groups.map]]\nidp = ["{}"]\ntarget = "{}"'
PREFIXED = '[target.groups.on_the_fly]\nmatch = "^(.+)$"\nreplace = "idp-$1"'
CITIES = '[target.groups.on_the_fly]\nmatch = "^[a-z]+-(.+)$"\nreplace = "$1"'


async def of_the_product(scene: Scene) -> None:
    scene.local_group("site-admins")
    scene.form("site-admins", scene.hire("ada"))
    await scene.compare()


async def staff(scene: Scene) -> None:
    scene.form("Staff", scene.hire("ada"))
    await scene.compare()


async def namesakes(scene: Scene) -> None:
    scene.form("Crew", scene.hire("ada"))
    scene.form("crew ", scene.hire("ben"))
    await scene.compare()


async def cities(scene: Scene) -> None:
    scene.form("paris-Crew", scene.hire("ada"))
    scene.form("rome-Crew", scene.hire("ben"))
    await scene.compare()


STORIES = (
    Story(
        "C21",
        "a group of the product",
        "'site-admins' is a group of the product itself",
        of_the_product,
        (
            Given(
                "N",
                "our-admins",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: our-admins', "group our-admins"),
            ),
            Given(
                "E",
                PREFIXED,
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: idp-site-admins', "group idp-site-admins"),
            ),
            Given("X"),
        ),
        product="cloud",
    ),
    Story(
        "C21",
        "the same in a rule",
        "'site-admins' is not a valid group name",
        staff,
        (
            Given(
                "E",
                "",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: staff', "group staff"),
            ),
        ),
        MANUAL.format("Staff", "site-admins"),
        "cloud",
    ),
    Story(
        "C22",
        "two IdP groups of one name",
        "2 IdP groups are named",
        namesakes,
        (
            Given(
                "N",
                "Crew two",
                gone=('ada <ada@contoso.example> "Ada" of ada', 'ben <ben@contoso.example> "Ben" of ben'),
                come=(
                    'ada <ada@contoso.example> "Ada" of ada: crew',
                    'ben <ben@contoso.example> "Ben" of ben: crew two',
                    "group crew",
                    "group crew two",
                ),
            ),
            Given(
                "M",
                gone=('ada <ada@contoso.example> "Ada" of ada', 'ben <ben@contoso.example> "Ben" of ben'),
                come=(
                    'ada <ada@contoso.example> "Ada" of ada: crew',
                    'ben <ben@contoso.example> "Ben" of ben: crew',
                    "group crew",
                ),
            ),
            Given(
                "X",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: crew', "group crew"),
            ),
            Given("E", '[target.groups]\nmode = "off"'),
        ),
        about="crew ",
    ),
    Story(
        "C23",
        "a rule makes one name of two",
        "2 IdP groups become 'Crew'",
        cities,
        (
            Given(
                "M",
                gone=('ada <ada@contoso.example> "Ada" of ada', 'ben <ben@contoso.example> "Ben" of ben'),
                come=(
                    'ada <ada@contoso.example> "Ada" of ada: crew',
                    'ben <ben@contoso.example> "Ben" of ben: crew',
                    "group crew",
                ),
            ),
            Given(
                "N",
                "Crew two",
                gone=('ada <ada@contoso.example> "Ada" of ada', 'ben <ben@contoso.example> "Ben" of ben'),
                come=(
                    'ada <ada@contoso.example> "Ada" of ada: crew',
                    'ben <ben@contoso.example> "Ben" of ben: crew two',
                    "group crew",
                    "group crew two",
                ),
            ),
            Given(
                "E",
                "",
                gone=('ada <ada@contoso.example> "Ada" of ada', 'ben <ben@contoso.example> "Ben" of ben'),
                come=(
                    'ada <ada@contoso.example> "Ada" of ada: paris-crew',
                    'ben <ben@contoso.example> "Ben" of ben: rome-crew',
                    "group paris-crew",
                    "group rome-crew",
                ),
            ),
            Given(
                "X",
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@contoso.example> "Ada" of ada: crew', "group crew"),
            ),
        ),
        CITIES,
        about="rome-Crew",
    ),
)
