"""Documents a second, kind by kind, beside bare docxtpl and bare python-docx on the same words; a year's end in one go.

python -m benchmarks.documents        in this process: what `python -m benchmarks --only documents` starts
"""

import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import docx
import yaml
from docxtpl import DocxTemplate

from benchmarks.table import Cell, ratio, show
from duban import documents

BUREAU = "baicheng"
SECONDS = 1.0
"""How long each way of making one kind is watched."""
YEAR = 2000
"""Documents of a busy bureau in a year: notices, urges, returns, reports …"""

SAID = yaml.safe_load((Path(__file__).parents[1] / "tools" / "sample_values.yaml").read_text(encoding="utf-8"))
VALUES: dict[str, Any] = {**SAID["common"], **SAID[BUREAU], "partners": "督察支队、纪委"}


def run() -> None:
    """In a process of its own, so that its memory is its own; prints the tables."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.documents"], cwd=Path(__file__).parents[1], capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"The documents could not be measured: {done.stderr[-2000:]}")
    print_tables(json.loads(done.stdout.splitlines()[-1]))


def measure() -> dict[str, Any]:
    """Documents a second by kind and way, and the batch of a year with its memory."""
    context = _chinese(VALUES)
    speeds = {}
    for kind, entry in documents.kinds(BUREAU).items():
        text = _text(documents.render(kind, VALUES, BUREAU))
        speeds[kind] = {
            "duban": _rate(lambda kind=kind: documents.render(kind, VALUES, BUREAU)),
            "docxtpl": _rate(lambda path=entry.path: _docxtpl(path, context)),
            "python-docx": _rate(lambda text=text: _plain(text)),
        }
    before = _peak()
    began = time.perf_counter()
    size = sum(len(documents.render(kind, values, BUREAU)) for kind, values in _year())
    return {
        "speeds": speeds,
        "year": {"seconds": time.perf_counter() - began, "size": size, "before": before, "after": _peak()},
    }


def _year() -> Iterable[tuple[str, dict[str, Any]]]:
    kinds = list(documents.kinds(BUREAU))
    for number in range(YEAR):
        said = {"reference": f"白公督〔2026〕{number + 1}号", "title": f"关于第{number + 1}件事项办理情况的督办"}
        yield kinds[number % len(kinds)], VALUES | said


def _rate(make: Callable[[], object]) -> float:
    make()
    began, count = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < SECONDS:
        make()
        count += 1
    return count / passed


def _chinese(values: dict[str, Any]) -> dict[str, Any]:
    """The same words under the names that the templates use, as bare docxtpl wants them."""
    context = {name: values.get(field) or "" for field, name in documents.FIELDS.items()}
    for field, (name, columns) in documents.LISTS.items():
        context[name] = [{c: line.get(key, "") for key, c in columns.items()} for line in values.get(field) or ()]
    return context


def _docxtpl(path: Path, context: dict[str, Any]) -> None:
    template = DocxTemplate(path)
    template.render(context, autoescape=True)
    template.save(io.BytesIO())


def _text(content: bytes) -> list[str]:
    body = docx.Document(io.BytesIO(content)).element.body
    return [text for one in body.iter(f"{{{body.nsmap['w']}}}p") if (text := "".join(one.itertext()).strip())]


def _plain(text: list[str]) -> None:
    """The words alone, in the styles that python-docx brings: no table, no head, no format."""
    document = docx.Document()
    for line in text:
        document.add_paragraph(line)
    document.save(io.BytesIO())


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def print_tables(found: dict[str, Any]) -> None:
    """One row a kind; the year below."""
    rows: list[list[Cell]] = []
    for kind, speed in found["speeds"].items():
        ours = speed["duban"]
        others = [(speed[way], ratio(ours, speed[way])) for way in ("docxtpl", "python-docx")]
        rows.append([kind, ours, *(cell for pair in others for cell in pair)])
    year = found["year"]
    notes = [
        "docxtpl fills the same template; python-docx writes the same words without any format.",
        f"{YEAR} documents in one go: {year['seconds']:.1f} s ({YEAR / year['seconds']:.0f} a second), "
        f"{year['size'] / 2**20:.1f} MB; peak memory {year['before']:.0f} MB before, {year['after']:.0f} MB after.",
    ]
    show("Documents a second", ["", "duban", "docxtpl", "of it", "python-docx", "of it"], rows, notes)


if __name__ == "__main__":
    print(json.dumps(measure()))
