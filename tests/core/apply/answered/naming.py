"""B. Names and values: C10 to C17."""

from tests.core.apply.answered.scene import Scene
from tests.core.apply.answered.story import Given, Story

LOCAL_PART = '[target.users]\nusername = { from = "userName", match = "^([^@]+)@", replace = "$1", case = "lower" }'
AS_SHOWN = '[target.users]\nusername = { from = "displayName" }'
DELETES = '[target.users]\nwhen_inactive = "delete"'
BY_LOGIN = '[target.users]\nemail = { from = "userName" }'
OF_LOGIN = '[target.users]\nemail = { from = "userName", match = "^(.+)$", replace = "$1@login.example" }'
NO_PLUS = '[target.users]\nusername = { from = "userName", match = "^(.+)[+](.+)$", replace = "$1.$2" }'
SHORT = '[target.users]\ndisplay_name = { from = "userName" }'
NO_SLASH = '[target.groups.on_the_fly]\nmatch = "^(.+)/(.+)$"\nreplace = "$1-$2"'


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


async def plus(scene: Scene) -> None:
    scene.hire("ada+1", email="ada@contoso.example")
    await scene.compare()


async def markup(scene: Scene) -> None:
    scene.hire("ada", display_name="Ada <b>")
    await scene.compare()


async def slash(scene: Scene) -> None:
    scene.company.form("R/D", [scene.hire("ada")])
    await scene.compare()


async def nothing(scene: Scene) -> None:
    scene.hire("ada")
    await scene.compare()


async def no_address(scene: Scene) -> None:
    scene.hire("ada@contoso.example", email=None, display_name="Ada")
    await scene.compare()


STORIES = (
    Story("C10", "the name is another user's", "Account name 'ada' is taken", held, (
        Given("N", "ada2"), Given("L"), Given("X")), LOCAL_PART),
    Story("C11", "an account has the address", "E-mail 'ada@contoso.example' is in use", address_of_an_account, (
        Given("L"), Given("I"), Given("E", OF_LOGIN), Given("X")), product="cloud"),
    Story("C11", "it changes to another account's", "E-mail 'boss@local.example' is in use", address_changes, (
        Given("K"), Given("I"), Given("E", OF_LOGIN), Given("X")), product="cloud"),
    Story("C12", "renamed to a taken name", "'ada' cannot be renamed to 'ben'", renamed, (
        Given("K"), Given("N", "ada2"), Given("E", "")), AS_SHOWN, "jira"),
    Story("C14", "a rule makes one name of two", "2 users map to 'ada'", folded, (
        Given("E", ""), Given("N", "ada2")), LOCAL_PART, about="ada@two"),
    Story("C15", "the name was taken from another", "Account name 'ada' was another person's", released, (
        Given("N", "ada2"), Given("N", "ada"), Given("X")), DELETES),
    Story("C15", "the account keeps another's id", "Account 'ada' was another person's", another_s_id, (
        Given("N", "ada2"), Given("L", "ada")), product="crowd"),
    Story("C16", "a user name", "'ada+1' is not a valid username", plus, (
        Given("E", NO_PLUS), Given("N", "ada1"), Given("X"))),
    Story("C16", "a display name", "'Ada <b>' is not a valid display name", markup, (
        Given("E", SHORT), Given("N", "Ada B"), Given("X"))),
    Story("C16", "a group name", "'R/D' is not a valid group name", slash, (
        Given("E", NO_SLASH), Given("N", "R and D"), Given("X"))),
    Story("C16", "a group name in a rule", "'a/b' is not a valid group name", nothing, (
        Given("E", ""),), '[target.groups]\ndefault_for_all = ["a/b"]'),
    Story("C17", "no address", "Ada has no e-mail", no_address, (
        Given("E", BY_LOGIN), Given("X"))),
)
