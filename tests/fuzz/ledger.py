"""What a fuzzing run did, by operation, and what it found."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Answers and findings by operation."""

    answers: dict[str, Counter[int]] = field(default_factory=dict[str, Counter[int]])
    findings: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    lost: Counter[str] = field(default_factory=Counter[str])
    """Calls that nothing answered."""

    def answered(self, operation: str, status: int) -> None:
        self.answers.setdefault(operation, Counter())[status] += 1

    def found(self, operation: str, check: str) -> None:
        self.findings.setdefault(operation, Counter())[check] += 1

    @property
    def cases(self) -> int:
        return sum(sum(one.values()) for one in self.answers.values())

    @property
    def server_errors(self) -> int:
        """Answers of 500 and above, and calls without an answer."""
        told = sum(count for one in self.answers.values() for status, count in one.items() if status >= 500)
        return told + self.lost.total()

    @property
    def violations(self) -> int:
        """Answers that the description does not allow."""
        return sum(one.total() for one in self.findings.values())

    @property
    def holds(self) -> bool:
        return self.cases > 0 and not self.server_errors and not self.violations

    def lines(self) -> list[str]:
        """One operation a line: cases, the statuses they ended with, what was found."""
        said = [f"{'operation':<64}{'cases':>7}  statuses"]
        for operation, statuses in sorted(self.answers.items(), key=lambda item: item[0].split()[::-1]):
            told = " ".join(f"{status}:{count}" for status, count in sorted(statuses.items()))
            wrong = " ".join(
                f"{check}:{n}" for check, n in self.findings.get(operation, Counter[str]()).items()
            )
            said.append(f"{operation:<64}{statuses.total():>7}  {told}{'  FOUND ' + wrong if wrong else ''}")
        said += [f"{operation}: {count} calls without an answer" for operation, count in self.lost.items()]
        return said
