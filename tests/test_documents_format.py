"""GB/T 9704-2012 in the XML of every document of every bureau: one table of facts (standards.md §1), read back."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from docx.oxml.ns import qn
from lxml import etree
from papers_of import (
    ALL,
    DOWNWARD,
    FILE_FORMAT,
    LETTER_FORMAT,
    LYING,
    OFFICIAL,
    W,
    made,
    opened,
    paragraphs,
    part,
    text_of,
)

Key = tuple[str, str]
MM = 56.7  # twips
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@dataclass(frozen=True)
class Fact:
    """What the standard says, of which documents it says it, and how it is read from one (bureau, kind)."""

    name: str
    about: Callable[[Key], bool]
    holds: Callable[[Key], bool]


def every(_key: Key) -> bool:
    return True


def official(key: Key) -> bool:
    return key in OFFICIAL


def sealed(key: Key) -> bool:
    """What goes out over the bureau's seal: up, to another bureau, or down to the units."""
    return key in OFFICIAL | DOWNWARD


def with_colophon(key: Key) -> bool:
    return key in FILE_FORMAT | DOWNWARD


def file_format(key: Key) -> bool:
    return key in FILE_FORMAT


def red_headed(key: Key) -> bool:
    return bool(paragraphs(*key, "发文机关标志"))


# --- reading -------------------------------------------------------------------------------------------------------


def style_value(key: Key, name: str, path: str, attribute: str = "val") -> str | None:
    """A property of a style, or of those it is based on, or of the defaults."""
    styles = opened(*key).styles
    style = styles[name]
    while style is not None:
        found = style.element.find("/".join(qn(f"w:{one}") for one in path.split("/")))
        if found is not None and found.get(qn(f"w:{attribute}")) is not None:
            return str(found.get(qn(f"w:{attribute}")))
        style = style.base_style
    kind = path.partition("/")[0]
    found = styles.element.find(qn("w:docDefaults")).find(
        "/".join([qn(f"w:{kind}Default"), *(qn(f"w:{one}") for one in path.split("/"))])
    )
    return None if found is None else found.get(qn(f"w:{attribute}"))


def font(key: Key, style: str, name: str, half_points: int) -> bool:
    return (
        style_value(key, style, "rPr/rFonts", "eastAsia") == name
        and style_value(key, style, "rPr/sz") == str(half_points)
    )  # fmt: skip


def own(paragraph: etree._Element, path: str, attribute: str) -> str | None:
    found = paragraph.find("/".join(f"{W}{one}" for one in path.split("/")))
    return None if found is None else found.get(f"{W}{attribute}")


def section(key: Key) -> etree._Element:
    return opened(*key).element.body.find(qn("w:sectPr"))


def measures(key: Key, tag: str) -> dict[str, int | str]:
    found = section(key).find(qn(f"w:{tag}"))
    return {etree.QName(name).localname: value for name, value in found.attrib.items()}


def only(key: Key, style: str, marked: bool = False) -> etree._Element:
    (found,) = paragraphs(*key, style, marked)
    return found


def all_text(key: Key, marked: bool = False) -> str:
    return "\n".join(text_of(one) for one in part(made(*key, marked), "word/document.xml").iter(f"{W}p"))


def footers(key: Key) -> dict[str, etree._Element]:
    document = opened(*key)
    return {"odd": document.sections[0].footer._element, "even": document.sections[0].even_page_footer._element}


# --- the facts -----------------------------------------------------------------------------------------------------


def page_size(key: Key) -> bool:
    size = (measures(key, "pgSz")["w"], measures(key, "pgSz")["h"])
    return size == (("16838", "11906") if key in LYING else ("11906", "16838"))


def margins(key: Key) -> bool:
    found = measures(key, "pgMar")
    # A page that lies is the same page turned: its binding edge is at the top.
    turned = {"top": 28, "left": 35, "right": 37, "bottom": 26}
    wanted = turned if key in LYING else {"top": 37, "left": 28, "right": 26, "bottom": 35}
    return all(abs(int(found[side]) / MM - mm) <= 1 for side, mm in wanted.items())


