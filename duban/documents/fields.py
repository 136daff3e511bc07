"""What a template may name: the fields and lists, in code and in the words of those who edit templates."""

#: The matter itself and the notice that hands it over.
_MATTER = {
    "number": "督办件编号", "reference": "督办文号", "title": "标题", "subject": "事由", "unit": "承办单位",
    "cohandlers": "协办单位", "partners": "参加部门", "mode_text": "督办方式", "issued_on": "交办日期",
    "due_on": "办理时限", "limit_text": "时限依据", "type_text": "事项类别", "source_text": "来源",
    "instruction_by": "批示领导", "instruction_on": "批示日期", "instruction_text": "批示内容",
    "basis_document": "来文依据", "requirement": "办理要求", "new_requirement": "新的要求", "goal": "工作目标",
    "weekly": "周报要求", "urgency": "紧急程度", "mark": "密级", "copy_number": "份号", "distribution": "发放范围",
    "contact_name": "联系人", "contact_phone": "联系电话", "office_name": "办公室名称", "bureau": "机关名称",
    "document_on": "成文日期", "received_by": "领收人", "received_on": "领收时间", "feedback": "反馈方式",
    "liaison": "联络员", "liaison_phone": "联络员电话", "unit_head": "单位负责人", "clause": "条款",
    "regulation": "制度名称", "recorder": "记录人", "registered_on": "登记日期",
    "registered_by": "登记人",
}  # fmt: skip
#: Signatures on notice and report.
_SIGNED = {
    "director": "办公室主任", "director_on": "主任审核日期", "chief": "局长", "chief_on": "签发日期",
    "deputy": "分管领导", "deputy_on": "分管领导签字日期", "signed_by": "签发人", "signed_on": "签发时间",
    "report_director": "审核人", "report_director_on": "审核日期", "report_chief": "审批人",
    "report_chief_on": "审批日期",
}  # fmt: skip
#: Proposal, call, visit, reassignment, coordination.
_BEFORE = {
    "proposed_by": "提出人", "proposing_department": "提出部门", "proposed_on": "提出日期",
    "proposal_reason": "提出理由", "proposal_route": "呈批途径", "proposed_limit": "建议时限",
    "callee": "受话人", "callee_post": "受话人职务", "called_on": "通话时间", "call_text": "通话内容",
    "caller": "主叫人", "visit_basis": "督办依据", "visit_on": "督办日期", "visit_place": "督办地点",
    "visit_people": "参加人员", "findings": "发现问题", "causes": "原因分析", "measures": "对策措施",
    "visit_outcome": "督办结论", "from_unit": "原承办单位", "declined_reason": "退件理由",
    "reassign_reason": "改派原因", "reassigned_on": "改派日期", "coordination_units": "协调单位",
    "coordination_ruling": "协调意见", "coordinated_by": "协调人", "coordinated_on": "协调日期",
}  # fmt: skip
#: With the unit: urging, extension, progress, checks.
_HANDLING = {
    "urge_reference": "催办文号", "urge_number": "催办次数", "overdue_days": "逾期天数", "urge_due_on": "催办期限",
    "urge_text": "催办内容", "urge_level": "催办级别", "consequence": "逾期后果", "account_due_on": "说明期限",
    "account_to": "说明报送对象", "extension_reason": "未办结原因", "extension_done": "已做工作",
    "extension_plan": "下一步安排", "extension_until": "预计完成日期", "extension_signer": "延期签字人",
    "extension_on": "备案时间", "extension_effect": "备案效力", "former_due_on": "原办理时限", "node": "报送节点",
    "period": "报送期间", "node_due_on": "报送时限", "progress": "进展情况", "carried_out": "是否落实",
    "obstacle": "未落实原因", "remedy": "解决办法", "next_plan": "下步计划", "percent": "完成比例",
    "period_reported_on": "报送日期", "period_reported_by": "报送人", "check_on": "检查日期",
    "check_people": "检查人员", "check_findings": "检查情况",
}  # fmt: skip
#: After the reply: review, report, what goes up, accountability.
_AFTER = {
    "return_level": "退办层级", "return_reason": "退办原因", "return_requirement": "补办要求",
    "return_due_on": "补办期限", "return_by": "退办人", "return_on": "退办日期", "round": "轮次",
    "reply_on": "回复日期", "reply_signer": "回复签发人", "reply_summary": "办理情况", "conclusion": "结论",
    "office_opinion": "办公室意见", "report_on": "报告日期", "further_reason": "续办原因",
    "further_requirement": "续办要求", "new_due_on": "新的时限", "party": "当事人", "follow_on": "回访日期",
    "follow_how": "回访方式", "follow_by": "回访人", "follow_opinion": "当事人意见", "consistent": "是否一致",
    "upward_reference": "上报文号", "upward_title": "上报标题", "addressee": "主送机关", "upward_text": "上报正文",
    "upward_signature": "署名", "annotation": "附注", "copies": "抄送",
    "printed_by": "印发机关", "printed_on": "印发日期", "accountability_reason": "问责事由",
    "accountability_clause": "问责条款", "accountability_id": "问责编号", "accountable_unit": "责任单位",
    "accountable_person": "责任人", "evidence": "证据材料", "accountability_outcome": "处理结果",
    "account_units": "说明单位", "party_committee": "党委名称", "bulletin_above": "上级通报",
    "bulletin_reason": "通报原因",
}  # fmt: skip

