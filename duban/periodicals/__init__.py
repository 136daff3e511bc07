"""The period files 期: weekly reports, months of scores, digests, bulletins, archives, each a file in the ledger.

A period file is opened once for its period, drafted from the ledger as it stands, decided on by people, published and
completed with its papers. Each step is one transaction, safe to run twice and to kill; a draft is stored whole.
"""

import duban.acts  # noqa: F401 - the acts name our questions: they are loaded first, whoever is imported first
from duban.periodicals.archive_file import collect, pack
from duban.periodicals.drafting import draft
from duban.periodicals.objecting import object_to
from duban.periodicals.opening import KINDS, open_period
from duban.periodicals.publishing import complete, publish
from duban.periodicals.snapshots import snapshot

#: The name that everybody uses; `open_period` only because a module must not hide Python's own word from itself.
open = open_period

__all__ = [
    "KINDS",
    "collect",
    "complete",
    "draft",
    "object_to",
    "open",
    "open_period",
    "pack",
    "publish",
    "snapshot",
]
