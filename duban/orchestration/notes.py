"""What a run may say of its matter on Airflow's own pages."""

from __future__ import annotations

from duban.acts.form import is_secret
from duban.ledger import State


def note_of(state: State) -> str:
    """Return the note of the run of a matter or period file; that has a number before it has a reference."""
    return note(state.reference or state.number, state.title, state.mark, state.mode)


def note(reference: str, title: str, mark: str, mode: str) -> str:
    """Return the note of a matter's run: reference and title; the reference alone for what is secret or covert.

    Whoever may look at runs sees their notes, and a covert visit is to be known by those who decide on it only, after
    its release too.
    """
    return reference if is_secret(mark) or mode == "covert" else f"{reference} {title}"
