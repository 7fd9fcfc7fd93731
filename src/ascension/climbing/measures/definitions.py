"""Every measure of an attempt, B01-B34: what it is called, its unit, its source, and what computes it.

The same in prose, with formulas and thresholds: docs/guides/measures.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from ascension.climbing.limbs import HANDS
from ascension.climbing.measures import arms, contacts, loads, moves, path, sides, stillness, support
from ascension.climbing.measures.material import Found, Material, NotMeasurableError, known_time
from ascension.climbing.reasons import Unmeasured
from ascension.climbing.record import LimbLoads, Measure

Kind = Literal["measured", "estimate", "proxy"]
_Computed = TypeVar("_Computed")

_LENGTH: Final = "length"
_STRENGTH: Final[dict[Kind, float]] = {"measured": 1.0, "estimate": 0.6, "proxy": 0.5}
"""An estimate rests on a model, a proxy stands for something else."""
_UNREGISTERED: Final = 0.5
"""Where the wall was not followed, places move with the camera."""
_OWN_ROUTE: Final = "compare on the same route only"


@dataclass(frozen=True)
class Definition:
    """One measure. `unit`: "length" stands for the motion's unit, meters or torso lengths."""

    id: str
    name: str
    unit: str
    source: str
    compute: Callable[[Material], Found]
    kind: Kind = "measured"


def _from_the_side(reason: Unmeasured) -> Callable[[Material], Found]:
    def compute(material: Material) -> Found:  # noqa: ARG001 -- no material of one camera would do
        raise NotMeasurableError(reason)

    return compute


_weight_shift = _from_the_side("needs_side_view_for_knee")
_hip_distance = _from_the_side("needs_side_view_for_hips")

_CORDIER: Final = f"Cordier 1993, Sibella 2007; {_OWN_ROUTE}"
_BELTRAN: Final = "Beltran 2023 (Sensors 23:8216)"
_ORTH: Final = "Orth 2017 (Front Psychol 8:1744); thresholds are ours"
_BOULANGER: Final = "Boulanger 2016 (IEEE Sensors J 16:742), there with inertial sensors; thresholds are ours"
_BALASUBRAMANIAN: Final = "Balasubramanian 2015 (J NeuroEng Rehabil 12:112); median over hand moves"
_FLUENCY: Final = "assessment of fluency, Sports Biomech 2020"
_HEURISTIC: Final = "heuristic, no trial behind it"
_COACHING: Final = "coaching rule; thresholds are heuristic"
_STATICS: Final = "statics with the least effort; a model, not a measurement"
_SYMMETRY: Final = "symmetry index (R - L) / (R + L)"

_HAND_LOAD: Final = Definition(
    "B26", "hand_load_estimate", "%", _STATICS, loads.hand_load_estimate, "estimate"
)

