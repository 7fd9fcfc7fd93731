"""How `ascension.vision.visibility.WEIGHTS` were fitted: `python -m validation.fit_visibility`.

On all committed scenes with a climber, and on the training scenes (`python -m validation render training`).
What is printed is cross-validated: every scene is judged by weights that were fitted on all the others.
`--weights` prints the table, fitted on all.
"""

import argparse
import sys
from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import LANDMARK_NAMES, VISIBLE
from ascension.biomechanics.sides import MIRROR
from ascension.vision import networks
from ascension.vision.reading import Reading, read_clip
from ascension.vision.visibility import FEATURES, GROUPS, features, group_of
from validation import truth
from validation.geometry import Array, Mask
from validation.listed import files_of
from validation.scenes import SCENES, Scene
from validation.training import TRAINING
from validation.truth import Truth

_THREADS: Final = 2
_STEPS: Final = 30
_RIDGE: Final = 0.05
"""Pull towards zero, per sample: several pieces of evidence say nearly the same."""
_FEWEST: Final = 40
"""A scene's seen landmarks of a kind weigh as much as any other scene's, and so do its hidden ones; but where
it has fewer than so many, less."""
_HIDDEN_WEIGHT: Final = {"hand": 0.5, "foot": 0.5}
_HIDDEN_WEIGHT_ELSEWHERE: Final = 0.7
"""All hidden ones of a scene against all seen ones: so chosen that, cross-validated, one in twenty seen
wrists and ankles is called unseen; of fingers and toes it would be more."""
_AS_THE_NETWORK_SAYS: Final = ("face", "ear", "shoulder", "hip")
"""The fit does no better on scenes it has not seen: most are hidden in every scene, or nearly none is."""
_OWN_BODY_TORSO: Final = 0.5
_OWN_PLACE_TORSO: Final = 0.15
_SEEN_THERE_TORSO: Final = 0.3
"""A landmark nearer to its mirror's true place, or far from its own though seen, shows something else."""
_TRUNK: Final = [11, 12, 23, 24]
_BINS: Final = 10


@dataclass(frozen=True)
class Sample:
    """Landmarks of one scene: known (n, 33, 12) features, seen (n, 33) by truth.

    found: (n, 33) whether the landmark lies where it should, or is hidden there: only these are learned from
    """

    scene: str
    known: Array
    seen: Mask
    found: Mask


def read(scene: Scene) -> Sample:
    """The frames of a scene in which the skeleton lies on the climber."""
    clip, facts = files_of(scene)
    true = truth.load(facts)
    reading = read_clip(clip, networks.choose(), "heavy", threads=_THREADS)
    return sample_of(scene.name, reading, true)


def sample_of(scene: str, reading: Reading, true: Truth) -> Sample:
    """The frames of a reading in which the skeleton lies on the climber."""
    error_px = np.linalg.norm(reading.landmarks_px - true.landmarks_px, axis=2)
    mirror_px = np.linalg.norm(reading.landmarks_px - true.landmarks_px[:, MIRROR], axis=2)
    torso_px = np.median(true.torso_px[true.person])
    used = reading.person & true.person & (error_px[:, _TRUNK].mean(axis=1) < _OWN_BODY_TORSO * torso_px)
    seen = (true.visible & true.in_frame)[used]
    found = (error_px <= np.maximum(mirror_px, _OWN_PLACE_TORSO * torso_px))[used]
    found &= ~seen | (error_px < _SEEN_THERE_TORSO * torso_px)[used]
    known = features(reading.landmarks_px, reading.evidence)[used]
    return Sample(scene, known, seen, found)


def fit(samples: list[Sample], group: str) -> Array:
    """(12,) weights of a logistic model by Newton's method; every scene counts the same."""
    if group in _AS_THE_NETWORK_SAYS:
        return np.array([1.0] + [0.0] * (len(FEATURES) - 1))
    columns = _columns(group)
    found = [sample.found[:, columns] for sample in samples]
    known = np.concatenate([s.known[:, columns][f] for s, f in zip(samples, found, strict=True)])
    truths = [s.seen[:, columns][f] for s, f in zip(samples, found, strict=True)]
    seen = np.concatenate(truths)
    share = np.concatenate([_shares(each, group) for each in truths])
    share /= share.sum()
    spread = np.where(known.std(axis=0) > 0, known.std(axis=0), 1.0)
    scaled = known / spread
    ridge = _RIDGE * np.diag([1.0] * (len(FEATURES) - 1) + [0.0])
    weights: Array = np.zeros(len(FEATURES))
    for _ in range(_STEPS):
        probable = _probability(scaled, weights)
        slope: Array = scaled.T @ (share * (probable - seen)) + ridge @ weights
        curve: Array = (scaled.T * (share * probable * (1 - probable))) @ scaled + ridge
        weights -= np.linalg.solve(curve + 1e-9 * np.eye(len(FEATURES)), slope)
    return weights / spread


