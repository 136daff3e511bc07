"""页数 is what a file says of itself; nobody guesses."""

import zipfile
import zlib
from pathlib import Path

import pytest
from matters import report
from pypdf import PdfWriter

from duban.archive import pages
from duban.documents import pdf


def docx(place: Path, said: str) -> Path:
    with zipfile.ZipFile(place, "w") as parts:
        parts.writestr("docProps/app.xml", f"<Properties><Pages>{said}</Pages></Properties>")
    return place


def test_a_pdf_has_its_pages(tmp_path: Path) -> None:
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(width=595, height=842)
    with (tmp_path / "甲.pdf").open("wb") as stream:
        writer.write(stream)
    assert pages.stated(tmp_path / "甲.pdf") == 3


def test_what_word_wrote_down_is_taken_for_what_came_in_only(tmp_path: Path) -> None:
    place = docx(tmp_path / "甲.docx", "7")
    assert (pages.stated(place), pages.stated(place, made=True)) == (7, None)


@pytest.mark.parametrize("name", ["坏.pdf", "坏.docx", "表.xlsx"])
def test_what_cannot_be_read_has_no_pages(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"not this")
    assert pages.stated(tmp_path / name) is None


@pytest.mark.parametrize("name", ["坏.pdf", "坏.docx"])
def test_whatever_a_damaged_file_does_to_its_reader_its_pages_are_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise zlib.error("invalid distance")

    place = docx(tmp_path / name, "3")
    monkeypatch.setattr(pages, "PdfReader", broken)
    monkeypatch.setattr(zipfile.ZipFile, "open", broken)
    assert pages.stated(place) is None


@pytest.mark.parametrize("said", ["0", "many", "99999"])
def test_what_makes_no_sense_is_no_number_of_pages(tmp_path: Path, said: str) -> None:
    assert pages.stated(docx(tmp_path / "甲.docx", said)) is None


@pytest.mark.skipif(pdf.program() is None, reason="LibreOffice is not installed")
def test_two_papers_of_one_name_are_laid_out_apart(tmp_path: Path) -> None:
    files = []
    for folder, text in (("一", "短"), ("二", "长\n" * 200)):
        (tmp_path / folder).mkdir()
        files.append(tmp_path / folder / "同名.docx")
        files[-1].write_bytes(report(text))
    found = pages.laid_out(files)
    assert found[files[0]] == 1
    assert found[files[1]] > 1
