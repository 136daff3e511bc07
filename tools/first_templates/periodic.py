"""What a bureau prints of a period: weekly report, month's scores, bulletin, compilation, catalogue of an archive.

A 通报 is an official document (GB/T 9704: red head, number, seal, 版记); the others are lists that stay with the office
or go to its posts. Where a table has many columns the page lies.
"""

from collections.abc import Sequence

from tools.first_templates.forms import TODAY, Row, marks, plain
from tools.first_templates.official import MARKS_HEIGHT, box, colophon, first_lines, issuer
from tools.first_templates.ooxml import END, OFF, WIDE, WIDTH, Lying, cell, line, p, table, tr, when

#: (head, value, width in twips, style)
Column = tuple[str, str, int, str]
_TIGHT = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
TEXT, CENTRED, NUMBER = "ListText", "ListCentre", "ListNumber"
AS_OF = "统计截至{{ 统计截至 }}"


def listed(loop: str, columns: Sequence[Column], none: str = "没有") -> str:
    """A list as a table: its head on every page, no row over two pages, one row saying so when there is nothing."""
    widths = [width for _head, _value, width, _style in columns]

    def tag(words: str) -> str:
        return tr(cell(sum(widths), p(TEXT, f"{{%tr {words} %}}"), len(columns)))

    head = tr("".join(cell(width, p("ListHead", name)) for name, _value, width, _style in columns), 400, header=True)
    each = tr("".join(cell(width, p(style, value)) for _name, value, width, style in columns), 360)
    nothing = tr(cell(sum(widths), p(CENTRED, none), len(columns)), 360)
    rows = head + tag(f"for 项 in {loop}") + each + tag("else") + nothing + tag("endfor")
    return table(widths, rows, extra=_TIGHT) + p("a", ppr=f'{OFF}<w:spacing w:line="160" w:lineRule="exact"/>')


def _columns(*given: tuple[str, str, int, str], full: int = WIDTH) -> list[Column]:
    """The columns, the last widened or narrowed so that the table is as wide as 版心."""
    *first, (head, value, _width, style) = given
    rest = full - sum(width for _head, _value, width, _style in first)
    return [*first, (head, value, rest, style)]


def _field(name: str) -> str:
    return f"{{{{ 项.{name} }}}}"


def text(words: str) -> str:
    return p("BodyText", words)


def heading(words: str) -> str:
    return p("Heading", words)


def chart(name: str) -> str:
    return when(name, p("Picture", f"{{{{ {name} }}}}"))


def _official(addressee: str, *blocks: str, mark: str = "{{ 机关名称 }}文件") -> str:
    """文件格式 of what goes down: mark, number, title, addressees, text, seal, 版记 (GB/T 9704 7.2–7.4)."""
    border = '<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="9" w:color="FF0000"/></w:pBdr>'
    return (
        box(MARKS_HEIGHT, first_lines())
        + issuer(mark)
        + p("Reference", "{{ 期号 }}", f"{border}{OFF}{line(480, 1158)}")
        + p("Title", "{{ 标题 }}", line(680, 1158, 579, "atLeast"))
        + p("Addressee", f"{addressee}：")
        + "".join(blocks)
        + p("Signature", "{{ 机关名称 }}", '<w:spacing w:before="579"/>')
        + p("SealDate", TODAY)
        + colophon()
    )


