"""Plans as plain documents: what is stored, saved to a file, shown as JSON, and hashed.

A plan that an admin approved is applied exactly; the hash is how both sides know it is the same one. So a document
has one form only (canonical JSON: sorted keys, no spaces, ASCII), and reading refuses whatever is not whole.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, get_args

from core.planning.changes import Because, Change, ChangeKind, Conflict, Hold, Needs, Plan, Resolution
from core.planning.led import Lead

VERSION = 2
"""Of the document's form. A document of another version is refused."""

Document = dict[str, Any]

_NAMES: Mapping[type, Sequence[str]] = {
    kind: sorted(field.name for field in fields(kind) if field.compare)
    for kind in (Because, Change, Conflict, Hold, Resolution)
} | {Lead: ("account_key", "id", "kind", "name", "project", "project_lead")}
"""Names of the fields; what is not compared is no part of a document, nor are the roles of what is led."""
_PARTS = ("changes", "conflicts", "holds", "notes", "version")
_Value = Because | Change | Conflict | Hold | Lead | Resolution


def plan_document(plan: Plan) -> Document:
    """The plan as a JSON-able dictionary; keys in sorted order."""
    return {
        "changes": [change_document(change) for change in plan.changes],
        "conflicts": [conflict_document(conflict) for conflict in plan.conflicts],
        "holds": [hold_document(hold) for hold in plan.holds],
        "notes": list(plan.notes),
        "version": VERSION,
    }


def change_document(change: Change) -> Document:
    """One change as a JSON-able dictionary; keys in sorted order."""
    return _document(change)


def conflict_document(conflict: Conflict) -> Document:
    """One conflict as a JSON-able dictionary; keys in sorted order."""
    return {name: value for name, value in _document(conflict).items() if name != "leads" or value}


def hold_document(hold: Hold) -> Document:
    """One hold as a JSON-able dictionary; keys in sorted order."""
    return _document(hold)


def read_plan(document: object) -> Plan:
    """The plan of a document.

    :raises ValueError: naming the place in the document that is missing or wrong.
    """
    plan = _mapping(document, "plan")
    _refuse_unknown(plan, _PARTS, "plan")
    if type(plan.get("version")) is not int or plan["version"] != VERSION:
        raise ValueError(f"plan: version {plan.get('version')!r} is not {VERSION}, the one this manciple reads")
    changes = _sequence(plan.get("changes"), "changes")
    conflicts = _sequence(plan.get("conflicts"), "conflicts")
    holds = _sequence(plan.get("holds"), "holds")
    return Plan(
        tuple(read_change(change, f"changes[{place}]") for place, change in enumerate(changes)),
        tuple(read_conflict(conflict, f"conflicts[{place}]") for place, conflict in enumerate(conflicts)),
        _texts(plan.get("notes"), "notes"),
        tuple(read_hold(hold, f"holds[{place}]") for place, hold in enumerate(holds)),
    )


def read_change(document: object, place: str = "change") -> Change:
    """The change of a document; `place` names it in errors.

    :raises ValueError: naming what is missing or wrong.
    """
    change = _fields_of(Change, document, place)
    because = _fields_of(Because, change["because"], f"{place}.because")
    if change["kind"] not in ChangeKind.__members__.values():
        raise ValueError(f"{place}.kind: {change['kind']!r} is no kind of change")
    return Change(
        kind=ChangeKind(change["kind"]),
        because=Because(
            text=_text(because["text"], f"{place}.because.text"),
            rule=_text(because["rule"], f"{place}.because.rule"),
            user_id=_optional_text(because["user_id"], f"{place}.because.user_id"),
            group_id=_optional_text(because["group_id"], f"{place}.because.group_id"),
            exchange=_optional_number(because["exchange"], f"{place}.because.exchange"),
        ),
        account=_optional_text(change["account"], f"{place}.account"),
        account_id=_optional_text(change["account_id"], f"{place}.account_id"),
        user_id=_optional_text(change["user_id"], f"{place}.user_id"),
        group=_optional_text(change["group"], f"{place}.group"),
        lead=_optional_text(change["lead"], f"{place}.lead"),
        before=_state(change["before"], f"{place}.before"),
        after=_state(change["after"], f"{place}.after"),
    )


def read_conflict(document: object, place: str = "conflict") -> Conflict:
    """The conflict of a document; `place` names it in errors.

    :raises ValueError: naming what is missing or wrong.
    """
    conflict = _fields_of(Conflict, {"leads": []} | _mapping(document, place), place)
    evidence = _mapping(conflict["evidence"], f"{place}.evidence")
    resolutions = _sequence(conflict["resolutions"], f"{place}.resolutions")
    return Conflict(
        kind=_text(conflict["kind"], f"{place}.kind"),
        subject=_text(conflict["subject"], f"{place}.subject"),
        title=_text(conflict["title"], f"{place}.title"),
        explanation=_text(conflict["explanation"], f"{place}.explanation"),
        evidence={key: _text(value, f"{place}.evidence.{key}") for key, value in evidence.items()},
        resolutions=tuple(
            _resolution(resolution, f"{place}.resolutions[{number}]") for number, resolution in enumerate(resolutions)
        ),
        user_id=_optional_text(conflict["user_id"], f"{place}.user_id"),
        group_id=_optional_text(conflict["group_id"], f"{place}.group_id"),
        exchange=_optional_number(conflict["exchange"], f"{place}.exchange"),
        leads=tuple(
            _lead(lead, f"{place}.leads[{number}]")
            for number, lead in enumerate(_sequence(conflict["leads"], f"{place}.leads"))
        ),
    )


