"""Files of strangers are read in a process of their own: what is nested too deeply, too long or too large ends that one alone.

``call`` runs ``python -m module`` with limits on time and memory and none of our environment; ``serve`` is what the module
does there. What goes in and comes out is bytes.
"""

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import astuple
from typing import Any

from kb.article import Article
from kb.files.formats import BadFile, Changes, Progress, parse_articles
from kb.files.validation import Problem

MEMORY = 768 * 1024 * 1024  # bytes such a process may take
SECONDS = 20  # of its own time; as long again for whatever else the machine does
START: tuple[str, ...] = ()  # how a process is started where not by its module
TOLD = 1000  # problems brought back
Work = Callable[[bytes, Progress], bytes]


class Ended(Exception):
    """The process came to its limits, or to its end, before the file was read."""


def call(module: str, request: bytes, *, seconds: int = SECONDS, on_progress: Progress | None = None) -> bytes:
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


def serve(work: Work) -> None:
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


def read_apart(name: str, raw: bytes, *, existing: Iterable[Article] = (), language: str = "en", seconds: int = SECONDS,
               on_progress: Progress | None = None) -> Changes:  # fmt: skip
    """Return what ``parse_articles`` does, or raise ``BadFile``, whatever the file does to its reader."""
    facts = {"name": name, "language": language, "existing": [astuple(article) for article in existing]}
    request = json.dumps(facts).encode() + b"\n" + raw
    try:
        answer = json.loads(call("kb.files.apart", request, seconds=seconds, on_progress=on_progress))
    except Ended:
        raise BadFile([Problem("too_costly")]) from None
    if answer["problems"]:
        raise BadFile([Problem(*problem) for problem in answer["problems"]])
    return Changes(*(tuple(map(article_from, answer[name])) for name in ("added", "changed", "same")))


def article_from(values: list[Any]) -> Article:
    """Return an article from its values as JSON has them."""
    number, question, answer, aliases, keywords, language, section = values
    return Article(number, question, answer, tuple(aliases), tuple(keywords), language, section)


def _read(request: bytes, on_progress: Progress) -> bytes:
    head, _, raw = request.partition(b"\n")
    facts = json.loads(head)
    existing = [article_from(values) for values in facts["existing"]]
    answer: dict[str, Any] = {"problems": []}
    try:
        changes = parse_articles(
            facts["name"], raw, existing=existing, language=facts["language"], on_progress=on_progress
        )
    except BadFile as bad:
        answer["problems"] = [astuple(problem) for problem in bad.problems[:TOLD]]
    else:
        for part in ("added", "changed", "same"):
            answer[part] = [astuple(article) for article in getattr(changes, part)]
    return json.dumps(answer).encode()


if __name__ == "__main__":
    serve(_read)
