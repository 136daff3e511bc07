"""GB/T 9704-2012 on the rendered page, measured in millimetres; only where LibreOffice is installed."""

from itertools import pairwise
from pathlib import Path

import pytest
from pages_of import Page, pages
from papers_of import ALL, DOWNWARD, FILE_FORMAT, LETTER_FORMAT, LYING, OFFICIAL, at_home, made, values

from duban import documents
from duban.documents import pdf
from duban.errors import Refusal

pytestmark = pytest.mark.skipif(pdf.program() is None, reason="LibreOffice is not installed")

Key = tuple[str, str]
LEFT, RIGHT, TOP, BOTTOM = 28, 184, 37, 262  # 版心
#: GB/T 9704: dash 7 mm below 版心, one character (4号) in from its edge.
ONE_IN = 4.94
#: A full stop may hang over the edge in LibreOffice, which does not know overflowPunct; Word keeps it inside.
HANGING = "，。、；：！？）”》"


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[Key, list[Page]]:
    """Every document of every bureau; the official formats with all their marks."""
    folder = tmp_path_factory.mktemp("pages")
    files = {key: folder / f"{'-'.join(key)}.docx" for key in ALL}
    for key, file in files.items():
        file.write_bytes(made(*key, marked=key in OFFICIAL | DOWNWARD))
    found = pdf.convert(files.values(), folder / "pdf")
    return {key: pages(file) for key, file in zip(files, found, strict=True)}


def by_key(keys: object) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("key", sorted(keys), ids=lambda key: "-".join(key))  # type: ignore[call-overload]


def frame(key: Key) -> tuple[float, float, float]:
    """Left, right and lower edge of 版心; a page that lies is the same page turned."""
    return (35, 260, 184) if key in LYING else (LEFT, RIGHT, BOTTOM)


@by_key(ALL)
def test_every_page_says_something_and_nothing_leaves_the_text_area(rendered, key):
    left, right, bottom = frame(key)
    for number, page in enumerate(rendered[key], start=1):
        assert "".join(page.text(0, bottom + 1))
        beyond = [
            char.text
            for char in page.chars
            if not (char.left >= left - 0.8 and char.right <= right + 0.8) and char.text not in HANGING
        ]
        below = [one.text for one in page.chars if one.bottom > bottom + 1 and one.text not in f"—{number}"]
        assert (beyond, below) == ([], [])


@by_key(ALL)
def test_page_numbers(rendered, key):
    left, right, bottom = frame(key)
    for number, page in enumerate(rendered[key], start=1):
        (line,) = page.lines(bottom + 2) or [[]]
        if key in LETTER_FORMAT and number == 1:
            assert line == []
            continue
        assert "".join(char.text for char in line) == f"—{number}—"
        assert (line[0].top + line[0].bottom) / 2 == pytest.approx(bottom + 7, abs=0.7)
        if number % 2:
            assert line[-1].right == pytest.approx(right - ONE_IN, abs=0.8)
        else:
            assert line[0].left == pytest.approx(left + ONE_IN, abs=0.8)


@pytest.mark.rule("LZ-F1", "LZ-F3")
@by_key(FILE_FORMAT)
def test_head_of_a_document_that_goes_up(rendered, key):
    """标志 35 mm below 版心's top; number and 签发人 one character in; the red rule 4 mm below, as wide as 版心."""
    page = rendered[key][0]
    (rule,) = page.rules(red=True)
    assert page.red_ink(rule.top - 1).top == pytest.approx(TOP + 35, abs=1)
    assert (rule.left, rule.right) == (pytest.approx(LEFT, abs=0.3), pytest.approx(RIGHT, abs=0.3))
    line = page.lines(rule.top - 15, rule.top)[-1]
    assert max(char.bottom for char in line) == pytest.approx(rule.top - 4, abs=1)
    assert line[0].left == pytest.approx(LEFT + 5.64, abs=0.8)
    assert line[-1].right == pytest.approx(RIGHT - 5.64, abs=0.8)
    marks = page.lines(TOP, TOP + 34)
    assert ["".join(char.text for char in one) for one in marks] == ["000001", "秘密★1年", "特急"]
    assert [one[0].left for one in marks] == [pytest.approx(LEFT, abs=0.8)] * 3


@by_key(DOWNWARD)
def test_head_of_a_document_that_goes_down(rendered, key):
    """标志 35 mm below 版心's top; the number in the middle; the red rule 4 mm below it, as wide as 版心."""
    page = rendered[key][0]
    (rule,) = page.rules(red=True)
    assert page.red_ink(rule.top - 1).top == pytest.approx(TOP + 35, abs=1)
    assert (rule.left, rule.right) == (pytest.approx(LEFT, abs=0.3), pytest.approx(RIGHT, abs=0.3))
    line = page.lines(rule.top - 15, rule.top)[-1]
    assert max(char.bottom for char in line) == pytest.approx(rule.top - 4, abs=1)
    assert (line[0].left + line[-1].right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=2)
    marks = page.lines(TOP, TOP + 34)
    assert ["".join(char.text for char in one) for one in marks] == ["000001", "秘密★1年", "特急"]


