"""Titles break where a reader would break them (GB/T 9704-2012 7.3.1: 回行时词意完整、排列对称)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.documents import layout
from duban.documents.titles import MOST_LINES, lines, width

WHOLE = ("白城市公安局", "大安市公安局", *layout._kept_words())


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("关于核查警情的报告", "关于核查警情的报告"),
        (
            "关于洮北区青年南大街夜间噪声扰民警情重复上报问题办理情况的报告",
            "关于洮北区青年南大街夜间噪声扰民／警情重复上报问题办理情况的报告",
        ),
        ("白城市公安局关于市委主要领导对电动自行车违规停放充电问题批示办理情况的报告", None),
        (
            "关于印发2026年全市公安机关政务公开工作实施方案的通知",
            "关于印发2026年全市公安机关／政务公开工作实施方案的通知",
        ),
        ("关于大安市公安局办理省厅交办信访案件超期未报问题整改情况的报告", None),
        ("关于核查“安居小区”电信诈骗警情处置情况的督办", None),
        ("关于落实《全市公安机关执法办案场所管理规定》（试行）情况的通报", None),
    ],
)
def test_words_names_and_numbers_stay_whole(title, wanted):
    found = lines(title, 20, WHOLE)
    if wanted is not None:
        assert "／".join(found) == wanted
    kept = (
        "电动自行车",
        "白城市公安局",
        "大安市公安局",
        "信访案件",
        "2026年",
        "“安居小区”",
        "执法办案",
        "电信诈骗",
        "（试行）",
    )
    assert [word for word in kept if word in title and not any(word in line for line in found)] == []
    assert found[-1] not in ("报告", "的报告", "通知", "的通知")
    assert all(line[0] not in "的，、）》”" for line in found)
    assert not any(line.endswith(("关于", "和", "与", "及", "（", "《", "“")) for line in found)


def test_lines_of_a_long_title_are_no_hourglass():
    title = "白城市公安局关于贯彻落实省公安厅夏季治安打击整治专项行动部署会议精神情况和下一步工作安排的报告"
    found = lines(title, 20, WHOLE)
    assert len(found) == 3
    assert width(found[1]) >= min(width(found[0]), width(found[2]))


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200), st.integers(4, 30))
def test_nothing_is_lost_and_no_line_is_too_long(title, most):
    found = lines(title, most, WHOLE)
    assert "".join(found) == title
    assert len(found) == 1 or all(width(line) <= most for line in found)
    assert len(found) > 1 or not most < width(title) <= MOST_LINES * most
