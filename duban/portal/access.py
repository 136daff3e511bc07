"""Who may use which route of the portal: one line a route; a route without a line is open to nobody.

This is only the first question. Which matters a person sees is `acts.may_see`, asked of every matter, and what may
be done to one is the act's own to refuse.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import HTTPException

from duban.acts.seeing import BUREAU
from duban.ledger import Actor
from duban.portal.acts_table import DEEDS

Rule = Callable[[Actor], bool]

RULES: dict[str, tuple[Rule, str]] = {
    "everybody": (lambda _actor: True, ""),
    "unit": (lambda actor: actor.unit is not None, "这一页供承办单位办理"),
    "bureau": (lambda actor: actor.post in BUREAU, "这一页供办公室和局领导使用"),
    "readers": (lambda actor: actor.post in (*BUREAU, "inspector", "auditor"), "这一页供办公室、局领导和检查人员查看"),
}
"""Name of a rule -> who passes it, and what somebody else is told."""

ROUTES: dict[tuple[str, str], str] = {
    ("GET", "/api/accounts"): "everybody",
    ("GET", "/api/deadlines"): "everybody",
    ("GET", "/api/decisions"): "everybody",
    ("GET", "/api/decisions/{number}/{key}"): "everybody",
    ("POST", "/api/decisions/{number}/{key}"): "everybody",
    ("GET", "/api/forms/{type}"): "bureau",
    ("GET", "/api/matters"): "everybody",
    ("POST", "/api/matters"): "bureau",
    ("GET", "/api/matters/{number}"): "everybody",
    ("GET", "/api/matters/{number}/events"): "everybody",
    ("GET", "/api/matters/{number}/files"): "everybody",
    ("GET", "/api/matters/{number}/files/{sha256}"): "everybody",
    ("GET", "/api/openapi.json"): "everybody",
    ("GET", "/api/results"): "everybody",
    ("GET", "/api/scores"): "everybody",
    ("GET", "/api/scores/{number}"): "everybody",
    ("POST", "/api/scores/{number}/objections"): "unit",
    ("GET", "/api/todo"): "everybody",
    ("GET", "/api/watch"): "readers",
    ("GET", "/"): "everybody",
    ("GET", "/decisions"): "everybody",
    ("GET", "/decisions/{number}/{key}"): "everybody",
    ("POST", "/decisions/{number}/{key}"): "everybody",
    ("GET", "/matters"): "everybody",
    ("GET", "/matters/{number}"): "everybody",
    ("GET", "/matters/{number}/do/{key}"): "everybody",
    ("POST", "/matters/{number}/do/{key}"): "everybody",
    ("GET", "/matters/{number}/files/{sha256}/{name}"): "everybody",
    ("GET", "/matters/{number}/replies/{nth}"): "everybody",
    ("GET", "/new"): "bureau",
    ("GET", "/new/batch"): "bureau",
    ("POST", "/new/batch"): "bureau",
    ("POST", "/new/batch/confirm"): "bureau",
    ("GET", "/new/batch/template"): "bureau",
    ("POST", "/new/start"): "bureau",
    ("GET", "/new/{type}"): "bureau",
    ("POST", "/new/{type}"): "bureau",
    ("POST", "/new/{type}/preview"): "bureau",
    ("GET", "/overview"): "everybody",
    ("GET", "/pictures"): "everybody",
    ("GET", "/register/files/{kind}"): "everybody",
    ("GET", "/runs/{run_id}"): "everybody",
    ("GET", "/scores"): "everybody",
    ("GET", "/scores/running"): "everybody",
    ("GET", "/scores/{number}"): "everybody",
    ("GET", "/scores/{number}/files/{sha256}/{name}"): "everybody",
    ("POST", "/scores/{number}/objections"): "unit",
    ("GET", "/static"): "everybody",
    ("GET", "/watch"): "readers",
    ("GET", "/{key}/list"): "everybody",
}
"""Method and path template below the mount -> name of a rule. Sorted by path."""

# Whose a deed is stands in its own table, and who may not see the matter is not even told that it is not theirs to do.
ROUTES |= {("POST", f"/api/matters/{{number}}/{what}"): "everybody" for what in (*DEEDS, "{what}")}


def refusal(method: str, path: str, actor: Actor) -> str | None:
    """Return why this person may not use the route (method, path template), None if they may."""
    rule = ROUTES.get(("GET" if method == "HEAD" else method, path))
    if rule is None:
        return "没有这一页，请从菜单进入。"
    passes, words = RULES[rule]
    return None if passes(actor) else f"{words}，{actor.name}没有权限。"


def refuse_others(method: str, path: str, actor: Actor) -> None:
    """Raise HTTPException 403 with one sentence for somebody who may not use the route."""
    if (words := refusal(method, path, actor)) is not None:
        raise HTTPException(403, words)