DEFINITIONS: Final = (
    Definition("B01", "geometric_entropy", "1", _CORDIER, path.geometric_entropy),
    Definition("B02", "path_ratio", "1", _CORDIER, path.path_ratio),
    Definition("B02", "excess_path", _LENGTH, _CORDIER, path.excess_path),
    Definition("B03", "climbing_speed", f"{_LENGTH}/s", "Taylor 2020 (IJSPP 15:795)", path.climbing_speed),
    Definition("B03", "pace", "1/min", "Taylor 2020 (IJSPP 15:795)", path.pace),
    Definition("B04", "immobility_share", "%", _ORTH, stillness.immobility_share),
    Definition("B04", "plateau_count", "n", _ORTH, stillness.plateau_count),
    Definition("B04", "plateau_mean", "s", _ORTH, stillness.plateau_mean),
    Definition("B04", "plateau_longest", "s", _ORTH, stillness.plateau_longest),
    Definition("B05", "state_immobility", "%", _BOULANGER, stillness.immobility),
    Definition("B05", "state_postural_regulation", "%", _BOULANGER, stillness.postural_regulation),
    Definition("B05", "state_hold_interaction", "%", _BOULANGER, stillness.hold_interaction),
    Definition("B05", "state_traction", "%", _BOULANGER, stillness.traction),
    Definition("B06", "reach_sparc", "1", _BALASUBRAMANIAN, moves.reach_sparc),
    Definition("B06", "hip_sparc", "1", _BALASUBRAMANIAN, moves.hip_sparc),
    Definition("B07", "reach_ldlj", "1", f"{_BALASUBRAMANIAN}; sensitive to noise", moves.reach_ldlj),
    Definition("B07", "hip_ldlj", "1", f"{_BALASUBRAMANIAN}; sensitive to noise", moves.hip_ldlj),
    Definition("B08", "hip_jerk", "1", "Seifert 2014 (J Appl Biomech 30:619)", moves.hip_jerk),
    Definition("B09", "straight_arm_share", "%", f"{_BELTRAN}; coaching rule", arms.straight_arm_share),
    Definition("B10", "bent_hold_longest", "s", _HEURISTIC, arms.bent_hold_longest),
    Definition("B10", "bent_hold_time", "s", _HEURISTIC, arms.bent_hold_time),
    Definition("B11", "shoulder_relaxing_share", "%", _BELTRAN, arms.shoulder_relaxing),
    Definition("B12", "supported_reach_share", "%", _BELTRAN, support.supported_reach_share),
    Definition("B12", "long_reach_share", "%", _BELTRAN, support.long_reach_share),
    Definition("B12", "long_reach_time", "s", _BELTRAN, support.long_reach_time),
    Definition("B13", "set_feet_share", "%", _BELTRAN, support.set_feet_share),
    Definition("B14", "weight_shift", "1", _BELTRAN, _weight_shift),
    Definition("B15", "hip_to_wall", _LENGTH, f"{_BELTRAN}; Werner 1999", _hip_distance),
    Definition("B16", "preparation_time", "s", _BELTRAN, moves.preparation_time),
    Definition("B16", "reaching_time", "s", _BELTRAN, moves.reaching_time),
    Definition("B16", "stabilization_time", "s", _BELTRAN, moves.stabilization_time),
    Definition("B17", "reach_count", "n", _BELTRAN, moves.reach_count),
    Definition("B17", "reach_distance", _LENGTH, _BELTRAN, moves.reach_distance),
    Definition("B17", "reach_time", "s", _BELTRAN, moves.reach_time),
    Definition("B18", "hand_contact_time", "s", _FLUENCY, contacts.hand_contact_time),
    Definition("B18", "foot_contact_time", "s", _FLUENCY, contacts.foot_contact_time),
    Definition(
        "B19", "exploration_ratio", "1", "Seifert 2017 (PLoS ONE 12:e0176306)", contacts.exploration_ratio
    ),
    Definition(
        "B20", "grip_readjustments", "n", "Orth 2017 (Front Psychol 8:1744)", contacts.grip_readjustments
    ),
    Definition("B21", "foot_replacements", "n", _COACHING, contacts.foot_replacements),
    Definition("B21", "foot_taps", "n", _COACHING, contacts.foot_taps),
    Definition("B21", "foot_offset_proxy", _LENGTH, _COACHING, contacts.foot_offset_proxy, "proxy"),
    Definition("B22", "foot_cut_count", "n", _COACHING, contacts.foot_cut_count),
    Definition("B22", "foot_cut_time", "s", _COACHING, contacts.foot_cut_time),
    Definition("B23", "release_frequency", "1/s", "four-limb analyses", contacts.release_frequency),
    Definition("B23", "simultaneous_releases", "n", "four-limb analyses", contacts.simultaneous_releases),
    Definition("B24", "support_offset", _LENGTH, "statics", contacts.support_offset),
    Definition("B25", "height_work", "J", "energy economy", path.height_work),
    Definition("B25", "work_ratio", "1", f"energy economy; {_OWN_ROUTE}", path.work_ratio),
    _HAND_LOAD,
    Definition("B27", "dynamic_count", "n", _COACHING, moves.dynamic_count),
    Definition("B27", "deadpoint_count", "n", _COACHING, moves.deadpoint_count),
    Definition("B27", "dyno_count", "n", _COACHING, moves.dyno_count),
    Definition("B28", "reach_asymmetry", "%", _SYMMETRY, sides.reach_asymmetry),
    Definition("B28", "contact_asymmetry", "%", _SYMMETRY, sides.contact_asymmetry),
    Definition("B28", "elbow_asymmetry", "%", _SYMMETRY, sides.elbow_asymmetry),
    Definition(
        "B28",
        "load_asymmetry_estimate",
        "%",
        f"{_SYMMETRY}; {_STATICS}",
        sides.load_asymmetry_estimate,
        "estimate",
    ),
    Definition("B29", "height_gained", _LENGTH, "Draper 2009", path.height_gained),
    Definition("B29", "route_share", "%", "Draper 2009", path.route_share),
    Definition("B30", "holds_used", "n", "Maschek and Schedl 2025 (arXiv 2505.12854)", contacts.holds_used),
    Definition("B31", "rest_count", "n", "Orth 2017 (Front Psychol 8:1744)", stillness.rest_count),
    Definition("B31", "rest_time", "s", "Orth 2017 (Front Psychol 8:1744)", stillness.rest_time),
    Definition("B32", "tempo_decay", "s/move", _HEURISTIC, moves.tempo_decay),
    Definition("B33", "hip_turn_proxy", "1", _HEURISTIC, arms.hip_turn_proxy, "proxy"),
    Definition("B33", "shoulder_turn_proxy", "1", _HEURISTIC, arms.shoulder_turn_proxy, "proxy"),
    Definition("B34", "preview_time", "s", "Seifert 2017 (PLoS ONE 12:e0176306)", stillness.preview_time),
)


