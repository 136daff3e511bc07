"""`duban demo`: the whole procedure on a dozen invented matters, in a rehearsal ledger of its own."""

import os
import shutil
import signal
import time
from pathlib import Path
from typing import Annotated

import typer

from duban import ledger, organization, registration
from duban.acts import OPERATOR, register_all
from duban.cli import runs
from duban.demo.play import Part, Play
from duban.demo.stories import START, STORIES
from duban.embedded import accounts, launcher, places, postgres
from duban.embedded.bureau import Bureau
from duban.ledger.standing import STATES

EXAMPLES = places.CHECKOUT / "examples"


def demo(
    port: Annotated[int, typer.Option(help="网页端口；被占用时自动另选")] = 8080,
    stay: Annotated[bool, typer.Option(help="演完后留着，直到按 Ctrl-C")] = True,
) -> None:
    """演练：十二件督办件走遍全部流程，演完给出一览表。

    例：duban demo --no-stay
    """
    home = places.var() / "demo"
    if home.exists():
        shutil.rmtree(home)  # a rehearsal begins anew; a real ledger is never in this directory
    home.mkdir(parents=True)
    os.environ["DUBAN_VAR"] = str(home)
    os.environ["DUBAN_REHEARSAL"] = "1"
    # SIGTERM ends the performance as Ctrl-C does: what was started below is taken down on the way out.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    typer.echo("正在启动数据库和 Airflow，约需一分钟 …")
    os.environ["DUBAN_REHEARSAL_START"] = START.isoformat()
    with launcher.running(home, rehearsal=True, port=port, log=home / "up.log") as deployment:
        os.environ |= {"DUBAN_LEDGER_URL": postgres.address(home), "DUBAN_FILES": str(home / "files")}
        began = time.monotonic()
        bureau = Bureau(home)
        forms = [{"type": "general", **form} for form in registration.read_forms(EXAMPLES / "matters.xlsx")]
        states = register_all(forms, OPERATOR, "demo")
        runs.start([state.number for state in states])
        typer.echo(f"从 examples/matters.xlsx 登记了 {len(states)} 件，流程已启动。")
        Play(bureau, parts([state.number for state in states]), typer.echo).run()
        bureau.close()
        out = save_documents([state.number for state in states], home / "documents")
        typer.echo(f"\n演完了，用时 {time.monotonic() - began:.0f} 秒。\n")
        typer.echo(table([state.number for state in states]))
        typer.echo(where(deployment.base_url, home, out))
        while stay:
            signal.pause()


def parts(numbers: list[str]) -> tuple[Part, ...]:
    """Each matter with its story and the replies that its unit will send, by their place in the spreadsheet."""
    found = []
    for place, (number, story) in enumerate(zip(numbers, STORIES, strict=True), start=1):
        replies = tuple(sorted((EXAMPLES / "replies").glob(f"{place:02d} *.docx")))
        found.append(Part(number, story, replies))
    return tuple(found)


def save_documents(numbers: list[str], out: Path) -> Path:
    """Write every document of the matters where they can be opened."""
    out.mkdir(parents=True, exist_ok=True)
    with ledger.transaction() as session:
        for number in numbers:
            for paper in ledger.state(session, number).documents:
                (out / f"{number} {paper.name.removeprefix(number + ' ')}").write_bytes(ledger.fetch_file(paper.sha256))
    return out


def table(numbers: list[str]) -> str:
    """The matters as they ended."""
    units, lines = organization.load().units, []
    with ledger.transaction() as session:
        for number, story in zip(numbers, STORIES, strict=True):
            state = ledger.state(session, number)
            late = sum(1 for one in state.rounds if one.lapsed)
            lines.append(
                f"{number}  {STATES[state.state]}  轮次 {state.round}  逾期 {late}  文书 {len(state.documents):2}  "
                f"问责 {len(state.accountability)}  {units[state.unit].short}：{story.name}"
            )
    return "\n".join(lines)


def where(base_url: str, home: Path, out: Path) -> str:
    """Where to look: the browser, who to be, the documents."""
    org, passwords = organization.load(), accounts.passwords(home)
    users = [org.posts[post].user for post in ("office", "director", "chief")]
    signs = "\n".join(
        f"  {org.person(user).title} {org.person(user).name}：{user} / {passwords[user]}" for user in users
    )
    return (
        f"\n全部文书：{out}\n浏览器：{base_url}（流程“一般督办（5日）”的各次运行以督办件编号为名）\n{signs}\n"
        f"其余人员的口令在 {accounts.file(home)}。\n"
        f"命令行：DUBAN_REHEARSAL=1 DUBAN_VAR={home} duban items\n按 Ctrl-C 结束，启动的一切随之停止。"
    )
