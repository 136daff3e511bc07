"""duban documents: everything of a matter in a folder, PDF beside what Duban made, forms for a unit to fill in."""

from pathlib import Path

import pytest
from matters import Matter
from typer.testing import CliRunner, Result

from duban.cli import app
from duban.documents import pdf


def duban(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_files_of_one_name_do_not_overwrite_each_other(matter: Matter, tmp_path: Path) -> None:
    matter.in_progress().replied("第一次")
    matter.decide("review.office", "退回补办", reason="补充修改", requirement="补充。")
    matter.replied("第二次")
    done = duban("documents", matter.number, "--out", str(tmp_path / "文书"))
    names = {file.name for file in (tmp_path / "文书").iterdir()}
    assert done.exit_code == 0
    assert {"办结报告.docx", "办结报告（2）.docx", "领导批示督办通知单.docx"} <= {
        name.removeprefix(f"{matter.number} ") for name in names
    }


def test_without_libreoffice_the_documents_are_there_and_a_sentence_says_why_no_pdf(
    matter: Matter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_SOFFICE", str(tmp_path / "nothing"))
    matter.dispatched()
    done = duban("documents", matter.number, "--out", str(tmp_path / "文书"), "--pdf")
    assert done.exit_code == 1
    assert [file.suffix for file in (tmp_path / "文书").iterdir()] == [".docx"]


@pytest.mark.skipif(pdf.program() is None, reason="LibreOffice is not installed")
def test_a_pdf_beside_what_duban_made_and_not_beside_what_a_unit_sent(matter: Matter, tmp_path: Path) -> None:
    matter.in_progress().replied()
    done = duban("documents", matter.number, "--out", str(tmp_path / "文书"), "--pdf")
    assert done.exit_code == 0
    assert [file.stem.partition(" ")[2] for file in (tmp_path / "文书").glob("*.pdf")] == ["领导批示督办通知单"]


def test_a_form_for_the_unit_is_written_and_entered_nowhere(matter: Matter, tmp_path: Path) -> None:
    matter.dispatched()
    before = len(matter.events)
    done = duban("documents", matter.number, "--out", str(tmp_path / "文书"), "--form", "督办反馈")
    assert (done.exit_code, [file.name for file in (tmp_path / "文书").iterdir()]) == (
        0,
        [f"{matter.number} 督办反馈.docx"],
    )
    assert len(matter.events) == before
