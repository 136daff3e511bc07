"""Every clause that a DAG or a module cites is a clause of the regulation that is shipped."""

import re
from pathlib import Path

import pytest

from duban import regulation
from duban.embedded.places import CHECKOUT

CLAUSE = re.compile(r"[一二三四五六七八九十]+（[一二三四五六七八九十]+）\d*")
# "LZ 三（一）2, 三（二）": whose clauses they are stands before the first; without it they are Baicheng's.
CITED = re.compile(rf"(?:\b(BC|MM|LZ|ZW|SK) )?({CLAUSE.pattern}(?:[,、] ?{CLAUSE.pattern})*)")
# The campaign plan and the essay are no regulations of a bureau; there is no file to look their clauses up in.
REGULATIONS = {"": "baicheng-2020", "BC": "baicheng-2020", "MM": "bureau-2019", "LZ": "lanzhou"}
FILES = sorted([*(CHECKOUT / "dags").glob("*.py"), *(CHECKOUT / "duban").rglob("*.py")])


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CHECKOUT)))
def test_cited_clauses_are_there(file: Path) -> None:
    for bureau, numbers in set(CITED.findall(file.read_text(encoding="utf-8"))):
        for number in CLAUSE.findall(numbers):
            assert bureau not in REGULATIONS or regulation.load(REGULATIONS[bureau]).cite(number)


def test_a_clause_is_looked_up_in_the_regulation_that_it_is_of() -> None:
    assert CITED.findall("(LZ 三（一）2, 三（二）), 五（五）") == [("LZ", "三（一）2, 三（二）"), ("", "五（五）")]


def test_the_dag_names_the_clauses_of_the_procedure_in_their_order() -> None:
    text = (CHECKOUT / "dags" / "general_item.py").read_text(encoding="utf-8")
    body = text[text.index("def general_item") :]
    cited = [number for number in CLAUSE.findall(body) if number.startswith("五")]
    order = {clause.number: place for place, clause in enumerate(regulation.load("baicheng-2020").clauses)}
    places = [order[number] for number in cited]
    assert places == sorted(places)
    assert {"五（一）", "五（二）", "五（三）", "五（九）"} <= set(cited)
