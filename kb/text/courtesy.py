"""Greetings, thanks and politeness: answered kindly, never matched."""

from functools import lru_cache
from typing import Literal

from kb.text.keyboard_layouts import LAYOUTS, UNSHIFT
from kb.text.normalize import clean_text, text_tokens
from kb.text.normalize import cleaned_words as words_of
from kb.text.transliteration import latin_skeleton
from kb.text.word_lists import WORDS


def word_list_phrases(group: str) -> frozenset[tuple[str, ...]]:
    """Return the phrases of a word list, each as the words it has when it is read."""
    return frozenset(tuple(text_tokens(phrase)) for phrase in WORDS[group].split(",") if phrase.strip())


_THANKS = word_list_phrases("thanks")
_GREETING = word_list_phrases("greeting")
_SMALL = frozenset().union(*(word_list_phrases(group) for group in ("small", "waits", "patience")))
_POLITE = word_list_phrases("polite")
_MARKS = {"👍", "🙏", "❤", "♥", "👌", "😊", "🤝", "💙", "💛"}
_KNOWN = _THANKS | _GREETING | _SMALL
LONGEST = 6  # words of a phrase


def strip_phrases(words: list[str], phrases: frozenset[tuple[str, ...]]) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the words outside the phrases, and the phrases met, longest first at each place."""
    rest: list[str] = []
    met: list[tuple[str, ...]] = []
    sizes = _sizes(phrases)
    at = 0
    while at < len(words):
        for size in sizes.get(words[at], ()):
            piece = tuple(words[at : at + size])
            if piece in phrases:
                met.append(piece)
                at += size
                break
        else:
            rest.append(words[at])
            at += 1
    return rest, met


@lru_cache(maxsize=64)
def _sizes(phrases: frozenset[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    """Return for each word that begins phrases how many words they have, the longest first."""
    found: dict[str, set[int]] = {}
    for phrase in (phrase for phrase in phrases if 0 < len(phrase) <= LONGEST):
        found.setdefault(phrase[0], set()).add(len(phrase))
    return {word: tuple(sorted(sizes, reverse=True)) for word, sizes in found.items()}


_AROUND = _THANKS | _GREETING | _POLITE
_FIRST = frozenset(phrase[0] for phrase in _AROUND)


def content_words(words: list[str]) -> list[str]:
    """Return the words without greetings and politeness, or all of them where nothing else remains."""
    if _FIRST.isdisjoint(words):
        return words
    rest, _ = strip_phrases(words, _AROUND)
    return rest or words


def leads_in(text: str) -> bool:
    """Return whether a text is nothing but politeness around a question that comes apart from it: "в мене питання"."""
    typed = text_tokens(text[:_MOST_CHARS])
    return bool(typed) and not strip_phrases(typed, _AROUND)[0]


def _spelled(phrases: frozenset[tuple[str, ...]]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(latin_skeleton(word) for word in phrase) for phrase in phrases)


_BY_EAR = tuple(_spelled(phrases) for phrases in (_THANKS, _GREETING, _KNOWN | _POLITE))
_AS_TYPED = (_THANKS, _GREETING, _KNOWN | _POLITE)
_BEGIN = frozenset(phrase[0] for phrase in _AS_TYPED[2])
_BEGIN_BY_EAR = frozenset(phrase[0] for phrase in _BY_EAR[2])
_TURNED = frozenset(
    turned.rstrip("!?.,)")
    for group in ("thanks", "greeting", "small", "polite")
    for phrase in WORDS[group].split(",")
    for table in LAYOUTS.values()
    for first in phrase.split()[:1]
    if (turned := first.translate(table)) != first
)
_MOST = 12  # words; a longer text says something
_MOST_CHARS = 200


def courtesy(text: str, words: list[str] | None = None) -> Literal["thanks", "greeting"] | None:
    """Return what a text is when it is nothing but courtesy; thanks win over a greeting. Its ``words``, if they are known.

    "ок спасибо" is thanks, so are "cgfcb,j" and "dyakuyu"; "hi, my internet is down" is nothing of the kind.
    """
    if len(text) > _MOST_CHARS:
        return None
    typed = text_tokens(text) if words is None else words
    if not typed:
        return "thanks" if _MARKS & set(text) else None
    if typed[0] in _BEGIN:
        return _kind(typed, _AS_TYPED)
    if latin_skeleton(typed[0]) in _BEGIN_BY_EAR:
        return _kind([latin_skeleton(word) for word in typed], _BY_EAR)
    return _turned(text.lower().translate(UNSHIFT)) if len("".join(typed)) > 3 else None


def _turned(plain: str) -> Literal["thanks", "greeting"] | None:
    """Return the courtesy that was typed with another keyboard layout."""
    if plain.split(maxsplit=1)[0].rstrip("!?.,)") not in _TURNED:
        return None
    kinds = (_kind(words_of(clean_text(plain.translate(table))), _AS_TYPED) for table in LAYOUTS.values())
    return next((kind for kind in kinds if kind), None)


def _kind(typed: list[str], phrases: tuple[frozenset[tuple[str, ...]], ...]) -> Literal["thanks", "greeting"] | None:
    thanks, greeting, every = phrases
    rest, met = strip_phrases(typed[: _MOST + 1], every)
    if rest or len(typed) > _MOST:
        return None
    return "thanks" if thanks.intersection(met) else "greeting" if greeting.intersection(met) else None
