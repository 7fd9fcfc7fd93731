"""What a scene is, and the fixed list: nothing in it is changed to suit a result, nothing is dropped."""

from dataclasses import dataclass, field
from typing import Final, Literal

Rgb = tuple[float, float, float]
"""Linear light, 0-1."""

Limb = Literal["LH", "RH", "LF", "RF"]

WOOD: Final[Rgb] = (0.22, 0.105, 0.043)


@dataclass(frozen=True)
class BodyShape:
    """One of two base bodies, scaled. `arm`, `leg` and `girth` are factors before the height is set."""

    base: Literal["female", "male"] = "male"
    height_m: float = 1.75
    arm: float = 1.0
    leg: float = 1.0
    girth: float = 1.0


@dataclass(frozen=True)
class Clothes:
    """Colors; `sleeve`: 0 bare arm, 1 to the elbow, 2 to the wrist; `trousers_m`: hem above the ankle."""

    shirt: Rgb = (0.02, 0.30, 0.42)
    trousers: Rgb = (0.018, 0.020, 0.028)
    shoes: Rgb = (0.55, 0.10, 0.02)
    hair: Rgb = (0.028, 0.016, 0.010)
    skin: Rgb = (0.46, 0.26, 0.17)
    sleeve: float = 0.62
    trousers_m: float = 0.055


BRIGHT: Final = Clothes(shirt=(0.75, 0.60, 0.05), trousers=(0.05, 0.12, 0.40), shoes=(0.6, 0.6, 0.6))
DARK: Final = Clothes(shirt=(0.015, 0.016, 0.02), trousers=(0.012, 0.012, 0.014), shoes=(0.02, 0.02, 0.02))
LIKE_THE_WALL: Final = Clothes(
    shirt=(0.215, 0.105, 0.045), trousers=(0.19, 0.09, 0.04), shoes=(0.2, 0.1, 0.05), sleeve=1.7
)
RED: Final = Clothes(
    shirt=(0.50, 0.03, 0.04), trousers=(0.10, 0.10, 0.11), hair=(0.20, 0.10, 0.03), sleeve=0.2
)
SHORTS: Final = Clothes(
    shirt=(0.55, 0.55, 0.52), trousers=(0.04, 0.10, 0.05), skin=(0.16, 0.08, 0.05), trousers_m=0.42
)


@dataclass(frozen=True)
class Reach:
    """One limb goes to a hold."""

    limb: Limb
    hold: str
    seconds: float = 0.62


@dataclass(frozen=True)
class Rest:
    """Nothing moves but the breath. `arm`: how far arms are stretched, where not as usual."""

    seconds: float
    arm: float | None = None


@dataclass(frozen=True)
class Dyno:
    """Both feet push off, both hands fly to holds, the body swings, the feet come back."""

    left: str
    right: str
    feet: tuple[str, str]


@dataclass(frozen=True)
class CutFeet:
    """Both feet leave the wall, the body swings, the feet come back to the same holds."""


@dataclass(frozen=True)
class Fall:
    """All limbs let go; the body drops to the mat, gives way and stands up."""


PlainAction = Reach | Rest | Dyno | CutFeet | Fall
FaultKind = Literal[
    "bent_arm_rest", "foot_cut", "re_placed_foot", "late_feet", "over_gripping_pause", "detour"
]


@dataclass(frozen=True)
class Fault:
    """Actions that a coach would name."""

    kind: FaultKind
    actions: tuple[PlainAction, ...]


Action = PlainAction | Fault


@dataclass(frozen=True)
class Climber:
    """Hands and feet start on four holds (left hand, right hand, left foot, right foot).

    `turned_deg`: how far the trunk turns out of the wall (to the climber's right) while resting.
    `arm`: share of its length to which an arm is stretched between reaches, if it may.
    `from_floor`: the feet stand on the mat at first and step on the wall before the first action.
    """

    start: tuple[str, str, str, str] = ("S1", "S2", "F1", "F2")
    actions: tuple[Action, ...] = ()
    body: BodyShape = BodyShape()
    clothes: Clothes = Clothes()
    turned_deg: float = 0.0
    arm: float = 0.80
    from_floor: bool = False


