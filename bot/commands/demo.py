"""`frontdesk demo`: a desk to try, with no account anywhere."""

import sys
from typing import Annotated

import typer

from bot.commands.calling import wait
from bot.errors import OperatorError

LANGUAGES = ("en", "uk", "ru")


PORT = 8321  # of the page, where nobody chose another


def demo(
    story: Annotated[bool, typer.Option("--story", help="Only the story of a first day, in the terminal.")] = False,
    terminal: Annotated[
        bool, typer.Option("--terminal", help="The story, then a prompt to go on by hand; no page.")
    ] = False,
    language: Annotated[str, typer.Option(help="The desk's, and everybody's in the story: en, uk or ru.")] = "en",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Of the page on 127.0.0.1; 0 takes a free one.", show_default=True)
    ] = PORT,
) -> None:
    """Open a page with both messengers, simulated, and a real desk with example data between them."""
    if language not in LANGUAGES:
        raise OperatorError("--language", f"{language!r} is none of {', '.join(LANGUAGES)}")
    if not (story or terminal):
        from bot.demo.show import show

        return wait(show(language, port))
    from bot.demo.run import play

    by_hand = not story and sys.stdin.isatty() and sys.stdout.isatty()
    try:
        play(language, 0 if port == PORT else port, by_hand=by_hand)
    except KeyboardInterrupt:
        raise typer.Abort from None
    if not (story or by_hand):
        typer.echo("To go on by hand, start this on a terminal.", err=True)
    return None
