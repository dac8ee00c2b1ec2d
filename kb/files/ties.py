"""Articles of a file that say the same in different languages: which is tied to which."""

from collections.abc import Mapping
from dataclasses import replace

from kb.article import Article
from kb.files.validation import Problem

Id = int | str


def tied_articles(
    found: Mapping[int, tuple[Article, int, str]],
    there: Mapping[Id, Article],
    ties: Mapping[int, Id],
    named: Mapping[Id, int],
    *,
    own: bool,
) -> tuple[list[Article], list[Problem]]:
    """Return the articles of a file with their ties, and those ties that cannot be: each article has one in a language.

    ``found`` has them with their lines and files, ``ties`` by the same places the id that each translates, ``named`` the place
    of an id; of a file that is not the desk's ``own`` no id is that of an article here.
    """
    known = there if own else {}
    named = {**named, **_shared(found, known, ties, named)}
    groups: dict[int, Id] = {}
    problems = []
    spoken = {(one.group, one.language): one.id for one in there.values() if one.group is not None}
    spoken |= {(one.id, one.language): one.id for one, _, _ in found.values() if one.group is None}
    rooted = {one.group for one in there.values() if one.original is not None}
    for place, (article, line, file) in found.items():
        if place not in ties or ties[place] == article.group:
            continue
        group = _original(place, found, known, ties, named)
        if group in (None, article.id, article.group):
            reason = "" if group is not None else "others_tie" if ties[place] in there else "unknown_tie"
        elif article.id in rooted or spoken.setdefault((group, article.language), article.id) != article.id:
            reason = "tie_taken"
        else:
            reason, groups[place] = "", group
        if reason:
            problems.append(Problem(reason, line, {"text": article.question[:80], "id": ties[place]}).in_file(file))
    return [replace(one, group=groups.get(place, one.group)) for place, (one, _, _) in found.items()], problems


def _shared(
    found: Mapping[int, tuple[Article, int, str]],
    there: Mapping[Id, Article],
    ties: Mapping[int, Id],
    named: Mapping[Id, int],
) -> dict[Id, int]:
    """Return the first of those that name an article which is nowhere: it was deleted, or is but a word."""
    places: dict[Id, list[int]] = {}
    for place, told in ties.items():
        if place in found and told not in there and named.get(told) not in found:
            places.setdefault(told, []).append(place)
    return {told: some[0] for told, some in places.items() if len(some) > 1}


def _original(
    place: int,
    found: Mapping[int, tuple[Article, int, str]],
    there: Mapping[Id, Article],
    ties: Mapping[int, Id],
    named: Mapping[Id, int],
) -> Id | None:
    """Return the article that one is a translation of, by way of whatever that one translates itself."""
    met: set[int] = set()
    while place in ties and place not in met:
        met.add(place)
        told = ties[place]
        next_ = named.get(told)
        if next_ == place:
            break
        if next_ is None or next_ not in found:
            known = there.get(told)
            return None if known is None else known.id if known.group is None else known.group
        place = next_
    one = found[place][0]
    return one.id if one.group is None else one.group