#: What the papers of a period say: weekly report, month's scores, bulletin, compilation, catalogue of an archive.
_PERIODIC = {
    "issue": "期号", "edition": "期次", "span": "统计期间", "as_of": "统计截至", "unit_count": "单位总数",
    "total_count": "总件数", "closed_count": "办结件数", "open_count": "在办件数", "overdue_count": "逾期件数",
    "opened_count": "新交办件数", "cancelled_count": "撤销件数", "secret_count": "涉密件数", "lights_told": "灯号说明",
    "closed_rate": "办结率", "on_time_rate": "按期率", "overdue_rate": "逾期率", "base_text": "统计口径",
    "bulletin_text": "通报正文", "base_points": "基础分", "entry_count": "记分条数",
    "report_rate": "报送率", "reported_count": "已报件数", "missing_count": "未报件数", "listed_count": "通报件数",
    "correction_count": "更正条数", "objection_count": "异议件数", "ranking_title": "得分名称",
    "objection_unit": "异议单位", "objection_by": "异议人", "objection_on": "异议日期", "objection_text": "异议理由",
    "objection_entry": "异议记分", "objection_points": "异议分值", "objection_clause": "异议条款",
    "objection_reference": "异议文号", "objection_ruling": "处理意见", "objection_answer": "处理理由",
    "objection_decided_by": "处理人", "objection_decided_on": "处理日期", "archive_year": "归档年度",
    "fonds": "全宗号", "retention": "保管期限", "office_code": "机构", "file_count": "归档件数",
}  # fmt: skip

#: What a value is called in code -> what it is called in a template. Staff write the Chinese name: {{ 督办文号 }}.
FIELDS: dict[str, str] = _MATTER | _SIGNED | _BEFORE | _HANDLING | _AFTER | _PERIODIC

#: Pictures, placed like a field in a paragraph of their own: {{ 得分图 }}. Only in the text, not in headers.
PICTURES: dict[str, str] = {
    "ranking_chart": "得分图",
    "overdue_chart": "逾期图",
    "rounds_chart": "轮次图",
    "load_chart": "工作量图",
}