@dataclass(frozen=True)
class Bystander:
    """Somebody on the mat: stands (`path_m` of one point) or walks along the path, x and y in meters.

    `facing_deg`: 0 looks at the wall, 90 to the left of the picture; where they walk, they look ahead.
    `reaching`: both hands held up in front, as a belayer or spotter does.
    """

    path_m: tuple[tuple[float, float], ...]
    speed_m_per_s: float = 1.1
    facing_deg: float = 0.0
    reaching: bool = False
    body: BodyShape = BodyShape()
    clothes: Clothes = BRIGHT


@dataclass(frozen=True)
class Extra:
    """A hold or volume beside the usual ones: where its center is on the wall; width, height, depth."""

    id: str
    u_m: float
    v_m: float
    size_m: tuple[float, float, float] = (0.20, 0.11, 0.075)
    kind: Literal["jug", "crimp", "sloper", "pinch", "foothold", "volume"] = "jug"


@dataclass(frozen=True)
class Wall:
    """`overhang_deg` below 0 is a slab. `decoys`: holds beside the route. `pile`: holds like a person.

    `spread`: the route's places are multiplied by it, so that a child can reach; those of `extras` are not.
    `usual`: the usual route is there; without it, `extras` are the route.
    """

    overhang_deg: float = 5.0
    seed: int = 0
    decoys: int = 34
    mirrored: bool = False
    pile: bool = False
    spread: float = 1.0
    color: Rgb = WOOD
    extras: tuple[Extra, ...] = ()
    usual: bool = True


@dataclass(frozen=True)
class Camera:
    """`follow`: share of the climber's path that the camera turns after. Angles: where it turns by itself.

    `from_deg`: where it stands, 0 in front of the wall, 60 far to the right of it.
    `pan_deg`, `tilt_deg`, `roll_deg`: first to last frame, smoothly there; `shake`: 1 is a careful hand.
    """

    distance_m: float = 4.3
    height_m: float = 1.55
    from_deg: float = 6.0
    follow: float = 0.55
    pan_deg: tuple[float, float] = (0.0, 0.0)
    tilt_deg: tuple[float, float] = (0.0, 0.0)
    roll_deg: float = 0.0
    shake: float = 1.0
    field_of_view_deg: float = 58.0


@dataclass(frozen=True)
class Light:
    """`key`: where the strongest lamp stands; strengths are factors of a bright gym's."""

    key: Rgb = (-0.55, -0.75, 1.15)
    key_strength: float = 1.0
    fill_strength: float = 1.0
    ambient: float = 0.42
    warmth: Rgb = (1.0, 0.93, 0.82)


DIM: Final = Light(key_strength=0.22, fill_strength=0.12, ambient=0.075)
FROM_THE_SIDE: Final = Light(key=(-1.5, -0.35, 0.35), key_strength=1.5, fill_strength=0.12, ambient=0.16)


@dataclass(frozen=True)
class Sensor:
    """`noise`: of a pixel, in steps of 255; `blur_px`: of the lens; `shutter_s`: 0 freezes all motion."""

    noise: float = 2.2
    blur_px: float = 0.45
    shutter_s: float = 0.0


@dataclass(frozen=True)
class Occluder:
    """An upright pole or rope between camera and wall, at x and y, of a radius."""

    x_m: float
    y_m: float
    radius_m: float
    color: Rgb = (0.35, 0.35, 0.37)


@dataclass(frozen=True)
class Scene:
    """Everything that decides a clip. `seed` drives what is random: shake, noise, small holds."""

    name: str
    climber: Climber | None = None
    bystanders: tuple[Bystander, ...] = ()
    occluders: tuple[Occluder, ...] = ()
    wall: Wall = Wall()
    camera: Camera = Camera()
    light: Light = Light()
    sensor: Sensor = Sensor()
    fps: int = 30
    seconds: float = 3.0
    size_px: tuple[int, int] = (480, 854)
    seed: int = 1
    quality: int = 25
    tags: tuple[str, ...] = field(default=())


_WOMAN: Final = BodyShape("female", 1.66)
_TALL: Final = BodyShape("male", 1.90, arm=1.04, leg=1.05)
_CHILD: Final = BodyShape("female", 1.42, arm=0.97, leg=0.95)
_STOCKY: Final = BodyShape("male", 1.70, arm=0.96, leg=0.94, girth=1.16)
_LONG_ARMS: Final = BodyShape("female", 1.74, arm=1.06, leg=1.03, girth=0.94)

