"""考核异议: a unit says that one of its own entries is wrong, within the window of objection; the office decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from duban import organization
from duban.acts.act import OPERATOR, SYSTEM, Act, act
from duban.acts.asking import Answer, Builder, Question, table, text_field
from duban.acts.cases import paper_for
from duban.acts.form import is_secret
from duban.acts.papers import SEE_PAPER, make
from duban.acts.words import POINTERS
from duban.errors import Refusal
from duban.ledger import Actor, State
from duban.ledger.standing import Objection, Period
from duban.periodicals import snapshots
from duban.periodicals.reading import of, until
from duban.periodicals.scoring import entry_of, points
from duban.text import required

LONGEST = 2000  # characters of a reason
UPHELD, REJECTED = "异议成立", "异议不成立"
#: What the bureau's catalogue says of the paper on which the office answers (用于).
PAPER = "考核异议"


def object_to(number: str, actor: Actor, entry: str, reason: str) -> State:
    """Object to one entry of one's own unit; the same objection twice is one.

    `entry` is the id of the entry, as the unit sees it. Raises Refusal when the file is no month of scores, out of the
    window, for another unit's entry, by somebody who is neither head nor liaison, and for an entry objected to already.
    """
    with act(number, periodical=True) as it:
        period = of(it.state, "monthly_scoring").periodical
        said = _entry(period, it, entry)
        unit = _unit(it, actor, said)
        text = _told(required(reason, "异议理由", LONGEST), said["mark"], "异议理由")
        for one in period.objections:
            if one.entry == entry:
                return _repeated(it, one, text)
        _refuse_closed(it, period)
        nth = len(period.objections) + 1
        data = {"objection": nth, "entry": entry, "unit": unit, "reason": text, "item": said["item_text"]}
        return it.record("objected", f"objected:{nth}", actor, it.law.scoring.basis.clause, data)


def _entry(period: Period, it: Act, entry: str) -> dict[str, Any]:
    if not period.snapshot:
        raise Refusal(f"{it.state.title}还没有出初稿，没有可以提异议的计分，请等初稿发出。")
    return entry_of(snapshots.read(period.snapshot), entry)


def _unit(it: Act, actor: Actor, entry: Mapping[str, Any]) -> str:
    unit = str(entry["unit"])
    if actor.post == OPERATOR.post:
        return unit
    if actor.unit != unit:
        # Not even whose it is: a unit sees the entries of others in nothing but the published ranking.
        raise Refusal(f"这一条计分不是{_short(it, actor.unit)}的，只能对本单位的计分提出异议。")
    if actor.user not in {person.user for person in _who(it, unit)}:
        raise Refusal(f"异议由单位主要负责人或联络员提出，{actor.name}不能提，请由他们来提。")
    return unit


def _who(it: Act, unit: str) -> tuple[organization.Person, ...]:
    posts = it.org.unit_posts(unit)
    return tuple(posts[name] for name in ("unit_head", "liaison") if name in posts)


def _short(it: Act, unit: str | None) -> str:
    return it.org.unit(unit).short if unit else "您所在单位"


def _repeated(it: Act, known: Objection, text: str) -> State:
    if known.reason == text:
        return it.state
    raise Refusal(f"对这一条计分，{known.by}已于{known.at:%Y-%m-%d}提出异议，不能再提；有补充的请送办公室。")


def _refuse_closed(it: Act, period: Period) -> None:
    if it.state.awaits("objections"):
        return
    if period.objections_until is None:
        raise Refusal(f"《{it.law.title}》没有规定异议期，{it.state.title}不受理异议，请直接与办公室联系。")
    raise Refusal(f"{it.state.title}的异议期已于{until(period.objections_until)}结束，不再受理异议。")


def _told(text: str, mark: str, label: str) -> str:
    if not is_secret(mark):
        return text
    if text not in POINTERS:
        raise Refusal(f"这一条计分的督办件为{mark}件，“{label}”的内容不得录入本系统，请写“见纸质件”，在纸质件上办理。")
    return SEE_PAPER


def ask(state: State, key: str) -> Question:
    """The question behind one objection: it names the unit, the entry with its clause and evidence, and the reason."""
    nth = int(key.rpartition(":")[2])
    return _about(state, next(one for one in of(state).periodical.objections if one.number == nth))


def _about(state: State, asked: Objection) -> Question:
    org = organization.load(state.organization)
    entry = entry_of(snapshots.read(of(state).periodical.snapshot), asked.entry)
    rows = [
        ("期", state.title),
        ("单位", org.unit(asked.unit).name),
        ("计分", f"{entry['item_text']} {points(entry['points'])}分（{entry['clause']}，{entry['date']}）"),
        ("督办件", entry["reference"] or entry["number"] or "—"),
        ("说明", entry["note"] or "—"),
        ("证据", entry["document"]["name"] if entry["document"] else f"台账记录 {entry['source']} {entry['key']}"),
        ("异议", f"{asked.by}（{asked.at:%Y-%m-%d %H:%M}）：{asked.reason}"),
    ]
    return Question(
        subject=f"考核异议：{org.unit(asked.unit).short} {entry['item_text']}（{state.title}）",
        body=table(rows),
        options=(UPHELD, REJECTED),
        posts=("office",),
        fields={"reason": text_field("理由", "必填；异议成立的，这一条不计分，以后也不再计。", lines=True)},
    )


def _decided(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    nth = int(key.rpartition(":")[2])
    period = of(it.state).periodical
    asked = next(one for one in period.objections if one.number == nth)
    entry = entry_of(snapshots.read(period.snapshot), asked.entry)
    data = {
        "objection": nth,
        "option": option,
        "upheld": option == UPHELD,
        "entry": asked.entry,
        "unit": asked.unit,
        "reason": _told(required(fields.get("reason"), "理由", LONGEST), entry["mark"], "理由"),
    }
    it.record("objection_decided", key, actor, it.law.scoring.basis.clause, data)
    make(it, paper_for(it, PAPER), nth=f"objection{nth}")
    return it.state


def _window_over(it: Act, key: str, at: datetime) -> None:
    it.record(
        "objections_closed", f"lapse:{key}", SYSTEM, it.law.scoring.basis.clause, {"due_at": at.isoformat()}, at=at
    )


LAPSES = {"objections": _window_over}
QUESTIONS: dict[str, Builder] = {"objection.office": ask}
ANSWERS: dict[str, Answer] = {"objection.office": _decided}
