"""What a Bitbucket can do is asked of it, without any effect."""

import pytest
from bitbucket_site import bitbucket_site
from scripted import Bench, Reply

from core.sandbox.bitbucket import Bitbucket, Quirks
from core.targets.auth import BearerAuth
from core.targets.bitbucket import Bitbucket as Target
from core.targets.offline import at_best
from core.targets.protocol import CredentialFailed, Unsupported


@pytest.mark.parametrize("version", ["7.21", "8.19", "9.4", "10.0"])
async def test_it_can_do_all_but_rename_groups_and_has_no_leads(version: str) -> None:
    bitbucket = Bitbucket.with_defaults(version=version)
    async with bitbucket_site(bitbucket) as site:
        can = await site.target.capabilities()
        assert can == at_best("bitbucket")
        works = (can.create_user, can.update_user, can.rename_user, can.set_active, can.delete_user)
        assert (*works, can.create_group, can.delete_group, can.members) == (None,) * 8
        assert "does not rename groups" in (can.rename_group or "")
        assert can.leads is not None
        assert can.names.email_required
        assert site.effects == []
        with pytest.raises(Unsupported, match="does not rename groups"):
            await site.target.rename_group("a", "b")


async def test_what_was_found_holds_for_a_while() -> None:
    async with bitbucket_site(Bitbucket.with_defaults()) as site:
        await site.target.capabilities()
        asked = len(site.log)
        await site.target.capabilities()
        assert len(site.log) == asked
        site.hurry.slept += 301
        await site.target.capabilities()
        assert len(site.log) == 2 * asked


@pytest.mark.parametrize("absent", ["json", "html"])
async def test_a_call_that_is_not_there_is_a_reason_with_the_way_round(absent: str) -> None:
    body, media = (b'{"message":"null for uri: x"}', "application/json") if absent == "json" else (b"<p>", "text/html")
    known = Reply(200, b'{"version":"4.0.0","buildNumber":"4000000"}', {"x-ausername": "admin"})
    target = Target(Bench(known, known, known, Reply(404, body, media_type=media)).http)
    can = await target.capabilities()
    assert can.create_user is not None
    assert "Bitbucket 4.0.0 cannot create accounts" in can.create_user
    assert "Crowd" in can.create_user
    assert "change members" in (can.members or "")


async def test_a_token_that_may_not_administer_can_do_nothing() -> None:
    bitbucket = Bitbucket.with_defaults()
    async with bitbucket_site(bitbucket, auth=BearerAuth(bitbucket.issue_token())) as site:
        with pytest.raises(CredentialFailed, match="may not administer"):
            await site.target.capabilities()


async def test_probes_are_no_failures_in_the_log() -> None:
    async with bitbucket_site(Bitbucket.with_defaults(quirks=Quirks(absent_endpoint="html"))) as site:
        await site.target.capabilities()
        probes = [each for each in site.log if each.subject == "probe"]
        assert len(probes) == 9
        assert {each.outcome for each in probes} == {"probed"}
