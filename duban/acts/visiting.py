"""实地、联合、暗访: the office goes and looks, alone or with others, announced or not (BC-4.3, 4.4, SK-3.2)."""

from collections.abc import Mapping
from typing import Any

from duban.acts.act import Act, act
from duban.acts.asking import Answer, Builder, Field, Question, date_field, head, table, text_field, title
from duban.acts.due import day_of
from duban.acts.form import checked, is_secret
from duban.acts.form_values import names
from duban.acts.modes import mode_word
from duban.acts.papers import SEE_PAPER, make
from duban.acts.signing import submit
from duban.acts.words import LONGEST
from duban.errors import Refusal
from duban.ledger import Actor
from duban.ledger.standing import State
from duban.text import clean, optional, required

HAND_OVER, ON_RECORD, BESIDE = "转承办单位办理", "记录备查，办结", "记录"
#: field -> (what it is called, most characters); the last three are 发现问题→原因→对策 (SK-3.2).
TEXTS: dict[str, tuple[str, int]] = {
    "people": ("参加人员", 200),
    "place": ("地点", 200),
    "findings": ("发现问题", LONGEST),
    "causes": ("原因分析", LONGEST),
    "measures": ("对策措施", LONGEST),
}
CONTENT = ("findings", "causes", "measures")


def visit(number: str, actor: Actor, **said: object) -> State:
    """One more record of a joint supervision (BC-4.4): `people`, `place`, `on`, `findings`, `causes`, `measures`,
    `partners`.

    May be given as often as the office goes there while the matter is open; the same record twice is one. Raises
    Refusal for a matter of another mode, before it was handed over and after its end.
    """
    with act(number) as it:
        data = _record(it, said, BESIDE)
        if it.repeats("visited", data):
            return it.state
        it.refuse_ended()
        if it.state.mode != "joint" or not it.state.rounds:
            raise Refusal(f"督办件 {number} 不是正在办理的联合督办，不能补记联合督办情况。")
        return _visited(it, f"joint_record:{it.state.visits + 1}", actor, data, "")


def _visit(state: State, _desk: str) -> Question:
    joint = state.mode == "joint"
    rows = [*head(state), *_ground(state)]
    return Question(
        subject=f"{mode_word(state.mode)}督办情况：{state.reference} {title(state)}",
        body=table(rows),
        options=(BESIDE,) if joint else (HAND_OVER, ON_RECORD),
        posts=("office",),
        fields=_fields(state),
    )


def _ground(state: State) -> list[tuple[str, str]]:
    """By whose order or with whose consent the office goes there."""
    form = state.form
    if form.get("order_by"):
        said = form["order_text"] or form["order_number"]
        return [("局长要求", f"{form['order_by']}（{form['order_on']}）：{said}")]
    if form.get("consent_by"):
        return [("局党委同意", f"{form['consent_by']}（{form['consent_on']}），{form['consent_number']}")]
    return []


def _fields(state: State) -> dict[str, Field]:
    fields: dict[str, Field] = {
        "people": text_field(TEXTS["people"][0], "去了哪些人，必填。"),
        "place": text_field(TEXTS["place"][0], "必填。"),
        "on": date_field("日期", "必填。"),
        "partners": text_field("参加部门", "几个之间用顿号隔开。", "、".join(state.form.get("partners", ()))),
    }
    if is_secret(state.mark):
        return fields
    fields |= {name: text_field(TEXTS[name][0], lines=True) for name in CONTENT}
    if state.mode != "joint":
        fields["due_on"] = date_field("办理期限", "转承办单位办理时可另定；不填按登记的期限或类别时限。")
    return fields


def _answered(it: Act, key: str, option: str, fields: dict[str, Any], actor: Actor, _desk: str) -> State:
    data = _record(it, fields, option)
    if option == BESIDE:
        return _visited(it, key, actor, data, "")
    if option == ON_RECORD:
        required(data["findings"], *TEXTS["findings"])  # never closed without something on record (BC-3.3)
        return _visited(it, key, actor, data, "close")
    covert = it.state.mode == "covert"
    signed = covert or it.law.modes[it.state.mode].signed
    data["form"] = _handed_over(it, data, fields)
    _visited(it, key, actor, data, "sign" if signed else "deliver")
    if covert:
        it.record("released", "released", actor, it.law.modes["covert"].basis.clause)
    return submit(it, actor) if signed else it.state


def _record(it: Act, fields: Mapping[str, object], option: str) -> dict[str, Any]:
    """What is put on record of a visit, clean. Raises Refusal for what is missing or lies in the future."""
    on = day_of(fields.get("on"))
    if on is None:
        raise Refusal("“日期”没有填写，请补充后再提交。")
    if on > it.now.date():
        raise Refusal(f"督办的日期 {on.isoformat()} 晚于今天，请核对。")
    said = {name: optional(fields.get(name), label, most) for name, (label, most) in TEXTS.items()}
    if is_secret(it.state.mark):
        if any(said[name] for name in CONTENT):
            raise Refusal(f"督办件 {it.number} 为{it.state.mark}件，看到的情况不得录入本系统，请记在纸质件上。")
        said |= dict.fromkeys(CONTENT, SEE_PAPER)
    elif it.state.mode == "covert":
        # Problem, cause, remedy: what the party committee decides on.
        said |= {name: required(said[name], *TEXTS[name]) for name in CONTENT}
    said |= {name: required(said[name], *TEXTS[name]) for name in ("people", "place")}
    partners = names(fields.get("partners"), "参加部门")
    if it.state.mode == "joint" and not partners:
        raise Refusal("联合督办的记录要写明参加部门，请填写“参加部门”。")
    return {
        **said,
        "mode": it.state.mode,
        "option": option,
        "on": on.isoformat(),
        "partners": [clean(name) for name in partners],
    }


def _handed_over(it: Act, data: dict[str, Any], fields: Mapping[str, object]) -> dict[str, Any]:
    """What the visit changes of the form: the findings become part of what is wanted, and perhaps the limit."""
    form = it.state.form
    changes: dict[str, Any] = {}
    if not is_secret(it.state.mark):
        if not (data["findings"] or data["measures"]):
            raise Refusal("转承办单位办理的，请写明“发现问题”或“对策措施”，作为办理要求。")
        found = [f"{TEXTS[name][0]}：{data[name]}" for name in CONTENT if data[name]]
        changes["requirement"] = "\n".join([form["requirement"], *found])
    if (stated := day_of(fields.get("due_on"))) is not None:
        changes["due_on"] = stated.isoformat()
    # Also a limit of the form that has passed by now: refused while somebody can name another.
    checked({**form, **changes}, it.law, it.org, it.now, before=form)
    return changes


def _visited(it: Act, key: str, actor: Actor, data: dict[str, Any], then: str) -> State:
    rule = it.law.modes[it.state.mode]
    it.record("visited", key, actor, rule.basis.clause, data | {"next": then})
    make(it, rule.document, f"visit{it.state.visits}")
    return it.state


QUESTIONS: dict[str, Builder] = {"visit": _visit, "joint_record": _visit}
ANSWERS: dict[str, Answer] = {"visit": _answered, "joint_record": _answered}
