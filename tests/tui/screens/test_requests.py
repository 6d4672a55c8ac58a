"""Stories of the requests screen, at the size of a plain terminal and of a wide one."""

from dataclasses import replace

import pytest
from requests_app import NOW, PLAIN, SETTINGS, RequestsApp, fill, log
from textual.pilot import Pilot

from core.planning.changes import Because, Change, ChangeKind
from core.store import Store, Transaction, changes, runs

pytestmark = pytest.mark.usefixtures("utc")

SMALL, LARGE = (80, 24), (160, 48)
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x48"])


async def settle(pilot: Pilot[None]) -> None:
    """Let every search end, and its outcome be shown."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def type_filter(pilot: Pilot[None], app: RequestsApp, text: str) -> None:
    await pilot.press("slash")
    app.bar.open(text)
    await pilot.press("enter")
    await settle(pilot)


@SIZES
async def test_it_opens_at_the_newest_and_follows(store: Store, size: tuple[int, int]) -> None:
    fill(store, 300)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert app.ids[-1] == app.view.cursor == 300
        assert app.head.startswith(" FOLLOW")
        log(store, PLAIN)
        app.show_news()
        assert app.ids[-1] == app.view.cursor == 301


@SIZES
async def test_a_held_view_stays_while_200_rows_arrive_and_counts_them(store: Store, size: tuple[int, int]) -> None:
    fill(store, 300)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.press("up")
        held = app.ids
        for _ in range(20):
            log(store, *[PLAIN] * 10)
            app.show_news()
        assert (app.ids, app.view.cursor) == (held, 299)
        assert "HELD at" in app.head
        assert "200 new  f follows" in app.head
        await pilot.press("f")
        assert app.view.cursor == 500
        assert app.head.startswith(" FOLLOW")


async def test_an_exchange_of_another_day_is_held_with_its_date(store: Store) -> None:
    log(store, replace(PLAIN, at=NOW - 3 * 86_400_000), PLAIN)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("up")
        assert "HELD at 2026-08-21 " in app.head


async def test_the_head_tells_how_much_comes_and_goes(store: Store) -> None:
    log(
        store,
        *[replace(PLAIN, at=NOW - 3_000)] * 40,
        *[replace(PLAIN, direction="out", party="wiki", at=NOW - 3_000)] * 5,
    )
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert app.head.splitlines()[0].endswith("in 4.0/s  out 0.5/s ")


async def test_an_empty_log_says_where_the_idp_sends_to(store: Store) -> None:
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "nothing logged yet: the IdP sends to https://scim.example.com/scim/entra/v2" in app.screen_text()
    app = RequestsApp(store, replace(SETTINGS, providers=()))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "write a [[provider]] into config.toml" in app.screen_text()


def some_errors(store: Store, number: int = 300) -> None:
    """Every tenth exchange is a 404, and every hundredth a 503."""
    statuses = [503 if n % 100 == 0 else 404 if n % 10 == 0 else 200 for n in range(1, number + 1)]
    log(store, *[replace(PLAIN, status=status, at=NOW - number + n) for n, status in enumerate(statuses)])


@SIZES
async def test_a_filter_shows_what_matches_and_says_how_much(store: Store, size: tuple[int, int]) -> None:
    some_errors(store)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await type_filter(pilot, app, "status:4xx")
        assert app.ids[-3:] == [270, 280, 290]
        assert not app.bar.is_open
        assert "filter status:4xx" in app.head
        assert "[on] 27 match, all searched" in app.head
        log(store, replace(PLAIN, status=404), PLAIN)
        app.show_news()
        assert app.ids[-1] == app.view.cursor == 301
        assert "28 match" in app.head


async def test_the_filter_opens_with_what_is_set_and_esc_leaves_it_as_it_was(store: Store) -> None:
    some_errors(store)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_filter(pilot, app, "status:4xx")
        before = app.ids
        await pilot.press("slash", "space", "a")
        assert app.bar.text == "status:4xx a"
        await pilot.press("escape")
        assert not app.bar.is_open
        assert app.ids == before
        assert "filter status:4xx " in app.head
        await pilot.press("up")
        assert app.view.cursor == 280


async def test_a_filter_that_cannot_be_read_keeps_the_view_and_the_old_filter_in_force(store: Store) -> None:
    some_errors(store)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_filter(pilot, app, "status:5xx")
        before = app.ids
        await type_filter(pilot, app, "stauts:4xx")
        assert app.bar.is_open
        assert 'no field "stauts": status?' in app.bar.hints
        assert app.ids == before == [100, 200, 300]
        log(store, replace(PLAIN, status=500), replace(PLAIN, status=404))
        app.show_news()
        assert app.ids == [100, 200, 300, 301]
        await pilot.press("escape")
        assert "filter status:5xx" in app.head


async def test_a_filter_is_switched_off_around_the_row_and_on_again(store: Store) -> None:
    some_errors(store)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_filter(pilot, app, "status:5xx")
        await pilot.press("up")
        assert (app.ids, app.view.cursor) == ([100, 200, 300], 200)
        await pilot.press("t")
        assert {199, 200, 201} <= set(app.ids)
        assert app.view.cursor == 200
        assert "[off]" in app.head
        await pilot.press("t")
        await settle(pilot)
        assert (app.ids, app.view.cursor) == ([100, 200, 300], 200)


async def test_without_a_filter_there_is_nothing_to_switch(store: Store) -> None:
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("t")
        assert "no filter is set" in app.flashed


async def test_a_filter_set_while_held_finds_the_neighbours_of_the_row(store: Store) -> None:
    some_errors(store, 3_000)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("home")
        app.view.go_to(1_004)
        await type_filter(pilot, app, "status:404")
        assert app.view.cursor in (990, 1_010)  # the neighbours; 1,000 is no 404
        assert {980, 990, 1_010, 1_020} <= set(app.ids)
        await pilot.press("f")
        await settle(pilot)
        assert app.view.cursor == 2_990


async def test_the_oldest_match_is_reached_however_far_back_it_is(store: Store) -> None:
    fill(store, 2_500)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_filter(pilot, app, "method:patch")
        assert "[on] 1,000 match back to 10:11:08, more above" in app.head
        await pilot.press("home")
        await settle(pilot)
        assert app.view.cursor == app.ids[0] == 1
        assert "2,500 match, all searched" in app.head


async def test_going_up_page_by_page_finds_more_as_it_goes(store: Store) -> None:
    fill(store, 2_500)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_filter(pilot, app, "method:patch")
        for _ in range(40):
            await pilot.press(*["pageup"] * 4)
            await settle(pilot)
        assert app.view.cursor == app.ids[0] == 1


async def test_a_filter_that_matches_nothing_says_so_and_back_clears_it(store: Store) -> None:
    some_errors(store)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_filter(pilot, app, "subject:nobody")
        assert app.ids == []
        assert "nothing matches: change the filter, or go back" in app.screen_text()
        await pilot.press("escape")
        assert "filter" not in app.head
        assert app.ids[-1] == 300


async def test_a_held_row_is_come_back_to_after_a_filter_that_matches_nothing(store: Store) -> None:
    some_errors(store)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("pageup", "pageup", "up")
        cursor = app.view.cursor
        await type_filter(pilot, app, "subject:nobody")
        assert app.ids == []
        await pilot.press("escape")
        assert app.view.cursor == cursor
        assert cursor in app.ids


async def test_an_age_counts_from_the_moment_at_which_the_filter_is_entered(store: Store) -> None:
    ages = (100, 70, 50, 10, 5)
    log(store, *[replace(PLAIN, at=NOW - age * 1_000) for age in ages])
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_filter(pilot, app, "since:60s")
        assert app.ids == [3, 4, 5]
        app.clock = lambda: NOW + 20_000  # type: ignore[method-assign]
        await type_filter(pilot, app, "since:60s")
        assert app.ids == [4, 5]


async def test_an_empty_filter_shows_everything_again(store: Store) -> None:
    some_errors(store)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_filter(pilot, app, "status:5xx")
        await type_filter(pilot, app, "  ")
        assert app.ids[-1] == 300
        assert "filter" not in app.head


async def test_the_keys_of_the_screen_are_characters_while_a_filter_is_typed(store: Store) -> None:
    fill(store, 20)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("slash", *"p:", "slash", *"fetyEqGjk1")
        assert app.bar.text == "p:/fetyEqGjk1"
        assert (app.view.cursor, app.view.following, app.copied) == (20, True, [])


async def test_tab_completes_a_name_while_a_filter_is_typed(store: Store) -> None:
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("slash", "m", "e", "tab", "p", "u", "t")
        assert app.bar.text == "method:put"


async def test_errors_are_gone_through_one_by_one_from_the_last(store: Store) -> None:
    some_errors(store)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        visited = []
        for key in ("e", "E", "E", "e", "e", "e"):
            await pilot.press(key)
            await settle(pilot)
            visited.append(app.view.cursor)
        assert visited == [300, 290, 280, 290, 300, 300]
        assert app.flashed == "no error after this exchange"
        assert not app.view.following


async def test_the_key_after_it_goes_on_from_an_error_that_is_near(store: Store) -> None:
    some_errors(store)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL):
        app.view.go_to_error(forward=True)
        assert (app.view.cursor, app.view.following) == (300, False)
        app.view.go_to_error(forward=False)
        assert app.view.cursor == 290


async def test_errors_out_of_sight_are_found_within_the_filter(store: Store) -> None:
    some_errors(store, 5_000)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await type_filter(pilot, app, "-status:404")
        await pilot.press("e", "E")
        await settle(pilot)
        assert app.view.cursor == 4_900
        assert 4_890 not in app.ids
        assert 4_899 in app.ids


async def test_without_an_error_that_is_said(store: Store) -> None:
    fill(store, 20)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("E")
        await settle(pilot)
        assert app.flashed == "no error before this exchange"


def trail(tx: Transaction) -> None:
    """An inbound exchange with a tolerance, its change, and the call that carried it out."""
    body = b'{"Operations":[{"op":"Add","path":"members"}]}'
    headers = {"x-manciple-tolerances": "op-case", "etag": "W/1"}
    cause = tx.log(replace(PLAIN, request_body=body, response_headers=headers, response_body=b'{"id":"42"}'))
    run = runs.start(tx, "wiki", "push", "1 key")
    because = Because("Ada is in eng", "groups.map", exchange=cause)
    changes.plan(tx, run, "wiki", 0, [Change(ChangeKind.ADD_MEMBER, because, account="ada", group="staff")])
    tx.log(replace(PLAIN, direction="out", party="wiki", method="PUT", path="/rest/x", run=run, change=1, cause=cause))


@SIZES
async def test_an_opened_exchange_shows_its_three_parts_and_follows_the_cursor(
    store: Store, size: tuple[int, int]
) -> None:
    store.writer.write_now(trail)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.press("up", "enter")
        await pilot.pause()
        assert '      "op": "Add",' in app.screen_text()
        assert "[Request] Response  Effect" in app.pane.title
        await pilot.press("tab")
        assert '  "id": "42"' in app.screen_text()
        await pilot.press("tab")
        assert "change:1 run:1  wiki  add-member  ada, staff  planned" in app.screen_text()
        assert "op-case: The operation was not in lower case" in app.screen_text()
        await pilot.press("down")
        await pilot.pause()
        assert "because: Ada is in eng" in app.screen_text()
        await pilot.press("tab")
        assert "[Request]" in app.pane.title
        assert "PUT /rest/x" in app.screen_text()


async def test_an_open_effect_follows_what_becomes_of_it(store: Store) -> None:
    store.writer.write_now(trail)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("up", "enter", "tab", "tab")
        store.writer.write_now(lambda tx: changes.settle(tx, 1, "failed", "403: read-only"))
        app.show_news()
        await pilot.pause()
        assert "ada, staff  failed" in app.screen_text()
        assert "403: read-only" in app.screen_text()


@SIZES
async def test_back_closes_the_exchange_and_returns_to_the_exact_row(store: Store, size: tuple[int, int]) -> None:
    fill(store, 300)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.press("pageup", "pageup", "up", "up")
        cursor = app.view.cursor
        await pilot.press("enter", "enter", "pagedown", "escape")
        await pilot.pause()
        assert not app.pane.display
        assert app.view.has_focus
        assert app.view.cursor == cursor
        assert cursor in app.ids


async def test_the_text_of_an_exchange_is_scrolled_once_it_is_entered(store: Store) -> None:
    long = b"[" + b",".join(b"%d" % n for n in range(500)) + b"]"
    log(store, PLAIN, replace(PLAIN, request_body=long))
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("enter", "end")
        assert (app.pane.has_focus, app.view.cursor) == (True, 2)
        assert "  499\n]" in app.screen_text()
        await pilot.press("enter", "up")
        await pilot.pause()
        assert (app.view.has_focus, app.view.cursor) == (True, 1)
        assert "no body" in app.screen_text()


async def test_a_part_needs_an_opened_exchange(store: Store) -> None:
    fill(store, 3)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("tab")
        assert "open an exchange first" in app.flashed


async def test_an_exchange_that_expired_meanwhile_is_not_opened(store: Store) -> None:
    from core.store import retention

    fill(store, 10)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("home")
        store.writer.write_now(lambda tx: retention.delete_up_to(tx, 5))
        await pilot.press("enter")
        await pilot.pause()
        assert app.flashed == "the log no longer has this exchange"
        assert not app.pane.display


async def test_the_opened_exchange_is_copied_as_curl_without_its_token(store: Store) -> None:
    masked = {"authorization": "Bearer •••", "content-type": "application/scim+json"}
    log(store, replace(PLAIN, request_headers=masked, request_body=b'{"active":false}'))
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("enter", "y")
        assert app.copied == [
            "curl -X PATCH https://scim.example.com/scim/entra/v2/Users/42 "
            '-H "Authorization: Bearer $TOKEN" '
            "-H 'Content-Type: application/scim+json' --data-raw '{\"active\":false}'"
        ]
        assert app.flashed == "sent to the terminal's clipboard; set TOKEN before you run it"


async def test_what_the_copy_lacks_is_said(store: Store) -> None:
    log(store, replace(PLAIN, request_body='{"phone":"•••"}'.encode()))
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("y")
        assert "were masked" in app.flashed


async def test_an_exchange_of_a_party_that_is_gone_is_not_copied(store: Store) -> None:
    log(store, replace(PLAIN, party="okta"))
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("y")
        assert app.copied == []
        assert "not in config.toml" in app.flashed


async def test_there_is_nothing_to_copy_in_an_empty_log(store: Store) -> None:
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("y", "e", "enter", "tab")
        await settle(pilot)
        assert (app.copied, app.pane.display) == ([], False)


HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202e[red]\n山田太郎\x9b31m"


@SIZES
@pytest.mark.parametrize("part", [0, 1, 2], ids=["request", "response", "effect"])
async def test_nothing_hostile_reaches_the_terminal(store: Store, size: tuple[int, int], part: int) -> None:
    hostile = replace(
        PLAIN,
        path=f"/Users/{HOSTILE}",
        method=HOSTILE,
        subject=HOSTILE,
        outcome=HOSTILE,
        client=HOSTILE,
        request_headers={HOSTILE: HOSTILE},
        request_body=f'{{"a{HOSTILE}":"{HOSTILE}"'.encode(),
        response_headers={"x-manciple-tolerances": HOSTILE},
        response_body=HOSTILE.encode(),
    )
    log(store, hostile)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", *["tab"] * part)
        await pilot.pause()
        for line in app.screen_text().splitlines():
            assert line.isprintable()
        assert "␛[2J" in app.screen_text()


@SIZES
async def test_wide_characters_leave_every_column_in_its_place(store: Store, size: tuple[int, int]) -> None:
    log(store, replace(PLAIN, subject="山田太郎" * 12, outcome="作成"), PLAIN)
    app = RequestsApp(store)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        strips = [app.view.render_line(y) for y in range(2)]
        assert {strip.cell_length for strip in strips} == {size[0]}
        assert "作成" in strips[0].text
        assert "…" in strips[0].text


@pytest.mark.parametrize("width", [60, 80, 119, 120, 160, 240])
async def test_resizing_keeps_the_row_and_fills_the_screen(store: Store, width: int) -> None:
    fill(store, 300)
    app = RequestsApp(store)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("pageup", "up", "enter")
        cursor = app.view.cursor
        await pilot.resize_terminal(width, 30)
        await pilot.pause()
        assert app.view.cursor == cursor
        assert cursor in app.ids
        assert len(app.ids) == app.view.size.height
        side_by_side = app.pane.region.y == app.view.region.y - 1
        assert side_by_side is (width >= 120)


async def test_what_cannot_act_now_says_why(store: Store) -> None:
    fill(store, 3)
    app = RequestsApp(store)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        unset = {"requests.toggle_filter": "no filter is set", "requests.save_filter": "no filter is set"}
        unset |= dict.fromkeys(("filter.complete", "filter.older", "filter.newer"), "no filter is being typed")
        unset |= {"requests.trail_back": "the trail begins here"}
        assert app.shown.reasons() == unset | {"requests.next_part": "open an exchange first"}
        await pilot.press("enter")
        await pilot.pause()
        assert app.shown.reasons() == unset
        await pilot.press("slash")
        await pilot.pause()
        assert app.shown.reasons()["requests.follow"] == "something is being typed"
