"""Talk that asks for nothing: greetings, thanks, "works now". Rules in three languages; in doubt somebody asks for something."""

import re

from kb import courtesy

LONG = 80  # characters; whoever writes more says something
WORDS = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")

SETTLED = (
    *("it works now", "works now", "it works again", "works again", "it works", "works", "it is working now"),
    *(
        "it's working now",
        "its working now",
        "working now",
        "it is working",
        "it's working",
        "it is fixed",
        "it's fixed",
    ),
    *("fixed it", "fixed", "problem solved", "solved it", "solved", "resolved", "sorted", "all good now", "all good"),
    *("all fine now", "all fine", "never mind", "nevermind", "nvm", "figured it out", "found it", "no longer needed"),
    *(
        "уже все працює",
        "вже все працює",
        "все вже працює",
        "вже працює",
        "уже працює",
        "все запрацювало",
        "запрацювало",
    ),
    *("все працює", "працює", "все добре", "все гаразд", "усе гаразд", "вже все", "вже ок", "все ок", "вирішено"),
    *("питання вирішено", "вже вирішили", "розібрався", "розібралась", "розібралася", "розібралися", "вже не треба"),
    *("вже неактуально", "не актуально", "неактуально", "скасовується"),
    *("уже все работает", "всё уже работает", "все уже работает", "уже работает", "всё заработало", "все заработало"),
    *("заработало", "всё работает", "все работает", "работает", "всё хорошо", "все хорошо", "всё ок", "решено"),
    *("вопрос решён", "вопрос решен", "уже решили", "разобрался", "разобралась", "разобрались", "уже не надо"),
    *("уже не актуально", "отбой", "уже всё"),
)
HEARD = (  # nothing but these says that something was read, and asks for nothing; no "yes" and no "no": they answer something
    *("ok", "okay", "oh", "got it", "understood", "noted", "will do", "sure", "fine"),
    *("ок", "окей", "о", "ой", "ага", "угу", "добре", "гаразд"),
    *("зрозуміло", "зрозумів", "зрозуміла", "ясно", "прийнято"),
    *("хорошо", "ладно", "понятно", "понял", "поняла", "принято"),
)
_PHRASES = sorted((tuple(phrase.split()) for phrase in SETTLED), key=len, reverse=True)
_HEARD = re.compile(rf"(?<!\S)(?:{'|'.join(sorted(HEARD, key=len, reverse=True))})(?!\S)")
_FILLERS = frozenset({"now", "again", "already", "oh", "ok", "okay", "о", "ой", "вже", "уже", "все", "всё", "ок"})


def asks_for_nothing(text: str) -> bool:
    """Return whether a text is nothing but politeness, a sign, or word that something has settled itself."""
    if not contains_word(text) or courtesy(text) is not None:
        return True
    return len(text) <= LONG and (says_problem_is_gone(text) or only_says_it_was_read(text))


def contains_word(text: str) -> bool:
    """Return whether there is a word in a text: emoji and signs alone are none."""
    return bool(WORDS.search(text))


def only_says_it_was_read(text: str) -> bool:
    """Return whether a text only says that something was read, perhaps with thanks."""
    said = " ".join(word.casefold() for word in WORDS.findall(text))
    rest = _HEARD.sub(" ", said).split()
    return rest != said.split() and (not rest or courtesy(" ".join(rest)) is not None)


def says_problem_is_gone(text: str) -> bool:
    """Return whether a text says that something has settled itself, perhaps with thanks."""
    words = [word.casefold() for word in WORDS.findall(text)]
    rest, met = list[str](), False
    while words:
        found = next((phrase for phrase in _PHRASES if tuple(words[: len(phrase)]) == phrase), None)
        if found is not None:
            words, met = words[len(found) :], True
        else:
            rest.append(words.pop(0))
    rest = [word for word in rest if word not in _FILLERS]
    return met and (not rest or courtesy(" ".join(rest)) is not None)


def is_short_text(text: str) -> bool:
    """Return whether a text is too short to be asked about: three words, or none."""
    return len(WORDS.findall(text)) <= 3
