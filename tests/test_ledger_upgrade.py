"""A ledger that an earlier version wrote is read after `duban db upgrade`, and still adds up."""

import pytest
from matters import Matter
from sqlalchemy import text

from duban import ledger
from duban.ledger.schema import VERSION_TABLE


def test_a_row_in_which_the_clauses_of_the_cases_stood_twice(matter: Matter) -> None:
    with ledger.transaction() as session:
        session.execute(text("""UPDATE matter SET view = view || '{"accountability": []}'"""))
        session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0001'"))
    with pytest.raises(ValueError, match="accountability"):
        assert matter.state
    ledger.upgrade()
    assert matter.state.cases == ()
    assert ledger.verify() == []
