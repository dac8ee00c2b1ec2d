"""The knowledge base as the talk knows it: an index in memory that follows the articles' table."""

from collections.abc import Callable, Sequence

from kb import Article, Index, Verdict
from kb.matching.query_reading import Reading
from kb.matching.votes import verdict_with_votes
from storage.desk.articles import ArticleRow, Articles

FEW = 30  # changed articles that a turn takes in by itself: some hundredths of a second
SMALL = 40  # articles of a base that a turn may read anew as a whole: as long


class Knowledge:
    """Answers questions from the articles as they are in this transaction; each process has one.

    Where somebody builds whole indexes beside the turns, ``behind`` asks for one: after many changes the index before them
    answers until it is there.
    """

    def __init__(self) -> None:
        self.behind: Callable[[], object] | None = None
        self._index = Index(())
        self._seen = 0
        self._left_behind: int | None = None  # what was seen when a whole index was asked for

    def swap(self, index: Index, revision: int) -> None:
        """Answer from another index, which knows all that changed up to a revision."""
        self._index, self._seen, self._left_behind = index, revision, None

    def find(self, articles: Articles, text: str, language: str | None = None) -> Verdict:
        """Return what answers a text."""
        self.follow(articles)
        found = self._index.find(text, language, waiting=False).candidates
        return verdict_with_votes(found, articles.votes([candidate.article_id for candidate in found]))

    def read_ahead(self, text: str) -> None:
        """Encode a text that is about to be asked for, where there is an encoder: no turn waits for it."""
        if self._index.meant:
            self._index.find(text)

    def explain(self, articles: Articles, text: str, language: str | None = None) -> Reading:
        """Return how a text is read, and what speaks for each candidate."""
        self.follow(articles)
        return self._index.explain(text, language, waiting=False)

    @property
    def meant(self) -> bool:
        """Return whether it is known what the articles mean."""
        return self._index.meant

    def follow(self, articles: Articles) -> None:
        """Take in what changed, if it is little; a revision that went back was a change undone, so all is read anew."""
        while True:
            seen = self._seen
            newest = articles.revision()
            if newest == self._seen:
                return
            if self.behind is not None and self._left_behind == seen:
                self.behind()  # it comes: what changed is not read again and again
                return
            start = seen if seen < newest else 0
            changed = articles.since(start, limit=None if self.behind is None else SMALL + 1)
            if self.behind is not None and len(changed) > FEW:
                if len(self._index) + len(changed) > SMALL:
                    self._left_behind = seen
                    self.behind()
                    return
                changed, start = articles.since(0), 0
            if self._seen == seen:  # else another turn has followed while this one read: look again
                self._take(changed, anew=start == 0)
                self._seen = newest
                return

    def _take(self, changed: Sequence[ArticleRow], *, anew: bool) -> None:
        """Let the index know what changed, or begin a fresh one."""
        if anew:
            self._index = index_of(changed)
            return
        self._index.put_all([article_of(row) for row in changed if row.live])
        for row in changed:
            if not row.live:
                self._index.drop(row.id)


def index_of(rows: Sequence[ArticleRow]) -> Index:
    """Return a fresh index of the articles that answer."""
    return Index([article_of(row) for row in rows if row.live])


def article_of(row: ArticleRow) -> Article:
    """Return an article as the knowledge base takes it."""
    said = (row.question, row.answer, row.aliases, tuple(row.keywords), row.language, row.section)
    return Article(row.id, *said, group=row.root)
