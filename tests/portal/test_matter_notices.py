"""The page of a matter tells the office who was told, and nobody else."""

from collections.abc import Callable
from typing import Any

from matters import Matter

from duban import ledger


def test_the_office_sees_who_was_told_and_what_did_not_go_out(site: Callable[..., Any], matter: Matter) -> None:
    matter.dispatched()
    said = {"number": matter.number, "kind": "交办", "role": "liaison@jingzhen"}
    with ledger.transaction() as session:
        session.add(ledger.NoticeRow(**said, key="a", channel="邮件", state="sent", sent_to="祝明哲"))
        session.add(ledger.NoticeRow(**said, key="b", channel="工作群", state="given_up", error="连不上<b>渠道"))
    page = site("tian.clerk").get(f"/matters/{matter.number}").text
    assert "交办：经侦支队联络员（祝明哲），邮件，已发" in page
    assert "没有发出的（1）" in page
    assert "连不上&lt;b&gt;渠道" in page
    assert "没有发出的" not in site("jingzhen.liaison").get(f"/matters/{matter.number}").text
