"""兰州市公安局: three formats for what goes up, and few forms."""

from tools.first_templates import letters, periodic
from tools.first_templates import records as r
from tools.first_templates.forms import Row
from tools.first_templates.official import letter_format, upward_document

_READ = Row(
    "阅示领导", "{{ 分管领导 }}\n{{ 分管领导签字日期 }}", "交 办 人", "{{ 联系人 }}\n{{ 交办日期 }}", 600, keep=True
)
_CLOSED = (Row("主管主任", "{{ 审核人 }}\n{{ 审核日期 }}", "报送日期", "{{ 报告日期 }}", 900, keep=True),)

#: kind -> its body; what each is for stands in 文书.yaml
KINDS = {
    "督办通知": r.instruction_notice("督办通知", _READ),
    "直接办理记录": r.visit_record("直接办理记录"),
    "改派通知": r.reassignment("督办事项改派通知"),
    "重新上报通知": r.return_sheet("重新上报通知"),
    "续办通知": r.further_notice("续办通知"),
    "新批示抄告单": r.instruction_copy("新批示抄告单"),
    "协调意见": r.coordination("督办事项协调意见"),
    "问责登记表": r.accountability("问责登记表"),
    "督办报告": letters.closing_report("督办报告", _CLOSED),
    "专报": upward_document("{{ 机关名称 }}", "{{ 上报文号 }}", "{{ 上报标题 }}"),
    "信函": letter_format("{{ 机关名称 }}", "{{ 上报文号 }}", "{{ 上报标题 }}"),
    "上行文": upward_document("{{ 承办单位 }}报告", "{{ 上报文号 }}", "{{ 上报标题 }}"),
    "办结报告": letters.reply_pattern("关于{{ 事由 }}的报告", "主要领导"),
    "领导批示件汇总": periodic.digest("领导批示件汇总"),
    "办件进展周报": periodic.progress("办件进展周报"),
    "归档文件目录": periodic.catalogue(),
}
