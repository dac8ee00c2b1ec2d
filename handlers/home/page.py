"""What stands on a front page: everybody's own requests and popular answers, an agent's queue, an admin's answers to be."""

from handlers.articles import answering, browsing, showing, suggestions
from handlers.requester import own_requests
from handlers.tickets import ticket_list
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Message, Part, RichText, button_column, button_row, phrase
from storage.models import Role
from storage.tickets.queue import COUNTED, Filter

SHOWN = 5  # of each kind
TICKETS = 8  # of the queue
CURATED = 3  # of each kind
LOOKED_AT = 60  # questions without an answer, the newest
VIEWS = ("waiting", "free", "mine", "overdue")


def home_sections(turn: Turn, view: str) -> list[Message]:
    """Draw the parts of a person's front page, one under another."""
    found = [own_section(turn)]
    if turn.person.may(Role.AGENT):
        found.append(queue_section(turn, view if view in VIEWS else VIEWS[0]))
    if turn.person.may(Role.ADMIN):
        found.append(curation_section(turn))
    popular, _ = turn.tx.articles.page(language=browsing.browsing_language(turn), limit=SHOWN)
    if popular:
        found.append(Message(title=phrase("front.popular"), buttons=answering.article_buttons(popular, 0)))
    return found


def own_section(turn: Turn) -> Message:
    """Draw the greeting, what can be done here, and the person's own requests."""
    acts = button_row(
        presses.NewRequest("anew").button(phrase("button.new")),
        presses.MyRequests().button(phrase("button.mine")),
        presses.Articles().button(phrase("front.browse")),
    )
    mine = button_column(
        *(
            presses.MyRequest(view.number).button(own_requests.brief_line(turn, view))
            for view in own_requests.own_page(turn, SHOWN)
        )
    )
    return Message((phrase("start.how"),), phrase("start.hello", name=turn.person.name), (*acts, *mine))


def queue_section(turn: Turn, view: str) -> Message:
    """Draw the queue as the agent has chosen to look at it, and the other ways to."""
    filters = {
        "waiting": Filter(),
        "free": Filter(unclaimed=True),
        "mine": Filter(agent=turn.person.id),
        "overdue": Filter(overdue_at=turn.now),
    }
    counts = {name: turn.tx.queue.count(of) for name, of in filters.items()}
    views = button_row(
        *(presses.ShowOnHome(name).button(phrase(f"front.{name}", n=count_in_words(counts[name]))) for name in VIEWS)
    )
    tickets = turn.tx.queue.page(filters[view], limit=TICKETS)
    shown: Part = phrase("queue.empty") if not tickets else phrase(f"front.{view}", n=count_in_words(counts[view]))
    return Message((shown,), phrase("front.queue"), (*views, *ticket_list.ticket_buttons(turn, tickets)))


def count_in_words(count: int) -> str:
    """Return how many there are; what is not counted one by one is said so."""
    return f"{COUNTED}+" if count > COUNTED else str(count)


def curation_section(turn: Turn) -> Message:
    """Draw what an admin may make of the answers: gaps, words proposed as aliases, answers that did not help."""
    parts: list[Part] = []
    buttons: list[tuple[Button, ...]] = [(presses.NewArticle().button(phrase("front.add_answer")),)]
    for verdict, question, asked in open_gaps(turn):
        parts.append(RichText(f"❓ ×{asked} {question[:120]}"))
        buttons.append((presses.WriteGap(verdict).button(phrase("front.write", question=question[:40])),))
    for one in turn.tx.articles.proposed(CURATED):
        parts.append(phrase("proposed.one", text=one.text[:120], article=one.article_id, question=one.question[:120]))
        buttons.append(
            (
                presses.TakeAlias(one.id).button(phrase("front.take", text=one.text[:40])),
                presses.DropAlias(one.id).button(phrase("proposed.refuse")),
            )
        )
    worst = turn.tx.articles.least_helpful(CURATED)
    buttons += button_column(
        *(presses.EditorArticle(article.id).button(showing.article_line(article)) for article in worst)
    )
    return Message(tuple(parts or (phrase("gaps.none"),)), phrase("front.answers"), tuple(buttons))


def open_gaps(turn: Turn) -> list[tuple[int, str, int]]:
    """Return questions that find no answer, the most frequent first: verdict, words, how often."""
    found = suggestions.open_gaps(turn, LOOKED_AT, CURATED * 2)[:CURATED]
    return [(verdict, " ".join(question.split()), asked) for verdict, question, asked in found]