def text_area(key: Key) -> bool:
    size, edge = measures(key, "pgSz"), measures(key, "pgMar")
    across = int(size["w"]) - int(edge["left"]) - int(edge["right"])
    down = int(size["h"]) - int(edge["top"]) - int(edge["bottom"])
    wanted = (225, 156) if key in LYING else (156, 225)
    return abs(across / MM - wanted[0]) < 0.5 and abs(down / MM - wanted[1]) < 0.5


def lines_22(key: Key) -> bool:
    pitch = int(measures(key, "docGrid")["linePitch"])
    line = style_value(key, "公文正文", "pPr/spacing", "line")
    rule = style_value(key, "公文正文", "pPr/spacing", "lineRule")
    return 12755 // pitch == 22 and line == str(pitch) and rule == "exact"


def characters_28(key: Key) -> bool:
    size = int(style_value(key, "公文正文", "rPr/sz") or 0) * 10 + int(style_value(key, "公文正文", "rPr/spacing") or 0)
    return 28 * size <= 8844 < 29 * size


def no_bold(key: Key) -> bool:
    roots = [part(made(*key, True), "word/document.xml"), opened(*key).styles.element]
    return not any(list(root.iter(f"{W}b")) for root in roots)


def numerals(key: Key) -> bool:
    """〔2026〕12号: the brackets of the standard, a full year, no 第, nothing padded; dates unpadded too (A23)."""
    text = all_text(key, True)
    wrong = r"[\[【（(]20\d\d[\]】）)]|〔\d{1,3}〕|〔\d{4}〕第|〔\d{4}〕0|年0\d月|月0\d日|年\d+月0"
    return not re.search(wrong, text) and "None" not in text


def marks_in_order(key: Key) -> bool:
    """份号 (six figures), 密级★期限, 紧急程度, from the top, flush left."""
    found = [text_of(one).split("\t")[0] for one in paragraphs(*key, "密级紧急程度", True)]
    shown = [one.removesuffix("兰公督字〔2026〕7号") for one in found if one]
    left = style_value(key, "密级紧急程度", "pPr/jc") == "left"
    return [one[:6] for one in shown] == ["000001", "秘密★1年", "特急"] and left


def copy_number_font(key: Key) -> bool:
    run = next(one for one in paragraphs(*key, "密级紧急程度", True) if "000001" in text_of(one)).find(f"{W}r")
    return run.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") == "仿宋_GB2312"


def issuer(key: Key) -> bool:
    return (
        style_value(key, "发文机关标志", "rPr/rFonts", "eastAsia") == "方正小标宋简体"
        and style_value(key, "发文机关标志", "rPr/color") == "FF0000"
        and style_value(key, "发文机关标志", "pPr/jc") == "center"
    )


def red_rule(key: Key) -> bool:
    paragraph = only(key, "发文字号")
    edge = paragraph.find(f"{W}pPr/{W}pBdr/{W}bottom")
    if edge is None:
        return style_value(key, "发文字号", "pPr/pBdr/bottom", "color") == "FF0000"
    return edge.get(f"{W}color") == "FF0000" and own(paragraph, "pPr/ind", "left") in (None, "0")


def reference(key: Key) -> bool:
    """上行文: one character in from the left; 签发人 one in from the right, the name in 楷体."""
    paragraph = only(key, "发文字号")
    runs = list(paragraph.iter(f"{W}r"))
    tab = paragraph.find(f"{W}pPr/{W}tabs/{W}tab")
    name = runs[-1].find(f"{W}rPr/{W}rFonts")
    return (
        text_of(paragraph).startswith("　")
        and "签发人：顾长风" in text_of(paragraph)
        and (tab.get(f"{W}val"), tab.get(f"{W}pos")) == ("right", str(8844 - 320))
        and name.get(f"{W}eastAsia") == "楷体_GB2312"
        and own(paragraph, "pPr/jc", "val") == "left"
        and font(key, "发文字号", "仿宋_GB2312", 32)
    )


