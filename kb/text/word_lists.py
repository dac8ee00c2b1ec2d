"""The word lists of ``words.yaml``, as text."""

from importlib.resources import files

import yaml

WORDS: dict[str, str] = yaml.safe_load(files("kb.text").joinpath("words.yaml").read_text(encoding="utf-8"))
