"""One matter on its page."""

from collections.abc import Callable
from typing import Any

import pytest
from matters import Matter


@pytest.mark.rule("MM-5.5")
def test_the_page_says_what_whose_by_when_and_what_is_awaited(site: Callable[..., Any], matter: Matter) -> None:
    matter.dispatched()
    page = site("jingzhen.liaison").get(f"/matters/{matter.number}")
    assert page.status_code == 200
    for words in ("安居小区", "3月9日 周一到期", "还有7天", "等经侦支队领收", "等经侦支队回复", "绿灯", "0436-", "五（三）"):
        assert words in page.text
    assert "周六" in page.text
    assert "顺延" in page.text
    assert f"/matters/{matter.number}/do/receipt" in page.text
    assert f"/matters/{matter.number}/do/urge" not in page.text
    assert site("taobei.liaison").get(f"/matters/{matter.number}").status_code == 404
