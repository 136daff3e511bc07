"""The pieces of a .docx that the first versions of the templates were put together from (GB/T 9704-2012).

Lengths are twips (1/20 pt); 1 mm is 56.7. The page: A4, 版心 156 x 225 mm, 22 lines of 28 characters in 三号 (16 pt).
"""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH = 8844  # 156 mm
WIDE = 12756  # 225 mm: 版心 of a page that lies
W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SONG, FANG, KAI, HEI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
DATE_BLANK = "　　年　　月　　日"


def fonts(name: str, latin: str = "Times New Roman") -> str:
    return f'<w:rFonts w:hint="eastAsia" w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{name}" w:cs="{latin}"/>'


def size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def line(twips: int, before: int = 0, after: int = 0, rule: str = "exact") -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{twips}" w:lineRule="{rule}"/>'


OFF = '<w:snapToGrid w:val="0"/>'
KEEP = "<w:keepNext/>"
CENTRE, LEFT, RIGHT = '<w:jc w:val="center"/>', '<w:jc w:val="left"/>', '<w:jc w:val="right"/>'
#: 28 characters of 320 are 8960; 5 less each makes them 8820 of the 8844 there are.
TIGHT = '<w:spacing w:val="-5"/>'
LOOSE = '<w:spacing w:val="0"/>'

#: id: name, based on, paragraph, run. Order inside pPr and rPr is the schema's.
STYLES: dict[str, tuple[str, str, str, str]] = {
    "BodyText": ("公文正文", "a", '<w:widowControl/><w:ind w:firstLineChars="200" w:firstLine="640"/>', ""),
    "Addressee": ("主送机关", "a", KEEP, ""),
    "Heading": (
        "一级标题",
        "a",
        f'{KEEP}<w:ind w:firstLineChars="200" w:firstLine="640"/><w:outlineLvl w:val="0"/>',
        fonts(HEI),
    ),
    "Mark": ("密级紧急程度", "a", f"{KEEP}{OFF}{line(440)}{LEFT}", fonts(HEI)),
    "Issuer": (
        "发文机关标志",
        "a",
        f"{KEEP}{OFF}{line(840, 160)}{CENTRE}",
        f'{fonts(SONG)}<w:color w:val="FF0000"/><w:spacing w:val="40"/>{size(64)}',
    ),
    "Reference": (
        "发文字号",
        "a",
        f'{KEEP}<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="8" w:color="FF0000"/></w:pBdr>'
        f"{OFF}{line(480, 160)}{CENTRE}",
        "",
    ),
    "PlainReference": ("表格编号", "a", f'{KEEP}{OFF}{line(480)}<w:jc w:val="right"/>', size(28)),
    "Title": (
        "文书标题",
        "a",
        f"{KEEP}<w:keepLines/>{OFF}{line(640, 240, 200, 'atLeast')}{CENTRE}",
        f"{fonts(SONG)}{LOOSE}{size(44)}",
    ),
    "Label": ("表内栏目", "a", f"{OFF}{line(380)}{CENTRE}", f"{fonts(HEI)}{LOOSE}{size(28)}"),
    "Cell": ("表内文字", "a", f"{OFF}{line(380)}{LEFT}", f"{LOOSE}{size(28)}"),
    "CellKai": ("表内批示", "Cell", "", fonts(KAI)),
    "CellDue": ("表内时限", "Cell", "", fonts(HEI)),
    "CellNote": ("表内附注", "Cell", line(300), size(21)),
    "CellCentre": ("表内居中", "Cell", CENTRE, ""),
    "CellSmall": ("表内小字", "Cell", f"{line(320)}{CENTRE}", size(24)),
    "ListHead": ("表头", "a", f"{KEEP}{OFF}{line(300)}{CENTRE}", f"{fonts(HEI)}{LOOSE}{size(21)}"),
    "ListText": ("清单文字", "a", f"{OFF}{line(290)}{LEFT}", f"{LOOSE}{size(21)}"),
    "ListCentre": ("清单居中", "ListText", CENTRE, ""),
    "ListNumber": ("清单数字", "ListText", RIGHT, ""),
    "Picture": ("图", "a", f"{OFF}{line(240, 120, 120, 'auto')}{CENTRE}", ""),
    "TableNote": ("表下附注", "a", f"{OFF}{line(320, 80)}", f"{LOOSE}{size(24)}"),
    "Signature": ("署名日期", "a", f'{KEEP}<w:keepLines/><w:ind w:left="4238"/>{CENTRE}', ""),
    "SealDate": (
        "成文日期",
        "a",
        f'{KEEP}<w:keepLines/><w:ind w:rightChars="400" w:right="1280"/><w:jc w:val="right"/>',
        "",
    ),
    "Note": ("附注", "a", f'{KEEP}<w:ind w:firstLineChars="200" w:firstLine="640"/>', ""),
    "Attachment": ("附件说明", "a", f'{KEEP}<w:ind w:left="1840" w:hanging="240"/>', ""),
    "Colophon": (
        "版记",
        "a",
        f'{OFF}{line(400)}<w:ind w:left="280" w:right="280"/>{LEFT}',
        f"{LOOSE}{size(28)}",
    ),
    "header": ("header", "a", f"{OFF}{line(20)}{CENTRE}", size(24)),
    "footer": ("footer", "a", f"{OFF}{line(360)}", f"{fonts('宋体', '宋体')}{LOOSE}{size(28)}"),
}
_BORDER = '<w:{0} w:val="single" w:sz="{1}" w:space="0" w:color="000000"/>'
_FORM_BORDERS = "".join(_BORDER.format(side, 12) for side in ("top", "left", "bottom", "right")) + "".join(
    _BORDER.format(side, 4) for side in ("insideH", "insideV")
)


