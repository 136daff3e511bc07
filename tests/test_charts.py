"""duban.charts: bars say what was counted, from zero, in black and white; in documents they are made again alike."""

import io
import re
import zipfile
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from matplotlib import font_manager
from papers_of import at_home
from PIL import Image

from duban import charts, documents
from duban.documents import Picture
from tools import sample_periods

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LONG = "白城市公安局洮北分局青年南大街治安派出所第一责任区刑侦中队"
UNITS = [("洮北分局", Decimal("82")), ("治安支队", Decimal("79.5")), (LONG, Decimal("-2.5")), ("某$x$局", Decimal(0))]
CHARTS = {
    "ranking": charts.ranking(UNITS, "2026年3月", Decimal(80)),
    "ranking of nobody": charts.ranking([], "2026年3月", Decimal(80)),
    "ranking of one": charts.ranking([("洮北分局", Decimal(80))]),
    "ranking of sixty": charts.ranking([(f"第{n}支队", Decimal(80) - n) for n in range(60)], base=Decimal(80)),
    "ages": charts.overdue_by_age([("3天以内", 4), ("4至7天", 0), ("60天以上", 1)]),
    "no ages": charts.overdue_by_age([("3天以内", 0), ("4至7天", 0)]),
    "rounds": charts.rounds_per_matter([("1轮", 22), ("2轮", 9)]),
    "load": charts.load_per_unit([("洮北分局", 3, 12), ("治安支队", 0, 1)]),
    "load of nobody": charts.load_per_unit([]),
    "load of sixty": charts.load_per_unit([(f"白城市公安局第{n}支队", n % 9, n % 13) for n in range(60)]),
}
by_chart = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)


def bars(chart: charts.Chart) -> list[list[float]]:
    """The length of each bar, series by series, as drawn."""
    (axes,) = charts.draw(chart).axes
    lengths = [[bar.get_width() if chart.lying else bar.get_height() for bar in one] for one in axes.containers]
    starts = {bar.get_x() if chart.lying else bar.get_y() for one in axes.containers for bar in one}
    assert starts <= {0}
    return lengths


@by_chart
def test_every_bar_is_as_long_as_its_value_and_begins_at_zero(chart):
    assert bars(chart) == [[float(value) for value in series.values] for series in chart.series]


@by_chart
def test_the_axis_begins_at_zero(chart):
    (axes,) = charts.draw(chart).axes
    low, high = axes.get_xlim() if chart.lying else axes.get_ylim()
    values = [value for series in chart.series for value in series.values]
    if all(value >= 0 for value in values):
        assert low == 0
    else:
        assert low < min(values)
    assert high > max([0, *values])


@by_chart
def test_every_value_is_printed_and_no_two_kinds_of_bars_look_alike(chart):
    (axes,) = charts.draw(chart).axes
    printed = [text.get_text() for text in axes.texts]
    words = " / ".join(printed).split(" / ")
    for series in chart.series:
        for value in series.values:
            assert charts.said(value) in words
    looks = {(bar.get_hatch(), bar.get_facecolor()) for one in axes.containers for bar in one}
    assert len(looks) == (len(chart.series) if chart.labels else 0)
    assert all(red == green == blue for _hatch, (red, green, blue, _alpha) in looks)  # greys alone


@by_chart
def test_the_same_chart_is_the_same_bytes_and_fits_a_page(chart):
    first = charts.png(chart)
    assert charts.png(chart) == first
    assert charts.svg(chart) == charts.svg(chart)
    image = Image.open(io.BytesIO(first))
    assert image.info["dpi"] == pytest.approx((charts.DPI, charts.DPI), abs=0.1)
    assert set(image.info) == {"dpi"}  # neither program nor date
    width, height = (size / charts.DPI * 25.4 for size in image.size)
    assert width == pytest.approx(charts.WIDTH, abs=0.2)
    assert height <= charts.HIGHEST + 0.2


@by_chart
def test_nothing_is_printed_over_the_edge(chart):
    pixels = np.asarray(Image.open(io.BytesIO(charts.png(chart))).convert("L"))
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    assert (edge > 250).all()


@by_chart
def test_the_picture_of_a_page_is_text_in_an_element_of_its_own(chart):
    text = charts.svg(chart)
    root = etree.fromstring(text.encode())
    assert root.tag.endswith("}svg")
    assert root.findtext("{http://www.w3.org/2000/svg}title") == chart.words
    assert chart.title in "".join(root.itertext())
    assert not re.search(r"<script|href=.http|\d{4}-\d\d-\d\dT", text)