def no_signer(key: Key) -> bool:
    return "签发人：" not in all_text(key)


def title(key: Key) -> bool:
    return font(key, "文书标题", "方正小标宋简体", 44) and style_value(key, "文书标题", "pPr/jc") == "center"


def title_lines(key: Key) -> bool:
    """Broken where a reader would break it, no line longer than 20 characters, no word cut (7.3.1)."""
    found = only(key, "文书标题")
    lines = re.split(
        "\n", "".join("\n" if one.tag == f"{W}br" else one.text or "" for one in found.iter(f"{W}t", f"{W}br"))
    )
    return all(len(line) <= 20 for line in lines) and (len(lines) == 1 or len(lines[-1]) > 4)


def addressee(key: Key) -> bool:
    paragraph = only(key, "主送机关")
    return text_of(paragraph).endswith("：") and own(paragraph, "pPr/ind", "firstLine") is None


def body(key: Key) -> bool:
    return (
        font(key, "公文正文", "仿宋_GB2312", 32) and style_value(key, "公文正文", "pPr/ind", "firstLineChars") == "200"
    )


def headings(key: Key) -> bool:
    return font(key, "一级标题", "黑体", 32)


def attachments(key: Key) -> bool:
    """附件：1.×××, no stop at the end, a second line under the first character of the name."""
    first, second = paragraphs(*key, "附件说明", True)
    indents = {
        name: own(first, "pPr/ind", name) or style_value(key, "附件说明", "pPr/ind", name)
        for name in ("left", "hanging")
    }
    return (
        text_of(first).startswith("附件：1.")
        and text_of(second).startswith("2.")
        and not text_of(first).endswith(("。", "；", "."))
        and int(indents["left"] or 0) - int(indents["hanging"] or 0) == 640
    )


def seal_date(key: Key) -> bool:
    return (
        style_value(key, "成文日期", "pPr/ind", "rightChars") == "400"
        and style_value(key, "成文日期", "pPr/jc") == "right"
    )


def signature_over_date(key: Key) -> bool:
    """署名 centred on the date, whose right edge is four characters in from 版心."""
    name, date = only(key, "署名日期"), only(key, "成文日期")
    digits = sum(one.isascii() for one in text_of(date))
    width = (len(text_of(date)) - digits) * 320 + digits * 160 - 5 * len(text_of(date))
    centre = (int(own(name, "pPr/ind", "left") or 0) + 8844) / 2
    longest = 8844 - (len(text_of(name)) * 315) / 2
    return abs(centre - min(8844 - 1280 - width / 2, longest)) < 20


def kept_together(key: Key) -> bool:
    """No page with the signature alone: the end of the text goes along with it."""
    name = only(key, "署名日期")
    before = name.getprevious()
    while not text_of(before).strip():
        before = before.getprevious()
    return before.find(f"{W}pPr/{W}keepNext") is not None


def annotation(key: Key) -> bool:
    paragraph = only(key, "附注", True)
    return text_of(paragraph) == "（此件不公开）" and style_value(key, "附注", "pPr/ind", "firstLineChars") == "200"


def colophon_rules(key: Key) -> bool:
    """First and last 0.35 mm, middle 0.25 mm, as wide as 版心."""
    (table,) = next(part(made(*key), "word/document.xml").iter(f"{W}txbxContent")).iter(f"{W}tbl")
    edges = {etree.QName(one).localname: int(one.get(f"{W}sz")) for one in table.find(f"{W}tblPr/{W}tblBorders")}
    width = sum(int(one.get(f"{W}w")) for one in table.find(f"{W}tblGrid"))
    points = {name: size / 8 * 0.3528 for name, size in edges.items()}
    return (
        abs(points["top"] - 0.35) < 0.02
        and abs(points["bottom"] - 0.35) < 0.02
        and abs(points["insideH"] - 0.25) < 0.02
        and width == 8844
    )


