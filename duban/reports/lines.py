"""A line of a report: one open matter. Of what may not be shown (`secret`) only its number, its mark and its unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from duban import clock
from duban.ledger.standing import STATES
from duban.marks import is_secret
from duban.organization import Organization
from duban.reports import happened, names
from duban.reports.happened import Said
from duban.reports.heading import Period
from duban.reports.lights import LIGHTS, Lights
from duban.statistics.asof import Standing

#: What stands where the title would of a matter that is a state secret, or that only named people may see.
SECRET, NAMED_READERS = "（涉密件，内容见纸质件）", "（指定人员阅看，不列内容）"


@dataclass(frozen=True, slots=True)
class Line:
    """One matter as a report shows it.

    `days_left` is negative for days overdue; `changes`: what happened in the report's period, told in words;
    `progress`: the last that is known, and of when. Of a secret all but the head is empty, though it stands in the list
    of those overdue where it is one: such a list is as long as its figure says.
    """

    number: str
    mark: str
    unit: str
    unit_name: str
    secret: bool
    light: str = ""
    light_name: str = ""
    reference: str = ""
    title: str = ""
    type: str = ""
    type_name: str = ""
    cohandlers: str = ""
    instruction_by: str = ""
    instruction_on: str = ""
    registered_on: date | None = None
    state: str = ""
    state_name: str = ""
    round: int = 0
    due_on: date | None = None
    days_left: int | None = None
    overdue: bool = False
    due_text: str = ""
    progress: str = ""
    progress_on: date | None = None
    changes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """All fields by name; days as ISO text."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        said |= {name: value.isoformat() for name, value in said.items() if isinstance(value, date)}
        return said | {"changes": list(self.changes)}


def lines(
    session: Session,
    org: Organization,
    found: Sequence[Standing],
    period: Period,
    lights: Lights | None = None,
    *,
    changes: bool = False,
) -> list[Line]:
    """The lines of these matters, by unit as the organization lists them, then the longest overdue first.

    With `lights` each open one has its light, with `changes` each tells what changed in the period.
    """
    open_ones = [one.number for one in found if not one.withheld]
    said = happened.last_said(session, open_ones, period.moment)
    changed = happened.changes(session, open_ones, period.since, period.moment) if changes else {}
    units = names.units(org, (one.unit for one in found))
    place = {code: at for at, code in enumerate(units)}
    ordered = sorted(found, key=lambda one: (place[one.unit], _urgency(one), one.number))
    shown = {one.number: lights.of(one) if lights and not one.ended else "" for one in ordered}
    types = names.types_of(found)
    return [
        line(one, org, units, types, shown[one.number], said.get(one.number), changed.get(one.number, ()))
        for one in ordered
    ]


def line(
    one: Standing,
    org: Organization,
    units: Mapping[str, str],
    types: Mapping[tuple[str, str], str],
    light: str = "",
    said: Said | None = None,
    changed: tuple[str, ...] = (),
) -> Line:
    """The line of a matter; `units` are the names by code, `types` those by regulation and id."""
    head = (one.number, one.mark, one.unit, units[one.unit])
    if one.withheld:
        return Line(
            *head,
            secret=True,
            light="secret",
            overdue=one.overdue,
            title=SECRET if is_secret(one.mark) else NAMED_READERS,
        )
    return Line(
        *head,
        secret=False,
        light=light,
        light_name=LIGHTS.get(light, ""),
        reference=one.reference,
        title=one.title,
        type=one.type,
        type_name=types[one.regulation, one.type],
        cohandlers="、".join(names.unit(org, code) for code in one.cohandlers),
        instruction_by=one.instruction_by,
        instruction_on=one.instruction_on,
        registered_on=one.registered_at.astimezone(clock.SHANGHAI).date(),
        state=one.state,
        state_name=STATES[one.state],
        round=len(one.rounds),
        due_on=one.due_on,
        days_left=one.days_left,
        overdue=one.overdue,
        due_text=due_text(one),
        progress=said.text if said else "",
        progress_on=said.on if said else None,
        changes=changed,
    )


def due_text(one: Standing) -> str:
    """How long there is still, or how long it is overdue; why neither where no clock runs."""
    left = one.days_left
    if one.overdue:
        days = -(left or 0)
        return f"逾期{days}天" if days > 0 else "今天已逾期"
    if one.ended:
        return "—"
    if left is None or one.runs_until is None:
        return "不计时"
    return f"还有{left}天" if left else "今天到期"


def _urgency(one: Standing) -> int:
    """The longest overdue first, then what is due soonest; what has no clock last."""
    if one.days_left is None or (one.runs_until is None and not one.overdue):
        return 1_000_000
    return one.days_left