def styles_xml() -> str:
    body = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="{base}"/><w:qFormat/>'
        f"<w:pPr>{ppr}</w:pPr><w:rPr>{rpr}</w:rPr></w:style>"
        for key, (name, base, ppr, rpr) in STYLES.items()
    )
    return (
        f'{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANG)}<w:kern w:val="2"/>{size(32)}'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        "</w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/><w:qFormat/><w:pPr>'
        f'<w:widowControl w:val="0"/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/>'
        f'<w:autoSpaceDN w:val="0"/>{line(579)}'
        f'<w:jc w:val="both"/></w:pPr><w:rPr>{TIGHT}</w:rPr></w:style>{body}'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="Form"><w:name w:val="督办表格"/><w:basedOn w:val="TableNormal"/>'
        "<w:qFormat/>"
        f"<w:tblPr><w:tblBorders>{_FORM_BORDERS}</w:tblBorders><w:tblCellMar>"
        '<w:top w:w="20" w:type="dxa"/><w:left w:w="100" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/>'
        '<w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>'
    )


def run(text: str, rpr: str = "") -> str:
    properties = f"<w:rPr>{rpr}</w:rPr>" if rpr else ""
    parts = text.split("\t")
    inner = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in parts)
    return f"<w:r>{properties}{inner}</w:r>"


def p(style: str, text: str = "", ppr: str = "", rpr: str = "", runs: str = "") -> str:
    """A paragraph; `ppr` stands after the style, in the schema's order."""
    inner = runs or (run(text, rpr) if text else "")
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{ppr}</w:pPr>{inner}</w:p>'


def when(condition: str, *blocks: str, otherwise: str = "") -> str:
    """Paragraphs that are there only when a field has something."""
    other = p("a", "{%p else %}") + otherwise if otherwise else ""
    return p("a", f"{{%p if {condition} %}}") + "".join(blocks) + other + p("a", "{%p endif %}")


def cell(width: int, content: str, span: int = 1, align: str = "center", borders: str = "") -> str:
    grid = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    edge = f"<w:tcBorders>{borders}</w:tcBorders>" if borders else ""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{grid}{edge}<w:vAlign w:val="{align}"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tr(cells: str, height: int = 0, rule: str = "atLeast", split: bool = False, header: bool = False) -> str:
    properties = ("" if split else "<w:cantSplit/>") + (
        f'<w:trHeight w:val="{height}" w:hRule="{rule}"/>' if height else ""
    )
    properties += "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def table(
    grid: list[int],
    rows: str,
    properties: str = '<w:tblStyle w:val="Form"/>',
    extra: str = "",
    jc: bool = True,
    borders: str = "",
) -> str:
    """A table of fixed columns; its properties stand in the schema's order, which Word insists on."""
    edges = f"<w:tblBorders>{borders}</w:tblBorders>" if borders else ""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    centre = '<w:jc w:val="center"/>' if jc else ""
    return (
        f'<w:tbl><w:tblPr>{properties}<w:tblW w:w="{sum(grid)}" w:type="dxa"/>{centre}{edges}'
        f'<w:tblLayout w:type="fixed"/>{extra}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>'
    )


