"""While a unit had a matter: progress, more time, urges, accounts, the reply (跟踪–回复)."""

from typing import Any

from duban import acts, deadlines, ledger
from duban.acts import OPERATOR, urging
from duban.acts.act import Act, act
from duban.acts.cases import render_account
from duban.acts.due import due_data, stated_due
from duban.acts.form import is_secret
from duban.acts.handling import record_reply, refuse_declined, refuse_untimely
from duban.acts.papers import SEE_PAPER
from duban.errors import Refusal
from duban.history.turn import UNSAID, Turn
from duban.ledger.standing import UNDER_REVIEW, WITH_UNIT
from duban.regulation import vocabulary


def tracked(turn: Turn) -> None:
    """跟踪."""
    acts.track(turn.number, OPERATOR, turn.get("reason") or "其他", turn.text())


def inspected(turn: Turn) -> None:
    """检查."""
    acts.inspect(turn.number, OPERATOR, turn.get("by") or UNSAID, turn.step.at.date(), turn.text())


def progressed(turn: Turn) -> None:
    """进展."""
    acts.report_progress(turn.number, OPERATOR, turn.text(), turn.until())


def period_reported(turn: Turn) -> None:
    """周报、月报."""
    carried = turn.get("reason") or "已落实"
    wanting = "" if carried == "已落实" else turn.text()
    acts.report_period(turn.number, OPERATOR, turn.text(), carried, obstacle=wanting, remedy=wanting)


def asked_for_time(turn: Turn) -> None:
    """申请延期; where the regulation has nobody to grant it, it counts as it is put on record."""
    said = {"reason": turn.text(), "plan": turn.text(), "signed_by": turn.get("by") or UNSAID}
    acts.extend(turn.number, OPERATOR, until=turn.until(), **said)


def extended(turn: Turn) -> None:
    """延期: on record, or asked for and granted by everybody who has to."""
    if not _asked(turn):
        asked_for_time(turn)
    while key := _asked(turn):
        last = key.rpartition(":")[0].partition(".")[2] == turn.state().extension["desks"][-1]
        acts.decide(turn.number, key, "同意", {"due_on": turn.until() if last else None}, OPERATOR)


def _asked(turn: Turn) -> str | None:
    return next((key for key in turn.state().awaiting if key.startswith("extend.")), None)


def not_extended(turn: Turn) -> None:
    """不同意延期."""
    if key := _asked(turn):
        acts.decide(turn.number, key, "不同意", {"opinion": turn.text()}, OPERATOR)
    else:
        acts.object_extension(turn.number, OPERATOR, turn.text(), turn.until())


def urged(turn: Turn) -> None:
    """催办: the one that the rules bring after the deadline, or one of the office's own accord."""
    with act(turn.number) as it:
        it.refuse_ended()
        refuse_declined(it)
        if it.state.state not in WITH_UNIT or it.state.state in UNDER_REVIEW:
            raise Refusal("这时候件不在承办单位手里，不会催办，请核对日期和事项")
        rule, how = it.law.urge, _how(turn, it)
        document = rule.document if how == "document" else None
        data: dict[str, Any] = {"how": how, "document": document or "", "reference": turn.get("reference")}
        if it.state.awaits("urge_day") and how == "document":  # the office was quicker than the rule
            key = it.state.awaits("urge_day")
            assert key
            urging.LAPSES["urge_day"](it, key, it.now)
        clause = rule.basis.clause or it.law.tracking.basis.clause
        key = it.state.awaits("urge.office") or (it.state.awaits("urge") if how == "document" else None)
        if key is None:
            nth = 1 + len(ledger.events(it.session, it.number, "urged_by_hand"))
            data |= {"by": OPERATOR.name, "text": turn.text()}
            it.record("urged_by_hand", f"urged_by_hand:{nth}", OPERATOR, clause, data)
            return
        until = turn.until()
        if until is not None:
            data |= due_data(stated_due(it, until))
        elif key.startswith("urge:") and rule.grace is not None:
            data |= due_data(deadlines.due(rule.grace, it.now, it.law))
        if key.startswith("urge.office"):
            option = next(word for word, code in urging.URGE.items() if code == how)
            data |= {"option": option, "nth": key.rpartition(":")[2], "by": OPERATOR.name, "text": turn.text()}
        it.record("urged", key, OPERATOR, clause, data)


def _how(turn: Turn, it: Act) -> str:
    said = turn.get("reason") or ("电话" if "电话" in turn.get("deed") else "")
    if said:
        if said not in vocabulary.URGE_FORMS:
            raise Refusal(f"催办的“理由”不能是“{said}”，请从{'、'.join(vocabulary.URGE_FORMS)}中选择")
        return vocabulary.URGE_FORMS[said]
    on_paper = it.state.current.lapsed or turn.get("reference")
    return "document" if on_paper and it.law.urge.document else "phone"


def accounted(turn: Turn) -> None:
    """书面说明: by the unit's head on a late matter, or in a case that owes one."""
    state = turn.state()
    signer = turn.get("by") or UNSAID
    if state.awaits("demand"):
        state = acts.demand_account(turn.number)
    if state.awaits("account"):
        acts.account(turn.number, OPERATOR, turn.text(), signer)
        if turn.until():
            date_set(turn)
        return
    unit = (turn.step.row.values.get("units") or [state.unit])[0]
    case = next((one.id for one in state.cases if unit in one.owes), None)
    if case is None:
        raise Refusal("按制度这时候不需要书面说明（逾期催办以后、宽限期满才有），请核对催办的日期")
    render_account(turn.number, OPERATOR, case, unit, turn.text(), signer)


def date_set(turn: Turn) -> None:
    """重定期限."""
    key = turn.state().awaits("new_date")
    if key is None:
        raise Refusal("重定期限要在书面说明以后，请补上“书面说明”一行；别的改期请用“延期”或“新批示”")
    acts.decide(turn.number, key, "确定新时限", {"due_on": turn.until(), "requirement": ""}, OPERATOR)


def replied(turn: Turn) -> None:
    """回复: the report lies in the old files; what counts is when it came and who signed it."""
    with act(turn.number) as it:
        refuse_untimely(it)
        unsigned = "未签" in turn.get("reason")
        text = SEE_PAPER if is_secret(it.state.mark) else turn.get("text") or "办理情况见接管以前的报告。"
        record_reply(it, OPERATOR, {
            "kind": "paper",
            "place": "接管以前的案卷",
            "text": text,
            "signed_by": "" if unsigned else turn.get("by") or UNSAID,
            "reference": turn.get("reference"),
        })  # fmt: skip
