"""How endpoints get at what erasing needs."""

from typing import Annotated

from ascension.infra.http.parts import kept
from ascension.retention.parts import ErasureParts

ErasurePartsDep = Annotated[ErasureParts, kept("erasures")]
