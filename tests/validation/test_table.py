"""The page: every table has its place, and what is not reached stays to be seen."""

from pathlib import Path

import pytest

from validation.columns import TARGETS
from validation.evaluation import Figures, Spread
from validation.proof import Proof, Target, reached
from validation.table import PAGE, Table, tables_of, write_page

NUMBERS = Table("numbers", ("scene", "value"), (("a", "1"), ("b", "2")))


def with_center(scene: str, mean_pct: float) -> Proof:
    figures = Figures(scene, 10, 10, center_of_mass_pct=Spread(mean_pct, mean_pct, mean_pct))
    return Proof(scene, "standard", figures, None)


def center_pct(proof: Proof) -> float | None:
    return proof.figures.center_of_mass_pct and proof.figures.center_of_mass_pct.mean


@pytest.mark.parametrize(
    ("limit", "by_mean", "is_met"),
    [(3.0, False, True), (1.9, False, False), (3.0, True, False), (None, False, None)],
)
def test_a_target_is_met_by_the_median_or_the_mean(
    limit: float | None, by_mean: bool, is_met: bool | None
) -> None:
    proofs = [with_center("a", 1.0), with_center("b", 2.0), with_center("c", 9.0)]
    found = reached(Target("x", "standard", limit, center_pct, is_least=False, by_mean=by_mean), proofs)
    assert (found.scenes, found.median, found.mean, found.worst) == (3, 2.0, 4.0, (9.0, "c"))
    assert found.is_met is is_met
    assert TARGETS["met"](found) == {True: "yes", False: "**no**", None: "-"}[is_met]


def test_without_a_figure_nothing_is_met() -> None:
    found = reached(Target("x", "hard", 3.0, center_pct), [with_center("a", 1.0)])
    assert (found.scenes, found.median, found.is_met) == (0, None, None)


def test_the_page_has_a_place_for_every_table() -> None:
    text = PAGE.read_text()
    for table in tables_of([with_center("a", 1.0)]):
        assert text.count(f"<!-- table: {table.name} -->") == 1


def test_a_table_is_written_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- table: numbers -->\nold\n<!-- end of table -->\nafter\n")
    for _ in range(2):
        write_page([NUMBERS], "abc", page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("<!-- end of table -->\nafter\n")
    assert "old" not in text
    assert text.count("| a | 1 |") == text.count("Measured at commit `abc`.") == 1
    with pytest.raises(ValueError, match="other"):
        write_page([Table("other", ("x",), ())], "abc", page)
