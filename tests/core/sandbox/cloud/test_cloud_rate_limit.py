"""The rate limit of Atlassian's admin APIs: a window, its end as a date, and when to come back."""

import httpx

from core.sandbox.cloud import Cloud, RateLimit, RateLimitedApp


async def asked(app: RateLimitedApp, cloud: Cloud) -> httpx.Response:
    headers = {"Authorization": f"Bearer {cloud.issue_key()}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x", headers=headers) as client:
        return await client.get(f"{cloud.context_path}/Users")


async def test_every_answer_tells_what_is_left_and_when_the_window_ends() -> None:
    cloud, now = Cloud.with_defaults(), [1_700_000_000.0]
    app = RateLimitedApp(cloud.app, RateLimit(2, 60), lambda: now[0])
    answers = [await asked(app, cloud) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[2].headers["x-ratelimit-reset"] == "2023-11-14T22:14:20Z"
    assert answers[2].headers["retry-after"] == "60"
    now[0] += 60
    assert (await asked(app, cloud)).status_code == 200
    assert app.refused == 1


async def test_a_429_may_tell_the_date_alone() -> None:
    cloud = Cloud.with_defaults()
    app = RateLimitedApp(cloud.app, RateLimit(0, 60, retry_after=False), lambda: 0.0)
    answer = await asked(app, cloud)
    assert (answer.status_code, "retry-after" in answer.headers) == (429, False)
    assert answer.headers["x-ratelimit-reset"] == "1970-01-01T00:01:00Z"
