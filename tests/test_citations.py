"""Every clause that a DAG or a module cites is a clause of the regulation that is shipped."""

import re
from pathlib import Path

import pytest

from duban import regulation
from duban.embedded.places import CHECKOUT

CLAUSE = re.compile(r"[一二三四五六七八九十]+（[一二三四五六七八九十]+）\d*")
FILES = sorted([*(CHECKOUT / "dags").glob("*.py"), *(CHECKOUT / "duban").rglob("*.py")])


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CHECKOUT)))
def test_cited_clauses_are_there(file: Path) -> None:
    law = regulation.load("baicheng-2020")
    for number in set(CLAUSE.findall(file.read_text(encoding="utf-8"))):
        assert law.cite(number)


def test_the_dag_names_the_clauses_of_the_procedure_in_their_order() -> None:
    text = (CHECKOUT / "dags" / "general_item.py").read_text(encoding="utf-8")
    body = text[text.index("def general_item") :]
    cited = [number for number in CLAUSE.findall(body) if number.startswith("五")]
    order = {clause.number: place for place, clause in enumerate(regulation.load("baicheng-2020").clauses)}
    places = [order[number] for number in cited]
    assert places == sorted(places)
    assert {"五（一）", "五（二）", "五（三）", "五（九）"} <= set(cited)