def _shares(seen: Mask, group: str) -> Array:
    """How much each landmark of one scene weighs."""
    hidden_weight = _HIDDEN_WEIGHT.get(group, _HIDDEN_WEIGHT_ELSEWHERE)
    shares = np.full(len(seen), 1 / max(int(seen.sum()), _FEWEST))
    shares[~seen] = hidden_weight / max(int((~seen).sum()), _FEWEST)
    return shares


def cross_validated(samples: list[Sample], group: str) -> list[Array]:
    """(n, landmarks) of each scene: how probable those that were fitted on the others call each landmark."""
    columns = _columns(group)
    found: list[Array] = []
    for number, sample in enumerate(samples):
        others = [*samples[:number], *samples[number + 1 :]]
        found.append(_probability(sample.known[:, columns], fit(others, group)))
    return found


def judge(samples: list[Sample], probable: list[Array], columns: list[int]) -> str:
    """One line: hidden landmarks, of these called unseen, of seen ones, calibration error.

    Percent, mean of the scenes that have such landmarks; the calibration is that of all landmarks together.
    """
    seen = [sample.seen[:, columns] for sample in samples]
    pairs = list(zip(probable, seen, strict=True))
    of_hidden = [(said < VISIBLE)[~true].mean() for said, true in pairs if (~true).any()]
    of_seen = [(said < VISIBLE)[true].mean() for said, true in pairs if true.any()]
    hidden = f"{100 * np.mean(of_hidden):5.1f}" if of_hidden else "    -"
    visible = f"{100 * np.mean(of_seen):5.1f}" if of_seen else "    -"
    error = _calibration_error(
        np.concatenate([said.ravel() for said in probable]), np.concatenate([true.ravel() for true in seen])
    )
    return f"{sum(int((~true).sum()) for true in seen):6} {hidden} {visible} {100 * error:5.1f}"


def _calibration_error(probable: Array, seen: Mask) -> float:
    """Mean distance, over ten bins, of the predicted share of seen ones from the true one."""
    bins = np.minimum((probable * _BINS).astype(int), _BINS - 1)
    parts = [np.flatnonzero(bins == number) for number in range(_BINS)]
    return sum(
        len(part) / len(probable) * abs(float(probable[part].mean()) - float(seen[part].mean()))
        for part in parts
        if len(part)
    )


def _probability(known: Array, weights: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(known @ weights, -50, 50)))


def _columns(group: str) -> list[int]:
    return [landmark for landmark in range(len(LANDMARK_NAMES)) if group_of(landmark) == group]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", action="store_true", help="print the table of WEIGHTS")
    arguments = parser.parse_args()
    scenes = [scene for scene in (*SCENES, *TRAINING) if scene.climber is not None]
    samples = [read(scene) for scene in scenes if files_of(scene)[1].exists()]
    samples = [sample for sample in samples if len(sample.seen)]
    committed = [sample.scene in {scene.name for scene in SCENES} for sample in samples]
    sys.stdout.write(f"scenes: {', '.join(sample.scene for sample in samples)}\n")
    sys.stdout.write(
        "group     | committed: hidden, of them unseen, of seen unseen, calibration error % | training\n"
    )
    parts = [part for part in (np.flatnonzero(committed), np.flatnonzero(~np.array(committed))) if len(part)]
    judged = {group: (cross_validated(samples, group), _columns(group)) for group in GROUPS}
    wrists, ankles = judged["wrist"], judged["ankle"]
    ends = [np.hstack(pair) for pair in zip(wrists[0], ankles[0], strict=True)]
    for kind, (probable, columns) in {**judged, "ends": (ends, wrists[1] + ankles[1])}.items():
        lines = [judge([samples[k] for k in part], [probable[k] for k in part], columns) for part in parts]
        sys.stdout.write(f"{kind:9} | {' | '.join(lines)}\n")
    if arguments.weights:
        for group in GROUPS:
            row = ", ".join(f"{weight:.3f}" for weight in fit(samples, group))
            sys.stdout.write(f'    "{group}": ({row}),\n')


if __name__ == "__main__":
    main()
