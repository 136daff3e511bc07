from duban import clock, ledger
from duban.ledger import Actor, Draft
A = Actor("wang", "王敏", post="office")
def test_first(ledger_url):
    with ledger.transaction() as s:
        ledger.open_matter(s, "BC-2026-0001")
        e = ledger.append(s, "BC-2026-0001", Draft("registered", "register:1", A, "五（一）", {"title": "督办"}))
        f = ledger.append(s, "BC-2026-0001", Draft("registered", "register:1", A, "五（一）", {"title": "督办"}))
        assert e == f
    with ledger.transaction() as s:
        assert ledger.events(s, "BC-2026-0001") == [e]
        assert ledger.state(s, "BC-2026-0001").title == "督办"
    assert ledger.verify() == []
    assert ledger.is_current()
