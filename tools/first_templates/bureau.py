"""某某局 (政务督查)."""

from tools.first_templates import letters, periodic
from tools.first_templates import records as r
from tools.first_templates.forms import Row
from tools.first_templates.official import upward_document

_APPROVED = Row("督 查 室", "{{ 登记人 }}\n{{ 登记日期 }}", "领导审批", "{{ 局长 }}\n{{ 签发日期 }}", 600, keep=True)
_CLOSED = (Row("督 查 室", "{{ 审核人 }}\n{{ 审核日期 }}", "主要领导", "{{ 审批人 }}\n{{ 审批日期 }}", 900, keep=True),)
_DEMAND = (
    "请{% if 催办期限 %}于{{ 催办期限 }}前（含当日）{% else %}抓紧办理，在办理时限内{% endif %}"
    "将办理情况报{{ 办公室名称 }}，"
    "由分管领导审核签字，书面材料或者电子文档均可。"
)

#: kind -> its body; what each is for stands in 文书.yaml
KINDS = {
    "政务督查通知单": r.instruction_notice("政务督查通知单", _APPROVED),
    "政务督查催办单": letters.urge_letter("政务督查催办单", _DEMAND),
    "督查事项改派通知": r.reassignment("督查事项改派通知"),
    "退回重报意见": r.return_sheet("退回重报意见"),
    "续办通知": r.further_notice("续办通知"),
    "新批示抄告单": r.instruction_copy("新批示抄告单"),
    "未办结情况说明": r.extension_record("未办结情况说明"),
    "进展情况月报": r.progress_report("督查事项进展情况月报"),
    "督查办理报告": letters.closing_report("督查事项办理报告", _CLOSED, "督查室意见"),
    "统一报送": upward_document("{{ 机关名称 }}文件", "{{ 上报文号 }}", "{{ 上报标题 }}"),
    "需协调事项意见": r.coordination("需协调事项意见"),
    "检查记录": r.inspection("督促检查记录"),
    "向局党组书面说明通知": letters.account_to_party("向局党组书面说明通知"),
    "问责登记表": r.accountability("问责登记表"),
    "办理情况回复": letters.reply_pattern("关于{{ 事由 }}的回复", "分管领导"),
    "每月进展汇总": periodic.summary("督查事项每月进展汇总"),
    "督查情况通报": periodic.bulletin("各科室（单位）", "督查"),
    "办件进展周报": periodic.progress("办件进展周报"),
    "年终考评情况": periodic.yearly("督查工作年终考评情况"),
    "归档文件目录": periodic.catalogue(),
}
