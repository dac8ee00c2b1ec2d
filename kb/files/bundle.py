"""Files that are not lines of text, and many in one: pages, documents of a word processor, archives of either."""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from kb.files import yaml as yaml_file
from kb.files.charset import decode_file
from kb.files.csv import read_csv
from kb.files.fields import Draft, place_in_file
from kb.files.html import page_of
from kb.files.man import is_man, read_man
from kb.files.markdown import read_markdown
from kb.files.notes import Notes, Options, Row
from kb.files.validation import BadFile, Problem
from kb.files.wiki import is_wiki, wiki_pages
from kb.files.xlsx import ENDINGS as SHEETS
from kb.files.xlsx import read_workbook

PAGES = (".html", ".htm", ".xhtml")
TEXTS = (".md", ".markdown")
PLAIN = (".txt",)
_MANUAL = re.compile(r"\.([1-9]|man)\w{0,3}$")
_MOST, _LARGEST = 20_000, 300 * 1024 * 1024  # files of an archive, and bytes of all of them
_INDEX = frozenset({"index", "readme", "_index", "toc", "sidebar"})
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{3,20})", re.IGNORECASE)
_OF_SPACE = re.compile(r"^[^:]{1,80} : ")  # «Space : Page», as Confluence titles its pages
_NUMBER = re.compile(r"[_-]\d{4,}$|[ _-][0-9a-f]{32}$")  # behind a page's name: Zendesk's and Confluence's; Notion's
_LINKED = re.compile(r"^(?:(?:[-*+]|\d{1,4}[.)])\s+)?\[[^\]]*\]\((?!\w+:).*\)$")  # a line that only leads to a file
_WIKI_TITLE = re.compile(r"(?<=\S)\s{1,3}[-–—|·]\s{1,3}[^-–—|·]{1,60}$")  # «Page — Site»
ENDINGS = (".yaml", ".yml", ".csv", ".tsv", *TEXTS, *PLAIN, *SHEETS, *PAGES, ".docx", ".xml", ".zip")


def read_file(name: str, raw: bytes, options: Options, notes: Notes) -> Iterator[Row]:
    """Yield (line, draft or refusal, bytes or characters read) of a file of any kind that is known."""
    if name.lower().endswith(".gz") and _MANUAL.search(name.lower()[:-3]):
        raw, name = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(_LARGEST), name[:-3]
    ending = PurePosixPath(name).suffix.lower()
    if ending in SHEETS:
        yield from read_workbook(raw, options, notes)
    elif ending == ".docx":
        yield from read_markdown(_of_docx(raw), notes, name=_stem(name))
    elif ending == ".zip":
        yield from _archive(raw, options, notes)
    elif ending in PAGES:
        yield from _page(name, raw, options, notes)
    elif ending in ENDINGS:
        yield from _of_text(ending, _stem(name), _text(raw, options, notes), options, notes)
    elif _MANUAL.search(name.lower()) and is_man(text := _text(raw, options, notes)):
        yield from read_man(text)
    else:
        endings = ", ".join(sorted(ENDINGS))
        yield 0, Problem("no_format", 0, {"name": name, "endings": endings}), 0


def _of_text(ending: str, name: str, text: str, options: Options, notes: Notes) -> Iterator[Row]:
    if ending in (".yaml", ".yml"):
        return yaml_file.read_yaml(text)
    if ending in (".csv", ".tsv"):
        return read_csv(text, options, notes)
    return _wiki(text, notes) if ending == ".xml" else read_markdown(text, notes, name=name)


def _text(raw: bytes, options: Options, notes: Notes) -> str:
    text, notes.charset = decode_file(raw, options.charset)
    return text


def _stem(name: str) -> str:
    said = PurePosixPath(name).stem if PurePosixPath(name).suffix.lower() in ENDINGS else PurePosixPath(name).name
    return re.sub(r"[_\-\s]+", " ", _NUMBER.sub("", said)).strip()


def _of_docx(raw: bytes) -> str:
    """Return a word processor's document as Markdown."""
    import mammoth  # it takes a quarter of a second to load, and few files are its

    _opened(raw)
    try:
        return page_of(
            mammoth.convert_to_html(io.BytesIO(raw), convert_image=mammoth.images.img_element(_nothing)).value
        )[2]
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:
        raise BadFile([Problem("unreadable", 0, {"why": str(error)[:100]})]) from None


def _nothing(image: object) -> dict[str, str]:
    return {"src": ""}


