"""The ledger 台账: an append-only record of what happened to every matter, and the only truth.

Everything goes in through `append`, which writes the event, its link in the hash chain and the matter's new state
in one transaction. Nothing is ever changed or deleted; the database's own triggers see to it.
"""

from duban.ledger.engine import dispose, engine, ledger_url, transaction
from duban.ledger.files import fetch_file, files, store
from duban.ledger.held import append, event, events, open_matter, state
from duban.ledger.models import Question
from duban.ledger.notices import NoticeChannel, NoticeRow
from duban.ledger.queries import awaited, due_to_wake, gone, items, number_of_run
from duban.ledger.records import SYSTEM, Actor, Draft, Event, Item, StoredFile
from duban.ledger.rehearsal import advance, is_rehearsal
from duban.ledger.schema import create_rehearsal, is_current, upgrade
from duban.ledger.standing import State
from duban.ledger.verify import verify

__all__ = [
    "SYSTEM",
    "Actor",
    "Draft",
    "Event",
    "Item",
    "NoticeChannel",
    "NoticeRow",
    "Question",
    "State",
    "StoredFile",
    "advance",
    "append",
    "awaited",
    "create_rehearsal",
    "dispose",
    "due_to_wake",
    "engine",
    "event",
    "events",
    "fetch_file",
    "files",
    "gone",
    "is_current",
    "is_rehearsal",
    "items",
    "ledger_url",
    "number_of_run",
    "open_matter",
    "state",
    "store",
    "transaction",
    "upgrade",
    "verify",
]
