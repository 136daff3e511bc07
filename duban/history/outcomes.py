"""What became of a reply, and what was said of it afterwards: returned, closed, sent up, praised (退回–问责处理)."""

from duban import acts
from duban.acts import OPERATOR, judging, upward
from duban.acts.act import act
from duban.acts.cases import resolve_case
from duban.errors import Refusal
from duban.history.turn import UNSAID, Turn, defaults
from duban.ledger.standing import UNDER_REVIEW, WITH_UNIT, State
from duban.organization import Organization
from duban.regulation import vocabulary

LEVELS = {"督办室": "office", "主任": "director", "分管局领导": "deputy", "分管局长": "deputy", "一把手": "chief"}
PRAISE = {
    "通报": "praised_in_bulletin",
    "局长": "praised_by_chief",
    "主要领导": "praised_by_chief",
    "上级": "praised_above",
}
CRITICISM = {"通报": "criticised", "上级": "criticised_above"}
FAULTS = {"格式": "format_fault", "未签": "unsigned", "主体": "subject_mismatch", "回访": "no_visit"}


def returned(turn: Turn) -> None:
    """退回, by whom and why: that decides whether it deducts."""
    with act(turn.number) as it:
        state, law, org = it.state, it.law, it.org
    level = _level(turn.get("by") or "办公室", org)
    reasons = judging.reasons(law)
    if turn.get("reason") not in reasons:
        raise Refusal(f"“理由”不能是“{turn.get('reason')}”，《{law.title}》的退回理由有：{'、'.join(reasons)}")
    reason, wanted, until = reasons[turn.get("reason")], turn.text(), turn.until()
    option = next((word for word, code in judging.RETURNS.items() if code == level), "")
    if state.state not in UNDER_REVIEW and state.nodes and state.state in WITH_UNIT:
        acts.return_period(turn.number, OPERATOR, reason, wanted, until, level)
    elif (key := state.awaits("review.office")) and option in acts.question(state, key).options:
        fields = {"reason": turn.get("reason"), "requirement": wanted, "due_on": until}
        acts.decide(turn.number, key, option, fields, OPERATOR)
    else:
        acts.leader_return(turn.number, OPERATOR, level, reason, wanted, until)


def _level(said: str, org: Organization) -> str:
    """Who sends back: a post by its name here or in the regulation, or a person who holds one."""
    words = {
        **LEVELS,
        **vocabulary.POSTS,
        **{org.title(post): post for post in ("office", "director", "chief", "deputy")},
    }
    if said in words:
        return words[said]
    for post in ("chief", "deputy", "director", "office"):
        if said in {holder.name for holder in org.holders(post)}:
            return post
    raise Refusal(f"“由谁”里的“{said}”看不出是哪一级，请写 办公室、办公室主任、分管领导 或 局长")


def accepted(turn: Turn) -> None:
    """审核通过, with the faults that deduct; the office's report goes to the desks at once."""
    state = turn.state()
    key = state.awaits("review.office")
    if key is None:
        raise Refusal("这时候没有等着审核的回复，请在前面补一行“回复”")
    _accept(turn, state, key)
    if turn.state().awaits("report"):
        acts.write_report(turn.number)


def _accept(turn: Turn, state: State, key: str) -> None:
    question = acts.question(state, key)
    fields = defaults(question) | {"summary": turn.text("办理情况见接管以前的案卷。")}
    fields |= {name: True for name in ("has_violation", "has_revisit") if name in fields}
    if turn.step.deed.word == "审核通过":
        for word, tick in FAULTS.items():
            known = tick if tick in fields else "format_fault" if tick == "unsigned" else ""
            if word in turn.get("reason") and known in fields:
                fields[known] = True
    acts.decide(turn.number, key, question.options[0], fields, OPERATOR)


def checked(turn: Turn) -> None:
    """阶段检查."""
    state = turn.state()
    key = state.awaits("check")
    if key is None:
        raise Refusal("这时候没有要由办公室检查的阶段，请核对阶段表和日期")
    fields = defaults(acts.question(state, key)) | {"findings": turn.text()}
    fields |= {name: turn.get("reason") or None for name in fields if name.startswith("grade_")}
    acts.decide(turn.number, key, "检查完毕", fields, OPERATOR)


def continued(turn: Turn) -> None:
    """续办."""
    state = turn.state()
    if key := state.awaits("review.office"):
        fields = {"requirement": turn.text(), "due_on": turn.until()}
        acts.decide(turn.number, key, judging.FURTHER_WORK, fields, OPERATOR)
    else:
        acts.further_work(turn.number, OPERATOR, turn.text(), turn.until())


