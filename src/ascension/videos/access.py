"""How endpoints get at what videos need."""

from typing import Annotated

from ascension.infra.http.parts import kept
from ascension.videos.parts import VideoParts

VideoPartsDep = Annotated[VideoParts, kept("videos")]
