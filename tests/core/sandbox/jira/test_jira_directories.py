"""Several user directories: where new users land, what is refused, the listing."""

from jira_visit import API, JANE, LEFT, NEW, JiraVisit

from core.sandbox.jira import Directory, Jira, LocalAccount, Quirks, Settings

INTERNAL = Directory(1, "Internal")
LDAP = Directory(2, "Company LDAP", "CONNECTOR", writable=False)
ROOT = LocalAccount("root", "Root", "root@example.com", groups=("jira-administrators",))


async def test_the_directories_have_jiras_own_wrapper_and_are_xml_unless_asked(visit: JiraVisit) -> None:
    client = await visit(Jira.with_defaults(directories=(INTERNAL, LDAP)))
    shown = await client.get("/rest/crowd/latest/directory", headers={"Accept": "application/json"})
    assert [each["name"] for each in shown.json()["directories"]] == ["Internal", "Company LDAP"]
    assert "<name>Company LDAP</name>" in (await client.get("/rest/crowd/1/directory")).text


async def test_new_users_land_in_the_first_directory_that_can_be_written(visit: JiraVisit) -> None:
    jira = Jira(directories=(LDAP, INTERNAL))
    jira.add_account(ROOT, directory=1)
    client = await visit(jira, user="root")
    assert (await client.post(f"{API}/user", json=NEW)).status_code == 201
    jira.add_account(LocalAccount("new", "New Ldap", "n@ldap.example"), directory=2)
    assert (await client.get(f"{API}/user?username=new")).json()["displayName"] == "New Ldap"
    jira.order_directories([1, 2])
    assert (await client.get(f"{API}/user?username=new")).json()["displayName"] == "New One"


async def test_without_a_writable_directory_nobody_is_created_whatever_is_sent(visit: JiraVisit) -> None:
    jira = Jira(directories=(LDAP,))
    jira.add_account(ROOT)
    client = await visit(jira, user="root")
    for document in (NEW, {}):
        answer = (await client.post(f"{API}/user", json=document)).json()
        assert (answer["errors"], "read-only" in answer["errorMessages"][0]) == ({}, True)


async def test_users_of_a_read_only_directory_and_of_several_are_not_renamed(visit: JiraVisit) -> None:
    jira = Jira.with_defaults([JANE], directories=(INTERNAL, LDAP))
    jira.add_account(LocalAccount("ldap", "L", "l@example.com"), directory=2)
    jira.add_account(JANE, directory=2)
    client = await visit(jira)
    for name in ("ldap", "jane"):
        answer = await client.put(f"{API}/user?username={name}", json={"name": "other"})
        assert (answer.status_code, len(answer.json()["errorMessages"])) == (400, 1)
    assert jira.effects == []


async def test_names_in_several_directories_are_listed_where_more_than_the_first_account_is_active(
    visit: JiraVisit,
) -> None:
    jira = Jira.with_defaults([JANE, LEFT], directories=(INTERNAL, LDAP), version="8.19")
    client = await visit(jira)
    for account in (JANE, LocalAccount("left", "L", "l@example.com"), LocalAccount("only", "O", "o@example.com")):
        jira.add_account(account, directory=2)
    listed = (await client.get(f"{API}/user/duplicated/list")).json()
    assert listed == {
        name: [
            {"directoryId": 1, "directoryName": "Internal", "userActive": name == "jane"},
            {"directoryId": 2, "directoryName": "Company LDAP", "userActive": True},
        ]
        for name in ("jane", "left")
    }
    assert (await client.get(f"{API}/user/duplicated/count")).json() == {"count": 2}
    jira.change_account("jane", active=False)
    jira.remove_account("left")
    assert (await client.get(f"{API}/user/duplicated/count")).json() == {"count": 2}, "found ten minutes ago at most"
    assert (await client.get(f"{API}/user/duplicated/count?flush=true")).json() == {"count": 1}
    jira.order_directories([2, 1])
    assert (await client.get(f"{API}/user/duplicated/list")).json() == {}
    for client, status in ((await visit(jira, user=None), 401), (await visit(Jira.with_defaults(version="8.18")), 404)):
        assert (await client.get(f"{API}/user/duplicated/list")).status_code == status


async def test_external_user_management_closes_everything(visit: JiraVisit) -> None:
    settings, quirks = Settings(external_user_management=True), Quirks(external_management_status=403)
    jira = Jira.with_defaults([JANE], settings=settings, quirks=quirks)
    client = await visit(jira)
    answers = [
        await client.post(f"{API}/user", json=NEW),
        await client.put(f"{API}/user?username=jane", json={"displayName": "J"}),
        await client.delete(f"{API}/user?username=jane"),
        await client.post(f"{API}/group", json={"name": "Ops"}),
        await client.post(f"{API}/group/user?groupname=Staff", json={"name": "admin"}),
        await client.delete(f"{API}/group/user?groupname=Staff&username=jane"),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert jira.effects == []
