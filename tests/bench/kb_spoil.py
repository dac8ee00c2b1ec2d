"""Noise and transliteration that the tables of ``kb`` were not written from: written here, used nowhere else."""

import random

_AROUND = {
    "en": ("yo team, sooo ", "Greetings from accounting! ", "no rush but ", " cheers mate", " ...anyone?? 😭", " ty in adv!!"),
    "uk": ("слухайте, ", "Доброго здоров'ячка, панове! ", "така біда: ", " врятуйте 😭", " — буду щиро вдячна!", " хелп"),
    "ru": ("слушайте, ", "Доброго здоровьица, господа! ", "такая беда: ", " спасите 😭", " — буду признательна!", " хелп"),
}  # fmt: skip
# German-looking, as from a German keyboard or an old telegram: none of the usual schemes.
_LATIN = "a b w g d e s i j k l m n o p r s t u f z y  e i ji je g sh ch tsch sch schtsch ju ja jo  "
_LETTERS = str.maketrans(dict(zip("абвгдезийклмнопрстуфцыьэіїєґжхчшщюяёъ", _LATIN.split(" "), strict=False)))


def noisy(text: str, language: str, seed: int) -> str:
    """Return a text with words around it."""
    rng = random.Random(seed)
    words = _AROUND[language]
    return rng.choice(words[:3]) + text + rng.choice(words[3:])


def latin(text: str) -> str:
    """Return a Cyrillic text in a German spelling."""
    return text.lower().translate(_LETTERS)
