"""All scenes by name, and where their files lie."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from validation.planted import ASIDE, PAIR, PLANTED
from validation.scenes import ON_DEMAND, SCENES, Scene
from validation.training import TRAINING

CLIPS: Final = Path(__file__).parent / "clips"
_BUILT: Final = Path(__file__).parents[1] / "build" / "validation"

LISTS: Final = {
    "committed": (CLIPS, SCENES),
    "planted": (CLIPS, PLANTED),
    "pair": (CLIPS, PAIR),
    "on-demand": (_BUILT, ON_DEMAND),
    "aside": (_BUILT / "aside", ASIDE),
    "training": (_BUILT / "training", TRAINING),
}
"""Folder and scenes of each list; what is in `clips` is committed."""


def named(name: str) -> Scene:
    """Raises KeyError for a name that is in no list."""
    return {scene.name: scene for _, scenes in LISTS.values() for scene in scenes}[name]


def asked_for(names: Sequence[str]) -> list[Scene]:
    """Scenes by their own names or by those of whole lists. Raises KeyError for another name."""
    return [scene for name in names for scene in (LISTS[name][1] if name in LISTS else (named(name),))]


def files_of(scene: Scene) -> tuple[Path, Path]:
    """Where a scene's clip and truth lie, rendered or not. Raises KeyError for a scene of no list."""
    folders = {one.name: folder for folder, scenes in LISTS.values() for one in scenes}
    folder = folders[scene.name]
    return folder / f"{scene.name}.mp4", folder / f"{scene.name}.npz"