#: Word wants a paragraph after a table; a visible one would make an empty page after a full one.
END = (
    '<w:p><w:pPr><w:pStyle w:val="a"/><w:snapToGrid w:val="0"/><w:spacing w:line="20" w:lineRule="exact"/>'
    '<w:rPr><w:vanish/><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)
TINY = p("a", ppr=f'{KEEP}{OFF}<w:spacing w:line="20" w:lineRule="exact"/>')
_FIELD = '<w:r><w:fldChar w:fldCharType="{0}"/></w:r>'
PAGE = (
    run("— ")
    + _FIELD.format("begin")
    + '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    + _FIELD.format("separate")
    + run("1")
    + _FIELD.format("end")
    + run(" —")
)


def numbers(above: int = 0) -> tuple[str, str]:
    """Page numbers, odd and even: one character in from the right and from the left, `above` the foot of the page."""
    lift = line(360, 0, above)
    return (
        p("footer", ppr=f'{lift}<w:ind w:right="280"/><w:jc w:val="right"/>', runs=PAGE),
        p("footer", ppr=f'{lift}<w:ind w:left="280"/>{LEFT}', runs=PAGE),
    )


#: So that the dash of a page number is 7 mm below 版心.
FOOTER_DISTANCE = 1420
_PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1985" '
    'w:left="1588" w:header="{header}" w:footer="{footer}" w:gutter="0"/>'
)
#: The same page turned, its binding edge at the top; the dash of the page number again 7 mm below 版心.
_LYING_PAGE = (
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1588" w:right="2098" w:bottom="1474" '
    'w:left="1984" w:header="{header}" w:footer="909" w:gutter="0"/>'
)


class Lying(str):
    """The body of a template whose pages lie."""


def write(
    path: Path,
    body: str,
    *,
    first: tuple[str, str] | None = None,
    footer_distance: int = FOOTER_DISTANCE,
    header_distance: int = 851,
    footers: tuple[str, str] | None = None,
) -> None:
    """Write one template. `first`: header and footer of a first page that has its own (信函格式)."""
    odd, even = footers or numbers()
    parts = {"footer1": ("ftr", odd, "footer", "default"), "footer2": ("ftr", even, "footer", "even")}
    if first is not None:
        parts |= {"header1": ("hdr", first[0], "header", "first"), "footer3": ("ftr", first[1], "footer", "first")}
    references = "".join(
        f'<w:{kind}Reference w:type="{page}" r:id="{name}"/>'
        for name, (_, _, kind, page) in sorted(parts.items(), key=lambda one: one[1][2] == "footer")
    )
    page = _LYING_PAGE if isinstance(body, Lying) else _PAGE
    section = (
        f"<w:sectPr>{references}{page.format(header=header_distance, footer=footer_distance)}"
        f'{"<w:titlePg/>" if first else ""}<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>'
    )
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    fixed = {"styles": "styles", "settings": "settings", "fontTable": "fontTable"}
    relations = "".join(
        f'<Relationship Id="{name}" Type="{relation}/{kind}" Target="{name}.xml"/>'
        for name, kind in {**fixed, **{name: one[2] for name, one in parts.items()}}.items()
    )
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{content}.{kind}+xml"/>'
        for name, kind in {
            "document": "document.main",
            **fixed,
            **{name: one[2] for name, one in parts.items()},
        }.items()
    )
    members = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{relation}/officeDocument" Target="word/document.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/'
        'core-properties" Target="docProps/core.xml"/></Relationships>',
        "word/document.xml": f"{HEAD}<w:document {W}><w:body>{body}{section}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{relations}</Relationships>',
        "word/styles.xml": styles_xml(),
        "word/settings.xml": f'{HEAD}<w:settings {W}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
        '<w:drawingGridVerticalSpacing w:val="579"/><w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
        "<w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/>"
        '<w:doNotExpandShiftReturn/><w:useFELayout/><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>',
        "word/fontTable.xml": f"{HEAD}<w:fonts {W}>"
        + "".join(
            f'<w:font w:name="{name}"><w:charset w:val="86"/></w:font>' for name in (FANG, SONG, KAI, HEI, "宋体")
        )
        + '<w:font w:name="Times New Roman"/></w:fonts>',
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
        'metadata/core-properties"/>',
        **{f"word/{name}.xml": f"{HEAD}<w:{tag} {W}>{inner}</w:{tag}>" for name, (tag, inner, _, _) in parts.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as package:
        for name, text in members.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
