"""Documents of every bureau made from the invented values of tools/sample_values.yaml, once each for all tests."""

import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import docx
import yaml
from lxml import etree

from duban import documents
from tools import sample_periods

ROOT = Path(__file__).parents[1]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SAID = yaml.safe_load((ROOT / "tools" / "sample_values.yaml").read_text(encoding="utf-8"))
#: bureau -> where its regulation, organization and templates lie; the fourth is made up for the tests.
HOMES = {
    "baicheng": ROOT / "include",
    "bureau": ROOT / "include",
    "lanzhou": ROOT / "include",
    "jiangcheng": ROOT / "tests" / "regulations" / "fixtures" / "jiangcheng",
}
REGULATIONS = {
    "baicheng": "baicheng-2020",
    "bureau": "bureau-2019",
    "lanzhou": "lanzhou",
    "jiangcheng": "jiangcheng-2026",
}


@contextmanager
def at_home(bureau: str) -> Iterator[None]:
    """Let DUBAN_INCLUDE name where the bureau's files lie."""
    before = os.environ.get("DUBAN_INCLUDE")
    os.environ["DUBAN_INCLUDE"] = str(HOMES[bureau])
    try:
        yield
    finally:
        if before is None:
            del os.environ["DUBAN_INCLUDE"]
        else:
            os.environ["DUBAN_INCLUDE"] = before


def kinds(bureau: str) -> dict[str, documents.Kind]:
    with at_home(bureau):
        return dict(documents.kinds(bureau))


#: What the catalogue says of papers of period files (用于); no matter has them (test_period_papers.py).
PERIODIC = {"周报", "考核通报", "考核异议", "汇总", "通报", "归档目录"}


def kinds_of_matters(bureau: str) -> list[str]:
    """The kinds of papers that a matter may have."""
    return [name for name, kind in kinds(bureau).items() if not PERIODIC.intersection(kind.uses)]


#: Every kind of every bureau.
ALL = [(bureau, kind) for bureau in HOMES for kind in kinds(bureau)]
#: The official formats of GB/T 9704: 文件格式 of a 上行文, and 信函格式.
FILE_FORMAT = {
    ("baicheng", "上报文件"),
    ("bureau", "统一报送"),
    ("lanzhou", "专报"),
    ("lanzhou", "上行文"),
    ("jiangcheng", "上报报告"),
}
LETTER_FORMAT = {("lanzhou", "信函")}
OFFICIAL = FILE_FORMAT | LETTER_FORMAT
#: 文件格式 of what goes down: a 通报 to the units.
DOWNWARD = {
    ("baicheng", "月度考核通报"),
    ("baicheng", "督办情况通报"),
    ("bureau", "督查情况通报"),
    ("jiangcheng", "季度考核通报"),
    ("jiangcheng", "督办通报"),
}
#: Lists of many columns, on pages that lie.
LYING = {
    (bureau, kind)
    for bureau, kind in ALL
    if kind in ("办件进展周报", "每月进展汇总", "年终考评情况", "领导批示件汇总", "归档文件目录")
}


def values(bureau: str, *, marked: bool = False) -> dict[str, Any]:
    said = {**SAID["common"], **SAID[bureau], **sample_periods.values(), "partners": "督察支队、纪委"}
    return said | SAID["marked"] if marked else said


@lru_cache(maxsize=256)
def made(bureau: str, kind: str, marked: bool = False) -> bytes:
    with at_home(bureau):
        return documents.render(kind, values(bureau, marked=marked), bureau)


@lru_cache(maxsize=256)
def opened(bureau: str, kind: str, marked: bool = False) -> "docx.document.Document":
    return docx.Document(io.BytesIO(made(bureau, kind, marked)))


def part(data: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def text_of(paragraph: etree._Element) -> str:
    return "".join(one.text or "" for one in paragraph.iter(f"{W}t"))


def paragraphs(bureau: str, kind: str, style: str, marked: bool = False) -> list[etree._Element]:
    """All paragraphs of a style, by its name, in body and header, also in tables and text boxes."""
    document = opened(bureau, kind, marked)
    ids = {one.style_id for one in document.styles if one.name == style}
    headers = [document.sections[0].first_page_header._element] if (bureau, kind) in LETTER_FORMAT else []
    found = []
    for root in (document.element.body, *headers):
        for paragraph in root.iter(f"{W}p"):
            used = paragraph.find(f"{W}pPr/{W}pStyle")
            if used is not None and used.get(f"{W}val") in ids:
                found.append(paragraph)
    return found
