"""The forms that more than one bureau has; what differs is the words for its office, its leader and its paper."""

from tools.first_templates.forms import TODAY as TODAY
from tools.first_templates.forms import (
    Row,
    basis_row,
    list_rows,
    notice,
    plain,
)

MATTER = (
    Row("督办事项", "{{ 标题 }}", height=700),
    Row("承办单位", "{{ 承办单位 }}{% if 协办单位 %}（主办）{% endif %}"),
    Row("协办单位", "{{ 协办单位 }}", when="协办单位"),
)
JOINT = Row("联合督办", "会同{{ 参加部门 }}", when="参加部门")
RECEIPT = Row("领 收 人", "{{ 领收人 }}", "领收时间", "{{ 领收时间 }}", 520, keep=True)
CONTACTS = Row("联 系 人", "{{ 联系人 }}", "联系电话", "{{ 联系电话 }}", keep=True)
PHASES = list_rows(
    "阶段节点",
    "阶 in 阶段节点",
    ("阶　段", "反馈时限", "报送主体", "起止时间"),
    ("{{ 阶.阶段 }}", "{{ 阶.反馈日 }}", "{{ 阶.主体 }}", "{{ 阶.起始 }}{% if 阶.起始 %}至{% endif %}{{ 阶.截止 }}"),
)
PARTS = list_rows(
    "分办清单",
    "件 in 分办清单",
    ("分办单位", "时　限", "文　号", "任　务"),  # the widths are the form's: a date and a number fit on a line so
    ("{{ 件.单位 }}", "{{ 件.时限 }}", "{{ 件.分号 }}", "{{ 件.任务 }}"),
)
SIGNED = "{{ 签.姓名 }}　{{ 签.日期 }}"


def desks(listed: str, extra: str = "意见") -> Row:
    """One row a desk of a chain: its opinion, who signed and when; blank where nobody has signed yet."""
    return Row(
        f"{{{{ 签.岗位 }}}}\n{extra}",
        "{% if 签.结论 %}{{ 签.结论 }}。{% endif %}{{ 签.意见 }}",
        height=1100,
        each=f"签 in {listed}",
        sign=f"签字：{SIGNED}",
    )


def instruction_notice(title: str, *signatures: Row) -> str:
    return notice(
        title,
        *MATTER,
        JOINT,
        Row("批示领导", "{{ 批示领导 }}", "批示日期", "{{ 批示日期 }}", when="批示领导"),
        Row("批示内容", "{{ 批示内容 }}", height=800, style="CellKai", when="批示内容", split=True),
        Row("来源依据", "{{ 来源 }}{% if 来文依据 %}；{{ 来文依据 }}{% endif %}"),
        Row("办理要求", "{{ 办理要求 }}", height=1000, split=True),
        PHASES,
        PARTS,
        Row("进度报送", "{{ 周报要求 }}", when="周报要求"),
        Row("反馈方式", "{{ 反馈方式 }}"),
        Row("事项类别", "{{ 事项类别 }}", "发放范围", "{{ 发放范围 }}"),
        Row(
            "交办日期", "{{ 交办日期 }}", "办理时限", "{{ 办理时限 }}\n{{ 时限依据 }}", 620, style2="CellDue", keep=True
        ),
        *signatures,
        CONTACTS,
        RECEIPT,
        basis_row(),
    )


def key_work_notice(title: str, *signatures: Row) -> str:
    return notice(
        title,
        *MATTER,
        JOINT,
        Row("工作依据", "{{ 来源 }}{% if 来文依据 %}；{{ 来文依据 }}{% endif %}"),
        Row("工作目标", "{{ 工作目标 }}", height=700, when="工作目标"),
        Row("办理要求", "{{ 办理要求 }}", height=1000, split=True),
        PHASES,
        PARTS,
        Row("进度报送", "{{ 周报要求 }}", when="周报要求"),
        Row("反馈方式", "{{ 反馈方式 }}"),
        Row("事项类别", "{{ 事项类别 }}", "发放范围", "{{ 发放范围 }}"),
        Row(
            "交办日期", "{{ 交办日期 }}", "办理时限", "{{ 办理时限 }}\n{{ 时限依据 }}", 620, style2="CellDue", keep=True
        ),
        *signatures,
        CONTACTS,
        RECEIPT,
        basis_row(),
    )


def phone_record(title: str) -> str:
    return plain(
        title,
        *MATTER,
        Row("主 叫 人", "{{ 主叫人 }}", "通话时间", "{{ 通话时间 }}"),
        Row("受 话 人", "{{ 受话人 }}", "职　　务", "{{ 受话人职务 }}"),
        Row("通话内容", "{{ 通话内容 }}", height=2400, split=True),
        Row("办理要求", "{{ 办理要求 }}", height=1200, when="办理要求", split=True),
        Row("办理时限", "{{ 办理时限 }}", "记 录 人", "{{ 主叫人 }}", style="CellDue"),
        basis_row(),
    )


