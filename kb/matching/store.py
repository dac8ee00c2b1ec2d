"""Parts of the index, put together behind the readers' backs."""

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kb.matching.classifier import LIMIT
from kb.matching.embeddings import encode_texts, join_meanings, segment_meaning
from kb.matching.encoders import Encoder
from kb.matching.segment import Prepared, Segment, build_segment, merge_segments
from kb.matching.snapshot import Part, Snapshot, index_snapshot, part_of

_OPEN = 16  # articles built anew with each put
_AT_ONCE = 120  # phrasings weighed and trained anew within the put: a few milliseconds
_PARTS = 6  # small parts beside the large one before they are merged
_DRIFT = 20  # a base too large for a head is weighed anew when one in so many phrasings is new or dead
_GATHER = 0.02  # seconds in which more puts may come before weighing


class Store:
    """One writer at a time changes ``snapshot``; readers take whatever it is and never wait."""

    def __init__(self, articles: Sequence[Prepared], encoder: Encoder | None = None) -> None:
        self._encoder = encoder
        self.writing = threading.RLock()
        self.snapshot = Snapshot()
        self._where: dict[int | str, tuple[Segment, int]] = {}
        self._open: list[Prepared] = []  # what the last part is made of while it may still be rebuilt
        self._worker: threading.Thread | None = None
        if articles:
            self._show((part_of(build_segment(articles), headed=True),))
            self._index(self.snapshot.parts[0].segment)
            self.settle_soon()

    def put(self, articles: Sequence[Prepared]) -> None:
        """Show articles that are not there yet, as one part: with the last one while that is small."""
        parts = self.snapshot.parts
        if self._open and len(self._open) + len(articles) <= _OPEN:
            parts = parts[:-1]
        else:
            self._open = []
        self._open = [*(one for one in self._open if one.article.id in self._where), *articles]
        self._show((*parts, part_of(build_segment(self._open), parts)))
        self._index(self.snapshot.parts[-1].segment)

    def drop(self, article_id: int | str) -> None:
        """Hide an article that is there."""
        segment, row = self._where.pop(article_id)
        self._show(tuple(_without(part, row) if part.segment is segment else part for part in self.snapshot.parts))

    def settle_soon(self) -> None:
        """Weigh anew, at once in a small base, else in the background."""
        if self.snapshot.phrasings <= _AT_ONCE and self._encoder is None:
            self._swap(self.snapshot.parts, self._together(self.snapshot.parts, headed=True))
        elif self._worker is None and (self._due() or self._unmeant()):
            self._worker = threading.Thread(target=self._work, name="kb-weigh", daemon=True)
            self._worker.start()

    def settle(self) -> None:
        """Wait for the background, then weigh whatever is still new."""
        while (worker := self._worker) is not None:
            worker.join()
        with self.writing:
            while (new := self._unmeant()) is not None:
                self._swap((new,), self._meant(new, headed=False))
            if len(self.snapshot.parts) > 1 or any(not part.whole for part in self.snapshot.parts):
                self._swap(self.snapshot.parts, self._together(self.snapshot.parts, headed=True))

    def _work(self) -> None:
        try:
            while self._step():
                pass
        finally:
            self._worker = None  # whatever went wrong, the next put tries again

    def _step(self) -> bool:
        """Encode or merge some parts; say whether there may be more to do."""
        threading.Event().wait(_GATHER)
        with self.writing:
            many, new = self._due(), self._unmeant()
            if not many and new is None:
                self._worker = None
                return False
            parts = (new,) if new else self.snapshot.parts[-many:]
            self._open = []  # what is put from now on goes beside, not into, what is being made
        whole = len(parts) == len(self.snapshot.parts)
        made = self._meant(new, headed=whole) if new else self._together(parts, headed=whole)
        with self.writing:
            self._swap(parts, made)
        return True

    def _unmeant(self) -> Part | None:
        """Return a part that is not encoded yet, the newest first: it is the smallest."""
        parts = reversed(self.snapshot.parts if self._encoder else ())
        return next((part for part in parts if part.meaning is None), None)

    def _meant(self, part: Part, *, headed: bool) -> Part:
        """Return a part encoded, where there is an encoder."""
        if self._encoder is None:
            return part
        segment = part.segment
        return replace(
            part, meaning=segment_meaning(segment, encode_texts(self._encoder, segment.texts), headed=headed)
        )

    def _together(self, parts: tuple[Part, ...], *, headed: bool) -> Part | None:
        living = [(part.segment, part.alive) for part in parts]
        if not any(alive.any() for _, alive in living):
            return None
        new = part_of(merge_segments(living), headed=headed)
        if self._encoder is None:
            return new
        meanings = [(part.segment, part.meaning, part.alive) for part in parts]
        return replace(new, meaning=join_meanings(meanings, new.segment, headed=headed))

    def _due(self) -> int:
        """Return how many of the last parts should become one; 0 when nothing should."""
        parts = self.snapshot.parts
        stale = sum(len(part.segment.texts) for part in parts[1:]) + sum(_dead(part) for part in parts[:1])
        if stale and (self.snapshot.phrasings <= LIMIT or stale * _DRIFT >= self.snapshot.phrasings):
            return len(parts)
        return len(parts) - 1 if len(parts) > _PARTS else 0

    def _swap(self, old: tuple[Part, ...], new: Part | None) -> None:
        """Replace parts by the one made of them; what was dropped meanwhile stays dropped."""
        gone = {id(part.segment) for part in old}
        made: tuple[Part, ...] = ()
        if new is not None:
            places = [self._where.get(article.id) for article in new.segment.articles]
            alive = np.array([place is not None and id(place[0]) in gone for place in places])
            for row, article in enumerate(new.segment.articles):
                if alive[row]:
                    self._where[article.id] = (new.segment, row)
            made = (replace(new, alive=alive, whole=bool(alive.all())),)
        parts = self.snapshot.parts
        first = next((at for at, part in enumerate(parts) if id(part.segment) in gone), 0)
        rest = tuple(part for part in parts[first:] if id(part.segment) not in gone)
        self._open = self._open if rest else []
        self._show((*parts[:first], *made, *rest))

    def _index(self, segment: Segment) -> None:
        for row, article in enumerate(segment.articles):
            self._where[article.id] = (segment, row)

    def _show(self, parts: tuple[Part, ...]) -> None:
        self.snapshot = index_snapshot(parts)


def _without(part: Part, row: int) -> Part:
    alive = part.alive.copy()
    alive[row] = False
    return replace(part, alive=alive, whole=False)


def _dead(part: Part) -> int:
    return int(part.segment.counts[~part.alive].sum())
