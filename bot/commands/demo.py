"""`frontdesk demo`: a desk to try, with no account anywhere."""

import sys
from typing import Annotated

import typer

from bot.errors import OperatorError

LANGUAGES = ("en", "uk", "ru")


def demo(
    story: Annotated[bool, typer.Option("--story", help="Only the story, then the end.")] = False,
    language: Annotated[str, typer.Option(help="Everybody's in the story: en, uk or ru.")] = "en",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Of the simulated messenger on 127.0.0.1; 0 takes a free one.")
    ] = 0,
) -> None:
    """Play the first day of a desk, with a simulated messenger and example data; then go on by hand, on a terminal."""
    if language not in LANGUAGES:
        raise OperatorError("--language", f"{language!r} is none of {', '.join(LANGUAGES)}")
    from bot.demo.run import play

    by_hand = not story and sys.stdin.isatty() and sys.stdout.isatty()
    try:
        play(language, port, by_hand=by_hand)
    except KeyboardInterrupt:
        raise typer.Abort from None
    if not (story or by_hand):
        typer.echo("To go on by hand, start this on a terminal.", err=True)
