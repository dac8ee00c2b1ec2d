"""`frontdesk migrate`: the database's schema."""

import typer

from bot.commands.calling import progress, wait


def migrate() -> None:
    """Bring the database to the current schema; one that is there already is left as it is."""
    from bot.settings import load_settings
    from storage.engine.migrate import head_revision
    from storage.engine.migrate import migrate_database as migrate_database

    with progress("Bringing the database to the current schema"):
        wait(migrate_database(load_settings().database_url))
    typer.echo(f"The database has the current schema, {head_revision()}.")
