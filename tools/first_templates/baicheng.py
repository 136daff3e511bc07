"""白城市公安局."""

from tools.first_templates import letters, periodic
from tools.first_templates import records as r
from tools.first_templates.forms import Row
from tools.first_templates.official import upward_document

_SIGNED = Row(
    "主任审核", "{{ 办公室主任 }}\n{{ 主任审核日期 }}", "局长签发", "{{ 局长 }}\n{{ 签发日期 }}", 600, keep=True
)
_CLOSED = (Row("主任审核", "{{ 审核人 }}\n{{ 审核日期 }}", "局长审批", "{{ 审批人 }}\n{{ 审批日期 }}", 900, keep=True),)
_DEMAND = (
    "请于{{ 催办期限 }}前（含当日），将办理结果或者进展情况报{{ 办公室名称 }}。"
    "报告应由主要领导签字并加盖单位印章，同时提交电子文稿。"
)

#: kind -> its body; what each is for stands in 文书.yaml
KINDS = {
    "领导批示督办通知单": r.instruction_notice("领导批示督办通知单", _SIGNED),
    "重点工作督办通知单": r.key_work_notice("重点工作督办通知单", _SIGNED),
    "督办事项呈批表": r.proposal("督办事项呈批表"),
    "督办事项催办通知书": letters.urge_letter("督办事项催办通知书", _DEMAND),
    "书面情况说明通知": letters.account_demand("书面情况说明通知"),
    "向局党委书面说明通知": letters.account_to_party("向局党委书面说明通知"),
    "问责登记表": r.accountability("问责登记表"),
    "未办结情况备案表": r.extension_record("未办结情况备案表"),
    "退办意见": r.return_sheet("退办（补办）意见"),
    "办理报告": letters.closing_report("督办事项办理报告", _CLOSED),
    "新批示抄告单": r.instruction_copy("新批示抄告单"),
    "续办通知": r.further_notice("续办通知"),
    "上报文件": upward_document("{{ 机关名称 }}文件", "{{ 上报文号 }}", "{{ 上报标题 }}"),
    "阶段进展报告": r.progress_report("阶段进展报告"),
    "工作进度周报": r.progress_report("工作进度周报"),
    "电话通知记录": r.phone_record("电话通知记录"),
    "电话督办记录": r.phone_record("电话督办记录"),
    "实地督办记录": r.visit_record("实地督办记录"),
    "联合督办记录": r.visit_record("联合督办记录", partners=True),
    "暗访记录": r.visit_record("暗访记录", unannounced=True),
    "改派通知": r.reassignment("督办事项改派通知"),
    "协调意见": r.coordination("督办事项协调意见"),
    "回访记录": r.follow_up("回访当事人记录"),
    "检查记录": r.inspection("督办检查记录"),
    "督办反馈": letters.reply_pattern("关于{{ 事由 }}的报告", "主要领导"),
    "办件进展周报": periodic.progress("办件进展周报"),
    "月度考核通报": periodic.scoring_bulletin("各承办单位", "基础分{{ 基础分 }}分"),
    "考核异议处理意见": periodic.objection(),
    "督办情况通报": periodic.bulletin("各承办单位"),
    "归档文件目录": periodic.catalogue(),
}