def colophon_text(key: Key) -> bool:
    copied, printed = paragraphs(*key, "版记")
    return (
        font(key, "版记", "仿宋_GB2312", 28)
        and text_of(copied).startswith("抄送：")
        and text_of(copied).endswith("。")
        and text_of(printed).endswith("2026年3月12日印发")
        and (own(copied, "pPr/ind", "left"), own(copied, "pPr/ind", "hanging")) == ("1120", "840")
        and style_value(key, "版记", "pPr/ind", "left") == "280"
    )


def colophon_at_foot(key: Key) -> bool:
    anchor = next(part(made(*key), "word/document.xml").iter(f"{WP}anchor"))
    vertical = anchor.find(f"{WP}positionV")
    return vertical.get("relativeFrom") == "margin" and vertical.find(f"{WP}align").text == "bottom"


def page_numbers(key: Key) -> bool:
    """— 1 —: 4号 half-width 宋体; one character in from the right on odd pages, from the left on even ones."""
    found = footers(key)
    sides = {
        name: (own(root.find(f"{W}p"), "pPr/jc", "val"), own(root.find(f"{W}p"), "pPr/ind", edge))
        for (name, root), edge in zip(found.items(), ("right", "left"), strict=True)
    }
    settings = part(made(*key), "word/settings.xml")
    return (
        all(text_of(root) == "— 1 —" for root in found.values())
        and sides == {"odd": ("right", "280"), "even": ("left", "280")}
        and style_value(key, "footer", "rPr/rFonts", "ascii") == "宋体"
        and style_value(key, "footer", "rPr/sz") == "28"
        and settings.find(f"{W}evenAndOddHeaders") is not None
    )


def no_first_number(key: Key) -> bool:
    first = opened(*key).sections[0].first_page_footer._element
    return section(key).find(qn("w:titlePg")) is not None and text_of(first) == ""


def letter_rules(key: Key) -> bool:
    """Two red double rules 170 mm long: thick over thin under the issuer, thin over thick at the foot."""
    head = opened(*key).sections[0].first_page_header._element
    foot = opened(*key).sections[0].first_page_footer._element
    weights = [
        [int(one.get(f"{W}sz")) for one in root.iter(f"{W}bottom") if one.get(f"{W}color") == "FF0000"]
        for root in (head, foot)
    ]
    indents = {
        (own(one, "pPr/ind", "left"), own(one, "pPr/ind", "right"))
        for root in (head, foot)
        for one in root.iter(f"{W}p")
        if one.find(f"{W}pPr/{W}pBdr") is not None
    }
    wide = 8844 + 454 + 340
    return (
        weights[0][0] > weights[0][1]
        and weights[1][0] < weights[1][1]
        and indents == {("-454", "-340")}
        and abs(wide / MM - 170) < 0.5
    )


def letter_reference(key: Key) -> bool:
    paragraph = paragraphs(*key, "密级紧急程度")[0]
    tab = paragraph.find(f"{W}pPr/{W}tabs/{W}tab")
    return text_of(paragraph).endswith("〔2026〕7号") and (tab.get(f"{W}val"), tab.get(f"{W}pos")) == ("right", "8844")


def letter_colophon(key: Key) -> bool:
    (copied,) = paragraphs(*key, "版记")
    return text_of(copied).startswith("抄送：") and "印发" not in all_text(key)


def lang_kept(key: Key) -> bool:
    """Numbers are not broken over two lines (21/8): the language of Latin runs stays English."""
    return opened(*key).styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang").get(f"{W}val") == "en-US"


def with_style(name: str) -> Callable[[Key], bool]:
    return lambda key: bool(paragraphs(*key, name))


def with_marks(key: Key) -> bool:
    return bool(paragraphs(*key, "密级紧急程度", True))


