"""Forms and letters of an office: notices with a red head, and plain forms that stay inside."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.first_templates.ooxml import (
    DATE_BLANK,
    END,
    FANG,
    KEEP,
    OFF,
    TINY,
    WIDTH,
    cell,
    fonts,
    p,
    table,
    tr,
    when,
)

GRID = [1640, 2452, 1500, 3252]
TODAY = "{% if 成文日期 %}{{ 成文日期 }}{% else %}" + DATE_BLANK + "{% endif %}"
BASIS = "{% if 制度名称 %}《{{ 制度名称 }}》{% endif %}{{ 条款 }}"
CONTACT = "（联系人：{{ 联系人 }}，联系电话：{{ 联系电话 }}）"


@dataclass(frozen=True)
class Row:
    """One row of a form: a label with its value, or two. In a value a line break begins a smaller line."""

    label: str
    value: str
    label2: str = ""
    value2: str = ""
    height: int = 480
    style: str = "Cell"
    style2: str = "Cell"
    keep: bool = False
    when: str = ""
    each: str = ""
    split: bool = False
    sign: str = ""  # a last line, to the right: signature and date


def marks() -> str:
    """份号, 密级, 紧急程度, each only when there is one, in this order (GB/T 9704 7.2.1–7.2.3)."""
    return (
        when("份号", p("Mark", "{{ 份号 }}", rpr=fonts(FANG)))
        + when("密级", p("Mark", "{{ 密级 }}"))
        + when("紧急程度", p("Mark", "{{ 紧急程度 }}"))
    )


def red_head(issuer: str, reference: str) -> str:
    """Marks beside the issuer's name, the number, the red rule."""
    row = tr(cell(1700, marks() + TINY, align="top") + cell(5444, p("Issuer", issuer), align="top") + cell(1700, TINY))
    margins = '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    return table([1700, 5444, 1700], row, "", margins) + p("Reference", reference)


def form_rows(rows: Sequence[Row]) -> str:
    return "".join(_row(row) for row in rows)


def _row(row: Row) -> str:
    keep = KEEP if row.keep else ""

    def label(text: str, width: int) -> str:
        return cell(width, "".join(p("Label", one, keep) for one in text.split("\n")))

    def value(text: str, width: int, style: str, span: int = 1) -> str:
        first, *others = text.split("\n")
        content = p(style, first, keep) + "".join(p("CellNote", one, keep) for one in others)
        if row.sign:
            content += p("Cell", row.sign, f'{keep}<w:jc w:val="right"/>')
        return cell(width, content, span)

    if row.label2:
        cells = label(row.label, GRID[0]) + value(row.value, GRID[1], row.style)
        cells += label(row.label2, GRID[2]) + value(row.value2, GRID[3], row.style2)
    else:
        cells = label(row.label, GRID[0]) + value(row.value, sum(GRID[1:]), row.style, 3)
    made = tr(cells, row.height, split=row.split)
    if row.each:
        return _tag(f"for {row.each}") + made + _tag("endfor")
    return _tag(f"if {row.when}") + made + _tag("endif") if row.when else made


def _tag(text: str) -> str:
    return tr(cell(WIDTH, p("Cell", f"{{%tr {text} %}}"), 4))


def head_row(*labels: str) -> str:
    """A row of labels, one a column of the form."""
    return tr("".join(cell(width, p("Label", one)) for width, one in zip(GRID, labels, strict=True)), 480)


def list_rows(condition: str, loop: str, labels: Sequence[str], values: Sequence[str]) -> str:
    """A list inside a form: a head, one row an entry; nothing when the list is empty."""
    styles = ("CellCentre", "Cell", "CellCentre", "Cell")
    entry = tr("".join(cell(w, p(style, one)) for w, style, one in zip(GRID, styles, values, strict=True)), 480)
    return _tag(f"if {condition}") + head_row(*labels) + _tag("endif") + _tag(f"for {loop}") + entry + _tag("endfor")


def basis_row(*, keep: bool = False) -> str:
    note = tr(cell(WIDTH, p("CellNote", f"办理依据：{BASIS}", KEEP if keep else ""), 4), 300)
    return _tag("if 条款") + note + _tag("endif")


def notice(title: str, *rows: Row | str, issuer: str = "{{ 机关名称 }}", reference: str = "{{ 督办文号 }}") -> str:
    """A form that goes out under a red head."""
    return red_head(issuer, reference) + p("Title", title) + _form(rows) + END


def plain(title: str, *rows: Row | str, number: str = "编号：{{ 督办文号 }}") -> str:
    """A form that stays inside: marks, title, number, table; nothing red."""
    return marks() + p("Title", title) + p("PlainReference", number) + _form(rows) + END


def _form(rows: Sequence[Row | str]) -> str:
    return table(GRID, "".join(row if isinstance(row, str) else _row(row) for row in rows))


def letter(
    title: str,
    addressee: str,
    *blocks: str,
    issuer: str = "{{ 机关名称 }}",
    reference: str = "{{ 督办文号 }}",
    receipt: bool = True,
    colour: str = "",
) -> str:
    """A short paper in sentences under a red head, with a slip for the signature and the receipt."""
    slip = table(
        GRID,
        form_rows(
            (
                Row("签 发 人", "{{ 签发人 }}", "签发时间", "{{ 签发时间 }}", 560, keep=True),
                Row("领 收 人", "", "领收时间", "", 560),
            )
        ),
    )
    end = (p("a", ppr=f'{KEEP}{OFF}<w:spacing w:line="300" w:lineRule="exact"/>') + slip + END) if receipt else ""
    return (
        red_head(issuer, reference)
        + p("Title", title)
        + _bar(colour)
        + p("Addressee", f"{addressee}：")
        + "".join(blocks)
        + p("Signature", "{{ 办公室名称 }}", '<w:spacing w:before="579"/>')
        + p("Signature", TODAY, "" if receipt else '<w:keepNext w:val="0"/>')
        + p("Note", CONTACT, KEEP if receipt else '<w:keepNext w:val="0"/>')
        + end
    )


def _bar(colour: str) -> str:
    """A bar as wide as the text in the colour of a warning (黄、橙、红)."""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'
    return p("a", ppr=f'{KEEP}{shade}{OFF}<w:spacing w:after="200" w:line="160" w:lineRule="exact"/>') if colour else ""


def text(words: str) -> str:
    return p("BodyText", words)


def heading(words: str) -> str:
    return p("Heading", words)


def rounds_table() -> str:
    """办理经过: one row a round."""
    grid = [764, 2020, 2020, 2020, 2020]
    names = ("轮次", "起始", "时限", "事项", "结果")

    def tag(words: str) -> str:
        return tr(cell(WIDTH, p("CellSmall", f"{{%tr {words} %}}"), 5))

    head = tr("".join(cell(w, p("Label", one)) for w, one in zip(grid, names, strict=True)), 420, header=True)
    each = tr("".join(cell(w, p("CellSmall", f"{{{{ 轮.{n} }}}}")) for w, n in zip(grid, names, strict=True)), 420)
    none = tr("".join(cell(w, p("CellSmall", "—")) for w in grid), 420)
    rows = head + tag("for 轮 in 轮次记录") + each + tag("else") + none + tag("endfor")
    return table(grid, rows) + p("a", ppr=f'{KEEP}{OFF}<w:spacing w:line="200" w:lineRule="exact"/>')


def title(words: str) -> str:
    return p("Title", words)
