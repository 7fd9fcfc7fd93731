"""Scenes to fit on: other bodies, clothes and views than the committed ones, many hidden hands and feet."""

from typing import Final

from validation.scenes import (
    BodyShape,
    Bystander,
    Camera,
    Climber,
    Clothes,
    CutFeet,
    Extra,
    Fall,
    Light,
    Occluder,
    Reach,
    Rest,
    Scene,
    Sensor,
    Wall,
)

_GRAY: Final = (0.20, 0.20, 0.21)
_BLUE_WALL: Final = (0.06, 0.10, 0.16)
_WHITE: Final = Clothes(shirt=(0.60, 0.60, 0.58), trousers=(0.25, 0.20, 0.13), sleeve=1.8)
_VIOLET: Final = Clothes(shirt=(0.16, 0.05, 0.30), trousers=(0.30, 0.30, 0.32), sleeve=0.1, trousers_m=0.30)
_OLIVE: Final = Clothes(
    shirt=(0.10, 0.12, 0.03), trousers=(0.03, 0.035, 0.05), skin=(0.20, 0.10, 0.06), sleeve=1.2
)
_PINK: Final = Clothes(
    shirt=(0.60, 0.12, 0.25), trousers=(0.015, 0.015, 0.02), hair=(0.30, 0.18, 0.05), shoes=(0.02, 0.2, 0.4)
)

_SLIM: Final = BodyShape("male", 1.82, arm=1.02, leg=1.03, girth=0.92)
_SHORT: Final = BodyShape("female", 1.56, arm=0.98, leg=0.97)
_BROAD: Final = BodyShape("male", 1.77, arm=1.03, leg=0.96, girth=1.12)
_YOUNG: Final = BodyShape("male", 1.50, arm=0.98, leg=0.98, girth=0.93)
_STRONG: Final = BodyShape("female", 1.70, arm=1.02, leg=0.98, girth=1.10)

_LOW_JUGS: Final = (Extra("C1", -0.10, 1.30), Extra("C2", 0.10, 1.26))
_BESIDE: Final = (
    Extra("V1", 0.74, 2.18, (0.34, 0.60, 0.34), "volume"),
    Extra("V2", 0.68, 1.00, (0.34, 0.70, 0.36), "volume"),
    Extra("V3", -0.60, 2.35, (0.34, 0.60, 0.32), "volume"),
    Extra("V4", -0.62, 1.20, (0.34, 0.80, 0.38), "volume"),
)
_BELOW: Final = (
    Extra("V5", -0.32, 2.12, (0.42, 0.20, 0.24), "volume"),
    Extra("V6", 0.30, 1.60, (0.42, 0.20, 0.24), "volume"),
    Extra("V7", -0.46, 0.80, (0.34, 0.24, 0.32), "volume"),
    Extra("V8", 0.46, 0.64, (0.30, 0.50, 0.36), "volume"),
)

