"""Documents in the official formats of GB/T 9704-2012: 文件式 (上行文), 信函式."""

from tools.first_templates.forms import TODAY
from tools.first_templates.ooxml import (
    KAI,
    LEFT,
    OFF,
    TINY,
    WIDTH,
    cell,
    fonts,
    line,
    p,
    run,
    size,
    table,
    tr,
    when,
)

RED = "FF0000"
#: From the top of 版心 to the line of the issuer's mark; the characters themselves begin 35 mm below 版心's top.
MARKS_HEIGHT = 1867


def box(height: int, content: str) -> str:
    """A strip of fixed height as wide as 版心, without borders: what stands in it moves nothing below."""
    margins = '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    return table([WIDTH], tr(cell(WIDTH, content, align="top"), height, "exact"), "", margins)


def first_lines() -> str:
    """份号 on line 1, 密级 on line 2 also when there is no 份号, then 紧急程度."""
    grid = line(579)
    return (
        when("份号", p("Mark", "{{ 份号 }}", grid, fonts("仿宋_GB2312")))
        + when("密级 and not 份号", p("Mark", "", grid))
        + when("密级", p("Mark", "{{ 密级 }}", grid))
        + when("紧急程度", p("Mark", "{{ 紧急程度 }}", grid))
        + TINY
    )


def issuer(words: str, points: int = 48) -> str:
    """发文机关标志."""
    return p("Issuer", words, line(1160), rpr=size(points * 2))


def upward_reference(number: str) -> str:
    """上行文: the number one character in from the left, 签发人 one character in from the right, the red rule below."""
    runs = run(f"　{number}") + run("\t签发人：") + run("{{ 签发人 }}", fonts(KAI))
    border = f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="9" w:color="{RED}"/></w:pBdr>'
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH - 320}"/></w:tabs>'
    return p("Reference", ppr=f"{border}{tabs}{OFF}{line(480, 1158)}{LEFT}", runs=runs)


def body(title: str, *, annotated: bool = True) -> str:
    """标题, 主送, 正文, 附件说明, 署名 and date where the seal goes, 附注."""
    return (
        p("Title", title, line(680, 1158, 579, "atLeast"))
        + p("Addressee", "{{ 主送机关 }}：")
        + p("BodyText", "{{ 上报正文 }}")
        + attachments()
        + p("Signature", "{{ 署名 }}", '<w:spacing w:before="579"/>')
        + p("SealDate", TODAY)
        + (when("附注", p("Note", "（{{ 附注 }}）")) if annotated else "")
    )


def attachments() -> str:
    """附件说明: one blank line below the text, 2 characters in; a longer name goes on below its first character."""
    first = '<w:spacing w:before="579"/><w:ind w:left="1840" w:hanging="1200"/>'
    return (
        p("a", "{%p for 附 in 附件 %}")
        + when("loop.first", p("Attachment", "附件：{% if 附.序号 %}{{ 附.序号 }}.{% endif %}{{ 附.名称 }}", first))
        + when("not loop.first", p("Attachment", "{% if 附.序号 %}{{ 附.序号 }}.{% endif %}{{ 附.名称 }}"))
        + p("a", "{%p endfor %}")
    )


_EDGE = '<w:{0} w:val="single" w:sz="{1}" w:space="0" w:color="000000"/>'
_NO_MARGINS = '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
_EMU = 635  # in a twip
_LINE = 440  # a line of 版记
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"


def colophon(*, printed: bool = True) -> str:
    """版记: 抄送, 印发机关, 印发日期; its first and last rule 0.35 mm, the middle one 0.25. 信函 has no rules."""
    hanging = '<w:ind w:left="1120" w:right="280" w:hanging="840"/>'
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH - 280}"/></w:tabs>'
    copied = p("Colophon", "抄送：{{ 抄送 }}。", hanging)
    if not printed:
        return when("抄送", _at_foot(copied, 1, ""), otherwise=p("a", ppr=f"{OFF}{line(20)}"))
    issued = p("Colophon", "{{ 印发机关 }}\t{{ 印发日期 }}印发", tabs)
    edges = _EDGE.format("top", 8) + _EDGE.format("bottom", 8)
    both = [copied, issued]
    return when(
        "抄送",
        _at_foot(both, 2, edges + _EDGE.format("insideH", 6)),
        otherwise=_at_foot(issued, 1, edges),
    )


def _at_foot(content: str | list[str], lines: int, borders: str) -> str:
    """A table in a text box at the foot of 版心; the paragraph that holds it takes as much room in the text.

    So text and 版记 never meet, and the page that 版记 stands on is the last one.
    """
    cells = [content] if isinstance(content, str) else content
    rows = "".join(tr(cell(WIDTH, one), _LINE) for one in cells)
    inner = table([WIDTH], rows, "", _NO_MARGINS, jc=False, borders=borders)
    height = (_LINE * lines + 20) * _EMU
    width = WIDTH * _EMU
    box = (
        f'<w:r><w:drawing><wp:anchor xmlns:wp="{_DRAWING}wordprocessingDrawing" xmlns:a="{_DRAWING}main" '
        f'xmlns:wps="{_SHAPE}" distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" '
        'behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>'
        '<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{lines}" name="版记"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_SHAPE}">'
        f'<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{inner}{TINY}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:spAutoFit/></wps:bodyPr>'
        "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )
    return p("a", ppr=f"<w:keepLines/>{OFF}{line(_LINE * lines + 60)}", runs=box)


def upward_document(mark: str, number: str, title: str) -> str:
    """文件格式 of a 上行文 (GB/T 9704 7.2; LZ attachments 1 and 3)."""
    return box(MARKS_HEIGHT, first_lines()) + issuer(mark) + upward_reference(number) + body(title) + colophon()


def letter_format(mark: str, number: str, title: str) -> tuple[str, tuple[str, str]]:
    """信函格式 (GB/T 9704 10.1; LZ attachment 2): body, and header and footer of the first page.

    The rules are 170 mm long, 7 mm beyond 版心 on the left and on the right: 8 and 6 mm of indent, because the
    margins are 28 and 26 mm.
    """
    wide = '<w:ind w:left="-454" w:right="-340"/>'

    def rule(weight: int, gap: int) -> str:
        border = f'<w:pBdr><w:bottom w:val="single" w:sz="{weight}" w:space="0" w:color="{RED}"/></w:pBdr>'
        return p("header", ppr=f"{border}{OFF}{line(gap)}{wide}")

    head = p("Issuer", mark, line(1160), rpr=size(96)) + rule(36, 81) + rule(8, 40)
    foot = rule(8, 40) + rule(36, 40)
    side = f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH}"/></w:tabs>'
    first = p(
        "Mark",
        ppr=f"{side}{line(579)}",
        runs=run("{{ 份号 }}", fonts("仿宋_GB2312")) + run(f"\t{number}", fonts("仿宋_GB2312")),
    )
    content = (
        first
        + when("密级", p("Mark", "{{ 密级 }}", line(579)))
        + when("紧急程度", p("Mark", "{{ 紧急程度 }}", line(579)))
        + body(title)
        + colophon(printed=False)
    )
    return content, (head, foot)