def test_the_words_of_a_chart_say_all_of_it():
    assert CHARTS["load"].words == (
        "各单位承办事项和被要求报送次数：洮北分局承办事项（件）3、要求报送（次）12；治安支队承办事项（件）0、要求报送（次）1"
    )
    assert CHARTS["ages"].words == "逾期事项按逾期时间分布：3天以内逾期4件；4至7天逾期0件；60天以上逾期1件"


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=40)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(NAMES, st.decimals(-200, 200, places=2)), max_size=30))
def test_whatever_the_names_and_the_scores_it_is_drawn(rows):
    chart = charts.ranking(rows, "2026年", Decimal(80))
    assert bars(chart) == [[float(value) for _name, value in rows]] or not rows
    assert charts.png(chart).startswith(b"\x89PNG")


def test_the_font_comes_with_us_and_has_the_characters(monkeypatch):
    latin = [font for font in font_manager.fontManager.ttflist if font.name == "DejaVu Sans"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", latin)  # a machine without any Chinese font
    charts.family.cache_clear()
    try:
        found = font_manager.findfont(charts.family(), fallback_to_default=False)
        known = font_manager.get_font(found).get_charmap()
        assert all(ord(one) in known for one in "考核得分逾期轮次单位市局督办堃喆昇")
    finally:
        charts.family.cache_clear()


def test_a_picture_is_a_png_and_has_its_size_in_the_document():
    with pytest.raises(TypeError):
        Picture(b"GIF89a", "图")
    picture = charts.picture(CHARTS["ages"])
    width, height = picture.size
    assert width / 914400 * 25.4 == pytest.approx(charts.WIDTH, abs=0.2)
    assert height < width


def rendered(kind: str = "督办情况通报", bureau: str = "baicheng", **more: object) -> bytes:
    values = sample_periods.values(drawn=True) | {"bureau": "白城市公安局", "title": "关于三月的通报"} | more
    with at_home(bureau):
        return documents.render(kind, values, bureau)


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: package.read(name) for name in package.namelist()}


def test_pictures_stand_in_the_document_once_each_and_the_bytes_are_the_same_again():
    first = rendered()
    documents.compiled.cache_clear()
    assert rendered() == first
    found = members(first)
    assert sorted(name for name in found if name.startswith("word/media")) == [
        f"word/media/duban{n}.png" for n in (1, 2, 3, 4)
    ]
    links = etree.fromstring(found["word/_rels/document.xml.rels"])
    targets = {one.get("Id"): one.get("Target") for one in links}
    body = etree.fromstring(found["word/document.xml"])
    used = [one.get(f"{{{body.nsmap['r']}}}embed") for one in body.iter("{*}blip")]
    assert [targets[one] for one in used] == [f"media/duban{n}.png" for n in (2, 3, 4, 1)]
    assert found["[Content_Types].xml"].count(b'Extension="png"') == 1
    described = [one.get("descr") for one in body.iter("{*}docPr") if one.get("descr")]
    assert [words.partition("：")[0] for words in described] == [
        "逾期事项按逾期时间分布", "事项办理轮次分布", "各单位承办事项和被要求报送次数", "2026年3月考核得分",
    ]  # fmt: skip


def test_only_what_the_template_names_is_drawn():
    def never() -> Picture:
        raise AssertionError("drawn though no template asked for it")

    found = members(rendered("月度考核通报", overdue_chart=never, rounds_chart=never, load_chart=never))
    assert [name for name in found if "media" in name] == ["word/media/duban1.png"]


def test_words_in_the_place_of_a_picture_are_a_mistake_of_the_code():
    with pytest.raises(TypeError):
        rendered(ranking_chart="<w:p/>")
    with pytest.raises(TypeError):
        rendered(title=charts.picture(CHARTS["ages"]), chart="x")


def test_words_that_describe_a_picture_stay_words():
    nasty = Picture(charts.png(CHARTS["ages"]), '"/><w:p>{{ 机关名称 }}&')
    body = etree.fromstring(members(rendered(overdue_chart=nasty))["word/document.xml"])
    assert next(one.get("descr") for one in body.iter("{*}docPr") if one.get("descr")) == '"/><w:p>{{ 机关名称 }}&'
