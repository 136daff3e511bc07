"""What a bureau prints of a period: weekly report, month's scores, bulletin, compilation, catalogue of an archive.

A 通报 is an official document (GB/T 9704: red head, number, seal, 版记); the others are lists that stay with the office
or go to its posts. Where a table has many columns the page lies.
"""

from collections.abc import Sequence

from tools.first_templates.forms import TODAY, Row, marks, plain
from tools.first_templates.official import MARKS_HEIGHT, box, colophon, first_lines, issuer
from tools.first_templates.ooxml import END, KEEP, OFF, WIDE, WIDTH, Lying, cell, line, p, table, tr, when

#: (head, value, width in twips, style)
Column = tuple[str, str, int, str]
_TIGHT = '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
TEXT, CENTRED, NUMBER = "ListText", "ListCentre", "ListNumber"
AS_OF = "统计截至{{ 统计截至 }}"
NUMBERED = f"{{{{ 统计期间 }}}}　{AS_OF}　编号：{{{{ 督办件编号 }}}}"


def listed(loop: str, columns: Sequence[Column], none: str = "没有") -> str:
    """A list as a table: its head on every page, no row over two pages, one row saying so when there is nothing."""
    widths = [width for _head, _value, width, _style in columns]

    def tag(words: str) -> str:
        return tr(cell(sum(widths), p(TEXT, f"{{%tr {words} %}}"), len(columns)))

    def cells(place: int, style: str) -> str:
        return "".join(
            cell(one[2], "".join(p(style or one[3], part) for part in one[place].split("\n"))) for one in columns
        )

    head = tr(cells(0, "ListHead"), 400, header=True)
    each = tr(cells(1, ""), 360)
    nothing = tr(cell(sum(widths), p(CENTRED, none), len(columns)), 360)
    rows = head + tag(f"for 项 in {loop}") + each + tag("else") + nothing + tag("endfor")
    return table(widths, rows, extra=_TIGHT)


def _columns(*given: tuple[str, str, int, str], full: int = WIDTH) -> list[Column]:
    """The columns, the last widened or narrowed so that the table is as wide as 版心."""
    *first, (head, value, _width, style) = given
    rest = full - sum(width for _head, _value, width, _style in first)
    return [*first, (head, value, rest, style)]


def _field(name: str) -> str:
    return f"{{{{ 项.{name} }}}}"


#: Room above what may follow a table. Room below a table would make an empty page after a full one.
_BELOW = '<w:spacing w:before="160"/>'


def text(words: str) -> str:
    return p("BodyText", words)


def heading(words: str) -> str:
    return p("Heading", words, _BELOW)


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
        + p("BodyText", "特此通报。", _BELOW)  # some text goes along with the signature, whatever table comes last
        + p("Signature", "{{ 机关名称 }}", '<w:spacing w:before="579"/>')
        + p("SealDate", TODAY)
        + colophon()
    )