def read_hold(document: object, place: str = "hold") -> Hold:
    """The hold of a document; `place` names it in errors.

    :raises ValueError: naming what is missing or wrong.
    """
    hold = _fields_of(Hold, document, place)
    if not isinstance(hold["approvable"], bool):
        raise ValueError(f"{place}.approvable is neither true nor false")
    return Hold(
        brake=_text(hold["brake"], f"{place}.brake"),
        text=_text(hold["text"], f"{place}.text"),
        keys=_texts(hold["keys"], f"{place}.keys"),
        sample=_texts(hold["sample"], f"{place}.sample"),
        cause=_text(hold["cause"], f"{place}.cause"),
        approvable=hold["approvable"],
    )


def plan_hash(plan: Plan) -> str:
    """SHA-256, in hexadecimal, over the canonical JSON of the plan's document, made piece by piece."""
    digest = hashlib.sha256()
    for piece in _canonical_pieces(plan):
        digest.update(piece.encode("ascii"))
    return digest.hexdigest()


def canonical_json(document: object) -> str:
    """The one JSON text of a document: keys sorted, no spaces, ASCII."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _canonical_pieces(plan: Plan) -> Iterator[str]:
    yield '{"changes":['
    yield from _joined(canonical_json(change_document(change)) for change in plan.changes)
    yield '],"conflicts":['
    yield from _joined(canonical_json(conflict_document(conflict)) for conflict in plan.conflicts)
    yield '],"holds":['
    yield from _joined(canonical_json(hold_document(hold)) for hold in plan.holds)
    yield f'],"notes":{canonical_json(list(plan.notes))},"version":{VERSION}}}'


def _joined(texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        yield f",{text}" if number else text


def _document(value: _Value) -> Document:
    found = {name: _plain(getattr(value, name)) for name in _NAMES[type(value)]}
    # An answer that needs nothing says nothing of it, as it did before there were any that need something.
    return {name: held for name, held in found.items() if held is not None} if isinstance(value, Resolution) else found


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int):
        return value.value if isinstance(value, ChangeKind) else value
    if isinstance(value, Because | Lead | Resolution):
        return _document(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(sorted(value.items())) if isinstance(value, Mapping) else value


def _resolution(document: object, place: str) -> Resolution:
    resolution = _fields_of(Resolution, {"needs": None, "proposed": None} | _mapping(document, place), place)
    needs = resolution["needs"]
    if needs is not None and needs not in get_args(Needs):
        raise ValueError(f"{place}.needs is none of {', '.join(get_args(Needs))}")
    texts = {key: _text(resolution[key], f"{place}.{key}") for key in ("key", "title", "consequence")}
    return Resolution(**texts, needs=needs, proposed=_optional_text(resolution["proposed"], f"{place}.proposed"))


def _lead(document: object, place: str) -> Lead:
    lead = _fields_of(Lead, document, place)
    if lead["kind"] not in ("project", "component"):
        raise ValueError(f"{place}.kind is neither project nor component")
    name, project = _text(lead["name"], f"{place}.name"), _text(lead["project"], f"{place}.project")
    account_key = _text(lead["account_key"], f"{place}.account_key")
    of_project = _optional_text(lead["project_lead"], f"{place}.project_lead")
    return Lead(lead["kind"], _text(lead["id"], f"{place}.id"), project, name, account_key, project_lead=of_project)


def _fields_of(kind: type[_Value], document: object, place: str) -> Mapping[str, Any]:
    found = _mapping(document, place)
    names = _NAMES[kind]
    _refuse_unknown(found, names, place)
    if missing := next((name for name in names if name not in found), None):
        raise ValueError(f"{place}.{missing} is missing")
    return found


def _refuse_unknown(found: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    if unknown := next((name for name in found if name not in known), None):
        raise ValueError(f"{place}.{unknown} is unknown")


def _state(value: object, place: str) -> Mapping[str, str | bool | None]:
    state = _mapping(value, place)
    wrong = next((key for key, held in state.items() if not isinstance(held, str | bool | None)), None)
    if wrong is not None:
        raise ValueError(f"{place}.{wrong} is neither text, true, false, nor null")
    return state


def _mapping(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ValueError(f"{place} is not an object")
    return value


def _sequence(value: object, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{place} is not a list")
    return value


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{place} is not text")
    return value


def _texts(value: object, place: str) -> tuple[str, ...]:
    return tuple(_text(text, f"{place}[{number}]") for number, text in enumerate(_sequence(value, place)))


def _optional_text(value: object, place: str) -> str | None:
    return None if value is None else _text(value, place)


def _optional_number(value: object, place: str) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ValueError(f"{place} is not a whole number")
