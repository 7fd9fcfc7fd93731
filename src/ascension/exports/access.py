"""How endpoints get at what archives need."""

from typing import Annotated

from ascension.exports.parts import ExportParts
from ascension.infra.http.parts import kept

ExportPartsDep = Annotated[ExportParts, kept("exports")]