@pytest.mark.rule("LZ-F2")
@by_key(LETTER_FORMAT)
def test_head_and_foot_of_a_letter(rendered, key):
    """标志 30 mm from the top of the page; double rules of 170 mm 4 mm below it and 20 mm from the foot."""
    first, *others = rendered[key]
    thick, thin, low_thin, low_thick = first.rules(red=True)
    mark = first.red_ink(thick.top - 1)
    assert mark.top == pytest.approx(30, abs=1)
    assert thick.top - mark.bottom == pytest.approx(4, abs=1)
    assert 297 - low_thick.bottom == pytest.approx(20, abs=0.5)
    for rule in (thick, thin, low_thin, low_thick):
        assert rule.right - rule.left == pytest.approx(170, abs=0.5)
        assert (rule.left + rule.right) / 2 == pytest.approx(105, abs=0.5)
    assert thick.bottom - thick.top > thin.bottom - thin.top
    assert low_thick.bottom - low_thick.top > low_thin.bottom - low_thin.top
    line = first.lines(thin.bottom, thin.bottom + 12)[0]
    assert "".join(char.text for char in line).startswith("000001")
    assert line[-1].right == pytest.approx(RIGHT, abs=0.8)
    assert not any(page.rules(red=True) for page in others)


@by_key(OFFICIAL)
def test_grid_of_22_lines_and_28_characters(rendered, key):
    lines = [line for page in rendered[key] for line in page.lines(TOP + 60, BOTTOM)]
    full = [line for line in lines if len(line) == 26 and all(not one.text.isascii() for one in line)]
    assert full, "no full line that begins a paragraph"
    for line in full:
        assert line[0].left == pytest.approx(LEFT + 2 * 5.57, abs=1)
        assert line[-1].left == pytest.approx(LEFT + 27 * 5.57, abs=1.2)
    second = rendered[key][1].lines(TOP, BOTTOM - 40)
    feet = [max(char.bottom for char in line if char.text not in "，、") for line in second]
    steps = {round((after - before) / 10.227) for before, after in pairwise(feet)}
    assert steps <= {1, 2}


@by_key(FILE_FORMAT | DOWNWARD)
def test_colophon_at_the_foot_of_the_last_page_and_only_there(rendered, key):
    *others, last = rendered[key]
    rules = last.rules(red=False)[-3:]
    assert rules[-1].bottom == pytest.approx(BOTTOM, abs=1)
    assert [round(rule.right - rule.left) for rule in rules] == [156, 156, 156]
    thickness = [rule.bottom - rule.top for rule in rules]
    assert thickness[1] <= min(thickness[0], thickness[2])
    assert not any("印发" in line for page in others for line in page.text())
    assert last.text(rules[0].top)[0].startswith("抄送")


@pytest.mark.rule("LZ-F1")
@by_key(FILE_FORMAT | DOWNWARD)
def test_date_and_signature_leave_room_for_the_seal(rendered, key):
    """The date ends four characters in from 版心's edge, the signature stands centred over it."""
    lines = rendered[key][-1].lines(TOP, BOTTOM)
    place = next(n for n, line in enumerate(lines) if "".join(c.text for c in line) == "2026年3月12日")
    date, name = lines[place], lines[place - 1]
    assert date[-1].right == pytest.approx(RIGHT - 4 * 5.64, abs=1)
    if name[-1].right < RIGHT - 1:  # not one so long that it stays inside by force
        # LibreOffice puts space between Han characters and digits although the styles forbid it.
        assert (name[0].left + name[-1].right) / 2 == pytest.approx((date[0].left + date[-1].right) / 2, abs=3.5)


@by_key([("baicheng", "上报文件"), ("lanzhou", "专报")])
def test_no_page_carries_a_signature_alone(key, tmp_path):
    """Wherever the text ends on a page, some of it goes along with the signature, and 版记 is on that page."""
    files = []
    for lines in range(6, 34, 2):
        said = values(key[0]) | {"upward_text": "\n".join(f"第{n}项工作已经完成。" for n in range(lines))}
        file = tmp_path / f"{lines}.docx"
        with at_home(key[0]):
            file.write_bytes(documents.render(key[1], said, key[0]))
        files.append(file)
    for file in pdf.convert(files, tmp_path / "pdf"):
        last = pages(file)[-1]
        found = last.text(TOP, BOTTOM)
        assert any(line.startswith("第") for line in found), file.stem
        assert any("印发" in line for line in found), file.stem


def test_a_notice_of_usual_length_is_one_page(rendered, tmp_path):
    one_page = ("督办事项催办通知书", "退办意见", "督办事项呈批表", "电话督办记录", "问责登记表")
    assert {kind: len(rendered["baicheng", kind]) for kind in one_page} == dict.fromkeys(one_page, 1)
    notice = tmp_path / "领导批示督办通知单.docx"
    notice.write_bytes(documents.render(notice.stem, values("baicheng") | {"partners": "", "stages": []}))
    assert [len(pages(file)) for file in pdf.convert([notice], tmp_path)] == [1]


def test_without_libreoffice_a_sentence_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("DUBAN_SOFFICE", str(tmp_path / "nothing"))
    with pytest.raises(Refusal, match="没有安装 LibreOffice"):
        pdf.convert([], tmp_path)


def test_what_cannot_be_converted_is_named_and_the_others_are_there(tmp_path):
    good, bad = tmp_path / "好.docx", tmp_path / "-坏.docx"
    good.write_bytes(made("baicheng", "退办意见"))
    bad.write_bytes(good.read_bytes()[:2000])
    with pytest.raises(Refusal, match="“-坏\\.docx”等1份"):
        pdf.convert([good, bad], tmp_path / "out")
    assert [file.name for file in Path(tmp_path / "out").iterdir()] == ["好.pdf"]