def visit_record(title: str, *, partners: bool = False, unannounced: bool = False) -> str:
    return plain(
        title,
        *MATTER,
        Row("督办依据", "{{ 督办依据 }}"),
        Row("时　　间", "{{ 督办日期 }}", "地　　点", "{{ 督办地点 }}"),
        Row("参加人员", "{{ 参加人员 }}"),
        *([Row("参加部门", "{{ 参加部门 }}")] if partners else [Row("参加部门", "{{ 参加部门 }}", when="参加部门")]),
        Row("发现问题" if unannounced else "督办情况", "{{ 发现问题 }}", height=2200, split=True),
        Row("原因分析", "{{ 原因分析 }}", height=1400, split=True),
        Row("对策建议", "{{ 对策措施 }}", height=1400, split=True),
        Row("处理结果", "{{ 督办结论 }}", when="督办结论"),
        Row("记 录 人", "{{ 记录人 }}", "记录日期", TODAY),
        basis_row(),
    )


def return_sheet(title: str) -> str:
    return notice(
        title,
        *MATTER,
        Row("补办轮次", "第{{ 轮次 }}轮", "退回层级", "{{ 退办层级 }}"),
        Row("回复日期", "{{ 回复日期 }}", "回复签发", "{{ 回复签发人 }}"),
        Row("退回原因", "{{ 退办原因 }}", height=1200),
        Row("补办要求", "{{ 补办要求 }}", height=1800, split=True),
        Row("补办时限", "{{ 补办期限 }}前（含当日）重新报送", height=560, style="CellDue"),
        Row("退 回 人", "{{ 退办人 }}", "退回日期", "{{ 退办日期 }}", 560),
        Row("领 收 人", "", "领收时间", "", 560),
        basis_row(),
    )


def instruction_copy(title: str) -> str:
    return notice(
        title,
        *MATTER,
        Row("批示领导", "{{ 批示领导 }}", "批示日期", "{{ 批示日期 }}"),
        Row("新的批示", "{{ 批示内容 }}", height=1600, style="CellKai", split=True),
        Row("新的要求", "{{ 新的要求 }}", height=1600, split=True),
        Row(
            "抄告日期",
            TODAY,
            "办理时限",
            "{% if 新的时限 %}{{ 新的时限 }}{% else %}仍为{{ 办理时限 }}{% endif %}",
            560,
            style2="CellDue",
        ),
        CONTACTS,
        Row("领 收 人", "", "领收时间", "", 560),
        basis_row(),
    )


def further_notice(title: str) -> str:
    return notice(
        title,
        *MATTER,
        Row("续办轮次", "第{{ 轮次 }}轮", "回复日期", "{{ 回复日期 }}"),
        Row("续办原因", "{{ 续办原因 }}", height=1200, split=True),
        Row("续办要求", "{{ 续办要求 }}", height=1800, split=True),
        Row("通知日期", TODAY, "续办时限", "{{ 新的时限 }}", 560, style2="CellDue"),
        CONTACTS,
        Row("领 收 人", "", "领收时间", "", 560),
        basis_row(),
    )


def reassignment(title: str) -> str:
    return notice(
        title,
        Row("督办事项", "{{ 标题 }}", height=700),
        Row("原 承 办\n单　　位", "{{ 原承办单位 }}"),
        Row("退件理由", "{{ 退件理由 }}", height=1200, split=True),
        Row("改派理由", "{{ 改派原因 }}", height=1200, split=True),
        Row("现 承 办\n单　　位", "{{ 承办单位 }}"),
        Row("办理要求", "{{ 办理要求 }}", height=1000, split=True),
        Row("改派日期", "{{ 改派日期 }}", "办理时限", "{{ 办理时限 }}", style2="CellDue"),
        CONTACTS,
        Row("领 收 人", "", "领收时间", "", 560),
        basis_row(),
    )


def coordination(title: str) -> str:
    return notice(
        title,
        *MATTER,
        Row("协调单位", "{{ 协调单位 }}"),
        Row("协调意见", "{{ 协调意见 }}", height=3000, split=True),
        Row("作出人", "{{ 协调人 }}", "作出日期", "{{ 协调日期 }}", 560),
        Row("办理时限", "{{ 办理时限 }}", style="CellDue"),
        CONTACTS,
        basis_row(),
    )


def extension_record(title: str) -> str:
    """备案: put on record, nobody approves it."""
    return plain(
        title,
        *MATTER,
        Row("交办日期", "{{ 交办日期 }}", "原办理\n时　限", "{{ 原办理时限 }}"),
        Row("未办结\n原　因", "{{ 未办结原因 }}", height=1800, split=True),
        Row("已做工作", "{{ 已做工作 }}", height=1200, split=True),
        Row("下一步\n安　排", "{{ 下一步安排 }}", height=1800, split=True),
        Row("预计完成", "{{ 预计完成日期 }}", "签 字 人", "{{ 延期签字人 }}", style="CellDue"),
        Row("备案时间", "{{ 备案时间 }}", "备案效力", "{{ 备案效力 }}"),
        basis_row(),
    )


