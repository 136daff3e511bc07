"""The form of a decision, made from the fields of its question, and what was filled in, as the question takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from duban.acts.asking import Question

BEFORE = "f."
"""Stands before the name of each field of the form: none can be taken for the option or the token."""


@dataclass(frozen=True)
class Input:
    """One field: `kind` of input (lines, text, date, tick, pick), what it starts with, what may be chosen."""

    name: str
    label: str
    help: str
    kind: str
    value: str
    choices: tuple[str, ...]


def inputs(asked: Question, said: Mapping[str, Any] | None) -> list[Input]:
    """The fields, filled with what was said already, else with what the question starts with."""
    return [_input(name, schema, said) for name, schema in asked.fields.items()]


def _input(name: str, schema: Mapping[str, Any], said: Mapping[str, Any] | None) -> Input:
    kind = _kind(schema)
    start = schema.get("default")
    value = ("是" if start else "") if kind == "tick" else str(start or "")
    if said is not None:
        value = str(said.get(BEFORE + name, ""))
    choices = tuple(one for one in schema.get("enum", ()) if one is not None)
    return Input(BEFORE + name, schema.get("title", name), schema.get("description", ""), kind, value, choices)


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "pick"
    if schema.get("type") == "boolean":
        return "tick"
    return {"multiline": "lines", "date": "date"}.get(schema.get("format", ""), "text")


def answered(asked: Question, said: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, by the question's own names: a tick is a truth, an empty day or choice is nothing."""
    found: dict[str, Any] = {}
    for name, schema in asked.fields.items():
        value = str(said.get(BEFORE + name, "") or "")
        kind = _kind(schema)
        found[name] = bool(value) if kind == "tick" else (value or None) if kind in ("date", "pick") else value
    return found


def typed(said: Mapping[str, Any]) -> list[str]:
    """What a person wrote, for a question that stands no longer: nothing that was typed is lost."""
    return [str(value) for name, value in said.items() if name.startswith(BEFORE) and str(value).strip()]


def rendered(markdown: str) -> Markup:
    """The body of a question as HTML: tables and lists; what stands in it as HTML, an address or a picture is text."""
    # The renderer escapes all text; with `html` off and without links there is nothing left that a text could do.
    return Markup(_markdown().render(markdown.replace("<br>", BREAK)).replace(BREAK, "<br>"))


BREAK = "\ue000"
"""Stands for the line breaks that a question itself puts into a cell (`asking.table`); no text of a person has it."""


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image", "autolink"])