TRAINING: Final = (
    Scene(
        "train-hands-at-the-chest",
        Climber(
            ("C1", "C2", "F1", "F2"), (Reach("RH", "S2"), Rest(0.5), Reach("RH", "C2")), _STRONG, _VIOLET
        ),
        wall=Wall(2, seed=51, extras=_LOW_JUGS, color=_GRAY),
        camera=Camera(from_deg=-4, shake=1.2),
        fps=24,
        seconds=2.6,
        seed=51,
    ),
    Scene(
        "train-crossed-feet",
        Climber(("S1", "S2", "F2", "F1"), (Reach("LF", "F4"), Reach("RF", "F3")), _SLIM, _WHITE),
        wall=Wall(8, seed=52, color=_BLUE_WALL),
        camera=Camera(from_deg=-40, distance_m=3.9),
        fps=24,
        seconds=2.6,
        seed=52,
    ),
    Scene(
        "train-crossed-hands",
        Climber(
            ("S2", "S1", "F1", "F2"), (Reach("LH", "H3"), Reach("RF", "F4")), _SHORT, _PINK, turned_deg=-35
        ),
        wall=Wall(0, seed=53, spread=0.92),
        camera=Camera(from_deg=-30, height_m=1.8, shake=1.4),
        fps=24,
        seconds=2.6,
        seed=53,
    ),
    Scene(
        "train-right-side",
        Climber(
            ("H4", "H3", "F3", "F2"), (Reach("RF", "F4"), Reach("LH", "H6")), _BROAD, _OLIVE, turned_deg=20
        ),
        wall=Wall(12, seed=54, extras=_BESIDE),
        camera=Camera(from_deg=66, distance_m=4.3, shake=0.8),
        fps=24,
        seconds=2.5,
        seed=54,
    ),
    Scene(
        "train-left-side",
        Climber(
            ("H4", "H5", "F5", "F4"), (Reach("RH", "H7"), Reach("LF", "F3")), _SLIM, _PINK, turned_deg=-25
        ),
        wall=Wall(22, seed=55, extras=_BESIDE, color=_GRAY),
        camera=Camera(from_deg=-60, distance_m=4.6, height_m=1.3),
        fps=24,
        seconds=2.5,
        seed=55,
    ),
    Scene(
        "train-poles",
        Climber(("H4", "H3", "F3", "F2"), (Reach("RF", "F4"), Reach("RH", "H5")), _SHORT, _WHITE),
        occluders=(Occluder(-0.16, -1.5, 0.075), Occluder(0.24, -1.3, 0.08, (0.5, 0.1, 0.05))),
        wall=Wall(5, seed=56, mirrored=True, spread=0.92),
        camera=Camera(from_deg=5, pan_deg=(-3, 3), shake=3.0, follow=0.8),
        fps=24,
        seconds=2.5,
        seed=56,
    ),
    Scene(
        "train-people-in-front",
        Climber(("S1", "S2", "F1", "F2"), (), _BROAD, _VIOLET, from_floor=True),
        bystanders=(
            Bystander(((0.20, -1.3),), facing_deg=10, reaching=True, body=_SHORT, clothes=_OLIVE),
            Bystander(((1.4, -1.9), (-1.4, -1.8)), body=_SLIM, clothes=_WHITE),
        ),
        wall=Wall(5, seed=57, color=_BLUE_WALL),
        camera=Camera(distance_m=4.8, from_deg=8),
        light=Light(key_strength=0.6, fill_strength=0.5, ambient=0.25),
        fps=24,
        seconds=2.9,
        seed=57,
    ),
    Scene(
        "train-behind-volumes",
        Climber(("H4", "H3", "F3", "F2"), (Reach("LF", "F5"), Reach("RH", "H5")), _STRONG, _OLIVE),
        wall=Wall(-4, seed=58, extras=_BELOW),
        camera=Camera(height_m=0.40, distance_m=3.4, from_deg=30),
        sensor=Sensor(noise=4.0, blur_px=0.7),
        fps=24,
        seconds=2.5,
        seed=58,
    ),
    Scene(
        "train-hanging",
        Climber(("H4", "H3", "F3", "F2"), (CutFeet(),), _YOUNG, _VIOLET),
        wall=Wall(25, seed=59, spread=0.86),
        camera=Camera(from_deg=48, distance_m=4.0, shake=1.3),
        sensor=Sensor(shutter_s=1 / 60),
        fps=24,
        seconds=2.8,
        seed=59,
    ),
    Scene(
        "train-let-go",
        Climber(("H4", "H5", "F5", "F4"), (Fall(),), _STRONG, _PINK, turned_deg=30),
        wall=Wall(4, seed=60, color=_GRAY),
        camera=Camera(from_deg=-42, follow=0.9, distance_m=3.4, height_m=3.9),
        light=Light(key=(1.2, -0.6, 0.6), key_strength=1.2, fill_strength=0.2, ambient=0.2),
        fps=24,
        seconds=2.8,
        seed=60,
    ),
)
"""Rendered on demand into build/validation/training; no row of the tables and no target is theirs."""