_SCORES = _columns(
    ("名次", _field("名次"), 620, CENTRED),
    ("单　位", _field("单位"), 2060, TEXT),
    ("期初分", _field("期初分"), 960, NUMBER),
    ("加　分", _field("加分"), 860, NUMBER),
    ("扣　分", _field("扣分"), 860, NUMBER),
    ("其中更正", _field("更正"), 1000, NUMBER),
    ("期末分", _field("期末分"), 900, NUMBER),
    ("得　分", _field("得分"), 900, NUMBER),
    ("件数", _field("件数"), 0, NUMBER),
)
_ENTRIES = _columns(
    ("序号", _field("序号"), 560, CENTRED),
    ("单　位", _field("单位"), 1220, TEXT),
    ("文　号", _field("文号"), 2200, TEXT),
    ("项　目", "{{ 项.项目 }}{% if 项.依据 %}（{{ 项.依据 }}）{% endif %}", 1650, TEXT),
    ("条　款", _field("条款"), 1300, TEXT),
    ("分值", _field("分值"), 680, NUMBER),
    ("日　期", _field("日期"), 0, CENTRED),
)
_CORRECTIONS = _columns(
    *_ENTRIES[:4],
    ("更正月份", _field("更正月份"), 1220, CENTRED),
    ("分值", _field("分值"), 680, NUMBER),
    ("说　明", _field("说明"), 0, TEXT),
)
_OBJECTIONS = _columns(
    ("序号", _field("序号"), 560, CENTRED),
    ("单　位", _field("单位"), 1330, TEXT),
    ("异议的记分", "{{ 项.文号 }}{% if 项.文号 %}，{% endif %}{{ 项.项目 }}，{{ 项.分值 }}分", 2400, TEXT),
    ("异议理由", _field("理由"), 2000, TEXT),
    ("处理意见", "{{ 项.处理意见 }}{% if 项.处理理由 %}：{{ 项.处理理由 }}{% endif %}", 0, TEXT),
)
_NAMED = _columns(
    ("序号", _field("序号"), 560, CENTRED),
    ("单　位", _field("单位"), 1500, TEXT),
    ("事　项", "{{ 项.事项 }}{% if 项.文号 %}（{{ 项.文号 }}）{% endif %}", 3900, TEXT),
    ("理　由", _field("理由"), 0, TEXT),
)
_CHECKS = _columns(
    ("序号", _field("序号"), 560, CENTRED),
    ("单　位", _field("单位"), 1500, TEXT),
    ("事　项", _field("事项"), 3300, TEXT),
    ("阶　段", _field("阶段"), 1500, TEXT),
    ("评定", _field("评定"), 700, CENTRED),
    ("日　期", _field("日期"), 0, CENTRED),
)
_UNITS = _columns(
    ("序号", _field("序号"), 560, CENTRED),
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
_LIGHTED = _columns(
    ("序号", _field("序号"), 1000, CENTRED),
    ("单　位", _field("单位"), 4000, TEXT),
    ("在办", _field("在办"), 1400, NUMBER),
    ("逾期", _field("逾期"), 1400, NUMBER),
    ("灯　号", _field("灯号"), 0, TEXT),
    full=WIDE,
)
_MATTERS = _columns(
    ("序号", _field("序号"), 560, CENTRED),
    ("文　号", "{{ 项.文号 }}{% if 项.密级 %}　{{ 项.密级 }}{% endif %}", 2200, TEXT),
    ("督办事项", _field("事项"), 2900, TEXT),
    ("承办单位", _field("单位"), 1220, TEXT),
    ("登记日期\n办理时限", f"{_field('交办日期')}\n{_field('时限')}", 1180, CENTRED),
    ("灯", _field("灯"), 440, CENTRED),
    ("剩余或\n逾期", _field("天数"), 1130, CENTRED),
    ("最近进展", _field("进展"), 1900, TEXT),
    ("变　化", _field("变化"), 0, TEXT),
    full=WIDE,
)
_REPORTING = _columns(
    ("序号", _field("序号"), 1000, CENTRED),
    ("单　位", _field("单位"), 4000, TEXT),
    ("督查事项", _field("总数"), 1900, NUMBER),
    ("本期已报", _field("已报"), 1900, NUMBER),
    ("应报未报", _field("未报"), 1900, NUMBER),
    ("本期不需报", _field("不需报"), 0, NUMBER),
    full=WIDE,
)
_REPORTED = _columns(
    *_MATTERS[:4],
    ("办理时限\n状　态", f"{_field('时限')}\n{_field('状态')}", 1220, CENTRED),
    ("本期报送", _field("报送"), 1080, CENTRED),
    ("进展情况", "{{ 项.进展 }}{% if 项.比例 %}（完成{{ 项.比例 }}%）{% endif %}", 1750, TEXT),
    ("未落实原因", _field("原因"), 1000, TEXT),
    ("下步计划", _field("下步计划"), 0, TEXT),
    full=WIDE,
)
_FACTS = _columns(
    ("序号", _field("序号"), 700, CENTRED),
    ("单　位", _field("单位"), 2200, TEXT),
    ("文　号", _field("文号"), 2400, TEXT),
    ("情　形", _field("项目"), 2600, TEXT),
    ("条　款", _field("条款"), 1400, TEXT),
    ("日　期", _field("日期"), 1300, CENTRED),
    ("依据和说明", "{{ 项.依据 }}{% if 项.依据 and 项.说明 %}；{% endif %}{{ 项.说明 }}", 0, TEXT),
    full=WIDE,
)
_MARKED = "{% if 项.密级 %}，{{ 项.密级 }}{% endif %}"
_INSTRUCTIONS = _columns(
    ("序号", _field("序号"), 560, CENTRED),
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
    ("档　号", _field("档号"), 2960, TEXT),
    ("文　号", _field("文号"), 2150, TEXT),
    ("责任者", _field("责任者"), 1500, TEXT),
    ("题　名", _field("题名"), 2500, TEXT),
    ("日　期", _field("日期"), 1000, CENTRED),
    ("密级", _field("密级"), 740, CENTRED),
    ("页数", _field("页数"), 560, NUMBER),
    ("备注", _field("备注"), 0, TEXT),
    full=WIDE,
)


def scoring_bulletin(addressee: str, base: str) -> str:
    """月度考核通报 (BC-7): ranking with chart, each entry with its clause, corrections, objections."""
    return _official(
        addressee,
        text(
            f"依据《{{{{ 制度名称 }}}}》{{{{ 条款 }}}}的规定，现将{{{{ 统计期间 }}}}督办考核情况通报如下（{AS_OF}）。"
        ),
        heading("一、总体情况"),
        text(
            f"参加考核的单位{{{{ 单位总数 }}}}个，{base}。本期记分{{{{ 记分条数 }}}}条，补记和更正以前期间的记分"
            "{{ 更正条数 }}条，处理异议{{ 异议件数 }}件。"
        ),
        heading("二、得分和名次"),
        listed("得分表", _SCORES, "没有参加考核的单位"),
        when("统计口径", p("TableNote", "{{ 统计口径 }}")),
        chart("得分图"),
        heading("三、记分明细"),
        listed("记分明细", _ENTRIES, "本期没有加分、扣分"),
        heading("四、以前期间的补记和更正"),
        listed("更正明细", _CORRECTIONS, "本期没有补记和更正"),
        heading("五、异议处理"),
        listed("异议处理", _OBJECTIONS, "异议期内没有单位提出异议"),
        heading("六、表扬和批评"),
        _praise_and_criticism(),
    )


def _praise_and_criticism() -> str:
    return (
        p("BodyText", "通报表扬：", KEEP)
        + listed("表扬名单", _NAMED, "本期没有通报表扬的单位")
        + p("BodyText", "通报批评：", KEEP + _BELOW)
        + listed("批评名单", _NAMED, "本期没有通报批评的单位")
    )


def bulletin(addressee: str, word: str = "督办") -> str:
    """督办（督查）情况通报 (BC-5.10, MM-4.5): figures of the period, praise, criticism, the last published ranking."""
    return _official(
        addressee,
        text(f"现将{{{{ 统计期间 }}}}{word}事项办理情况通报如下（{AS_OF}）。"),
        heading("一、总体情况"),
        text(
            f"期内共有{word}事项{{{{ 总件数 }}}}件，"
            "其中办结{{ 办结件数 }}件，在办{{ 在办件数 }}件（逾期{{ 逾期件数 }}件）；"
            "办结率{{ 办结率 }}，按期办结率{{ 按期率 }}。{{ 统计口径 }}"
        ),
        when("通报正文", text("{{ 通报正文 }}")),
        heading("二、各单位办理情况"),
        listed("单位统计", _UNITS),
        when("检查结果", p("BodyText", "期内检查评定的结果：", KEEP + _BELOW) + listed("检查结果", _CHECKS)),
        chart("逾期图"),
        chart("轮次图"),
        chart("工作量图"),
        heading("三、通报表扬"),
        listed("表扬名单", _NAMED, "本期没有通报表扬的单位"),
        heading("四、通报批评"),
        listed("批评名单", _NAMED, "本期没有通报批评的单位"),
        when(
            "得分表",
            heading("五、最近一次考核得分"),
            text("{{ 得分名称 }}的得分和名次如下。"),
            listed("得分表", _RANKING),
            chart("得分图"),
        ),
    )  # fmt: skip


def _list_of(title: str, number: str, *blocks: str) -> Lying:
    """A list of the office on pages that lie: marks, title, number, then the tables."""
    return Lying(marks() + p("Title", title) + p("PlainReference", number) + "".join(blocks) + END)


def progress(title: str) -> Lying:
    """办件进展周报: every open matter with its light, the overdue ones first in a list of their own."""
    return _list_of(
        title,
        NUMBERED,
        text(
            "在办{{ 在办件数 }}件，其中逾期{{ 逾期件数 }}件{% if 涉密件数 %}，涉密{{ 涉密件数 }}件{% endif %}；"
            "期内新登记{{ 新交办件数 }}件，办结{{ 办结件数 }}件，撤销{{ 撤销件数 }}件。"
        ),
        when("灯号说明", p("TableNote", "{{ 灯号说明 }}")),
        heading("一、逾期事项"),
        listed("逾期清单", _MATTERS, "没有逾期的事项"),
        heading("二、其他在办事项"),
        listed("在办清单", _MATTERS, "没有其他在办的事项"),
        heading("三、各单位情况"),
        listed("单位统计", _LIGHTED, "没有在办的单位"),
        chart("逾期图"),
    )


def summary(title: str) -> Lying:
    """每月进展汇总 (MM-3.1): which unit reported, every matter with what was said of it, what was closed."""
    return _list_of(
        title,
        NUMBERED,
        text(
            "期内督查事项{{ 总件数 }}件，办结{{ 办结件数 }}件，在办{{ 在办件数 }}件（逾期{{ 逾期件数 }}件），"
            "办结率{{ 办结率 }}；本期已报{{ 已报件数 }}件，应报未报{{ 未报件数 }}件，报送率{{ 报送率 }}。"
        ),
        when("统计口径", p("TableNote", "{{ 统计口径 }}")),
        heading("一、各单位报送情况"),
        listed("单位统计", _REPORTING, "没有单位有督查事项"),
        heading("二、在办事项进展"),
        listed("在办清单", _REPORTED, "没有在办的事项"),
        heading("三、期内办结、撤销的事项"),
        listed("办结清单", _REPORTED, "期内没有办结、撤销的事项"),
    )


def yearly(title: str) -> Lying:
    """年终考评情况 (MM-6): praise and criticism of the year, without points, for those who assess."""
    return _list_of(
        title,
        NUMBERED,
        text("依据《{{ 制度名称 }}》{{ 条款 }}，本年度供年终考评的情形共{{ 记分条数 }}条，只列事实，不计分值。"),
        listed("记分明细", _FACTS, "本年度没有供考评的情形"),
        when("更正明细", heading("以前年度的更正"), listed("更正明细", _FACTS)),
    )


def digest(title: str) -> Lying:
    """领导批示件汇总 (LZ-3.3): what was instructed, how far it has come, what is said of those overdue."""
    return _list_of(
        title,
        NUMBERED,
        text(
            "批示件{{ 总件数 }}件，办结{{ 办结件数 }}件，在办{{ 在办件数 }}件，其中逾期未反馈{{ 逾期件数 }}件；"
            "办结率{{ 办结率 }}，予以通报{{ 通报件数 }}件。"
        ),
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
