"""The command `duban`."""

import sys

import typer

from duban.cli import (
    archive,
    demo,
    history,
    ledger,
    matters,
    notify,
    periods,
    reporting,
    reports,
    rules,
    scoring,
    serve,
    templates,
    turns,
    watch,
)
from duban.errors import Refusal

app = typer.Typer(
    name="duban", help="督办：立项、催办、办结、归档。", no_args_is_help=True, pretty_exceptions_enable=False,
    add_completion=False,
)  # fmt: skip
app.add_typer(rules.regulation_app)
app.add_typer(rules.organization_app)
app.command(name="deadline")(rules.deadline)
app.command(name="workdays")(rules.days_on)
app.add_typer(templates.template_app)
app.add_typer(reports.report_app)
app.add_typer(periods.periods_app)
app.add_typer(ledger.db_app, name="db")
app.command(name="verify")(ledger.verify)
app.command(name="watch")(watch.watch_command)
app.command(name="rehearse")(ledger.rehearse)
app.command(name="archive")(archive.archive)
app.command(name="up")(serve.up)
app.command(name="demo")(demo.demo)
app.command(name="score")(scoring.score)
for name, command in (
    matters.COMMANDS | reporting.COMMANDS | turns.COMMANDS | history.COMMANDS | periods.COMMANDS | notify.COMMANDS
).items():
    app.command(name=name)(command)


def main() -> None:
    """Run the command. A refusal is one sentence on stderr and exit status 1; wrong usage is 2."""
    try:
        app()
    except Refusal as refusal:
        typer.echo(str(refusal), err=True)
        sys.exit(1)
