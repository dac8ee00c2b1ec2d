"""Which of our posts quote which questions: so that one is drawn anew when words in it are taken back."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from storage.models import outage_quote, verdict


def keep_quotes(connection: Connection, outage_id: int, outgoing_id: int, verdicts: Sequence[int]) -> None:
    """Remember that a post about an outage quotes these questions."""
    rows = [{"outage_id": outage_id, "outgoing_id": outgoing_id, "verdict_id": each} for each in verdicts]
    if rows:
        connection.execute(insert(outage_quote), rows)


def posts_quoting(connection: Connection, person_id: int) -> list[tuple[int, int]]:
    """Return the posts that quote questions of a person, in their order: outage and promise."""
    query = select(outage_quote.c.outage_id, outage_quote.c.outgoing_id).distinct()
    query = query.join(verdict, verdict.c.id == outage_quote.c.verdict_id).where(verdict.c.person_id == person_id)
    return [(row.outage_id, row.outgoing_id) for row in connection.execute(query.order_by(outage_quote.c.outgoing_id))]


def quoted_questions(connection: Connection, outgoing_id: int) -> list[str]:
    """Return the questions that a post quotes, as far as they have words, in their order."""
    query = select(verdict.c.question).join(outage_quote, outage_quote.c.verdict_id == verdict.c.id)
    query = query.where(outage_quote.c.outgoing_id == outgoing_id, verdict.c.question != "")
    return list(connection.scalars(query.order_by(verdict.c.id)).all())


def forget_empty_quotes(connection: Connection, outgoing_id: int) -> None:
    """Remember no more of a post that it quotes what has no words."""
    empty = select(verdict.c.id).where(verdict.c.question == "")
    its = (outage_quote.c.outgoing_id == outgoing_id, outage_quote.c.verdict_id.in_(empty))
    connection.execute(delete(outage_quote).where(*its))


def forget_quotes_of_post(connection: Connection, outgoing_id: int) -> None:
    """Remember of a post that it quotes nothing any more: it shows something else."""
    connection.execute(delete(outage_quote).where(outage_quote.c.outgoing_id == outgoing_id))
