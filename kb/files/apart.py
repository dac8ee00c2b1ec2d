"""Files of strangers are read in a process of their own: what is nested too deeply, too long or too large ends that one alone.

``call_in_subprocess`` runs ``python -m module`` with limits on time and memory and none of our environment;
``serve_one_request`` is what the module does there. What goes in and comes out is bytes.
"""

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, astuple
from typing import Any

from kb.article import Article
from kb.files.formats import Changes, Progress, Refusals, parse_articles
from kb.files.notes import Notes, Options
from kb.files.validation import BadFile, Problem

MEMORY = 768 * 1024 * 1024  # bytes such a process may take
SECONDS = 20  # of its own time; as long again for whatever else the machine does
START: tuple[str, ...] = ()  # how a process is started where not by its module
TOLD = 1000  # problems brought back
Work = Callable[[bytes, Progress], bytes]


class Ended(Exception):
    """The process came to its limits, or to its end, before the file was read."""


def call_in_subprocess(
    module: str, request: bytes, *, seconds: int = SECONDS, on_progress: Progress | None = None
) -> bytes:
    """Return what a module makes of a request in a process of its own; raise Ended where it makes nothing of it."""
    command = [sys.executable, "-I", *(START or ("-m", module)), str(seconds)]
    environment = {"OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        alarm = threading.Timer(seconds * 2, child.kill)
        alarm.start()
        said: list[bytes] = []
        hearing = threading.Thread(target=_hear, args=(child.stderr, on_progress))
        hearing.start()
        try:
            child.stdin.write(request)
            child.stdin.close()
            said.append(child.stdout.read())
        except BrokenPipeError:
            child.kill()
        finally:
            alarm.cancel()
            child.wait()
            hearing.join()
    if child.returncode != 0 or not said:
        raise Ended
    return said[0]


def _hear(stream: Any, on_progress: Progress | None) -> None:
    for line in stream:
        done, _, total = line.strip().partition(b"/")
        if on_progress is not None and done.isdigit() and total.isdigit():
            on_progress(int(done), int(total))


def serve_one_request(work: Work) -> None:
    """Answer one request within the limits; what goes wrong ends the process."""
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the system counts what was never used
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answer = work(sys.stdin.buffer.read(), _tell)
    sys.stdout.buffer.write(answer)
    sys.stdout.flush()
    os._exit(0)  # without taking apart what was read, which may be deep


def _tell(done: int, total: int) -> None:
    sys.stderr.write(f"{done}/{total}\n")
    sys.stderr.flush()


# Articles


def read_apart(
    name: str,
    raw: bytes,
    *,
    existing: Iterable[Article] = (),
    language: str = "en",
    options: Options | None = None,
    seconds: int = SECONDS,
    on_progress: Progress | None = None,
) -> Changes:
    """Return what ``parse_articles`` does, or raise ``BadFile``, whatever the file does to its reader."""
    said = options or Options(fallback=language)
    facts = {"name": name, "options": asdict(said), "existing": [astuple(article) for article in existing]}
    request = json.dumps(facts).encode() + b"\n" + raw
    try:
        answer = json.loads(call_in_subprocess("kb.files.apart", request, seconds=seconds, on_progress=on_progress))
    except Ended:
        raise BadFile([Problem("too_costly")]) from None
    found = changes_from(answer["changes"]) if answer["changes"] else None
    if answer["problems"]:
        raise Refusals([Problem(*problem) for problem in answer["problems"]], notes_from(answer["notes"]), found)
    assert found is not None
    return found


def article_from(values: list[Any]) -> Article:
    """Return an article from its values as JSON has them."""
    number, question, answer, aliases, keywords, language, section, group = values
    return Article(number, question, answer, tuple(aliases), tuple(keywords), language, section, group)


def changes_from(values: Mapping[str, Any]) -> Changes:
    """Return what an import would do; ``values`` are those of ``Changes``, field by field, as ``values_of`` returns them."""
    added, changed, same = (tuple(map(article_from, values[name])) for name in ("added", "changed", "same"))
    clashes, left_out = (tuple(Problem(*one) for one in values[name]) for name in ("clashes", "left_out"))
    return Changes(
        added,
        changed,
        same,
        clashes,
        left_out,
        columns=values["columns"],
        unsure=tuple(values["unsure"]),
        headings=tuple((str(at), str(said)) for at, said in values["headings"]),
        charset=values["charset"],
    )


def notes_from(values: Mapping[str, Any]) -> Notes:
    """Return how a file was read; ``values`` are those of ``Notes``, field by field, as ``values_of`` returns them."""
    return Notes(
        values["charset"],
        values["columns"],
        [(at, said) for at, said in values["headings"]],
        values["unsure"],
        [Problem(*one) for one in values["left_out"]],
    )


def values_of(record: Changes | Notes) -> dict[str, Any]:
    """Return the values of a record as JSON has them, its articles and problems as rows."""
    rows = {name: getattr(record, name) for name in record.__slots__}
    return {
        name: [astuple(one) for one in value] if name in ("added", "changed", "same", "clashes", "left_out") else value
        for name, value in rows.items()
    }


def _read(request: bytes, on_progress: Progress) -> bytes:
    head, _, raw = request.partition(b"\n")
    facts = json.loads(head)
    existing = [article_from(values) for values in facts["existing"]]
    answer: dict[str, Any] = {"problems": [], "notes": values_of(Notes()), "changes": None}
    try:
        found = parse_articles(
            facts["name"], raw, existing=existing, options=Options(**facts["options"]), on_progress=on_progress
        )
    except BadFile as bad:
        answer["problems"] = [astuple(problem) for problem in bad.problems[:TOLD]]
        if isinstance(bad, Refusals):
            answer["notes"] = values_of(bad.notes)
            answer["changes"] = values_of(bad.rest) if bad.rest else None
    else:
        answer["changes"] = values_of(found)
    return json.dumps(answer).encode()


if __name__ == "__main__":
    serve_one_request(_read)
