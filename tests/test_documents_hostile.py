"""What people type reaches every document of every bureau as text: nothing lost, nothing evaluated, in bounded time."""

import io
import re
import time
import zipfile

import pytest
from lxml import etree
from papers_of import ALL, W, at_home, kinds, values

from duban import documents
from duban.documents.fields import FIELDS, LISTS

NEUTRAL = "甲"
HOSTILE = {
    "code": "{{ 7*7 }}{% for a in b %}{{ ''.__class__ }}{# #}",
    "markup": "</w:t></w:r></w:p><w:p><w:r><w:t>伪造&amp;<b>A&B</b>]]><!--",
    "formula": "=1+1;@SUM(A1)",
    "rare": "𠮷䶮㛃堃喆昇",
    "quotes": "“引号”‘单’\"'`\\",
    "entity": "&lt;&#x4e2d;&nbsp;",
    "path": "../../etc/passwd",
}
BROKEN = "甲\ud800乙\x00丙\ufffe丁\u202e戊\u200b己\ufeff庚"


def said(bureau: str, text: str) -> dict[str, object]:
    """Every field of a matter says this, also in every column of every list."""
    lists = {name: [dict.fromkeys(columns, text)] for name, (_name, columns) in LISTS.items()}
    return values(bureau) | dict.fromkeys(FIELDS, text) | lists


def text_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [n for n in package.namelist() if re.fullmatch(r"word/(document|header\d+|footer\d+)\.xml", n)]
        roots = [etree.fromstring(package.read(name)) for name in parts]
    # A title that is broken is still the same words.
    return "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for root in roots for p in root.iter(f"{W}p"))


def render(key: tuple[str, str], text: str) -> str:
    bureau, kind = key
    with at_home(bureau):
        return text_of(documents.render(kind, said(bureau, text), bureau))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("key", ALL, ids=lambda key: "-".join(key))
def test_a_value_is_text_and_stays_text(key, text):
    usual = render(key, NEUTRAL * 3)
    assert render(key, text).count(text) == usual.count(NEUTRAL * 3) > 0


@pytest.mark.parametrize("key", ALL, ids=lambda key: "-".join(key))
def test_unusable_characters_show_and_invisible_ones_go(key):
    assert "甲\ufffd乙\ufffd丙\ufffd丁戊己庚" in render(key, BROKEN)


@pytest.mark.parametrize("key", ALL, ids=lambda key: "-".join(key))
def test_100_kb_in_every_required_field_are_cut_visibly_and_quickly(key):
    bureau, kind = key
    english = {name: field for field, name in FIELDS.items()}
    required = [english[name] for name in kinds(bureau)[kind].required if name in english]
    huge = dict.fromkeys(required, "长" * 100_000)
    began = time.monotonic()
    with at_home(bureau):
        found = text_of(documents.render(kind, values(bureau) | huge, bureau))
    assert time.monotonic() - began < 10
    assert f"前{documents.LONGEST}字，原文共100000字" in found


@pytest.mark.parametrize("bureau", ["baicheng", "lanzhou"])
def test_400_rows_in_every_list(bureau):
    lists = {name: [dict.fromkeys(columns, f"{n}行") for n in range(400)] for name, (_n, columns) in LISTS.items()}
    began = time.monotonic()
    with at_home(bureau):
        made = {kind: documents.render(kind, values(bureau) | lists, bureau) for kind in documents.kinds(bureau)}
    assert time.monotonic() - began < 60
    assert any(text_of(data).count("399行") for data in made.values())


def test_a_document_is_never_a_template():
    """What came out once is not evaluated when it goes in again as a value."""
    once = render(("baicheng", "退办意见"), HOSTILE["code"])
    assert "49" not in once.replace(HOSTILE["code"], "")