def _page(name: str, raw: bytes, options: Options, notes: Notes, section: str = "") -> Iterator[Row]:
    declared = _CHARSET.search(raw[:4000])
    try:
        source, notes.charset = decode_file(
            raw, options.charset or (declared[1].decode().lower() if declared else None)
        )
    except BadFile:
        source, notes.charset = decode_file(raw)
    title, crumb, text = page_of(source)
    title = _WIKI_TITLE.sub("", _OF_SPACE.sub("", title)) or _stem(name)
    yield from _one(title, text, notes, section or crumb)


def _one(title: str, text: str, notes: Notes, section: str) -> Iterator[Row]:
    """Yield a page as its own article, or the questions it is full of."""
    text = text if text.startswith("# ") else f"# {title}\n\n{text}"
    for line, row, done in read_markdown(text, notes, name=title, page=True):
        if isinstance(row, Draft) and section and row.section is None:
            row = _in_section(row, section)
        yield line, row, done


def _in_section(row: Draft, section: str) -> Draft:
    return replace(row, section=section[:64])


def _wiki(text: str, notes: Notes) -> Iterator[Row]:
    if not is_wiki(text):
        yield 1, Problem("no_format", 0, {"name": "XML", "endings": "a MediaWiki export"}), 0
        return
    for title, category, said in wiki_pages(text):
        if said.strip():
            yield from _one(title, said, notes, category)
        else:
            notes.leave("page_empty", 1, name=title[:60])


def _opened(raw: bytes) -> zipfile.ZipFile:
    """Return an archive that is not larger than it should be when it is unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        sizes = [one.file_size for one in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise BadFile([Problem("unreadable", 0, {"why": str(error)[:100]})]) from None
    if len(sizes) > _MOST or sum(sizes) > _LARGEST:
        raise BadFile([Problem("too_costly")])
    return archive


def _archive(raw: bytes, options: Options, notes: Notes) -> Iterator[Row]:
    """Yield what stands in the files of an archive; the folder a file lies in is its section."""
    archive = _opened(raw)
    names = sorted(one.filename for one in archive.infolist() if not one.is_dir())
    root = _shared_folder(names)
    charset = ""
    for number, name in enumerate(names, 1):
        path = PurePosixPath(name)
        if any(part.startswith((".", "__")) for part in path.parts):
            continue
        ending = path.suffix.lower()
        if not (ending in ENDINGS or _MANUAL.search(name.lower())) or ending == ".zip":
            if ending not in (".css", ".js", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".woff", ".woff2"):
                notes.leave("not_read", 0, name=name[-60:])
            continue
        parents = path.parts[:-1][root:]
        content = archive.read(name)
        for line, row, _ in _inside(path, content, options, notes, section=_stem(parents[-1]) if parents else ""):
            yield line, place_in_file(row, name), len(raw) * number // len(names)
        charset = notes.charset or charset
    notes.charset = charset


def _inside(path: PurePosixPath, content: bytes, options: Options, notes: Notes, *, section: str) -> Iterator[Row]:
    ending = path.suffix.lower()
    try:
        if ending in PAGES:
            if path.stem.lower() in _INDEX and b'id="main-content"' not in content and content.count(b"<a ") > 3:
                notes.leave("page_of_links", 0, name=path.name)
                return
            yield from _page(path.name, content, options, notes, section)
        elif ending in (*TEXTS, *PLAIN):
            text = _text(content, options, notes)
            if _only_leads(text):
                notes.leave("page_of_links", 0, name=path.name[-60:])
                return
            for line, row, done in read_markdown(text, notes, name=_stem(path.name), page=ending in TEXTS):
                fits = isinstance(row, Draft) and row.section is None and section
                yield line, _in_section(row, section) if fits and isinstance(row, Draft) else row, done
        else:
            yield from read_file(path.name, content, options, notes)
    except BadFile as bad:
        yield from ((problem.line, problem, 0) for problem in bad.problems)


def _only_leads(text: str) -> bool:
    """Return whether a page has nothing below its titles but links to other files."""
    lines = [line.strip() for line in text.split("\n") if line.strip() and not line.startswith("#")]
    return bool(lines) and all(map(_LINKED.match, lines))


def _shared_folder(names: list[str]) -> int:
    """Return how many folders all the files lie in."""
    parts = [PurePosixPath(name).parts[:-1] for name in names]
    depth = 0
    while parts and all(len(one) > depth and one[depth] == parts[0][depth] for one in parts):
        depth += 1
    return depth


def zip_folder(folder: Path) -> bytes:
    """Return the files of a folder as one archive, as it would be sent."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                archive.write(path, path.relative_to(folder).as_posix())
    return out.getvalue()