_SUMS = {"total": "总数", "opened": "新交办", "closed": "办结", "open": "在办", "overdue": "逾期"}
_SUMS |= {"closed_rate": "办结率", "on_time_rate": "按期率"}
_ASKED = {"asked": "报送次数", "lights": "灯号", "reported": "已报", "missing": "未报", "not_asked": "不需报"}
_MATTERS = {
    "nth": "序号", "number": "编号", "reference": "文号", "title": "事项", "unit": "单位", "issued_on": "交办日期",
    "due_on": "时限", "state": "状态", "light": "灯", "days": "天数", "progress": "进展", "change": "变化",
    "mark": "密级", "reported": "报送", "percent": "比例", "obstacle": "原因", "plan": "下步计划",
}  # fmt: skip
_PERIODIC_LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "open_matters": ("在办清单", _MATTERS),
    "overdue_matters": ("逾期清单", _MATTERS),
    "closed_matters": ("办结清单", _MATTERS),
    "unit_sums": ("单位统计", {"nth": "序号", "unit": "单位"} | _SUMS | _ASKED),
    "type_sums": ("类别统计", {"nth": "序号", "name": "名称"} | _SUMS),
    "instructions": (
        "批示件清单",
        {"leader": "批示领导", "instructed_on": "批示日期"} | _MATTERS | {"opinion": "通报意见"},
    ),
    "scores": (
        "得分表",
        {
            "rank": "名次", "unit": "单位", "opening": "期初分", "added": "加分", "deducted": "扣分", "change": "增减",
            "corrected": "更正", "closing": "期末分", "shown": "得分", "matters": "件数",
        },
    ),
    "score_entries": (
        "记分明细",
        {
            "nth": "序号", "unit": "单位", "reference": "文号", "item": "项目", "clause": "条款", "points": "分值",
            "on": "日期", "evidence": "依据", "month": "更正月份", "note": "说明",
        },
    ),
    "objections": (
        "异议处理",
        {
            "nth": "序号", "unit": "单位", "item": "项目", "reference": "文号", "points": "分值", "reason": "理由",
            "ruling": "处理意见", "answer": "处理理由",
        },
    ),
    "praised": ("表扬名单", {"nth": "序号", "unit": "单位", "title": "事项", "reference": "文号", "reason": "理由"}),
    "criticised": ("批评名单", {"nth": "序号", "unit": "单位", "title": "事项", "reference": "文号", "reason": "理由"}),
    "checks": (
        "检查结果",
        {"nth": "序号", "unit": "单位", "title": "事项", "name": "阶段", "grade": "评定", "on": "日期"},
    ),
    "archived_files": (
        "归档目录",
        {
            "nth": "序号", "code": "档号", "reference": "文号", "author": "责任者", "title": "题名", "on": "日期",
            "mark": "密级", "pages": "页数", "note": "备注",
        },
    ),
}  # fmt: skip
_PERIODIC_LISTS["corrections"] = ("更正明细", _PERIODIC_LISTS["score_entries"][1])

_DESKS = {"post": "岗位", "by": "姓名", "verdict": "结论", "opinion": "意见", "on": "日期"}
#: Lists: their name in code -> (their name in a template, the names of the columns of a line).
LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "rounds": (
        "轮次记录",
        {"round": "轮次", "started_on": "起始", "due_on": "时限", "what": "事项", "result_on": "结果"},
    ),
    "stages": (
        "阶段节点",
        {"stage": "阶段", "from_on": "起始", "to_on": "截止", "report_on": "反馈日", "by": "主体"},
    ),
    "parts": (
        "分办清单",
        {
            "nth": "序号",
            "reference": "文号",
            "short": "分号",
            "unit": "单位",
            "requirement": "任务",
            "due_on": "时限",
            "ended": "结果",
        },
    ),
    "proposal_signatures": ("呈批意见", _DESKS),
    "extension_signatures": ("延期审批", _DESKS),
    "upward_signatures": ("上报审签", _DESKS),
    "grades": ("检查评定", {"nth": "序号", "unit": "单位", "grade": "评定"}),
    "attachments": ("附件", {"nth": "序号", "name": "名称"}),
    "sections": ("报告内容", {"nth": "序号", "name": "名称", "hint": "提示"}),
} | _PERIODIC_LISTS
