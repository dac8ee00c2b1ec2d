"""What people say is encoded before its turn, and beside it: a turn itself encodes nothing."""

import numpy as np

from bot.intake.reading_ahead import ReadingAhead
from handlers.turns.knowledge import Knowledge
from handlers.vocabulary.messages import Event, Kind, RichText
from kb import Article, Index
from kb.matching.encoders import Floats, Remembering
from tests.clock import MONDAY

ASKED = "надворі жарко"


class Toy:
    """Tells hot from cold, and what it was asked."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, texts: list[str]) -> Floats:
        self.seen += texts
        hot = [any(word in text for word in ("спека", "жарко")) for text in texts]
        return np.array([[1.0, 0.1] if warm else [0.1, 1.0] for warm in hot], np.float32)


def said(text: str, kind: Kind = Kind.TEXT) -> Event:
    return Event(kind, "telegram:1", text, "c", MONDAY, "c", words=RichText(text))


async def test_a_text_is_encoded_before_its_turn_and_nothing_else_is():
    toy = Toy()
    articles = [Article("hot", "Сьогодні спека", "Пийте воду."), Article("cold", "Випав сніг", "Вдягніть шапку.")]
    index = Index(articles, encoder=Remembering(toy))
    index.settle()
    knowledge = Knowledge()
    knowledge.swap(index, 0)
    assert index.find(ASKED, waiting=False).candidates == ()
    toy.seen.clear()
    await ReadingAhead(knowledge)((said(ASKED), said("/faq", Kind.COMMAND), said("ок")))
    assert toy.seen == [ASKED]
    assert index.find(ASKED, waiting=False).candidates[0].article_id == "hot"


async def test_an_encoder_that_fails_stops_nobody(caplog):
    class Broken:
        def encode(self, texts: list[str]) -> Floats:
            if ASKED in texts:
                raise MemoryError
            return np.ones((len(texts), 2), np.float32)

    index = Index(
        [Article(1, "Сьогодні спека", "Так."), Article(2, "Випав сніг", "Так.")], encoder=Remembering(Broken())
    )
    index.settle()
    knowledge = Knowledge()
    knowledge.swap(index, 0)
    await ReadingAhead(knowledge)((said(ASKED),))
    assert "answered by likeness" in caplog.text