def measures_of(material: Material) -> tuple[Measure, ...]:
    """All measures of an attempt, in the order of DEFINITIONS; those without a value say why."""
    return tuple(measure(definition, material) for definition in DEFINITIONS)


def measure(definition: Definition, material: Material) -> Measure:
    """One measure of an attempt.

    Its confidence is the product of: the certainty of what it needs (mean visibility or mean confidence of
    contacts and moves; full from 80 % of the frames on, in proportion below), what the length of a meter is
    worth for lengths, half where the wall was not followed, 0.6 for estimates and 0.5 for proxies. Below
    50 % of the frames there is no value.
    """
    found = _tried(definition.compute, material)
    missing = _behind(found, material) if isinstance(found, NotMeasurableError) else None
    return Measure(
        id=definition.id,
        name=definition.name,
        value=None if isinstance(found, NotMeasurableError) else found.value,
        unit=definition.unit.replace(_LENGTH, material.motion.unit),
        confidence=(
            0.0 if isinstance(found, NotMeasurableError) else found.certainty * _worth(definition, material)
        ),
        frames=material.whole if isinstance(found, NotMeasurableError) else found.frames,
        source=definition.source,
        reason=missing.reason if missing else "",
        reason_numbers=missing.numbers if missing else (),
    )


def loads_of(material: Material) -> LimbLoads:
    """What each limb carried, stance by stance: the load measures are its means, and as sure as it."""
    found = _tried(loads.limb_loads, material)
    if isinstance(found, NotMeasurableError):
        return LimbLoads((), 0.0, found.reason, found.numbers)
    return LimbLoads(found.stances, found.certainty * _worth(_HAND_LOAD, material))


def _tried(compute: Callable[[Material], _Computed], material: Material) -> _Computed | NotMeasurableError:
    """What is computed of an attempt, or why it cannot be."""
    if material.attempt.end - material.attempt.start < 2 or material.duration_s <= 0:
        return NotMeasurableError("too_few_frames")
    try:
        return compute(material)
    except NotMeasurableError as error:
        return error


def _behind(missing: NotMeasurableError, material: Material) -> NotMeasurableError:
    """Where no hand was seen to move because hands were not seen, that is the reason."""
    if missing.reason == "no_hand_move":
        try:
            known_time(material, HANDS)
        except NotMeasurableError as hidden:
            return hidden if hidden.reason == "hands_seldom_known" else missing
    return missing


def _worth(definition: Definition, material: Material) -> float:
    worth = _STRENGTH[definition.kind]
    if not material.motion.registered:
        worth *= _UNREGISTERED
    if definition.unit.startswith(_LENGTH) and material.motion.error_pct is not None:
        worth *= max(1 - material.motion.error_pct / 100, 0.0)
    return worth
