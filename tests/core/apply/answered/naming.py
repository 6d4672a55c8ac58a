"""B. Names: C10 to C15."""

from tests.core.apply.answered.scene import Scene
from tests.core.apply.answered.story import Given, Story

LOCAL_PART = '[target.users]\nusername = { from = "userName", match = "^([^@]+)@", replace = "$1", case = "lower" }'
AS_SHOWN = '[target.users]\nusername = { from = "displayName" }'
DELETES = '[target.users]\nwhen_inactive = "delete"'
OF_LOGIN = '[target.users]\nemail = { from = "userName", match = "^(.+)$", replace = "$1@login.example" }'


async def held(scene: Scene) -> None:
    scene.hire("ada@one", email="ada@one.example", display_name="Ada King")
    await scene.push()
    scene.hire("ada@two", email="ada@two.example", display_name="Ada Byron")
    await scene.push()


async def address_of_an_account(scene: Scene) -> None:
    scene.local("boss", email="ada@contoso.example")
    scene.hire("ada")
    await scene.compare()


async def address_changes(scene: Scene) -> None:
    scene.local("boss")
    ada = scene.hire("ada")
    await scene.compare()
    scene.company.change(ada, emails=[{"type": "work", "value": "boss@local.example"}])
    await scene.push()


async def renamed(scene: Scene) -> None:
    ada = scene.hire("a", display_name="ada")
    scene.hire("b", display_name="ben")
    await scene.compare()
    scene.company.change(ada, displayName="ben")
    await scene.push()


async def folded(scene: Scene) -> None:
    for name in ("ada@one", "ada@two"):
        scene.hire(name, email=f"{name}.example")
    await scene.compare()


async def released(scene: Scene) -> None:
    scene.hire("bob")
    old = scene.hire("ada", display_name="Ada King")
    await scene.push()
    scene.company.delete("User", old)
    await scene.push()
    scene.hire("ada", display_name="Ada Byron")
    await scene.push()


async def another_s_id(scene: Scene) -> None:
    scene.local("ada", external_id="x-of-another")
    scene.hire("ada")
    await scene.compare()


STORIES = (
    Story(
        "C10",
        "the name is another user's",
        "Account name 'ada' is taken",
        held,
        (
            Given(
                "N",
                "ada2",
                come=('ada2 <ada@two.example> "Ada Byron" of ada@two',),
                left=('ada2 (inactive) <ada@two.example> "Ada Byron" of ada@two',),
            ),
            Given(
                "L",
                gone=('ada <ada@one.example> "Ada King" of ada@one',),
                come=('ada <ada@two.example> "Ada Byron" of ada@two',),
                lost=('ada <ada@one.example> "Ada King" of ada@one',),
                left=('ada <ada@one.example> "Ada King"',),
                leads_to=("C10",),
            ),
            Given("X"),
        ),
        LOCAL_PART,
    ),
    Story(
        "C11",
        "an account has the address",
        "E-mail 'ada@contoso.example' is in use",
        address_of_an_account,
        (
            Given("L", gone=('boss <ada@contoso.example> "Boss"',), come=('ada <ada@contoso.example> "Ada" of ada',)),
            Given(
                "I",
                come=('ada <ada@contoso.example> "Ada" of ada',),
                left=('ada (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given(
                "E",
                OF_LOGIN,
                come=('ada <ada@login.example> "Ada" of ada',),
                left=('ada (inactive) <ada@login.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
        product="cloud",
    ),
    Story(
        "C11",
        "it changes to another account's",
        "E-mail 'boss@local.example' is in use",
        address_changes,
        (
            Given("K"),
            Given(
                "I", gone=('ada <ada@contoso.example> "Ada" of ada',), come=('ada <boss@local.example> "Ada" of ada',)
            ),
            Given(
                "E",
                OF_LOGIN,
                gone=('ada <ada@contoso.example> "Ada" of ada',),
                come=('ada <ada@login.example> "Ada" of ada',),
            ),
            Given("X"),
        ),
        product="cloud",
    ),
    Story(
        "C12",
        "renamed to a taken name",
        "'ada' cannot be renamed to 'ben'",
        renamed,
        (
            Given("K", gone=('ada <a@contoso.example> "ada" of a',), come=('ada <a@contoso.example> "ben" of a',)),
            Given(
                "N", "ada2", gone=('ada <a@contoso.example> "ada" of a',), come=('ada2 <a@contoso.example> "ben" of a',)
            ),
            Given(
                "E",
                "",
                gone=('ada <a@contoso.example> "ada" of a', 'ben <b@contoso.example> "ben" of b'),
                come=('a <a@contoso.example> "ben" of a', 'b <b@contoso.example> "ben" of b'),
            ),
        ),
        AS_SHOWN,
        "jira",
    ),
    Story(
        "C14",
        "a rule makes one name of two",
        "2 users map to 'ada'",
        folded,
        (
            Given(
                "E",
                "",
                come=(
                    'ada@one <ada@one.example> "Ada@One" of ada@one',
                    'ada@two <ada@two.example> "Ada@Two" of ada@two',
                ),
                left=(
                    'ada@one (inactive) <ada@one.example> "Ada@One" of ada@one',
                    'ada@two (inactive) <ada@two.example> "Ada@Two" of ada@two',
                ),
            ),
            Given(
                "N",
                "ada2",
                come=('ada <ada@one.example> "Ada@One" of ada@one', 'ada2 <ada@two.example> "Ada@Two" of ada@two'),
                left=(
                    'ada (inactive) <ada@one.example> "Ada@One" of ada@one',
                    'ada2 (inactive) <ada@two.example> "Ada@Two" of ada@two',
                ),
            ),
        ),
        LOCAL_PART,
        about="ada@two",
    ),
    Story(
        "C15",
        "the name was taken from another",
        "Account name 'ada' was another person's",
        released,
        (
            Given(
                "N",
                "ada2",
                come=('ada2 <ada@contoso.example> "Ada Byron" of ada',),
                left=('ada2 (inactive) <ada@contoso.example> "Ada Byron" of ada',),
            ),
            Given(
                "N",
                "ada",
                come=('ada <ada@contoso.example> "Ada Byron" of ada',),
                left=('ada (inactive) <ada@contoso.example> "Ada Byron" of ada',),
            ),
            Given("X"),
        ),
        DELETES,
    ),
    Story(
        "C15",
        "the account keeps another's id",
        "Account 'ada' was another person's",
        another_s_id,
        (
            Given(
                "N",
                "ada2",
                come=('ada2 <ada@contoso.example> "Ada" of ada',),
                left=('ada2 (inactive) <ada@contoso.example> "Ada" of ada',),
            ),
            Given(
                "L", "ada", gone=('ada <ada@local.example> "Ada"',), come=('ada <ada@contoso.example> "Ada" of ada',)
            ),
        ),
        product="crowd",
    ),
)
