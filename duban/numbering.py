"""督办文号, 档号 and the numbers of matters: given out once, without gaps and without doubles.

A number is taken in the transaction of the event that uses it, so a transaction that fails gives it back.
All who want a number wait at one gate (`duban.ledger.locks`), whatever the series: nobody waits in a circle.
"""

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from duban.errors import Refusal
from duban.ledger import locks
from duban.ledger.chain import storable
from duban.ledger.models import AllocatedNumber, NumberSeries


def allocate(session: Session, series: str, year: int, key: str, *, number: str = "") -> int:
    """The next number of `series` in `year` for the deed `key`; the same key gets the same number again.

    `key` is one in the whole series. `number` is the matter it is for, if there is one already: it is locked first, and
    `verify` sees to it that it stays. Raises Refusal when the key had its number for another matter or another year.
    """
    for text, where in ((series, "编号序列"), (number, "督办件编号"), (key, "取号的标识")):
        storable(text, where)
    if number:
        locks.head(session, number, lock=True)
    locks.number_gate(session)
    given = session.execute(
        select(AllocatedNumber.n, AllocatedNumber.year, AllocatedNumber.number).where(
            AllocatedNumber.series == series, AllocatedNumber.key == key
        )
    ).one_or_none()
    if given is None:
        n = _next(session, series, year)
        session.execute(insert(AllocatedNumber).values(series=series, year=year, n=n, number=number, key=key))
    elif (given.year, given.number) == (year, number):
        n = given.n
    else:
        spent = f"“{series}”的 {given.year} 年第 {given.n} 号已给了 {given.number or key}"
        raise Refusal(f"{spent}，不能再给 {number or key}，请核对。")
    return n


def begin(session: Session, series: str, year: int, after: int) -> None:
    """Lets a new series go on after `after`, the last number given out on paper before Duban was used.

    Raises Refusal when the series has begun already.
    """
    storable(series, "编号序列")
    locks.number_gate(session)
    start = postgresql.insert(NumberSeries).values(series=series, year=year, began_after=after, last=after)
    if session.execute(start.on_conflict_do_nothing().returning(NumberSeries.last)).one_or_none() is None:
        raise Refusal(f"“{series}”{year} 年的编号已经开始使用，不能再改起始号。")


def _next(session: Session, series: str, year: int) -> int:
    first = postgresql.insert(NumberSeries).values(series=series, year=year, last=1)
    following = first.on_conflict_do_update(
        index_elements=[NumberSeries.series, NumberSeries.year], set_={"last": NumberSeries.last + 1}
    )
    return session.execute(following.returning(NumberSeries.last)).scalar_one()
