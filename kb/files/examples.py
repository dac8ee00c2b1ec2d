"""The example knowledge bases: an internet provider (uk, ru) and an office help desk (en)."""

from importlib.resources import as_file, files

from kb.article import Article
from kb.files.formats import read_articles

LANGUAGES = ("uk", "ru", "en")


def example_text(language: str) -> str:
    """Return the file of the example articles in one of ``LANGUAGES``, as it stands."""
    return files("kb").joinpath("examples", f"{language}.yaml").read_text(encoding="utf-8")


def example_articles(language: str) -> tuple[Article, ...]:
    """Return the example articles in one of ``LANGUAGES``."""
    with as_file(files("kb").joinpath("examples", f"{language}.yaml")) as path:
        return read_articles(path, language=language).added