def instructed(turn: Turn) -> None:
    """新批示."""
    acts.instruct(turn.number, OPERATOR, turn.get("by"), turn.text(), turn.step.at.date(), "", turn.until())


def own_result(turn: Turn) -> None:
    """办理结果 of what the office does itself."""
    acts.report_own(turn.number, OPERATOR, turn.text(), "", turn.get("by") or UNSAID, turn.step.at.date())


def closed(turn: Turn) -> None:
    """办结: accepted if that is not said, reported, approved by every desk; sent up where that is not its own row."""
    while not (state := turn.state()).ended:
        if key := state.awaits("review.office"):
            _accept(turn, state, key)
        elif state.awaits("report"):
            acts.write_report(turn.number)
        elif key := next((one for one in state.awaiting if one.startswith("approve.")), None):
            fields = defaults(acts.question(state, key)) | {"opinion": ""}
            acts.decide(turn.number, key, acts.question(state, key).options[0], fields, OPERATOR)
        elif state.state == "report_up":
            if "上报" in turn.ahead:
                return
            sent_up(turn)
        else:
            raise Refusal(_why_not_closed(state))
    filed(turn)


def _why_not_closed(state: State) -> str:
    if not state.rounds:
        return "这一件还没有下达，请在前面补上“下达”和“回复”"
    if state.mode == "own":
        return "办公室直接办理的，请在前面补一行“办理结果”"
    if state.parts and state.awaits("children"):
        rest = "、".join(part.number for part in state.parts if not part.ended)
        return f"还有分办件没有办结（{rest}），请先写分办件的办结和主件的回复"
    if state.nodes and state.type == "staged":
        return "还有阶段没有报，请补上各阶段的“回复”和“审核通过”"
    return "办结以前没有回复，请在前面补一行“回复”（什么时候报来的，决定是不是逾期）"


def sent_up(turn: Turn) -> None:
    """上报: drafted, signed and sent; the number is that of the paper which went up then."""
    if turn.state().state != "report_up":
        raise Refusal("这一件还没有批准办结，或者不需要上报，请核对")
    own_row = turn.step.deed.word == "上报"
    while (state := turn.state()).state == "report_up":
        if state.awaits("upward"):
            acts.draft_upward(turn.number)
            continue
        key = next(one for one in state.awaiting if one.partition(":")[0].partition(".")[0] in ("sign_up", "send_up"))
        question = acts.question(state, key)
        fields = defaults(question)
        if key.startswith("send_up"):
            to = turn.get("by") if own_row else ""
            number = turn.get("reference") if own_row else ""
            fields |= {"to": to or fields["to"] or UNSAID, "how": UNSAID, "reference": number or UNSAID, "on": None}
        acts.decide(
            turn.number, key, next(one for one in question.options if one != upward.SEND_BACK), fields, OPERATOR
        )
    filed(turn)


def filed(turn: Turn) -> None:
    """归档."""
    if turn.state().awaits("file"):
        acts.file_away(turn.number)


def withdrawn(turn: Turn) -> None:
    """撤销."""
    acts.withdraw(turn.number, OPERATOR, turn.text(), turn.get("by"))
    filed(turn)


def _named(turn: Turn, levels: dict[str, str]) -> str:
    said = turn.get("by") or "通报"
    found = {code for word, code in levels.items() if word in said}
    if len(found) != 1:
        raise Refusal(f"“由谁”里的“{said}”看不出是哪一级，请写 {'、'.join(dict.fromkeys(levels))}")
    return found.pop()


def praised(turn: Turn) -> None:
    """表扬."""
    unit = (turn.step.row.values.get("units") or [""])[0]
    acts.praise(turn.number, OPERATOR, _named(turn, PRAISE), turn.text(), turn.get("reference"), unit)


def criticised(turn: Turn) -> None:
    """批评; the units after the first account for it too."""
    first, *others = turn.step.row.values.get("units") or [""]
    level = _named(turn, CRITICISM)
    acts.criticise(turn.number, OPERATOR, level, turn.text(), turn.get("reference"), first, tuple(others))


def followed_up(turn: Turn) -> None:
    """回访."""
    said = turn.get("reason")
    if said not in ("相符", "不符"):
        raise Refusal("回访的“理由”要写 相符 或 不符，它决定扣不扣分")
    on = turn.step.at.date()
    acts.follow_up(turn.number, OPERATOR, turn.get("by") or "某", on, UNSAID, turn.text(), said == "相符")


def resolved(turn: Turn) -> None:
    """问责处理 of the one case that is open."""
    open_cases = [case for case in turn.state().cases if case.closed_at is None]
    if not open_cases:
        raise Refusal("这一件这时候没有等着处理的问责，请核对")
    resolve_case(turn.number, OPERATOR, open_cases[0].id, turn.text())
