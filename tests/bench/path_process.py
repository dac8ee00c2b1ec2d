"""What a process has used, as Linux counts it: nanoseconds of CPU and resident memory."""

import contextlib
from pathlib import Path

PROC = Path("/proc")


def cpu(process: int) -> float:
    """Return the seconds of CPU, user and system, that a process has used in all its threads; its children's are their own."""
    spent = 0
    with contextlib.suppress(
        FileNotFoundError, ProcessLookupError
    ):  # it ends meanwhile, as a process of a server's may
        for thread in (PROC / str(process) / "task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # a thread that ends meanwhile
                spent += int((thread / "schedstat").read_text().split()[0])
    return spent / 1e9


def resident(process: int) -> float:
    """Return the resident memory of a process, in MiB."""
    lines = (PROC / str(process) / "status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def family(parent: int) -> list[int]:
    """Return a process and those that it has started."""
    found = [parent]
    for each in PROC.iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if each.name.isdigit() and (each / "stat").read_text().rpartition(")")[2].split()[1] == str(parent):
                found.append(int(each.name))
    return found
