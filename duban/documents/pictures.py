"""Pictures in documents: a PNG that Duban drew, put where a template names it, and nothing else."""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup, escape

#: Dots per inch of every picture that Duban draws; millimetres in an inch.
DPI, MM = 200, 25.4
_SIGN = b"\x89PNG\r\n\x1a\n"
_EMU = 914400  # in an inch
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES, LINKS = "[Content_Types].xml", "word/_rels/document.xml.rels"


@dataclass(frozen=True)
class Picture:
    """A PNG at `DPI` with what it shows in words. Raises TypeError for what is no PNG (a mistake in code)."""

    png: bytes
    words: str

    def __post_init__(self) -> None:
        if not self.png.startswith(_SIGN):
            raise TypeError("a picture in a document is a PNG")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in EMU."""
        width, height = struct.unpack(">II", self.png[16:24])
        return round(width / DPI * _EMU), round(height / DPI * _EMU)


#: A picture, or what draws it when a template wants it.
Drawn = Picture | Callable[[], Picture]


class Place:
    """What a template has of a picture: whether there is one, and where it goes. Drawn when it is put there."""

    __slots__ = ("_made", "_number", "_picture")

    def __init__(self, picture: Drawn, number: int) -> None:
        if not isinstance(picture, Picture) and not callable(picture):
            raise TypeError("only a picture can stand in the place of one")
        self._picture, self._number = picture, number
        self._made: Picture | None = None

    def __html__(self) -> Markup:
        if self._made is None:
            self._made = self._picture if isinstance(self._picture, Picture) else self._picture()
        return _markup(self._made, self._number)

    def __str__(self) -> str:
        return ""  # in a word or a comparison there is nothing of a picture


def placed(places: Iterable[Place]) -> dict[int, Picture]:
    """The pictures that a template has put somewhere, by their numbers."""
    return {one._number: one._made for one in places if one._made is not None}


def _markup(picture: Picture, number: int) -> Markup:
    """What stands for the picture in the text: the run ends, the picture has one of its own, another run begins."""
    width, height = picture.size
    words = escape(picture.words[:1000])
    return Markup(
        f'</w:t></w:r><w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}wordprocessingDrawing" distT="0" distB="0" '
        f'distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{900 + number}" '
        f'name="图{number}" descr="{words}"/><a:graphic xmlns:a="{_DRAWING}main"><a:graphicData '
        f'uri="{_DRAWING}picture"><pic:pic xmlns:pic="{_DRAWING}picture"><pic:nvPicPr><pic:cNvPr id="{900 + number}" '
        f'name="图{number}" descr="{words}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip '
        f'xmlns:r="{_OFFICE}" r:embed="{_key(number)}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        '</wp:inline></w:drawing></w:r><w:r><w:t xml:space="preserve">'
    )


def _key(number: int) -> str:
    return f"dubanPicture{number}"


def put_into(members: Iterable[tuple[str, bytes]], places: Iterable[Place]) -> list[tuple[str, bytes]]:
    """The members of a document with the pictures that its text has, their links and their type."""
    filled, shown = list(members), placed(places)
    if not shown:
        return filled
    changed: dict[str, Callable[[bytes], bytes]] = {TYPES: _typed, LINKS: lambda part: _linked(part, shown)}
    filled = [(name, changed[name](part) if name in changed else part) for name, part in filled]
    return filled + [(f"word/{_file(number)}", one.png) for number, one in shown.items()]


def _file(number: int) -> str:
    return f"media/duban{number}.png"


def _typed(part: bytes) -> bytes:
    root = etree.fromstring(part)
    known = {str(one.get("Extension")).lower() for one in root.iter(f"{{{_TYPES}}}Default")}
    if "png" not in known:
        root.insert(0, etree.Element(f"{{{_TYPES}}}Default", Extension="png", ContentType="image/png"))
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True))


def _linked(part: bytes, shown: Iterable[int]) -> bytes:
    root = etree.fromstring(part)
    for number in shown:
        link = etree.Element(f"{{{_RELATIONS}}}Relationship", Id=_key(number), Target=_file(number))
        link.set("Type", f"{_OFFICE}/image")
        root.append(link)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True))