_START: Final = ("S1", "S2", "F1", "F2")
_LOW: Final = (Reach("RH", "H3"), Reach("LF", "F3"), Reach("LH", "H4"))
_MIDDLE: Final = ("H4", "H3", "F3", "F2")
_MIDDLE_MOVES: Final = (Reach("RF", "F4"), Reach("RH", "H5"), Reach("LF", "F5"))
_HIGH: Final = ("H4", "H5", "F5", "F4")
_HIGH_MOVES: Final = (Reach("LH", "H6"), Reach("RH", "H7"))
_DYNO: Final = Dyno("J1", "J2", ("F3", "F4"))

SCENES: Final = (
    Scene("vertical", Climber(actions=_LOW), wall=Wall(0), seconds=3.4),
    Scene(
        "slab",
        Climber(_MIDDLE, _MIDDLE_MOVES, _WOMAN, RED),
        wall=Wall(-10, seed=2, mirrored=True),
        fps=24,
        seconds=3.4,
        seed=2,
    ),
    Scene(
        "overhang", Climber(_MIDDLE, _MIDDLE_MOVES, _TALL, DARK), wall=Wall(20, seed=3), seed=3, seconds=3.4
    ),
    Scene(
        "foot-cut",
        Climber(_MIDDLE, (CutFeet(),), _LONG_ARMS, BRIGHT),
        wall=Wall(28, seed=4),
        camera=Camera(from_deg=-12, shake=0.7),
        seed=4,
    ),
    Scene(
        "dyno",
        Climber(actions=(_DYNO,), clothes=RED),
        wall=Wall(8, seed=5),
        camera=Camera(shake=0.15, follow=0.3),
        fps=60,
        seconds=2.8,
        seed=5,
        tags=("dyno",),
    ),
    Scene(
        "dyno-blurred",
        Climber(actions=(_DYNO,), body=_TALL, clothes=BRIGHT),
        wall=Wall(12, seed=6),
        camera=Camera(shake=1.2),
        light=Light(key_strength=0.6, fill_strength=0.5, ambient=0.25),
        sensor=Sensor(noise=3.5, shutter_s=1 / 45),
        seconds=2.8,
        seed=6,
        tags=("dyno",),
    ),
    Scene(
        "fall",
        Climber(_HIGH, (Reach("LH", "H6"), Fall()), clothes=SHORTS),
        wall=Wall(6, seed=7),
        camera=Camera(follow=0.9, distance_m=4.6),
        seconds=3.8,
        seed=7,
        tags=("fall",),
    ),
    Scene(
        "pan",
        Climber(_MIDDLE, _MIDDLE_MOVES, _WOMAN),
        wall=Wall(5, seed=8),
        camera=Camera(from_deg=18, pan_deg=(-9, 8), tilt_deg=(-4, 5), shake=1.5, follow=0.2),
        seed=8,
    ),
    Scene(
        "shake",
        Climber(_HIGH, _HIGH_MOVES, _STOCKY, SHORTS),
        wall=Wall(10, seed=9, mirrored=True),
        camera=Camera(shake=4.5, roll_deg=6, from_deg=-15),
        sensor=Sensor(shutter_s=1 / 90),
        seed=9,
        seconds=2.6,
    ),
    Scene(
        "dim",
        Climber(_MIDDLE, _MIDDLE_MOVES, clothes=DARK),
        wall=Wall(5, seed=10, color=(0.05, 0.05, 0.055)),
        light=DIM,
        sensor=Sensor(noise=6.0, blur_px=0.7, shutter_s=1 / 40),
        seed=10,
        quality=27,
    ),
    Scene(
        "camouflage",
        Climber(_MIDDLE, _MIDDLE_MOVES, _LONG_ARMS, LIKE_THE_WALL),
        wall=Wall(3, seed=11),
        light=FROM_THE_SIDE,
        seed=11,
    ),
    Scene(
        "pole",
        Climber(_MIDDLE, _MIDDLE_MOVES, _WOMAN, BRIGHT),
        occluders=(Occluder(0.12, -1.6, 0.055),),
        wall=Wall(5, seed=12),
        seed=12,
    ),
    Scene(
        "belayer-and-rope",
        Climber(_HIGH, _HIGH_MOVES, clothes=RED),
        bystanders=(Bystander(((0.15, -1.5),), facing_deg=0, reaching=True, body=_STOCKY, clothes=DARK),),
        occluders=(Occluder(-0.02, -0.75, 0.011, (0.45, 0.40, 0.05)),),
        wall=Wall(5, seed=13),
        seed=13,
    ),
    Scene(
        "bystander-stands",
        Climber(_MIDDLE, _MIDDLE_MOVES),
        bystanders=(Bystander(((-0.75, -0.9),), facing_deg=-25, body=_WOMAN),),
        wall=Wall(5, seed=14),
        seed=14,
    ),
    Scene(
        "bystander-crosses",
        Climber(actions=_LOW, body=_LONG_ARMS, clothes=RED),
        bystanders=(Bystander(((-1.5, -1.7), (1.8, -1.6)), body=_TALL, clothes=SHORTS),),
        wall=Wall(5, seed=15),
        seed=15,
        seconds=3.4,
    ),
    Scene(
        "two-bystanders",
        Climber(_HIGH, _HIGH_MOVES, _CHILD, BRIGHT),
        bystanders=(
            Bystander(((1.3, -0.9), (-1.6, -1.0)), body=_WOMAN, clothes=RED),
            Bystander(((0.85, -0.55),), facing_deg=35, body=_STOCKY, clothes=SHORTS),
        ),
        wall=Wall(5, seed=16, spread=0.83),
        fps=24,
        seed=16,
    ),
    Scene(
        "from-the-side",
        Climber(_MIDDLE, _MIDDLE_MOVES, turned_deg=50),
        wall=Wall(15, seed=17),
        camera=Camera(from_deg=58, distance_m=4.0),
        seed=17,
    ),
    Scene(
        "near-720p",
        Climber(_START, _LOW, _CHILD, BRIGHT),
        wall=Wall(0, seed=18, spread=0.83),
        camera=Camera(distance_m=3.0, height_m=1.3, shake=1.6),
        size_px=(720, 1280),
        seconds=2.6,
        seed=18,
        quality=26,
    ),
    Scene(
        "far",
        Climber(_HIGH, _HIGH_MOVES, _STOCKY, RED),
        wall=Wall(5, seed=19),
        camera=Camera(distance_m=8.5, follow=0.3),
        seed=19,
        seconds=2.6,
    ),
    Scene(
        "from-the-floor",
        Climber(_START, (Reach("RH", "H3"),), _WOMAN, SHORTS, from_floor=True),
        bystanders=(Bystander(((1.0, -0.8),), facing_deg=30, body=_TALL, clothes=DARK),),
        wall=Wall(5, seed=20),
        seed=20,
        seconds=3.8,
    ),
    Scene("nobody", camera=Camera(pan_deg=(-8, 8)), wall=Wall(5, seed=21), seed=21, seconds=2.5),
    Scene(
        "nobody-but-volumes",
        camera=Camera(pan_deg=(3, -3), shake=1.5),
        wall=Wall(5, seed=22, pile=True),
        seed=22,
        seconds=2.5,
    ),
    Scene(
        "nobody-climbs",
        bystanders=(
            Bystander(((0.35, -1.1),), facing_deg=-15, body=_WOMAN, clothes=RED),
            Bystander(((-1.6, -1.4), (1.7, -1.5)), body=_STOCKY),
        ),
        wall=Wall(5, seed=23),
        seed=23,
        seconds=3.0,
    ),
)
"""Committed as clips with their truth."""

