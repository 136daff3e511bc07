"""How each word of 经过 happens again: through the acts that write it when it happens in Duban.

What an act checks because it may still be put right (who may sign, how often more time may be granted, how long after
an urge the next may follow) is not asked of the past; what would make the ledger untrue is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from duban import acts, deadlines, ledger
from duban.acts import OPERATOR, judging, upward, urging
from duban.acts.act import Act, act
from duban.acts.cases import render_account, resolve_case
from duban.acts.due import due_data, stated_due
from duban.acts.form import is_secret
from duban.acts.handling import record_reply, refuse_declined, refuse_untimely
from duban.acts.papers import SEE_PAPER
from duban.acts.reassigning import KEEP, REASSIGN
from duban.errors import Refusal
from duban.history.year import Matter, Step
from duban.ledger.standing import UNDER_REVIEW, WITH_UNIT, State
from duban.organization import Organization
from duban.regulation import vocabulary

#: What stands where the old list says nothing and an act wants words.
UNSAID = "（原台账未写明）"
LEVELS = {"督办室": "office", "主任": "director", "分管局领导": "deputy", "分管局长": "deputy", "一把手": "chief"}
PRAISE = {
    "通报": "praised_in_bulletin",
    "局长": "praised_by_chief",
    "主要领导": "praised_by_chief",
    "上级": "praised_above",
}
CRITICISM = {"通报": "criticised", "上级": "criticised_above"}
FAULTS = {"格式": "format_fault", "未签": "unsigned", "主体": "subject_mismatch", "回访": "no_visit"}


@dataclass
class Turn:
    """One step of a matter about to happen; `ahead`: the words of the steps after it."""

    matter: Matter
    step: Step
    ahead: tuple[str, ...]

    @property
    def number(self) -> str:
        """The matter's number in the ledger."""
        return self.matter.number

    def get(self, key: str) -> Any:
        """A cell of the row; empty where there is nothing in it."""
        return self.step.row.get(key) or ""

    def state(self) -> State:
        """The matter as it stands at this hour."""
        with act(self.number) as it:
            return it.state

    def text(self, default: str = UNSAID) -> str:
        """说明; of a state secret nothing but where the paper is."""
        if is_secret(self.state().mark):
            return SEE_PAPER
        return str(self.get("text") or default)

    def until(self) -> date | None:
        """新期限."""
        found: date | None = self.get("until") or None
        return found


def signed(turn: Turn) -> None:
    """签发: everybody before the dispatch has agreed."""
    before = turn.state()
    while key := next((one for one in before.awaiting if one.partition(".")[0] in ("propose", "sign")), None):
        question = acts.question(before, key)
        desk = key.rpartition(":")[0].partition(".")[2]
        option = question.options[0]  # the word that passes it: 同意, 签发, 阅示, 审批
        before = acts.decide(turn.number, key, option, _defaults(question), OPERATOR)
        if key in before.awaiting:
            raise Refusal(f"“{desk}”签不了这一件")


def _defaults(question: acts.Question) -> dict[str, Any]:
    return {name: about["default"] for name, about in question.fields.items()}


def dispatched(turn: Turn) -> None:
    """下达, with the signatures before it and, where nothing else is said, receipt and reading at once."""
    if turn.matter.parent and turn.state().rounds and not turn.state().awaits("deliver"):
        return  # handed out with its parent
    signed(turn)
    state = turn.state()
    if key := state.awaits("phone"):
        fields = _defaults(acts.question(state, key))
        acts.decide(
            turn.number, key, "已电话下达", fields | {"callee_post": fields["callee_post"] or "联络员"}, OPERATOR
        )
    elif state.awaits("visit"):
        raise Refusal("这一件要先到现场，请在“下达”之前补一行“督办记录”")
    elif state.awaits("deliver"):
        acts.deliver(turn.number)
    else:
        raise Refusal("这一件已经下达，不能再下达一次；退回、续办、新批示的请用那些词")
    state = turn.state()
    if key := state.awaits("call"):
        acts.decide(turn.number, key, "已电话通知", _defaults(acts.question(state, key)), OPERATOR)
    following = turn.ahead[: turn.ahead.index("下达")] if "下达" in turn.ahead else turn.ahead
    if following and "领收" not in following:
        taken(turn, following)


