"""What the doctor finds, one thing after the other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what was found, and where it is wrong what to do."""

    about: str
    said: str
    fix: str = ""

    @property
    def ok(self) -> bool:
        """Return whether nothing has to be done."""
        return not self.fix

    def as_dict(self) -> dict[str, str | bool]:
        """Return plain values for JSON."""
        return {"ok": self.ok, "about": self.about, "said": self.said, "fix": self.fix}

    def __str__(self) -> str:
        return f"✓ {self.about}: {self.said}" if self.ok else f"✗ {self.about}: {self.said}; {self.fix}"
