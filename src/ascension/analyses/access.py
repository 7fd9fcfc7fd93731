"""How endpoints get at what analyses need."""

from typing import Annotated

from ascension.analyses.parts import AnalysisParts
from ascension.infra.http.parts import kept

AnalysisPartsDep = Annotated[AnalysisParts, kept("analyses")]
"""Made in `api.py`, on `app.state.analyses`."""
