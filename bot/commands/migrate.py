"""`frontdesk migrate`: the database's schema."""

import typer

from bot.commands.calling import progress, wait


def migrate() -> None:
    """Bring the database to the current schema; one that is there already is left as it is."""
    from bot.settings import load
    from storage.engine.migrate import head
    from storage.engine.migrate import migrate as migrate_database

    with progress("Bringing the database to the current schema"):
        wait(migrate_database(load().database_url))
    typer.echo(f"The database has the current schema, {head()}.")
