"""江城市局, which does not exist: rules that none of the three bureaus has, for the tests."""

from tools.first_templates import letters, periodic
from tools.first_templates import records as r
from tools.first_templates.forms import Row
from tools.first_templates.official import upward_document

_SIGNED = (
    Row(
        "主任审核",
        "{{ 办公室主任 }}\n{{ 主任审核日期 }}",
        "分管审核",
        "{{ 分管领导 }}\n{{ 分管领导签字日期 }}",
        680,
        keep=True,
    ),
    Row("局长签发", "{{ 局长 }}　{{ 签发日期 }}", keep=True),
)
_CLOSED = (Row("审　　核", "{{ 审核人 }}\n{{ 审核日期 }}", "批　　准", "{{ 审批人 }}\n{{ 审批日期 }}", 900, keep=True),)
_DEMAND = (
    "请{% if 催办期限 %}于{{ 催办期限 }}前（含当日）{% else %}抓紧办理，按时{% endif %}将办理结果报{{ 办公室名称 }}。"
)


def _warning(title: str, colour: str) -> str:
    return letters.urge_letter(title, _DEMAND, reference="{{ 督办文号 }}", colour=colour)


#: kind -> its body; what each is for stands in 文书.yaml
KINDS = {
    "批示督办单": r.instruction_notice("批示督办单", *_SIGNED),
    "督办单": r.key_work_notice("督办单", *_SIGNED),
    "电话督办记录": r.phone_record("电话督办记录"),
    "联合督办记录": r.visit_record("联合督办记录", partners=True),
    "延期申请表": r.extension_approval("延期申请表"),
    "催办函": letters.urge_letter("催办函", _DEMAND),
    "黄色提示单": _warning("黄色提示单", "FFC000"),
    "橙色预警单": _warning("橙色预警单", "ED7D31"),
    "红色督办令": _warning("红色督办令", "C00000"),
    "书面情况说明通知": letters.account_demand("书面情况说明通知"),
    "问责登记表": r.accountability("问责登记表"),
    "补办通知": r.return_sheet("补办通知"),
    "办结呈报": letters.closing_report("办结呈报", _CLOSED),
    "上报报告": upward_document("{{ 机关名称 }}文件", "{{ 上报文号 }}", "{{ 上报标题 }}"),
    "续办通知": r.further_notice("续办通知"),
    "批示抄告单": r.instruction_copy("批示抄告单"),
    "阶段报告": r.progress_report("阶段报告"),
    "月度进展": r.progress_report("月度进展"),
    "办理情况报告": letters.reply_pattern("关于{{ 事由 }}的报告", "主要领导"),
    "季度考核通报": periodic.scoring_bulletin("各承办单位", "基础分{{ 基础分 }}分"),
    "考核异议处理意见": periodic.objection(),
    "督办通报": periodic.bulletin("各承办单位"),
    "办件进展周报": periodic.progress("办件进展周报"),
    "归档文件目录": periodic.catalogue(),
}
