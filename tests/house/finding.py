"""What a house lint returns: where a rule is broken, and how."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One break of one rule. `line` counts from 1; 0 stands for the whole file."""

    path: str
    line: int
    detail: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.detail}"


def report(findings: list[Finding]) -> str:
    """The findings as lines that an editor can jump to."""
    return "\n".join(["", *map(str, sorted(findings))])