def taken(turn: Turn, following: tuple[str, ...]) -> None:
    """领收 and, unless the unit sends the matter back or its reading has its own row, 阅批 at once."""
    if turn.state().awaits("receipt"):
        acts.receive(turn.number, OPERATOR, turn.get("by") if turn.step.deed.word == "领收" else "")
    if following and not {"阅批", "退件", "改派", "维持原单位"} & {*following}:
        _read(turn)


def received(turn: Turn) -> None:
    """领收."""
    if turn.state().received_at is not None:
        raise Refusal("这一件已经领收")
    _refuse_before(turn)
    taken(turn, turn.ahead[: turn.ahead.index("下达")] if "下达" in turn.ahead else turn.ahead)


def _read(turn: Turn) -> None:
    if turn.state().awaits("reading"):
        acts.read(turn.number, OPERATOR)


def read(turn: Turn) -> None:
    """阅批."""
    _refuse_before(turn)
    acts.read(turn.number, OPERATOR, turn.get("by"), "" if is_secret(turn.state().mark) else turn.get("text"))


def _refuse_before(turn: Turn) -> None:
    if not turn.state().rounds:
        raise Refusal("这一件还没有下达，请在前面补一行“下达”")


def declined(turn: Turn) -> None:
    """退件."""
    _refuse_before(turn)
    acts.decline(turn.number, OPERATOR, turn.text())


def reassigned(turn: Turn) -> None:
    """改派: to another unit; the notice is signed and dispatched anew."""
    _office_decides(turn, REASSIGN, {"unit": turn.step.row.values["units"][0]})


def kept(turn: Turn) -> None:
    """维持原单位."""
    _office_decides(turn, KEEP, {"due_on": turn.until()})


def _office_decides(turn: Turn, option: str, fields: dict[str, Any]) -> None:
    _refuse_before(turn)
    if turn.state().awaits("reassign") is None:
        acts.decline(turn.number, OPERATOR, turn.text())
    key = turn.state().awaits("reassign")
    assert key  # it has just been declined
    acts.decide(turn.number, key, option, {"reason": turn.text(), **fields}, OPERATOR)


def visited(turn: Turn) -> None:
    """督办记录 of what was done on site, covertly or jointly."""
    state = turn.state()
    key = state.awaits("visit") or state.awaits("joint_record")
    said = {"people": turn.get("by") or UNSAID, "place": UNSAID, "on": turn.step.at.date()}
    content = {name: turn.text() if name == "findings" else UNSAID for name in ("findings", "causes", "measures")}
    said |= {} if is_secret(state.mark) else content
    partners = "、".join(state.form.get("partners", ())) or UNSAID
    if key is None:
        acts.visit(turn.number, OPERATOR, **said, partners=partners)
        return
    question = acts.question(state, key)
    option = question.options[-1] if "办结" in turn.get("reason") else question.options[0]
    acts.decide(turn.number, key, option, {**said, "partners": partners}, OPERATOR)


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
    fields = _defaults(question) | {"summary": turn.text("办理情况见接管以前的案卷。")}
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
    fields = _defaults(acts.question(state, key)) | {"findings": turn.text()}
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
            fields = _defaults(acts.question(state, key)) | {"opinion": ""}
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
        fields = _defaults(question)
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


HAPPENS: dict[str, Callable[[Turn], None]] = {
    "签发": signed,
    "下达": dispatched,
    "领收": received,
    "阅批": read,
    "退件": declined,
    "改派": reassigned,
    "维持原单位": kept,
    "督办记录": visited,
    "跟踪": tracked,
    "检查": inspected,
    "进展": progressed,
    "周报": period_reported,
    "延期": extended,
    "申请延期": asked_for_time,
    "不同意延期": not_extended,
    "催办": urged,
    "书面说明": accounted,
    "重定期限": date_set,
    "回复": replied,
    "退回": returned,
    "审核通过": accepted,
    "阶段检查": checked,
    "续办": continued,
    "新批示": instructed,
    "办理结果": own_result,
    "办结": closed,
    "上报": sent_up,
    "归档": filed,
    "撤销": withdrawn,
    "表扬": praised,
    "批评": criticised,
    "回访": followed_up,
    "问责处理": resolved,
}
