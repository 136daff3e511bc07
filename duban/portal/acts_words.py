"""What the acts of the table and their words are called, what is said beside them, and the rule each stands on."""

from __future__ import annotations

from typing import Any

from duban.ledger import State
from duban.regulation import Regulation
from duban.regulation.law import Clause

LABELS: dict[str, str] = {
    "by": "经办人",
    "opinion": "意见",
    "reason": "理由",
    "file": "文件",
    "signed_by": "签字人",
    "text": "内容",
    "progress": "进展情况",
    "carried_out": "是否落实",
    "obstacle": "未落实的原因",
    "remedy": "解决办法",
    "next_plan": "下步计划",
    "percent": "完成比例",
    "until": "预计办结的日期",
    "done": "已做工作",
    "plan": "下一步办理安排",
    "case": "问责",
    "leader": "批示领导",
    "on": "日期",
    "requirement": "要求",
    "due_on": "办理期限",
    "to_parts": "同时发给各分办件",
    "approved_by": "批准人",
    "place": "地点",
    "level": "级别",
    "how": "方式",
    "people": "参加人员",
    "findings": "发现问题",
    "causes": "原因分析",
    "measures": "对策措施",
    "partners": "参加部门",
    "summary": "办理情况",
    "conclusion": "结论",
    "party": "当事人",
    "consistent": "与回复一致",
    "bulletin": "通报或批示文号",
    "unit": "单位",
    "others": "同时书面说明的单位",
    "units": "有分歧的单位",
    "ruling": "协调意见",
    "person": "责任人",
    "ground": "追责情形",
    "outcome": "处理结果",
    "entry": "计分条目",
}
"""Field of an act -> what it is called; where it is called otherwise in one act, that stands in OWN_LABELS."""

OWN_LABELS: dict[tuple[str, str], str] = {
    ("领收", "by"): "领收人",
    ("阅批", "by"): "阅批人",
    ("阅批", "opinion"): "阅批意见",
    ("退件", "reason"): "退件理由",
    ("回复", "file"): "办结报告（.docx）",
    ("报送进度", "file"): "附件",
    ("报送进展", "text"): "进展情况",
    ("申请延期", "reason"): "未办结原因",
    ("申请延期", "until"): "新的完成日期",
    ("申请延期", "signed_by"): "领导签字",
    ("书面情况说明", "text"): "情况说明",
    ("书面情况说明", "signed_by"): "主要领导签字",
    ("向局党委书面说明", "text"): "书面说明",
    ("向局党委书面说明", "signed_by"): "主要领导签字",
    ("新批示", "text"): "批示内容",
    ("新批示", "on"): "批示日期",
    ("新批示", "requirement"): "新要求",
    ("撤销", "reason"): "撤销原因",
    ("续办", "requirement"): "续办要求",
    ("续办", "reason"): "续办原因",
    ("续办", "due_on"): "续办期限",
    ("收到纸质回复", "place"): "纸质件存放处",
    ("收到纸质回复", "text"): "办理情况",
    ("退回进度报告", "reason"): "退回理由",
    ("退回进度报告", "requirement"): "补办要求",
    ("退回进度报告", "due_on"): "补办期限",
    ("退回进度报告", "level"): "由谁退回",
    ("不同意延期", "reason"): "不同意的理由",
    ("不同意延期", "due_on"): "改定的期限",
    ("催办", "how"): "催办形式",
    ("催办", "text"): "催办内容",
    ("催办", "on"): "要求办结的日期",
    ("过问", "how"): "过问方式",
    ("过问", "text"): "跟踪情况",
    ("检查", "people"): "检查人员",
    ("检查", "on"): "检查日期",
    ("检查", "findings"): "检查情况",
    ("直接办理结果", "people"): "办理人员",
    ("直接办理结果", "on"): "办理日期",
    ("直接办理结果", "file"): "办理材料",
    ("跟踪回访", "on"): "回访日期",
    ("跟踪回访", "how"): "回访方式",
    ("跟踪回访", "opinion"): "当事人意见",
    ("表扬", "unit"): "受表扬的单位",
    ("批评", "unit"): "受批评的单位",
    ("协调", "by"): "裁定的领导",
    ("协调", "on"): "协调日期",
    ("泄密登记", "text"): "泄密情况",
    ("追责", "reason"): "情况",
    ("追责", "unit"): "被追责的单位",
    ("批示重办", "reason"): "重办理由",
    ("批示重办", "requirement"): "补办要求",
    ("批示重办", "due_on"): "补办期限",
    ("批示重办", "level"): "由谁批示",
}
"""(Name of the act, field) -> what it is called there."""

