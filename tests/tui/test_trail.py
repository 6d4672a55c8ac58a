from dataclasses import replace

from core.exchange import Exchange
from core.store import changes, exchanges
from core.store.effects import Effects
from tui.trail import MOST, Link, Stop, Trail, links_of_change, links_of_exchange

INBOUND = Exchange("in", "entra", 0, 1, "PATCH", "/Users/42", 200)
OUTBOUND = replace(INBOUND, direction="out", party="wiki", method="PUT", path="/rest", run=12, change=5, cause=77)
CHANGE = changes.Listed(
    *(5, 12, "wiki", 3, "add-member", "ada", "a1", "staff", "u1", "failed", 1, None, None, None, 77)
)
CALL = exchanges.Listed(*(78, "out", "wiki", 0, 1, "PUT", "/rest", 403, "ada", "", "", 12, 5, 77))
CAUSE = replace(CALL, id=77, direction="in", party="entra", method="PATCH", path="/Users/42", status=None)


def test_an_inbound_exchange_leads_on_to_its_changes_and_its_calls() -> None:
    assert links_of_exchange(77, INBOUND, Effects(changes=(CHANGE,), calls=(CALL, replace(CALL, id=79)))) == [
        Link("change:5 of run:12  wiki  add-member  ada, staff  failed", Stop(run=12, position=3)),
        Link("id:78  wiki  PUT /rest  403", Stop(exchange=78)),
        Link("id:79  wiki  PUT /rest  403", Stop(exchange=79)),
        Link("all of them (filter cause:77)", Stop(query="cause:77")),
    ]


def test_a_call_leads_back_to_its_change_and_to_the_request_that_caused_it() -> None:
    assert [link.stop for link in links_of_exchange(78, OUTBOUND, Effects(change=(CHANGE, None), cause=CAUSE))] == [  # type: ignore[arg-type]
        Stop(run=12, position=3),
        Stop(exchange=77),
        Stop(query="change:5"),
        Stop(query="run:12"),
    ]
    (run, *_) = links_of_exchange(78, replace(OUTBOUND, change=None), Effects())
    assert run == Link("run:12", Stop(run=12))


def test_a_change_leads_on_to_its_cause_and_its_calls() -> None:
    assert [link.text for link in links_of_change(CHANGE, CAUSE, (CALL,))] == [
        "caused by id:77  entra  PATCH /Users/42  no answer",
        "id:78  wiki  PUT /rest  403",
        "all calls of run:12",
    ]


def test_what_belongs_to_nothing_leads_nowhere() -> None:
    assert links_of_exchange(1, replace(OUTBOUND, run=None, change=None, cause=None), Effects()) == []


def test_of_very_many_only_the_first_are_offered_and_a_filter_for_the_others() -> None:
    calls = tuple(replace(CALL, id=number) for number in range(100))
    links = links_of_exchange(77, INBOUND, Effects(calls=calls))
    assert (len(links), links[-1].stop) == (MOST + 1, Stop(query="cause:77"))
    assert len({link.text for link in links}) == len(links)


def test_the_way_back_goes_stop_by_stop_to_where_it_began() -> None:
    trail = Trail()
    for number in (1, 2):
        trail.leave(Stop(exchange=number))
    assert bool(trail)
    assert [trail.back(), trail.back(), trail.back()] == [Stop(exchange=2), Stop(exchange=1), None]