def extension_approval(title: str) -> str:
    return plain(
        title,
        *MATTER,
        Row("交办日期", "{{ 交办日期 }}", "原办理\n时　限", "{{ 原办理时限 }}"),
        Row("延期理由", "{{ 未办结原因 }}", height=1800, split=True),
        Row("下一步\n安　排", "{{ 下一步安排 }}", height=1400, split=True),
        Row("申请延至", "{{ 预计完成日期 }}", "申请签字", "{{ 延期签字人 }}", style="CellDue"),
        desks("延期审批", "意　见"),
        basis_row(),
    )


def proposal(title: str) -> str:
    return plain(
        title,
        Row("督办事项", "{{ 标题 }}", height=700),
        Row("提出部门", "{{ 提出部门 }}", "提出领导", "{{ 提出人 }}"),
        Row("提出日期", "{{ 提出日期 }}", "办理途径", "{{ 呈批途径 }}"),
        Row("提出依据", "{{ 来源 }}{% if 来文依据 %}；{{ 来文依据 }}{% endif %}"),
        Row("督办理由", "{{ 提出理由 }}", height=1200, split=True),
        Row("督办要求", "{{ 办理要求 }}", height=1200, split=True),
        Row("建议承办\n单　　位", "{{ 承办单位 }}", "建议时限", "{{ 建议时限 }}"),
        desks("呈批意见", "意　见"),
        Row("登记日期", "{{ 登记日期 }}", "登 记 号", "{{ 督办文号 }}"),
        basis_row(),
        number="编号：{{ 督办件编号 }}",
    )


def progress_report(title: str, period: str = "报送期间") -> str:
    return plain(
        title,
        *MATTER,
        Row(period, "{% if 报送节点 %}{{ 报送节点 }}{% if 报送期间 %}，{% endif %}{% endif %}{{ 报送期间 }}"),
        Row("报送时限", "{{ 报送时限 }}", "报送时间", "{{ 报送日期 }}"),
        Row("工作进展", "{{ 进展情况 }}", height=2200, split=True),
        Row("是否落实", "{{ 是否落实 }}", "完成比例", "{{ 完成比例 }}"),
        Row("未落实\n原　因", "{{ 未落实原因 }}", height=1200, split=True),
        Row("解决办法", "{{ 解决办法 }}", height=1200, split=True),
        Row("下步计划", "{{ 下步计划 }}", height=1200, split=True),
        Row("报 送 人", "{{ 报送人 }}", "单　位\n负责人", "{{ 单位负责人 }}"),
        basis_row(),
    )


def follow_up(title: str) -> str:
    return plain(
        title,
        *MATTER,
        Row("当 事 人", "{{ 当事人 }}\n姓名按规定隐去，原始材料由办公室专人保管", "回访时间", "{{ 回访日期 }}"),
        Row("回访方式", "{{ 回访方式 }}", "回 访 人", "{{ 回访人 }}"),
        Row("回复结论", "{% if 结论 %}{{ 结论 }}{% else %}{{ 办理情况 }}{% endif %}", height=1400, split=True),
        Row("当事人\n意　见", "{{ 当事人意见 }}", height=2200, split=True),
        Row("与回复\n是否一致", "{{ 是否一致 }}", height=620),
        Row("记 录 人", "{{ 记录人 }}", "记录日期", TODAY),
        basis_row(),
    )


def inspection(title: str) -> str:
    return plain(
        title,
        *MATTER,
        Row("检查日期", "{{ 检查日期 }}", "检查人员", "{{ 检查人员 }}"),
        Row("检查节点", "{{ 报送节点 }}", when="报送节点"),
        Row("检查情况", "{{ 检查情况 }}", height=3000, split=True),
        Row("被检查\n单　位", "{{ 评.单位 }}", "评　　定", "{{ 评.评定 }}", each="评 in 检查评定"),
        Row("记 录 人", "{{ 记录人 }}", "记录日期", TODAY),
        basis_row(),
    )


def accountability(title: str) -> str:
    return plain(
        title,
        *MATTER,
        Row("办理时限", "{{ 办理时限 }}", "督办文号", "{{ 督办文号 }}"),
        Row("逾期天数", "{{ 逾期天数 }}", "登 记 人", "{{ 记录人 }}"),
        Row("催办期限", "{{ 催办期限 }}", "催办文号", "{{ 催办文号 }}", when="催办文号"),
        Row("问责事由", "{{ 问责事由 }}", height=1000, split=True),
        Row("依　　据", "{% if 制度名称 %}《{{ 制度名称 }}》{% endif %}{{ 问责条款 }}"),
        Row("责任单位", "{{ 责任单位 }}", "责 任 人", "{{ 责任人 }}", 560),
        Row("证据材料", "{{ 证据材料 }}", height=1100),
        Row("处理意见", "", height=1400),
        Row("登记日期", TODAY),
        Row("处理结果", "{{ 处理结果 }}", height=1100),
        number="编号：{{ 问责编号 }}",
    )
