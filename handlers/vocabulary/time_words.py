"""The words of a time of day as people say them: 3 часа дня, о 5 годині вечора, 3 p.m., 8 in the evening, 10-00, half an hour.

What is said so is written as a clock shows it, where it has one meaning alone. And: whether a text goes on with words of time,
so that what was read before it is not the whole of what was meant: a time that is read wrong is worse than one that is refused.
"""

import re

from handlers.vocabulary.dates import BESIDE, is_date, is_day

_MORNING = dict.fromkeys(range(1, 12), "am")
_EVENING = dict.fromkeys(range(4, 12), "pm")
_NIGHT = {**dict.fromkeys(range(1, 6), "am"), **dict.fromkeys(range(9, 12), "pm")}
_PARTS = {  # of the day, with the hours that are said so and on which half of a clock they are
    "ранку": _MORNING,
    "утра": _MORNING,
    "вечора": _EVENING,
    "вечера": _EVENING,
    "ночі": _NIGHT,
    "ночи": _NIGHT,
    "дня": dict.fromkeys((12, *range(1, 7)), "pm"),
}  # 12 at night is at the beginning of a day or at its end: nobody can say which
_HOURS = r"годин[іаиу]?|год\.?|час(?:а|ов)?|ч\.?|o'clock|oclock"
_CLOCK = r"(?<![\d.:])(\d{1,2})([:.][0-5]\d)?"
_PART = re.compile(rf"{_CLOCK}\s*(?:(?:{_HOURS})\s*)?\b({'|'.join(_PARTS)})\b")
_DOTS = re.compile(r"(?<=[\d\s])([ap])\.\s?m\b\.?")
_ENGLISH = re.compile(rf"{_CLOCK}\s*(?:o'clock\s*)?in\s+the\s+(morning|afternoon|evening)\b")
_DASHED = re.compile(
    r"(?<![\d.:-])([01]?\d|2[0-3])-(00|2[5-9]|[345]\d)(?![\d.:-])"
)  # 22-02 is from one hour to another
_O_CLOCK = re.compile(rf"\b(at|о|об|в|у)\s+(\d{{1,2}})\s+(?:{_HOURS})(?!\w)")
_LENGTHS = (
    (re.compile(r"\bhalf\s+an?\s+hour\b|\bпів\s?години\b|\bполчаса\b"), "30 min"),
    (re.compile(r"\b(?:1[.,]5\s*(?:hours?|h|години|год|часа|час|ч)|півтори\s+години|полтора\s+часа)(?!\w)"), "90 min"),
)


def as_clock(plain: str) -> str:
    """Return a text with its times and lengths of half hours written in figures; it is in small letters."""
    plain = _DOTS.sub(r"\1m", plain)
    for shape, length in _LENGTHS:
        plain = shape.sub(length, plain)
    plain = _DASHED.sub(r"\1:\2", _ENGLISH.sub(_half_in_english, _PART.sub(_half, plain)))
    return _O_CLOCK.sub(r"\1 \2", plain)


def _half(found: re.Match[str]) -> str:
    half = _PARTS[found[3]].get(int(found[1]))
    return f"{found[1]}{found[2] or ''} {half}" if half and not is_date(found[1] + (found[2] or "")) else found[0]


def _half_in_english(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2] or ''} {'am' if found[3] == 'morning' else 'pm'}"


# What follows

_UNTIL = re.compile("[-–—−]|to|till|until|after|before|до|по|після|после|перед")
_BETWEEN = re.compile(
    "for|протягом|the|an?|of|all|whole|couple|several|about|around|з|із|с|від|от|and"
    "|кілька|декілька|несколько|пару|весь|цілий|целый|це|десь|близько|около"
    "|one|two|three|four|five|six|один|одну|два|дві|две|три|чотири|четыре|п'ять|пять|шість|шесть"
)
_SAID_AFTER = re.compile(
    "[ap]m|h|hrs?|hours?|mins?|minutes?|o'clock|half|morning|afternoon|evening|night|noon|midday|midnight|lunch"
    "|годин[аиуі]?|год|хвилин[аиу]?|хв|час(?:а|ов)?|ч|минут[аыу]?|мин"
    "|пів|півгодини|півтори|півдня|полчаса|полтора|полдня"
    "|ранку|утра|дня|вечора|вечера|ночі|ночи|утром|днем|днём|вечером|ночью|вранці|зранку|вдень|ввечері|увечері|вночі"
    "|обіду|обеда|обідом|обедом|опівдні|опівночі|полдень|полночь|полудня"
    "|jan(?:uary)?|feb(?:ruary)?|march|april|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    "|січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня"
    "|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
)
_COUNTED = re.compile("[hmdwгмд]|days?|weeks?|months?|день|дні|днів|дней|доби|тиж(?:день|ні|нів)|нед(?:елю|ели|ель)|р")
_FIGURES = re.compile(r"\d{1,4}(?:[:./-]\d{1,4}){1,2}")  # a clock, a date, from one hour to another; no telephone
_WITH_UNIT = re.compile(r"\d{1,4}([^\W\d_]+)")
_NUMBER = re.compile(r"\d{1,2}|\d{4}")


def goes_on(read: str, rest: str) -> bool:
    """Return whether what follows a time that was read is of time too."""
    words = [word.strip("(),;:.").replace(".", "" if word[:1].isalpha() else ".") for word in _plain(rest).split()]
    words = [word for word in words if word]
    led = next((at for at, word in enumerate(words) if not _leads(word)), len(words))
    words, before = words[led:], words[:led]
    if not words:
        return False
    unit = _WITH_UNIT.fullmatch(words[0])
    if _FIGURES.fullmatch(words[0]) or is_day(words[0]) or (unit and _is_of_time(unit[1], counted=True)):
        return True
    if _NUMBER.fullmatch(words[0]):
        closed = bool(before) or read.endswith((",", ";", ":", "."))
        ended = len(words) == 1 or _is_of_time(words[1], counted=True)
        return not closed or ended or any(_UNTIL.fullmatch(word) for word in before)
    return _is_of_time(words[0], counted=bool(before))


def _leads(word: str) -> bool:
    return word in BESIDE or _UNTIL.fullmatch(word) is not None or _BETWEEN.fullmatch(word) is not None


def _is_of_time(word: str, *, counted: bool) -> bool:
    return _SAID_AFTER.fullmatch(word) is not None or (counted and _COUNTED.fullmatch(word) is not None)


def _plain(text: str) -> str:
    return re.sub("[’ʼ`]", "'", text.lower())
