"""Which user directory an account is in, as far as each product tells: what shadows a name is known in time."""

from bitbucket_site import bitbucket_site
from jira_site import jira_site

from core.sandbox.bitbucket import Bitbucket
from core.sandbox.bitbucket import LocalAccount as BitbucketAccount
from core.sandbox.jira import Directory, Jira, LocalAccount

JANE = LocalAccount("jane", "Jane", "jane@example.com")
INTERNAL, LDAP = Directory(1, "Internal"), Directory(2, "Company LDAP", "CONNECTOR", writable=False)


async def test_jira_tells_of_a_name_in_several_directories_which_counts_and_which_it_hides() -> None:
    jira = Jira.with_defaults([JANE], directories=(INTERNAL, LDAP))
    jira.add_account(JANE, directory=2)
    async with jira_site(jira) as site:
        found = await site.target.find_account("jane")
        assert found is not None
        assert (found.directory, found.hides, found.read_only) == ("Internal", ("Company LDAP",), None)
        listed = {account.name: account.hides async for account in site.target.list_accounts()}
        assert {name for name, hides in listed.items() if hides} == {"jane"}
        assert sum("duplicated" in line for line in site.lines) == 1, "it is asked once in a while"


async def test_jira_before_8_19_tells_nothing_of_it_and_works_all_the_same() -> None:
    jira = Jira.with_defaults([JANE], directories=(INTERNAL, LDAP), version="8.18")
    jira.add_account(JANE, directory=2)
    async with jira_site(jira) as site:
        found = await site.target.find_account("jane")
        assert found is not None
        assert (found.directory, found.hides) == (None, ())


async def test_the_directory_that_accounts_shall_be_in_is_known_to_the_planner() -> None:
    async with jira_site(Jira.with_defaults([JANE], directories=(INTERNAL,)), directory="Internal") as site:
        assert (await site.target.capabilities()).directory == "Internal"


async def test_bitbucket_tells_of_each_account_its_directory_and_whether_that_can_be_written() -> None:
    bitbucket = Bitbucket.with_defaults([BitbucketAccount("jane", "Jane", "jane@example.com")])
    async with bitbucket_site(bitbucket) as site:
        found = await site.target.find_account("jane")
        assert found is not None
        assert (found.directory, found.read_only) == ("Bitbucket Internal Directory", False)
        assert {account.read_only async for account in site.target.list_accounts()} == {False}
