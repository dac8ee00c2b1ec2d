"""What the doctor finds, one thing after the other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what was found, and where it is wrong what to do."""

    about: str
    said: str
    fix: str = ""
    warning: bool = False  # it serves all the same: what should be done, not what must

    @property
    def ok(self) -> bool:
        """Return whether nothing has to be done for the desk to serve."""
        return not self.fix or self.warning

    def as_dict(self) -> dict[str, str | bool]:
        """Return plain values for JSON."""
        return {"ok": self.ok, "about": self.about, "said": self.said, "fix": self.fix, "warning": self.warning}

    def __str__(self) -> str:
        mark = "!" if self.warning else "✓" if self.ok else "✗"
        return f"{mark} {self.about}: {self.said}" + (f"; {self.fix}" if self.fix else "")
