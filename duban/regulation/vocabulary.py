"""The closed vocabulary of regulation files: the office's words and the ids the code uses.

No number and no bureau's rule stands here: these are only the words with which a rule can be written.
"""

TYPES = {
    "一般": "general",
    "复杂": "complex",
    "限时": "dated",
    "日常": "routine",
    "分阶段": "staged",
    "分解": "decomposed",
}

POSTS = {
    "办公室": "office",
    "督查室": "office",
    "办公室主任": "director",
    "主管主任": "director",
    "督查室主任": "director",
    "局长": "chief",
    "主要领导": "chief",
    "分管领导": "deputy",
    "主管局长": "deputy",
    "主管副局长": "deputy",
    "局领导": "leader",  # any member of the leadership: chief or deputy
    "局党委": "party",
    "局党组": "party",
    "批示领导": "instructing_leader",
    "承办单位": "unit",
    "单位主要领导": "unit_head",
    "单位分管领导": "unit_deputy",
    "单位督办领导": "unit_leader",
    "单位审核人": "unit_checker",
    "单位主管领导": "unit_leader",
    "联络员": "liaison",
}

#: Posts that no rule gives a paper to: who holds one looks at matters and decides nothing.
READERS = {"检查员": "inspector", "审计员": "auditor"}

NOTICES = {"领导批示": "instruction", "重点工作": "key_work", "通用": "general"}

MODES = {
    "书面": "written",
    "电话": "phone",
    "实地": "onsite",
    "联合": "joint",
    "暗访": "covert",
    "直接办理": "own",
}

PREREQUISITES = {"局长要求": "chief_order", "局党委同意": "party_consent", "特别重要": "special_importance"}

CONSEQUENCES = {
    "书面情况说明": "account",
    "问责登记": "accountability",
    "通报批评": "criticism",
    "向局党委书面说明": "account_to_party",
    "报告局党委": "report_to_party",
    "组织处理": "discipline",
    "列入汇总通报": "listed",
    "提醒": "warning",
}

EXTENSION_PARTS = {
    "未办结原因": "reason",
    "下一步安排": "next_steps",
    "新的完成日期": "new_date",
    "主要领导签字": "head_signature",
    "分管领导签字": "deputy_signature",
}

RETURN_REASONS = {
    "弄虚作假": "falsified",
    "敷衍塞责": "perfunctory",
    "补充修改": "supplement",
    "重新查报": "redo",
    "格式不规范": "format",
}

SCORED_EVENTS = {
    "办公室退回": "returned_by_office",
    "分管领导退回": "returned_by_deputy",
    "主要领导退回": "returned_by_chief",
    "格式不规范": "format_fault",
    "主要领导未签": "unsigned",
    "报告主体不符": "wrong_subject",
    "超期回复": "late_reply",
    "未按要求回访": "no_visit",
    "回访不符": "visit_differs",
    "致上级通报": "criticised_above",
    "质量差被通报": "criticised",
    "通报表扬": "praised_in_bulletin",
    "主要领导表扬": "praised_by_chief",
    "上级表扬": "praised_above",
}
SCORED_WORDS = {code: words for words, code in SCORED_EVENTS.items()}

RATES = {"按期回复率": "on_time", "一次通过率": "first_pass", "按期领收率": "received_on_time"}

SECTION_CONDITIONS = {
    "总是": "always",
    "情况属实": "substantiated",
    "需要整改": "needs_rectification",
    "要求回访": "visit_required",
}

URGE_FORMS = {"电话": "phone", "文书": "document", "其他": "other"}

UPWARD_CASES = {
    "上级领导批示": "leader_above",
    "上级机关交办": "body_above",
    "本局单位上报": "from_unit",
    "全部": "all",
}

REGISTRATION_PARTS = {
    "承办单位": "unit",
    "办理时限": "limit",
    "办理要求": "requirement",
    "督办文号": "reference",
    "督办内容": "content",
}

ARCHIVE_PARTS = {
    "督办通知单": "notice",
    "办结报告": "reply",
    "办理报告": "report",
    "催办通知书": "urge",
    "撤销记录": "withdrawal",
}

URGENCIES = {"特急": "most_urgent", "加急": "urgent", "平件": "ordinary"}

WEEKDAYS = {"周一": 0, "周二": 1, "周三": 2, "周四": 3, "周五": 4, "周六": 5, "周日": 6}

#: What a report may say of how far a matter is carried out (SK-1.2); all but the first want a reason and a remedy.
CARRIED_OUT = ("已落实", "部分落实", "未落实")
