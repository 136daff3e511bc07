"""The word 演练 on every page of a rehearsal's documents: put on the package, whatever the template looks like."""

from collections.abc import Mapping

from lxml import etree

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_DOCUMENT, _RELS, _OWN = "word/document.xml", "word/_rels/document.xml.rels", "word/header9999.xml"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)

# A large pale word across the page (VML: the form that Word, WPS and LibreOffice all draw) and a line above the text.
_MARK = f"""<w:p xmlns:w="{_W}"
xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="400" w:lineRule="exact"/>
<w:ind w:left="0" w:firstLine="0"/><w:jc w:val="center"/></w:pPr>
<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"
path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/>
</v:shapetype><v:shape id="rehearsal" o:spid="_x0000_s9999" type="#_x0000_t136" o:allowincell="f"
fillcolor="#f7d4d4" stroked="f"
style="position:absolute;margin-left:0;margin-top:0;width:380pt;height:190pt;rotation:315;z-index:-251658752;\
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;\
mso-position-vertical-relative:margin"><v:fill opacity=".5"/>
<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="演练"/></v:shape></w:pict></w:r>
<w:r><w:rPr><w:rFonts w:hint="eastAsia" w:eastAsia="黑体"/><w:color w:val="FF0000"/><w:sz w:val="32"/></w:rPr>
<w:t>演练　演练文书，不作办理依据　演练</w:t></w:r></w:p>"""


def put_on(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a .docx package's members (name -> bytes) with 演练 in each header, and a header where there was none."""
    result = dict(members)
    document = etree.fromstring(result[_DOCUMENT], _PARSER)
    relations = etree.fromstring(result[_RELS], _PARSER)
    if _add_references(document, even=b"evenAndOddHeaders" in result.get("word/settings.xml", b"")):
        target = _OWN.removeprefix("word/")
        etree.SubElement(relations, f"{{{_RELATIONS}}}Relationship", Id="rehearsal", Type=f"{_R}/header", Target=target)
        types = etree.fromstring(result["[Content_Types].xml"], _PARSER)
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
        etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{_OWN}", ContentType=kind)
        result["[Content_Types].xml"] = _bytes(types)
        result[_OWN] = f'<w:hdr xmlns:w="{_W}"/>'.encode()
    for relation in relations:
        if relation.get("Type") == f"{_R}/header":
            name = "word/" + str(relation.get("Target"))
            header = etree.fromstring(result[name], _PARSER)
            header.insert(0, etree.fromstring(_MARK, _PARSER))
            result[name] = _bytes(header)
    return result | {_DOCUMENT: _bytes(document), _RELS: _bytes(relations)}


def _add_references(document: etree._Element, even: bool) -> bool:
    """Give the header to each kind of page that has none; a section without its own inherits from the one before."""
    seen: set[str | None] = set()
    added = False
    for section in document.iter(f"{{{_W}}}sectPr"):
        seen |= {one.get(f"{{{_W}}}type") for one in section.findall(f"{{{_W}}}headerReference")}
        first = section.find(f"{{{_W}}}titlePg") is not None
        for page in ["default", *["first"] * first, *["even"] * even]:
            if page not in seen:
                attributes = {f"{{{_W}}}type": page, f"{{{_R}}}id": "rehearsal"}
                section.insert(0, etree.Element(f"{{{_W}}}headerReference", attributes))
                seen.add(page)
                added = True
    return added


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