ON_DEMAND: Final = (
    Scene(
        "dyno-240",
        Climber(actions=(_DYNO,), clothes=RED),
        wall=Wall(8, seed=5),
        camera=Camera(shake=0.15, follow=0.3),
        fps=240,
        seconds=2.8,
        seed=5,
        tags=("dyno",),
    ),
    Scene(
        "long",
        Climber(
            actions=(
                *_LOW,
                Reach("RF", "F4"),
                Reach("RH", "H5"),
                Reach("LF", "F5"),
                Rest(3.0),
                Reach("LH", "H6"),
                CutFeet(),
                Reach("RH", "H7"),
                Rest(2.0),
                Fall(),
            )
        ),
        bystanders=(Bystander(((-1.5, -1.7), (1.8, -1.6))),),
        wall=Wall(8, seed=31),
        camera=Camera(shake=1.5, follow=0.7),
        seconds=22.0,
        seed=31,
    ),
    Scene(
        "long-pan-1080p",
        Climber(actions=(*_LOW, *_MIDDLE_MOVES), body=_WOMAN),
        wall=Wall(5, seed=32),
        camera=Camera(from_deg=15, pan_deg=(-10, 10), shake=2.0),
        size_px=(1080, 1920),
        fps=60,
        seconds=8.0,
        seed=32,
    ),
)
"""Too long or too large to commit: `python -m validation render long` makes one."""
