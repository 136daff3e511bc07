"""Drafting: what the ledger says of the period, computed once, stored whole, and put on record."""

from duban.errors import Refusal
from duban.ledger import State


def draft(number: str) -> State:
    """Draft a period file."""
    raise Refusal(f"{number} 的初稿还不能出。")
