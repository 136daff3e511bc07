"""What people may do to a matter at any moment, one line an act: where, who, and what goes with it.

The rules are the acts' own; here stands only whose act it is, of which kind each word that comes with it is. What
they are called: `acts_words`; when an act makes sense: `duban.acts.possible`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from duban import acts
from duban.acts.decomposing import instruct_parts
from duban.acts.possible import LEADERS, LOOKING, OFFICE, UNIT
from duban.acts.reporting import report_period, return_period
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.portal.acts_words import LABELS as LABELS
from duban.portal.acts_words import label

BUREAU = ("office", "director", "deputy", "chief")

TEXT, DAY, WANTED_DAY, TICK, NAMES, NUMBER, FILE = "text", "day", "wanted day", "tick", "names", "number", "file"


@dataclass(frozen=True)
class Deed:
    """One act over HTTP: what it is called, who may, what it takes (field -> kind), and what does it."""

    name: str
    who: tuple[str, ...]
    fields: Mapping[str, str]
    act: Callable[..., State]
    reopens: bool = False  # it may take up a matter that has ended: then another run has to follow
    owed: bool = False  # whoever owes it in a case does it too, though the matter is another unit's (BC-7.1.5)
    helpers: bool = False  # a unit that helps does it too, for itself: it takes its copy of the notice


def _own_account(number: str, actor: Actor, **said: Any) -> State:
    # 书面说明 to the party committee: a unit accounts for itself and for nobody else.
    return acts.render_account(number, actor, unit=actor.unit or "", **said)


def _period_return(number: str, actor: Actor, *, level: str, **said: Any) -> State:
    return return_period(number, actor, level=level or OFFICE[0], **said)


def _instructed(number: str, actor: Actor, *, to_parts: bool, **said: Any) -> State:
    return (instruct_parts if to_parts else acts.instruct)(number, actor, **said)


def _leader_return(number: str, actor: Actor, *, level: str, **said: Any) -> State:
    if actor.post != OFFICE[0] and level != actor.post:
        raise Refusal(f"{actor.name}只能以本人的名义批示重办。")
    return acts.leader_return(number, actor, level, **said)


REPORT = {"progress": TEXT, "carried_out": TEXT, "obstacle": TEXT, "remedy": TEXT, "next_plan": TEXT, "percent": NUMBER}
NEWS = {"text": TEXT, "until": DAY, "carried_out": TEXT, "obstacle": TEXT, "remedy": TEXT}
MORE_TIME = {"reason": TEXT, "done": TEXT, "plan": TEXT, "until": DAY, "signed_by": TEXT}
INSTRUCTION = {"leader": TEXT, "text": TEXT, "on": WANTED_DAY, "requirement": TEXT, "due_on": DAY, "to_parts": TICK}
VISIT = {"people": TEXT, "place": TEXT, "on": DAY, "findings": TEXT, "causes": TEXT, "measures": TEXT, "partners": TEXT}
FOLLOW_UP = {"party": TEXT, "on": WANTED_DAY, "how": TEXT, "opinion": TEXT, "consistent": TICK}
OWN = {"summary": TEXT, "conclusion": TEXT, "people": TEXT, "on": DAY, "place": TEXT, "file": FILE}
NAMED = {"level": TEXT, "reason": TEXT, "bulletin": TEXT, "unit": TEXT}

DEEDS: dict[str, Deed] = {
    # The unit that handles the matter.
    "receipt": Deed("领收", UNIT, {"by": TEXT}, acts.receive, helpers=True),
    "reading": Deed("阅批", UNIT, {"by": TEXT, "opinion": TEXT}, acts.read),
    "decline": Deed("退件", UNIT, {"reason": TEXT}, acts.decline),
    "reply": Deed("回复", UNIT, {"file": FILE, "signed_by": TEXT}, acts.reply),
    "period-report": Deed("报送进度", UNIT, {**REPORT, "file": FILE}, report_period),
    "progress": Deed("报送进展", UNIT, NEWS, acts.report_progress),
    "extension": Deed("申请延期", UNIT, MORE_TIME, acts.extend),
    "account": Deed("书面情况说明", UNIT, {"text": TEXT, "signed_by": TEXT}, acts.account),
    "case-account": Deed(
        "向局党委书面说明", UNIT, {"case": TEXT, "text": TEXT, "signed_by": TEXT}, _own_account, owed=True
    ),
    # The office.
    "instruction": Deed("新批示", OFFICE, INSTRUCTION, _instructed, reopens=True),
    "withdrawal": Deed("撤销", OFFICE, {"reason": TEXT, "approved_by": TEXT}, acts.withdraw),
    "further-work": Deed("续办", OFFICE, {"requirement": TEXT, "due_on": DAY, "reason": TEXT}, acts.further_work, True),
    "paper-reply": Deed("收到纸质回复", OFFICE, {"place": TEXT, "signed_by": TEXT, "text": TEXT}, acts.reply_on_paper),
    "period-return": Deed(
        "退回进度报告", OFFICE, {"reason": TEXT, "requirement": TEXT, "due_on": DAY, "level": TEXT}, _period_return
    ),
    "extension-objection": Deed("不同意延期", OFFICE, {"reason": TEXT, "due_on": DAY}, acts.object_extension),
    "urge": Deed("催办", OFFICE, {"how": TEXT, "text": TEXT, "on": DAY}, acts.urge_by_hand),
    "tracking": Deed("过问", OFFICE, {"how": TEXT, "text": TEXT}, acts.track),
    "inspection": Deed("检查", LOOKING, {"people": TEXT, "on": WANTED_DAY, "findings": TEXT}, acts.inspect),
    "visit": Deed("联合督办记录", LOOKING, VISIT, acts.visit),
    "own-result": Deed("直接办理结果", OFFICE, OWN, acts.report_own),
    "follow-up": Deed("跟踪回访", OFFICE, FOLLOW_UP, acts.follow_up),
    "praise": Deed("表扬", OFFICE, NAMED, acts.praise),
    "criticism": Deed("批评", OFFICE, {**NAMED, "others": NAMES}, acts.criticise),
    "coordination": Deed(
        "协调", OFFICE, {"units": NAMES, "ruling": TEXT, "by": TEXT, "on": WANTED_DAY}, acts.coordinate
    ),
    "leak": Deed("泄密登记", OFFICE, {"text": TEXT, "person": TEXT}, acts.report_leak),
    "accountability": Deed("追责", OFFICE, {"ground": TEXT, "reason": TEXT, "unit": TEXT}, acts.hold_to_account),
    "case-outcome": Deed("问责处理结果", OFFICE, {"case": TEXT, "outcome": TEXT}, acts.resolve_case),
    # The leaders, or the office on their behalf.
    "leader-return": Deed(
        "批示重办",
        LEADERS,
        {"level": TEXT, "reason": TEXT, "requirement": TEXT, "due_on": DAY},
        _leader_return,
        reopens=True,
    ),
}
"""Path below the matter -> the act."""


def read_fields(deed: Deed, form: Mapping[str, object]) -> dict[str, Any]:
    """Return what was sent, each word as what it is meant to be; raise :class:`Refusal` naming the one that is not.

    A file stays out: it is read by whoever has the request.
    """
    if unknown := sorted(set(form) - set(deed.fields)):
        known = "、".join(f"{label(deed.name, name)}（{name}）" for name in deed.fields)
        raise Refusal(f"“{deed.name}”里没有“{'、'.join(unknown)}”这一项，可以填写：{known}。")
    return {
        name: _READ[kind](label(deed.name, name), form.get(name)) for name, kind in deed.fields.items() if kind != FILE
    }


def _text(name: str, value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise Refusal(f"“{name}”应当是文字，请改正后再提交。")
    return value or ""


def _day(name: str, value: object) -> date | None:
    text = _text(name, value).strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"“{name}”没有填写或格式不对（日期写成 2026-03-05），请改正后再提交。") from None


def _wanted_day(name: str, value: object) -> date:
    if (found := _day(name, value)) is None:
        raise Refusal(f"“{name}”没有填写或格式不对（日期写成 2026-03-05），请改正后再提交。")
    return found


def _tick(name: str, value: object) -> bool:
    text = _text(name, value).strip().lower()
    if text not in ("", "0", "1", "true", "false", "是", "否"):
        raise Refusal(f"“{name}”只能填是或否，请改正后再提交。")
    return text in ("1", "true", "是")


def _names(name: str, value: object) -> tuple[str, ...]:
    parts = _text(name, value).replace("，", "、").replace(",", "、").split("、")
    return tuple(part.strip() for part in parts if part.strip())


def _number(name: str, value: object) -> int | None:
    text = _text(name, value).strip().removesuffix("%")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refusal(f"“{name}”应当是一个数，请改正后再提交。")
    return int(text)


_READ: dict[str, Callable[[str, object], Any]] = {
    TEXT: _text,
    DAY: _day,
    WANTED_DAY: _wanted_day,
    TICK: _tick,
    NAMES: _names,
    NUMBER: _number,
}
