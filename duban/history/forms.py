"""The form in which a year is handed over: its sheets, their columns, what stands in them and how it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from duban import registration
from duban.history import cells

MATTERS, EVENTS, NUMBERS, HELP = "督办件", "经过", "已用文号", "说明"


@dataclass(frozen=True)
class Column:
    """One column: the key of its value, how its cells are read, whether it must be filled, what it is for."""

    key: str
    read: Callable[[object], Any]
    needed: bool
    words: str
    example: str = ""


def _day_text(value: object) -> str:
    return cells.day(value).isoformat()


def _form_reader(key: str, read: Callable[[object], Any]) -> Callable[[object], Any]:
    """A column of the registration form: its dates are read as widely as all dates here."""
    return _day_text if key in ("instruction_on", "due_on", "order_on", "consent_on") else read


#: Columns of the registration form that are taken over, and what the help says of them.
FORM_HELP: dict[str, str] = {
    "标题": "事项的名称。涉密件只写代称",
    "承办单位": "机构文件里的全称、简称或代号；分解督办的主件写牵头单位",
    "协办单位": "几个之间用顿号隔开",
    "来源": "来源的序号或“序号 名称”，与登记表相同",
    "批示领导": "领导批示的件必填",
    "批示日期": "同上",
    "批示内容": "同上；涉密件不填",
    "来文依据": "",
    "工作目标": "",
    "办理要求": "通知单上的要求；涉密件不填",
    "紧急程度": "平件、加急、特急；不填为平件",
    "密级": "无、内部、秘密、机密、绝密；秘密以上只登记编号、密级、纸质件存放处",
    "纸质件存放处": "涉密件必填",
    "发放范围": "",
    "限时日期": "通知单上写明的期限；类型有固定时限而且没有另定的留空",
    "联系电话": "",
    "违法违纪": "是、否",
    "要求回访": "是、否",
    "督办方式": "书面、电话、实地、联合、暗访、直接办理；不填为书面",
    "参加部门": "联合督办",
    "提出要求的局领导": "实地督办",
    "局长要求日期": "实地督办",
    "局长要求": "实地督办",
    "局长要求文号": "实地督办",
    "同意的局党委领导": "暗访",
    "局党委同意日期": "暗访",
    "局党委同意文号": "暗访",
    "特别重要的理由": "直接办理",
    "呈批部门": "由部门提出的",
    "呈批理由": "由部门提出的",
    "呈批方式": "呈局长、备案",
    "上报": "是、否；不填按来源",
    "上报对象": "",
    "知情人员": "",
    "专项": "专项工作的名称",
    "阶段": "阶段性重点工作：一行一个阶段，如 调研梳理 2026-01-10 至 2026-01-31；格内换行用 Alt+Enter",
}
FORM_COLUMNS: dict[str, Column] = {
    name: Column(key, _form_reader(key, read), name in ("标题", "承办单位", "来源"), FORM_HELP[name])
    for name, (key, read) in registration.COLUMNS.items()
    if name in FORM_HELP
}
MATTER_COLUMNS: dict[str, Column] = {
    "编号": Column("id", cells.code, True, "每件一个，两张表靠它对应；用原来的编号或 1、2、3 都可以", "7"),
    "文号": Column(
        "reference", cells.text, False, "原来的督办文号，照抄；没有的留空，由系统接着编", "白公督〔2026〕7号"
    ),
    "类型": Column("type", cells.code, True, "制度里的督办类型：一般、复杂、限时、日常、分阶段、分解", "一般"),
    "登记日期": Column("registered", cells.moment, False, "立项的日期；不填的取这一件最早的一行经过", "2026-01-05"),
    "主件": Column("parent", cells.code, False, "分办件写主件的编号；它的承办单位、办理要求、限时日期就是分工"),
    **FORM_COLUMNS,
}
EVENT_COLUMNS: dict[str, Column] = {
    "编号": Column("id", cells.code, True, "督办件表里的编号", "7"),
    "日期": Column("at", cells.moment, True, "发生的日期，可以带时间", "2026-01-06"),
    "时间": Column("time", cells.clock, False, "几点几分，不知道的留空", "14:30"),
    "事项": Column("deed", cells.code, True, "发生了什么，用下面列出的词", "下达"),
    "单位": Column(
        "unit", cells.text, False, "事项要求时填写（改派、表扬、批评）；别的行可以不填，填了要与承办单位一致"
    ),
    "由谁": Column("by", cells.text, False, "哪一级、哪一位，见各事项"),
    "新期限": Column("until", cells.day, False, "这一行定下的期限"),
    "理由": Column("reason", cells.text, False, "退回理由等，见各事项"),
    "文号": Column("reference", cells.text, False, "这一行的文书的文号，照抄"),
    "说明": Column("text", cells.text, False, "内容；涉密件一律不填"),
}
NUMBER_COLUMNS: dict[str, Column] = {
    "机关代字": Column("series", cells.text, True, "文号里年份前面的字", "白公催"),
    "年份": Column("year", cells.code, True, "", "2026"),
    "已用到": Column("last", cells.code, True, "纸面上最后一个号，系统从下一号接着编", "37"),
}
SHEETS: dict[str, Mapping[str, Column]] = {
    MATTERS: MATTER_COLUMNS,
    EVENTS: EVENT_COLUMNS,
    NUMBERS: NUMBER_COLUMNS,
}
#: Other words that people have above a column.
ALIASES: dict[str, dict[str, str]] = {
    MATTERS: {
        "督办文号": "文号",
        "督办事项": "标题",
        "事项名称": "标题",
        "立项日期": "登记日期",
        "承办部门": "承办单位",
        "主办单位": "承办单位",
        "牵头单位": "承办单位",
        "督办类型": "类型",
        "期限": "限时日期",
        "办理期限": "限时日期",
    },
    EVENTS: {
        "督办件编号": "编号",
        "时刻": "时间",
        "经过": "事项",
        "承办单位": "单位",
        "级别": "由谁",
        "由谁/级别": "由谁",
        "期限": "新期限",
        "内容": "说明",
        "备注": "说明",
    },
    NUMBERS: {"代字": "机关代字", "年度": "年份", "最后一号": "已用到"},
}
#: Columns that are nobody's business here.
PASSED_OVER = ("序号", "备注", "行号")
#: What stands first in a row under the table that is no row of it.
FOOTERS = ("合计", "总计", "小计", "填表", "制表", "填报", "审核人", "注：", "注:", "说明：", "备注：", "以下空白")
