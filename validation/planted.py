"""One clean climb, and climbs with one fault each; and three on one wall, to be compared. Committed before
anything is tuned to find them.

Arms can stay nearly straight on this route, feet come after hands, nothing is touched twice: a coach would
name only what was planted.
"""

from dataclasses import replace
from typing import Final

from validation.scenes import (
    BRIGHT,
    RED,
    SHORTS,
    Action,
    BodyShape,
    Camera,
    Climber,
    Clothes,
    CutFeet,
    Extra,
    Fault,
    Reach,
    Rest,
    Scene,
    Wall,
)

_FOOTHOLD_M: Final = (0.12, 0.08, 0.06)
_HANDS: Final = (
    Extra("A1", -0.20, 2.15),
    Extra("A2", 0.20, 2.19),
    Extra("A3", -0.20, 2.37),
    Extra("A4", 0.20, 2.41),
    Extra("H7", 0.02, 2.59, (0.30, 0.13, 0.09)),
)
_FEET: Final = (
    Extra("B1", -0.17, 0.42, _FOOTHOLD_M, "foothold"),
    Extra("B2", 0.17, 0.46, _FOOTHOLD_M, "foothold"),
    Extra("B3", -0.17, 0.64, _FOOTHOLD_M, "foothold"),
    Extra("B4", 0.17, 0.68, _FOOTHOLD_M, "foothold"),
    Extra("B6", 0.16, 0.88, _FOOTHOLD_M, "foothold"),
)
_ASIDE: Final = (Extra("E1", 0.78, 2.16), Extra("E2", 0.66, 0.56, _FOOTHOLD_M, "foothold"))

_WOMAN: Final = BodyShape("female", 1.77)
_SLIM: Final = BodyShape("male", 1.77, girth=0.94)
_PINK: Final = Clothes(shirt=(0.60, 0.12, 0.25))

_RIGHT: Final = (Reach("RH", "A4"), Reach("RF", "B4"))
_LEFT: Final = (Reach("LH", "A3"), Reach("LF", "B3"))
_TOP: Final = (Reach("RH", "H7"), Reach("RF", "B6"), Reach("LH", "H7"), Rest(0.6))


def _scene(
    name: str, actions: tuple[Action, ...], seconds: float, seed: int, body: BodyShape, clothes: Clothes
) -> Scene:
    climber = Climber(("A1", "A2", "B1", "B2"), actions, body, clothes, arm=1.03)
    return Scene(
        f"planted-{name}",
        climber,
        wall=Wall(5, seed=seed, extras=(*_HANDS, *_FEET, *_ASIDE), usual=False),
        camera=Camera(distance_m=4.1),
        fps=24,
        seconds=seconds,
        size_px=(360, 640),
        seed=seed,
    )


PLANTED: Final = (
    _scene("nothing", (*_RIGHT, *_LEFT, *_TOP), 7.4, 71, BodyShape(), Clothes()),
    _scene(
        "bent-arm-rest",
        (*_RIGHT, *_LEFT, Fault("bent_arm_rest", (Rest(3.0, arm=0.60),)), Reach("RH", "H7")),
        8.0,
        72,
        BodyShape(),
        RED,
    ),
    _scene(
        "foot-cut",
        (*_RIGHT, *_LEFT, Fault("foot_cut", (CutFeet(),)), Reach("RH", "H7")),
        7.4,
        73,
        _SLIM,
        SHORTS,
    ),
    _scene(
        "re-placed-foot",
        (
            *_RIGHT,
            *_LEFT,
            Fault("re_placed_foot", (Reach("LF", "B3", 0.42), Reach("LF", "B3", 0.42))),
            Reach("RH", "H7"),
        ),
        6.6,
        74,
        _WOMAN,
        BRIGHT,
    ),
    _scene(
        "late-feet",
        (
            Fault("late_feet", (Reach("RH", "A4"), Reach("LH", "A3"), Reach("RH", "H7"))),
            Reach("LF", "B3"),
            Reach("RF", "B4"),
        ),
        5.3,
        75,
        _SLIM,
        BRIGHT,
    ),
    _scene(
        "pause",
        (*_RIGHT, *_LEFT, Fault("over_gripping_pause", (Rest(4.0),)), Reach("RH", "H7")),
        9.1,
        76,
        _WOMAN,
        _PINK,
    ),
    _scene(
        "detour",
        (
            Fault("detour", (Reach("RF", "E2"), Reach("RH", "E1"), Reach("RH", "A2"), Reach("RF", "B2"))),
            *_RIGHT,
            Reach("LH", "A3"),
        ),
        6.9,
        77,
        BodyShape(),
        SHORTS,
    ),
)

_OTHERS: Final = (
    (BodyShape("male", 1.72, girth=1.08), BRIGHT),
    (BodyShape("female", 1.74, arm=1.03), RED),
    (BodyShape("male", 1.80), SHORTS),
)


def _aside(scene: Scene, body: BodyShape, clothes: Clothes) -> Scene:
    if scene.climber is None:
        raise ValueError(f"{scene.name} has no climber")
    return replace(
        scene,
        name=f"{scene.name}-aside",
        climber=replace(scene.climber, body=body, clothes=clothes),
        wall=replace(scene.wall, seed=scene.wall.seed + 100, overhang_deg=9),
        camera=Camera(distance_m=4.4, from_deg=-20, height_m=1.4, shake=1.6),
        seed=scene.seed + 100,
    )


ASIDE: Final = tuple(_aside(scene, *_OTHERS[number % 3]) for number, scene in enumerate(PLANTED))
"""The same by other bodies, from the other side. No threshold was chosen with them in view."""

_SHARED: Final = Wall(
    5,
    seed=81,
    extras=(*_HANDS, *_FEET, *_ASIDE, Extra("B5", -0.40, 0.80, _FOOTHOLD_M, "foothold")),
    usual=False,
)


def _shared(
    number: int,
    actions: tuple[Action, ...],
    seconds: float,
    body: BodyShape,
    clothes: Clothes,
    camera: Camera,
) -> Scene:
    return Scene(
        f"pair-{('first', 'second', 'third')[number]}",
        Climber(("A1", "A2", "B1", "B2"), actions, body, clothes, arm=1.03),
        wall=_SHARED,
        camera=camera,
        fps=24,
        seconds=seconds,
        size_px=(360, 640),
        seed=82 + number,
    )


PAIR: Final = (
    _shared(
        0,
        (*_RIGHT, *_LEFT, *_TOP),
        7.4,
        BodyShape("male", 1.80),
        BRIGHT,
        Camera(distance_m=4.0, from_deg=9, height_m=1.6),
    ),
    _shared(
        1,
        (
            *_RIGHT,
            Reach("LH", "A3"),
            Reach("LF", "B5"),
            Fault("over_gripping_pause", (Rest(2.5),)),
            *_TOP,
        ),
        9.9,
        BodyShape("female", 1.69, girth=1.05),
        RED,
        Camera(distance_m=4.7, from_deg=-14, height_m=1.45, shake=1.4),
    ),
    _shared(
        2,
        (*_LEFT, *_RIGHT, Reach("LH", "H7", 0.9), Reach("LF", "B5"), Reach("RH", "H7"), Rest(0.6)),
        7.6,
        BodyShape("male", 1.74, arm=0.98, girth=1.10),
        SHORTS,
        Camera(distance_m=4.4, from_deg=21, height_m=1.35, shake=1.2),
    ),
)
"""Three bodies on one wall. The second pauses for 2.5 s and sets the left foot on another hold; the third
takes the left side first and the top by the left hand.
"""
