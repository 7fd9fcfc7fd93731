"""How `ascension.vision.visibility.WEIGHTS` were fitted: `python -m validation.fit_visibility`.

The committed scenes with a climber are split in two by their place in the list: the first, third, ... are
fitted, the others judge: what is printed for them was never seen by the fit. `--weights` prints the table.
"""

import argparse
import sys
from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import LANDMARK_NAMES, VISIBLE
from ascension.vision import networks
from ascension.vision.reading import read_clip
from ascension.vision.visibility import FEATURES, GROUPS, features, group_of
from validation import truth
from validation.geometry import Array, Mask
from validation.listed import files_of
from validation.scenes import SCENES, Scene

_THREADS: Final = 2
_STEPS: Final = 30
_RIDGE: Final = 0.003
"""Pull towards zero, per sample: several pieces of evidence say nearly the same."""
_HIDDEN_AT_LEAST: Final = 0.35
"""Where fewer are hidden, they are weighed up to this share: what is rarely hidden must be able to say so."""
_RARELY_HIDDEN: Final = ("shoulder", "hip")
"""Too few hidden ones to learn from: the network's own visibility stands."""
_OWN_BODY_TORSO: Final = 0.5
_TRUNK: Final = [11, 12, 23, 24]
_BINS: Final = 10


@dataclass(frozen=True)
class Sample:
    """Landmarks of one scene: known (n, 33, 9) features, seen (n, 33) by truth."""

    scene: str
    known: Array
    seen: Mask


def read(scene: Scene) -> Sample:
    """The frames of a scene in which the skeleton lies on the climber."""
    clip, facts = files_of(scene)
    true = truth.load(facts)
    reading = read_clip(clip, networks.choose(), "heavy", threads=_THREADS)
    error_px = np.linalg.norm(reading.landmarks_px - true.landmarks_px, axis=2)[:, _TRUNK].mean(axis=1)
    near_px = _OWN_BODY_TORSO * np.median(true.torso_px[true.person])
    used = reading.person & true.person & (error_px < near_px)
    known = features(reading.landmarks_px[used], reading.evidence[used])
    return Sample(scene.name, known, (true.visible & true.in_frame)[used])


def fit(samples: list[Sample], group: str) -> Array:
    """(9,) weights of a logistic model by Newton's method; every scene counts the same."""
    columns = _columns(group)
    known = np.concatenate([sample.known[:, columns].reshape(-1, len(FEATURES)) for sample in samples])
    seen = np.concatenate([sample.seen[:, columns].ravel() for sample in samples])
    share = np.concatenate([np.full(len(s.seen) * len(columns), 1 / len(s.seen)) for s in samples])
    hidden = float(share[~seen].sum() / share.sum())
    share[~seen] *= max(1.0, _HIDDEN_AT_LEAST / max(hidden, 1e-3))
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


def judge(samples: list[Sample], weights: dict[str, Array], group: str) -> str:
    """One line: hidden ones called unseen, seen ones called unseen, in percent; calibration error."""
    columns = _columns(group)
    probable = np.concatenate([_probability(s.known[:, columns], weights[group]).ravel() for s in samples])
    seen = np.concatenate([sample.seen[:, columns].ravel() for sample in samples])
    unseen = probable < VISIBLE
    hidden = f"{100 * unseen[~seen].mean():5.1f}" if (~seen).any() else "    -"
    visible = f"{100 * unseen[seen].mean():5.1f}" if seen.any() else "    -"
    error = 100 * _calibration_error(probable, seen)
    return f"{int((~seen).sum()):6} {hidden} {visible} {error:5.1f}"


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


def _as_the_network() -> Array:
    return np.array([1.0] + [0.0] * (len(FEATURES) - 1))


def _columns(group: str) -> list[int]:
    return [landmark for landmark in range(len(LANDMARK_NAMES)) if group_of(landmark) == group]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", action="store_true", help="print the table of WEIGHTS")
    arguments = parser.parse_args()
    samples = [read(scene) for scene in SCENES if scene.climber is not None and files_of(scene)[1].exists()]
    fitted, others = samples[::2], samples[1::2]
    weights = {group: fit(fitted, group) for group in GROUPS}
    weights |= dict.fromkeys(_RARELY_HIDDEN, _as_the_network())
    for name, part in (("fitted", fitted), ("others", others)):
        sys.stdout.write(f"{name}: {', '.join(sample.scene for sample in part)}\n")
    sys.stdout.write("group     | fitted: hidden, unseen of hidden, of seen, calibration error % | others\n")
    for group in GROUPS:
        sys.stdout.write(f"{group:9} | {judge(fitted, weights, group)} | {judge(others, weights, group)}\n")
    if arguments.weights:
        for group in GROUPS:
            row = ", ".join(f"{weight:.3f}" for weight in weights[group])
            sys.stdout.write(f'    "{group}": ({row}),\n')


if __name__ == "__main__":
    main()
