"""The fonts of a template: named as GB/T 9704 names them, so that every machine that has them shows the same page."""

from collections.abc import Iterator, Mapping

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: GB/T 9704 5.2.2, 7.2: 仿宋, 小标宋, 楷体, 黑体, 宋体, under the names that their official versions have.
OFFICIAL = ("仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体")
_LATIN = (*OFFICIAL, "Times New Roman")
#: Names under which people meet the same faces.
_MEANT = {
    "仿宋": "仿宋_GB2312", "FangSong": "仿宋_GB2312", "FangSong_GB2312": "仿宋_GB2312", "华文仿宋": "仿宋_GB2312",
    "楷体": "楷体_GB2312", "KaiTi": "楷体_GB2312", "KaiTi_GB2312": "楷体_GB2312", "华文楷体": "楷体_GB2312",
    "SimHei": "黑体", "SimSun": "宋体", "NSimSun": "宋体", "新宋体": "宋体",
    "小标宋": "方正小标宋简体", "方正小标宋_GBK": "方正小标宋简体", "方正小标宋": "方正小标宋简体",
}  # fmt: skip


def wrong_fonts(parts: Mapping[str, bytes]) -> Iterator[str]:
    """Return a sentence for each font that is not official, of the styles in use and of the text itself."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for name, data in parts.items():
        if not name.startswith(("word/document", "word/header", "word/footer")):
            continue
        root = etree.fromstring(data)
        used |= {str(one.get(_W + "val")) for one in root.iter(_W + "pStyle", _W + "rStyle", _W + "tblStyle")}
        for run in root.iter(_W + "r"):
            text = "".join(one.text or "" for one in run.iter(_W + "t")).strip()
            for font in _wrong(run.find(f"{_W}rPr/{_W}rFonts")) if text else ():
                found.setdefault(font, f"“{text[:20]}”")
    styles = parts.get("word/styles.xml")
    for name, fonts in _styles(styles, used) if styles else ():
        for font in _wrong(fonts):
            found.setdefault(font, f"样式“{name}”")
    for font, where in found.items():
        meant = f"，应为“{_MEANT[font]}”" if font in _MEANT else f"，请改用{'、'.join(OFFICIAL)}"
        yield f"{where}用了字体“{font}”{meant}"


def _wrong(fonts: etree._Element | None) -> Iterator[str]:
    if fonts is None:
        return
    for kind, allowed in (("eastAsia", OFFICIAL), ("ascii", _LATIN), ("hAnsi", _LATIN)):
        font = fonts.get(_W + kind)
        if font is not None and font not in allowed:
            yield font
    if fonts.get(_W + "eastAsiaTheme") is not None:
        yield "主题字体"


def _styles(data: bytes, used: set[str]) -> Iterator[tuple[str, etree._Element | None]]:
    """The fonts of the default and of the styles in use, with those that they are based on, by their shown names."""
    root = etree.fromstring(data)
    yield "默认", root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}rFonts")
    styles = {str(style.get(_W + "styleId")): style for style in root.iter(_W + "style")}
    pending = [name for name, style in styles.items() if name in used or style.get(_W + "default") == "1"]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen or name not in styles:
            continue
        seen.add(name)
        style = styles[name]
        shown, base = style.find(_W + "name"), style.find(_W + "basedOn")
        yield (str(shown.get(_W + "val")) if shown is not None else name), style.find(f"{_W}rPr/{_W}rFonts")
        if base is not None:
            pending.append(str(base.get(_W + "val")))
