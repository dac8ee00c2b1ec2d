"""The knowledge base as the talk knows it: an index in memory that follows the articles' table."""

from collections.abc import Sequence

from kb import Article, Index, Verdict
from kb.reading import Reading
from storage.articles import ArticleRow, Articles


class Knowledge:
    """Answers questions from the articles as they are in this transaction; each process has one, and none is ever behind."""

    def __init__(self) -> None:
        self._index = Index(())
        self._seen = 0

    def find(self, articles: Articles, text: str, language: str | None = None) -> Verdict:
        """Return what answers a text."""
        self.follow(articles)
        return self._index.find(text, language)

    def explain(self, articles: Articles, text: str, language: str | None = None) -> Reading:
        """Return how a text is read, and what speaks for each candidate."""
        self.follow(articles)
        return self._index.explain(text, language)

    def follow(self, articles: Articles) -> None:
        """Take in every change that is not known yet; a revision that went back was a change undone, so all is read anew."""
        while True:
            seen = self._seen
            newest = articles.revision()
            if newest == self._seen:
                return
            start = seen if seen < newest else 0
            changed = articles.since(start)
            if self._seen == seen:  # else another turn has followed while this one read: look again
                self._take(changed, anew=start == 0)
                self._seen = newest
                return

    def _take(self, changed: Sequence[ArticleRow], *, anew: bool) -> None:
        """Let the index know what changed, or begin a fresh one."""
        live = [article(row) for row in changed if row.live]
        if anew:
            self._index = Index(live)
            return
        self._index.put_all(live)
        for row in changed:
            if not row.live:
                self._index.drop(row.id)


def article(row: ArticleRow) -> Article:
    """Return an article as the knowledge base takes it."""
    return Article(row.id, row.question, row.answer, row.aliases, tuple(row.keywords), row.language, row.section)