_SCORES = _columns(
    ("名次", _field("名次"), 620, CENTRED),
    ("单　位", _field("单位"), 2000, TEXT),
    ("期初分", _field("期初分"), 960, NUMBER),
    ("加　分", _field("加分"), 860, NUMBER),
    ("扣　分", _field("扣分"), 860, NUMBER),
    ("更　正", _field("更正"), 860, NUMBER),
    ("本期增减", _field("增减"), 1000, NUMBER),
    ("期末得分", _field("得分"), 1000, NUMBER),
    ("件　数", _field("件数"), 0, NUMBER),
)
_ENTRIES = _columns(
    ("序号", _field("序号"), 520, CENTRED),
    ("单　位", _field("单位"), 1330, TEXT),
    ("文　号", _field("文号"), 1900, TEXT),
    ("项　目", _field("项目"), 1560, TEXT),
    ("条　款", _field("条款"), 1000, TEXT),
    ("分　值", _field("分值"), 640, NUMBER),
    ("日　期", _field("日期"), 0, CENTRED),
)
_CORRECTIONS = _columns(
    *_ENTRIES[:4], ("更正月份", _field("更正月份"), 1100, CENTRED), ("分　值", _field("分值"), 640, NUMBER),
    ("说　明", _field("说明"), 0, TEXT),
)  # fmt: skip
_OBJECTIONS = _columns(
    ("序号", _field("序号"), 520, CENTRED),
    ("单　位", _field("单位"), 1330, TEXT),
    ("异议的记分", "{{ 项.文号 }}{% if 项.文号 %}，{% endif %}{{ 项.项目 }}，{{ 项.分值 }}分", 2400, TEXT),
    ("异议理由", _field("理由"), 2000, TEXT),
    ("处理意见", "{{ 项.处理意见 }}{% if 项.处理理由 %}：{{ 项.处理理由 }}{% endif %}", 0, TEXT),
)
_NAMED = _columns(
    ("序号", _field("序号"), 520, CENTRED),
    ("单　位", _field("单位"), 1500, TEXT),
    ("事　项", "{{ 项.事项 }}{% if 项.文号 %}（{{ 项.文号 }}）{% endif %}", 3900, TEXT),
    ("理　由", _field("理由"), 0, TEXT),
)
_UNITS = _columns(
    ("序号", _field("序号"), 520, CENTRED),
    ("单　位", _field("单位"), 1900, TEXT),
    ("总数", _field("总数"), 680, NUMBER),
    ("新交办", _field("新交办"), 800, NUMBER),
    ("办结", _field("办结"), 680, NUMBER),
    ("在办", _field("在办"), 680, NUMBER),
    ("逾期", _field("逾期"), 680, NUMBER),
    ("办结率", _field("办结率"), 950, NUMBER),
    ("按期率", _field("按期率"), 950, NUMBER),
    ("要求报送", _field("报送次数"), 0, NUMBER),
)
_RANKING = _columns(
    ("名次", _field("名次"), 1000, CENTRED),
    ("单　位", _field("单位"), 5000, TEXT),
    ("得　分", _field("得分"), 0, NUMBER),
)
_MATTERS = _columns(
    ("序号", _field("序号"), 520, CENTRED),
    ("文　号", "{{ 项.文号 }}{% if 项.密级 %}　{{ 项.密级 }}{% endif %}", 1700, TEXT),
    ("督办事项", _field("事项"), 2700, TEXT),
    ("承办单位", _field("单位"), 1240, TEXT),
    ("交办日期", _field("交办日期"), 1180, CENTRED),
    ("办理时限", _field("时限"), 1180, CENTRED),
    ("灯", _field("灯"), 460, CENTRED),
    ("剩余或逾期", _field("天数"), 900, CENTRED),
    ("最近进展", _field("进展"), 1800, TEXT),
    ("变　化", _field("变化"), 0, TEXT),
    full=WIDE,
)
_MARKED = "{% if 项.密级 %}，{{ 项.密级 }}{% endif %}"
_INSTRUCTIONS = _columns(
    ("序号", _field("序号"), 520, CENTRED),
    ("批示领导", _field("批示领导"), 1000, CENTRED),
    ("批示日期", _field("批示日期"), 1180, CENTRED),
    ("事　项", f"{{{{ 项.事项 }}}}{{% if 项.文号 %}}（{{{{ 项.文号 }}}}{_MARKED}）{{% endif %}}", 3300, TEXT),
    ("承办单位", _field("单位"), 1500, TEXT),
    ("办理时限", _field("时限"), 1180, CENTRED),
    ("状　态", _field("状态"), 1000, CENTRED),
    ("逾期天数", _field("天数"), 900, NUMBER),
    ("通报意见", _field("通报意见"), 0, TEXT),
    full=WIDE,
)  # fmt: skip
#: DA/T 22-2015 5.5.2
_CATALOGUE = _columns(
    ("序号", _field("序号"), 600, CENTRED),
    ("档　号", _field("档号"), 2780, TEXT),
    ("文　号", _field("文号"), 2050, TEXT),
    ("责任者", _field("责任者"), 1560, TEXT),
    ("题　名", _field("题名"), 2620, TEXT),
    ("日　期", _field("日期"), 1000, CENTRED),
    ("密级", _field("密级"), 740, CENTRED),
    ("页数", _field("页数"), 560, NUMBER),
    ("备　注", _field("备注"), 0, TEXT),
    full=WIDE,
)


