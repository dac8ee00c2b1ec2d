"""Yes and no in people's own words: what they answer to "Is it solved?", and whether they ask if anybody is there."""

from typing import Literal

from kb.text.courtesy import LONGEST, strip_phrases, word_list_phrases
from kb.text.normalize import text_tokens

Consent = Literal["yes", "no", "unclear"]

_YES, _NO, _HALF, _ANYBODY = (word_list_phrases(group) for group in ("agree", "deny", "half", "anybody"))
_TRYING, _SMALL, _WAITS = (word_list_phrases(group) for group in ("trying", "small", "waits"))
_ANOTHER, _JOINING = word_list_phrases("another"), word_list_phrases("joining")
_OF_A_THING = ("не", "not", "doesnt", "does", "isnt", "didnt", "did", "same", "the", "та", "же")  # "не працює" – what?
_FIRM = frozenset(
    phrase for phrase in _NO if phrase[0] not in _OF_A_THING or phrase[-1] in ("допомогло", "помогло", "help", "helped")
)
_ACCEPTS = word_list_phrases("thanks") | _SMALL
_MANNERS = word_list_phrases("thanks") | word_list_phrases("greeting") | word_list_phrases("polite")
_BESIDE = word_list_phrases("beside") | _SMALL | _MANNERS
_ANSWERING = _YES | _NO | _BESIDE
_LEAVING = _TRYING | _MANNERS | _SMALL
_ANYBODY |= _WAITS
_ASKING = _ANYBODY | _MANNERS | _SMALL
_BEFORE_ANOTHER = _MANNERS | _SMALL | _YES
_SIGNS = {"yes": frozenset("👍👌✅💯🎉🙌✔☑🆗"), "no": frozenset("👎❌✖🙅")}
_PLUS, _MINUS = frozenset("+"), frozenset("-−–—")
_SPARE = 2  # words besides that a plain yes may have: a name, a day
_MOST = 12  # words; a longer text says something of its own


def consent(text: str) -> Consent | None:
    """Return what a text answers to a question of yes or no; "unclear" where it does and says more, None where it does not.

    "так, дякую, вирішено", "+", "ага, спрацювало)" and "thanks, that works" are yes; "ні, не працює" is no, whatever
    follows it; "так, але…" is unclear.
    """
    typed = text_tokens(text)
    if not typed or text.strip().strip("!. ") in ("+1", "-1"):
        return _signed(text)
    rest = strip_phrases(typed[: _MOST + 1], _ANSWERING)[0]
    left, denied = strip_phrases(typed, _NO)
    agreed, half = strip_phrases(left, _YES)[1], strip_phrases(typed, _HALF)[1]
    if denied:
        begins = _begins(typed, _FIRM)
        plain = not rest and not agreed
        return "no" if plain or (begins and not half) else "unclear" if begins else None
    if not agreed:
        return None
    plain = len(rest) <= _SPARE and len(typed) <= _MOST and not half and "?" not in text
    begins = _begins(typed, _YES)
    return "yes" if plain and (begins or not rest) else "unclear" if begins and "?" not in text else None


def _begins(typed: list[str], with_: frozenset[tuple[str, ...]]) -> bool:
    """Return whether a text begins with one of these phrases, manners apart."""
    first = strip_phrases(typed, _MANNERS)[0]
    return any(tuple(first[:size]) in with_ for size in range(1, LONGEST + 1))


def nudges(text: str) -> bool:
    """Return whether a text only asks whether anybody is there, or how long it will take: "hello?", "є хтось?", "чекаю".

    Who is content to wait asks nothing: "дякую, чекаю".
    """
    typed = text_tokens(text)
    if not typed or len(typed) > _MOST:
        return bool(text.strip()) and not text.strip("?! ")
    rest, met = strip_phrases(typed, _ASKING)
    if rest or not met:
        return False
    asking = _ANYBODY.intersection(met)
    content = asking <= _WAITS and not _ACCEPTS.isdisjoint(met)
    return "?" in text or (bool(asking) and not content and _MANNERS.isdisjoint({tuple(typed)}))


def is_trying(text: str) -> bool:
    """Return whether a text only says that its author is about to see for themselves: "зараз спробую"."""
    typed = text_tokens(text)
    if not typed or len(typed) > _MOST:
        return False
    rest, met = strip_phrases(typed, _LEAVING)
    return not rest and not _TRYING.isdisjoint(met)


def another(text: str) -> bool:
    """Return whether a text says itself that it is about something else: "ще одне питання: …", "ok, and also the printer…"."""
    typed = text_tokens(text)[:_MOST]
    return any(_begins_another(words) for words in (typed, strip_phrases(typed, _BEFORE_ANOTHER)[0]))


def _begins_another(words: list[str]) -> bool:
    at = {0, int(tuple(words[:1]) in _JOINING)}
    return any(tuple(words[first : first + size]) in _ANOTHER for first in at for size in range(1, LONGEST + 1))


def _signed(text: str) -> Consent | None:
    signs = set(text)
    yes = bool(signs & _SIGNS["yes"]) or (bool(signs & _PLUS) and not signs & _MINUS)
    no = bool(signs & _SIGNS["no"]) or text.strip() in _MINUS or text.strip() == "-1"
    return None if yes == no else "yes" if yes else "no"
