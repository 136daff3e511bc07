"""自办: the office does it itself (LZ-3.1.2, T10s)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from duban.acts.act import SYSTEM, Act, act
from duban.acts.asking import Answer, Builder, Question, date_field, head, table, text_field, title
from duban.acts.due import day_of
from duban.acts.form import is_secret
from duban.acts.papers import SEE_PAPER, attach, looked_through, make
from duban.acts.words import told
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.text import clean, optional, required

DONE = "办理完毕"


def report_own(
    number: str,
    actor: Actor,
    summary: str,
    conclusion: str,
    people: str,
    on: date | None = None,
    place: str = "",
    name: str = "",
    content: bytes = b"",
) -> State:
    """The office reports what it has done itself, `people` on the day `on` (default: today), with a .docx or without.

    Said twice it is said once; the decision `own_result:n` says the same without a file. Raises Refusal for a matter
    that a unit handles, and for somebody who is not of the office.
    """
    if content:
        looked_through(number, name, content, "材料不得上传到本系统，请存纸质件。")
    with act(number) as it:
        key = it.state.awaits("own_result")
        if key is None:
            if it.repeats("own_result", {"summary": clean(summary), "conclusion": clean(conclusion)}):
                return it.state
            raise Refusal(f"督办件 {number} 目前不等办公室报告办理结果。")
        if actor.unit is not None:
            raise Refusal(f"这一事项由{it.org.office}办理，{actor.name}不能代办。")
        sha256 = attach(it, name, content, "直接办理材料").sha256 if content else ""
        said = {"summary": summary, "conclusion": conclusion, "people": people, "on": on, "place": place}
        return _record(it, key, actor, said, sha256)


def _result(state: State, _desk: str) -> Question:
    secret = "见纸质件" if is_secret(state.mark) else ""
    return Question(
        subject=f"直接办理结果：{state.reference} {title(state)}（第{state.round}轮）",
        body=table(head(state)),
        options=(DONE,),
        posts=("office",),
        fields={
            "summary": text_field("办理情况", "写入办理报告，必填。", secret, lines=True),
            "conclusion": text_field("结论", "写入办理报告。"),
            "people": text_field("办理人员", "哪些人去办的，必填。"),
            "on": date_field("办理日期", "不填为今天。"),
            "place": text_field("地点"),
        },
    )


def _answered(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    return _record(it, key, actor, {**fields, "option": option}, "")


def _record(it: Act, key: str, actor: Actor, fields: dict[str, Any], sha256: str) -> State:
    secret = is_secret(it.state.mark)
    rule = it.law.modes["own"]
    on = day_of(fields.get("on")) or it.now.date()
    if on > it.now.date():
        raise Refusal(f"“办理日期”{on.isoformat()} 晚于今天，请核对。")
    data = {
        "option": fields.get("option", DONE),
        "summary": told(it, fields.get("summary"), "办理情况", wanted=not secret) or SEE_PAPER,
        "conclusion": told(it, fields.get("conclusion"), "结论", wanted=False),
        "people": required(fields.get("people"), "办理人员", 200),
        "on": on.isoformat(),
        "place": optional(fields.get("place"), "地点", 200),
        # Without a file nothing is named: `verify` looks for every checksum that stands in an event.
        **({"sha256": sha256} if sha256 else {}),
        "on_time": not it.state.current.lapsed,
    }
    it.record("own_result", key, actor, rule.basis.clause, data)
    make(it, rule.document)
    return it.state


def _lapsed(it: Act, key: str, at: datetime) -> None:
    clause = it.law.modes["own"].basis.clause
    it.record("own_lapsed", f"lapse:{key}", SYSTEM, clause, {"due_at": at.isoformat()}, at=at)


QUESTIONS: dict[str, Builder] = {"own_result": _result}
ANSWERS: dict[str, Answer] = {"own_result": _answered}
#: Kind of timer -> what happens when it runs out (see lapsing.py).
LAPSES: dict[str, Callable[[Act, str, datetime], None]] = {"own_result": _lapsed}