def scoring_bulletin(addressee: str, base: str) -> str:
    """月度考核通报 (BC-7): ranking with chart, each entry with its clause, corrections, objections."""
    return _official(
        addressee,
        text(f"依据《{{{{ 制度名称 }}}}》{{{{ 条款 }}}}，现将{{{{ 统计期间 }}}}督办考核情况通报如下（{AS_OF}）。"),
        heading("一、总体情况"),
        text(
            f"参加考核的单位{{{{ 单位总数 }}}}个，{base}。本期记分{{{{ 记分条数 }}}}条，更正以前期间的记分"
            "{{ 更正明细|length }}条，处理异议{{ 异议处理|length }}件。"
        ),
        heading("二、得分和名次"),
        listed("得分表", _SCORES, "没有参加考核的单位"),
        chart("得分图"),
        heading("三、记分明细"),
        listed("记分明细", _ENTRIES, "本期没有加分、扣分"),
        heading("四、对以前期间的更正"),
        listed("更正明细", _CORRECTIONS, "本期没有更正"),
        heading("五、异议处理"),
        listed("异议处理", _OBJECTIONS, "异议期内没有单位提出异议"),
        heading("六、表扬和批评"),
        _praise_and_criticism(),
        when("工作要求", heading("七、工作要求"), text("{{ 工作要求 }}")),
    )


def _praise_and_criticism() -> str:
    return (
        when(
            "表扬名单",
            text("对下列单位予以通报表扬："),
            listed("表扬名单", _NAMED),
            otherwise=text("本期没有通报表扬的单位。"),
        )
        + when(
            "批评名单",
            text("对下列单位予以通报批评："),
            listed("批评名单", _NAMED),
            otherwise=text("本期没有通报批评的单位。"),
        )
    )  # fmt: skip


def bulletin(addressee: str) -> str:
    """督办（督查）情况通报 (BC-5.10, MM-4.5): figures of the period, praise, criticism, the last published ranking."""
    return _official(
        addressee,
        text(f"现将{{{{ 统计期间 }}}}督办事项办理情况通报如下（{AS_OF}）。"),
        heading("一、总体情况"),
        when("通报正文", text("{{ 通报正文 }}")),
        text(
            "期内共有督办事项{{ 总件数 }}件，其中办结{{ 办结件数 }}件，在办{{ 在办件数 }}件（逾期{{ 逾期件数 }}件）；"
            "办结率{{ 办结率 }}，按期办结率{{ 按期率 }}。{{ 统计口径 }}"
        ),
        heading("二、各单位办理情况"),
        listed("单位统计", _UNITS),
        chart("逾期图"),
        chart("轮次图"),
        chart("工作量图"),
        heading("三、通报表扬"),
        listed("表扬名单", _NAMED, "本期没有通报表扬的单位"),
        heading("四、通报批评"),
        listed("批评名单", _NAMED, "本期没有通报批评的单位"),
        when(
            "得分表", heading("五、最近一次考核得分"), listed("得分表", _RANKING), chart("得分图")
        ),
        when("工作要求", heading("{% if 得分表 %}六{% else %}五{% endif %}、工作要求"), text("{{ 工作要求 }}")),
    )  # fmt: skip


