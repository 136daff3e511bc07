"""What a template may name: the fields and lists, in code and in the words of those who edit templates."""

#: What a value is called in code -> what it is called in a template. Staff write the Chinese name: {{ 督办文号 }}.
FIELDS = {
    "reference": "督办文号", "title": "标题", "unit": "承办单位", "issued_on": "交办日期", "due_on": "办理时限",
    "limit_text": "时限依据", "type_text": "事项类别", "source_text": "来源", "instruction_by": "批示领导",
    "instruction_on": "批示日期", "instruction_text": "批示内容", "basis_document": "来文依据",
    "requirement": "办理要求", "new_requirement": "新的要求", "goal": "工作目标", "weekly": "周报要求",
    "urgency": "紧急程度", "mark": "密级", "copy_number": "份号", "distribution": "发放范围",
    "contact_name": "联系人", "contact_phone": "联系电话", "director": "办公室主任", "director_on": "主任审核日期",
    "signed_by": "签发人", "signed_on": "签发时间", "report_director": "审核人", "report_director_on": "审核日期",
    "report_chief": "审批人", "report_chief_on": "审批日期", "chief": "局长", "chief_on": "签发日期",
    "deputy": "分管领导", "deputy_on": "分管领导签字日期",
    "office_name": "办公室名称", "bureau": "机关名称", "document_on": "成文日期", "received_by": "领收人",
    "received_on": "领收时间", "feedback": "反馈方式", "urge_reference": "催办文号", "urge_number": "催办次数",
    "overdue_days": "逾期天数", "urge_due_on": "催办期限", "consequence": "逾期后果", "return_level": "退办层级",
    "return_reason": "退办原因", "return_requirement": "补办要求", "return_due_on": "补办期限",
    "return_by": "退办人", "return_on": "退办日期", "round": "轮次", "reply_on": "回复日期",
    "reply_signer": "回复签发人", "reply_summary": "办理情况", "conclusion": "结论", "office_opinion": "办公室意见",
    "report_on": "报告日期", "further_reason": "续办原因", "further_requirement": "续办要求", "new_due_on": "新的时限",
    "account_due_on": "说明期限", "account_to": "说明报送对象", "accountability_reason": "问责事由",
    "callee": "受话人", "called_on": "通话时间", "call_text": "通话内容", "caller": "主叫人", "clause": "条款",
    "regulation": "制度名称",
}  # fmt: skip
#: Lists: their name in code -> (their name in a template, the names of the columns of a line).
LISTS = {
    "rounds": (
        "轮次记录",
        {"round": "轮次", "started_on": "起始", "due_on": "时限", "what": "事项", "result_on": "结果"},
    ),
    "stages": ("阶段节点", {"stage": "阶段", "from_on": "起始", "to_on": "截止", "report_on": "反馈日"}),
}
