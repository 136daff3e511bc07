"""Notices that do not go out: the matter goes on without them, so somebody has to be told that nobody was."""

from collections.abc import Iterator
from datetime import timedelta

from duban.notify import listing
from duban.watch.finding import Finding, Looking

SINCE = timedelta(days=7)
"""How long it is named; by then whoever looks each morning has seen it seven times."""


def unsent(look: Looking) -> Iterator[Finding]:
    """A channel over which notices of the last week did not go out, with their number and the last reason."""
    real = look.session.connection().exec_driver_sql("SELECT now()").scalar_one()
    for channel, (count, why) in listing.unsent(look.session, real - SINCE).items():
        said = f"“{channel}”有{count}条通知没有发出去：{why}。请核对渠道，并用电话告知；名单见 duban notices"
        yield Finding("notice", "", "", "", said, 0)
