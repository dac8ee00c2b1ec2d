"""Which letter shares a key with which: English, Russian and Ukrainian keyboards."""

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_UKRAINIAN = "йцукенгшщзхїфівапролджєячсмитьбю'"
_SHIFTED = 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~'

LAYOUTS = {
    "layout:en-ru": str.maketrans(dict(zip(_LATIN, _RUSSIAN, strict=True))),
    "layout:en-uk": str.maketrans(dict(zip(_LATIN, _UKRAINIAN, strict=True)) | {"\\": "ґ"}),
    "layout:ru-en": str.maketrans(dict(zip(_RUSSIAN, _LATIN, strict=True))),
    "layout:uk-en": str.maketrans(dict(zip(_UKRAINIAN, _LATIN, strict=True)) | {"ґ": "\\"}),
}
UNSHIFT = str.maketrans(dict(zip(_SHIFTED, _LATIN, strict=True)))
