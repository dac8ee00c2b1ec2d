"""A manual page of a Unix system: each of its sections is an answer."""

import re
from collections.abc import Iterator

from kb.files.fields import draft_of
from kb.files.notes import Row

_ESCAPES = (
    (re.compile(r"\\f(?:\[[^\]]{0,9}\]|\(..|.)"), ""), (re.compile(r"\\s[-+]?\d{1,2}"), ""), (re.compile(r'\\".*$'), ""),
    (re.compile(r"\\\(em|\\\[em\]"), "—"), (re.compile(r"\\\(en|\\\[en\]"), "–"), (re.compile(r"\\\(bu|\\\[bu\]"), "•"),
    (re.compile(r"\\\(aq|\\\[aq\]"), "'"), (re.compile(r"\\\(dq|\\\[dq\]"), '"'),
    (re.compile(r"\\[(*]..|\\[*]?\[[^\]]{0,20}\]"), ""),
    (re.compile(r"\\-"), "-"), (re.compile(r"\\[&|^/,%:]"), ""), (re.compile(r"\\[ ~0]"), " "), (re.compile(r"\\e"), r"\\"),
)  # fmt: skip
_SKIPPED = frozenset({"NAME", "SEE ALSO", "AUTHOR", "AUTHORS", "COPYRIGHT", "REPORTING BUGS", "COLOPHON", "HISTORY"})
_SKIPPED |= {
    "НАЗВА",
    "ДИВ. ТАКОЖ",
    "АВТОР",
    "АВТОРИ",
    "АВТОРСЬКІ ПРАВА",
    "ИМЯ",
    "СМОТРИТЕ ТАКЖЕ",
    "АВТОРЫ",
    "АВТОРСКИЕ ПРАВА",
}
_WORD = re.compile(r'"((?:[^"]|"")*)"|(\S+)')


def is_man(text: str) -> bool:
    """Return whether a text is the source of a manual page."""
    return bool(re.search(r"^\.(TH|Dt)\s", text[:20_000], re.MULTILINE))


def read_man(text: str, section: str = "") -> Iterator[Row]:
    """Yield (line, draft, characters read): one a section, its question the page's name and the section's title."""
    name, about = "", ""
    for line, title, body in _sections(text):
        if title in ("NAME", "НАЗВА", "ИМЯ"):
            about = " ".join(body.replace("**", "").split())
            continue
        if not title:
            name = body.strip() or name
            continue
        if title in _SKIPPED or not body.strip():
            continue
        heading = title if title != title.upper() else title.capitalize()
        question = f"{name}: {heading}"
        fields = {"question": question, "answer": body.strip(), "section": section or name}
        if title in ("DESCRIPTION", "ОПИС", "ОПИСАНИЕ") and about:
            fields["aliases"] = about[:300]
        yield line, draft_of(fields), len(text)


def _sections(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line, title, Markdown); the page's own name comes first, under no title."""
    line, title, out, tagged, fixed = 1, "", list[str](), False, False
    for number, raw in enumerate(text.split("\n"), 1):
        request, _, rest = raw.partition(" ")
        words = [quoted.replace('""', '"') or plain for quoted, plain in _WORD.findall(rest)]
        if request in (".TH", ".Dt"):
            yield number, "", (words[0].lower() if words else "")
        elif request in (".SH", ".Sh"):
            yield line, title, "\n".join(out) if title else ""
            line, title, out, fixed = number, strip_roff_escapes(" ".join(words)), [], False
        elif request in (".nf", ".EX", ".Bd", ".fi", ".EE", ".Ed"):
            fixed = request in (".nf", ".EX", ".Bd")
            out += ["```"]
        elif request.startswith((".", "'")):
            tagged = _request(request, words, out, tagged)
        else:
            said = strip_roff_escapes(raw)
            out.append(f"\n**{said}**  " if tagged and said else said)
            tagged = tagged and not said
    if title:
        yield line, title, "\n".join([*out, "```"] if fixed else out)


def _request(request: str, words: list[str], out: list[str], tagged: bool) -> bool:
    """Write what a request says; return whether the next line names what is explained below it."""
    said = strip_roff_escapes(" ".join(words))
    if request in (".SS", ".Ss"):
        out.append(f"\n**{said}**\n")
    elif request in (".PP", ".P", ".LP", ".Pp", ".sp", ".RE", ".RS"):
        out.append("")
    elif request in (".TP", ".TQ"):
        return True
    elif request in (".IP", ".It"):
        out.append(f"\n**{said.split(' ')[0] if request == '.IP' else said}**  " if said else "")
    elif request in (".B", ".I", ".BR", ".BI", ".IR", ".RB", ".RI", ".IB", ".SM", ".SB", ".Nm", ".Fl", ".Ar", ".Pa"):
        joined = (
            said
            if request in (".B", ".I", ".SM", ".SB", ".Nm", ".Ar", ".Pa", ".Fl")
            else strip_roff_escapes("".join(words))
        )
        out.append(f"\n**{joined}**  " if tagged else joined)
        return False
    elif request in (".UR", ".MT") and words:
        out.append(words[0])
    return tagged


def strip_roff_escapes(text: str) -> str:
    """Return a line without roff's escapes."""
    for pattern, instead in _ESCAPES:
        text = pattern.sub(instead, text)
    return text.rstrip()