def _list_of(title: str, number: str, *blocks: str) -> Lying:
    """A list of the office on pages that lie: marks, title, number, then the tables."""
    return Lying(marks() + p("Title", title) + p("PlainReference", number) + "".join(blocks) + END)


def progress(title: str, addition: str = "") -> Lying:
    """办件进展周报, 每月进展汇总: every open matter, the overdue ones first in a list of their own."""
    return _list_of(
        title,
        f"{{{{ 统计期间 }}}}　{AS_OF}　编号：{{{{ 督办件编号 }}}}",
        text(
            "在办{{ 在办件数 }}件，其中逾期{{ 逾期件数 }}件；期内新交办{{ 新交办件数 }}件，办结{{ 办结件数 }}件，"
            f"延期{{{{ 延期件数 }}}}件，退回{{{{ 退回件数 }}}}件。{addition}"
        ),
        heading("一、逾期事项"),
        listed("逾期清单", _MATTERS, "没有逾期的事项"),
        heading("二、其他在办事项"),
        listed("在办清单", _MATTERS, "没有其他在办的事项"),
        heading("三、期内办结事项"),
        listed("办结清单", _MATTERS, "期内没有办结的事项"),
        heading("四、各单位情况"),
        listed(
            "单位统计",
            _columns(
                *((head, value, width * 14 // 10, style) for head, value, width, style in _UNITS), full=WIDE
            ),
        ),
        chart("逾期图"),
        chart("工作量图"),
        p("TableNote", "{{ 统计口径 }}"),
    )  # fmt: skip


def digest(title: str) -> Lying:
    """领导批示件汇总 (LZ-3.3): what was instructed, how far it has come, what is said of those overdue."""
    return _list_of(
        title,
        f"{{{{ 统计期间 }}}}　{AS_OF}　编号：{{{{ 督办件编号 }}}}",
        text("批示件{{ 总件数 }}件，办结{{ 办结件数 }}件，在办{{ 在办件数 }}件，其中逾期未反馈{{ 逾期件数 }}件。"),
        listed("批示件清单", _INSTRUCTIONS, "期内没有批示件"),
        p("TableNote", "{{ 统计口径 }}"),
    )


def catalogue() -> Lying:
    """归档文件目录, the nine columns of DA/T 22-2015."""
    return _list_of(
        "归档文件目录",
        "全宗号：{{ 全宗号 }}　年度：{{ 归档年度 }}{% if 保管期限 %}　保管期限：{{ 保管期限 }}{% endif %}"
        "{% if 机构 %}　机构：{{ 机构 }}{% endif %}　共{{ 归档件数 }}件",
        listed("归档目录", _CATALOGUE, "本年度没有归档文件"),
    )


def objection() -> str:
    """考核异议处理意见: what a unit objected to, and what was decided on it."""
    return plain(
        "考核异议处理意见",
        Row("提出单位", "{{ 异议单位 }}", "提 出 人", "{{ 异议人 }}"),
        Row("考核期间", "{{ 统计期间 }}", "提出日期", "{{ 异议日期 }}"),
        Row("异议的\n记　分", "{{ 异议记分 }}", "分　　值", "{{ 异议分值 }}"),
        Row("督办文号", "{{ 异议文号 }}", "记分依据", "{{ 异议条款 }}"),
        Row("异议理由", "{{ 异议理由 }}", height=2400, split=True),
        Row("处理意见", "{{ 处理意见 }}", height=700),
        Row("处理理由", "{{ 处理理由 }}", height=2400, split=True),
        Row("处 理 人", "{{ 处理人 }}", "处理日期", "{{ 处理日期 }}", 560, keep=True),
        number="编号：{{ 督办件编号 }}",
    )