def not_upward(key: Key) -> bool:
    return key not in FILE_FORMAT


FACTS = [
    Fact("A4", every, page_size),
    Fact("天头37订口28", every, margins),
    Fact("版心156x225", every, text_area),
    Fact("22行", every, lines_22),
    Fact("28字", every, characters_28),
    Fact("不另加粗", every, no_bold),
    Fact("文号和日期的写法", every, numerals),
    Fact("西文数字不断行", every, lang_kept),
    Fact("页码", every, page_numbers),
    Fact("标题二号小标宋", every, title),
    Fact("标题回行", with_style("文书标题"), title_lines),
    Fact("正文三号仿宋空两字", every, body),
    Fact("一级标题黑体", every, headings),
    Fact("份号密级紧急程度的次序", with_marks, marks_in_order),
    Fact("份号仿宋", with_marks, copy_number_font),
    Fact("密级黑体三号", with_marks, lambda key: font(key, "密级紧急程度", "黑体", 32)),
    Fact("发文机关标志", red_headed, issuer),
    Fact("红色分隔线", lambda key: red_headed(key) and key not in LETTER_FORMAT, red_rule),
    Fact("上行文的文号和签发人", file_format, reference),
    Fact("不是上行文不标签发人", not_upward, no_signer),
    Fact("主送机关", with_style("主送机关"), addressee),
    Fact("附件说明", official, attachments),
    Fact("成文日期右空四字", sealed, seal_date),
    Fact("署名以日期为准居中", sealed, signature_over_date),
    Fact("署名不单独成页", sealed, kept_together),
    Fact("附注", official, annotation),
    Fact("版记的线", with_colophon, colophon_rules),
    Fact("版记的文字", with_colophon, colophon_text),
    Fact("版记在版心下边缘", sealed, colophon_at_foot),
    Fact("信函首页不编页码", lambda key: key in LETTER_FORMAT, no_first_number),
    Fact("信函的红色双线", lambda key: key in LETTER_FORMAT, letter_rules),
    Fact("信函的文号", lambda key: key in LETTER_FORMAT, letter_reference),
    Fact("信函的版记", lambda key: key in LETTER_FORMAT, letter_colophon),
]


@pytest.mark.rule("LZ-F1", "LZ-F2", "LZ-F3", "A23", "A24")
@pytest.mark.parametrize("key", ALL, ids=lambda key: "-".join(key))
def test_every_document_is_as_the_standard_says(key: Key) -> None:
    assert [fact.name for fact in FACTS if fact.about(key) and not fact.holds(key)] == []


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_each_fact_is_about_some_document(fact: Fact) -> None:
    assert any(fact.about(key) for key in ALL)


#: The order in which the schema (ISO/IEC 29500, CT_PPr …) wants what Duban's templates use; Word refuses another.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs kinsoku overflowPunct "
    "autoSpaceDE autoSpaceDN snapToGrid spacing ind jc textAlignment outlineLvl rPr",
    "rPr": "rStyle rFonts b i vanish color spacing w kern position sz szCs u lang",
    "tblPr": "tblStyle tblpPr tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd vAlign",
    "trPr": "cantSplit trHeight tblHeader",
    "sectPr": "headerReference footerReference pgSz pgMar pgNumType titlePg docGrid",
}


@pytest.mark.parametrize("key", ALL, ids=lambda key: "-".join(key))
def test_the_xml_is_in_the_order_of_the_schema(key: Key) -> None:
    roots = [part(made(*key, True), "word/document.xml"), opened(*key).styles.element]
    wrong = set()
    for tag, order in ORDER.items():
        places = {name: place for place, name in enumerate(order.split())}
        for root in roots:
            for found in root.iter(f"{W}{tag}"):
                names = [etree.QName(child).localname for child in found]
                if any(name not in places for name in names) or sorted(names, key=places.__getitem__) != names:
                    wrong.add((tag, *names))
    assert wrong == set()