HELPS: dict[str, str] = {
    "receipt": "确认本单位已经拿到督办通知单。领收的时间就是现在，不能补记。",
    "reading": "单位主要负责人看过通知单、安排了人办，由联络员登记。意见里写明由谁承办。",
    "decline": "不属于本单位职责的，阅批以前可以退回一次，由办公室决定改派还是仍由本单位办。写清理由和应当由谁办。",
    "reply": "选好办结报告后先看系统核对的结果，再决定发送。以发送的时间为准。",
    "period-report": "报告本期的进展。没有完全落实的，写明原因和解决办法。到最后一期请报办结报告。",
    "progress": "随时可以报。催办以后报进展的，要写预计办结的日期；到期前不能办结的请用“申请延期”。",
    "extension": "到期以前报来的才能顺延。原因、已做的工作、下一步安排和新的日期都要写。",
    "account": "由单位主要领导说明没有按期办结的原因和整改措施，办公室据此重新确定时限。",
    "case-account": "由单位主要领导就这一问责向局党委书面说明，报送后不能再改。",
    "instruction": "领导对本件又有批示时登记，抄告承办单位。写了期限的按写的算，没有写的按制度算。",
    "withdrawal": "撤销后本件不再办理，也不能恢复；须经批准，写明是谁批准的。",
    "further-work": "回复没有问题、还要接着办的用续办，不扣分。回复有问题的请在审核时退回。",
    "paper-reply": "承办单位送来的是纸质回复时登记；时间就是现在。",
    "period-return": "只能退回最近报来的一期；原定的报送日不变。",
    "extension-objection": "不同意承办单位报备的延期：不写日期就恢复原来的期限，原期限已过的要另写日期。",
    "urge": "办公室主动催办并登记：电话、文书或者其他形式。催办不改变期限。",
    "tracking": "问了进展就登记一条，写明问了谁、对方怎么说。",
    "inspection": "到现场或调卷检查的，登记检查的人、日期和看到的情况。",
    "visit": "联合督办每去一次登记一次，写明参加的部门。",
    "own-result": "办公室自己办的事，办完后登记结果。",
    "follow-up": "向当事人核对回复是否属实。当事人只留姓氏；不一致的如实勾选，可能涉及扣分。",
    "praise": "登记对承办单位的表扬，考核时按制度加分。",
    "criticism": "登记对承办单位的批评，考核时按制度扣分；次数达到制度规定的，自动登记问责。",
    "coordination": "单位之间对由谁办有分歧时，登记领导的裁定。",
    "leak": "向无关人员透露了督办内容的，登记责任人和经过；制度规定问责的自动登记问责。",
    "accountability": "有制度列明的追责情形时登记，一事一登。",
    "case-outcome": "问责有了处理结果后登记，登记后不能再改。还欠书面说明的，先等说明。",
    "leader-return": "领导看了回复要求重办时登记，开始新的一轮。是否扣分由理由决定。",
}
"""Path of the act -> what is said beside its form."""

FIELD_HELPS: dict[tuple[str, str], str] = {
    ("receipt", "by"): "不填就是您本人。",
    ("reading", "by"): "不填就是单位主要负责人。",
    ("reply", "signed_by"): "在报告上签字的领导的姓名。",
    ("reply", "file"): "最大 20 MB。先只核对，不会发出。",
    ("period-report", "percent"): "0 到 100 的整数，可以不填。",
    ("period-report", "file"): "可以不附，最大 20 MB。",
    ("own-result", "file"): "可以不附，最大 20 MB。",
    ("own-result", "on"): "不填为今天。",
    ("progress", "until"): "催办以后报进展的必填，其他时候可以不填。",
    ("instruction", "due_on"): "批示里写了期限的填写；没有写的留空，按制度算。",
    ("further-work", "due_on"): "制度没有规定续办期限的必填。",
    ("period-return", "due_on"): "不填按制度规定的补办期限。",
    ("leader-return", "due_on"): "不填按制度规定的补办期限。",
    ("extension-objection", "due_on"): "不填就恢复原来的期限。",
    ("urge", "on"): "可以不填；不改变本件的期限。",
    ("visit", "partners"): "几个之间用顿号隔开。",
    ("criticism", "others"): "被上级通报的，责任部门也要书面说明；几个之间用顿号隔开。",
    ("coordination", "units"): "至少两个，用顿号隔开。",
    ("praise", "unit"): "不选就是承办单位。",
    ("criticism", "unit"): "不选就是承办单位。",
    ("accountability", "unit"): "不选就是承办单位。",
    ("follow-up", "party"): "只保存姓氏。",
}
"""(Path of the act, field) -> what is said below the field."""

RULES: dict[str, str] = {
    "receipt": "receipt",
    "reading": "reading",
    "decline": "registration",
    "reply": "reply",
    "period-report": "cadence",
    "progress": "urge",
    "extension": "extension",
    "account": "urge",
    "instruction": "instruction",
    "withdrawal": "registration",
    "further-work": "further_work",
    "paper-reply": "reply",
    "period-return": "returns",
    "extension-objection": "extension",
    "urge": "urge",
    "tracking": "tracking",
    "inspection": "review",
    "follow-up": "review",
    "praise": "bulletin",
    "criticism": "bulletin",
    "coordination": "duty",
    "leak": "secrecy",
    "leader-return": "returns",
}
"""Path of the act -> the rule of the regulation that it stands on; the others' depends on more (`clause_of`)."""

_MODES = {"visit": "joint", "own-result": "own"}


def clause_of(key: str, law: Regulation, state: State | None = None) -> Clause | None:
    """Return the clause that an act stands on under this regulation, None where the regulation does not tell.

    A regular matter's report stands on the clause of its type; a visit and an own result on that of their mode.
    """
    rule: Any = getattr(law, RULES[key]) if key in RULES else law.modes.get(_MODES.get(key, ""))
    if key == "period-report" and state is not None:
        rule = law.types[state.type].cadence or law.cadence
    if rule is None or not (number := rule.basis.clause):
        return None
    return law.clause(number)


def label(act: str, field: str) -> str:
    """Return what a field is called in the act of this name (领收 …)."""
    return OWN_LABELS.get((act, field), LABELS[field])
