"""Whatever a motion and its records are, what is said of them is well-formed, in every language."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.accounts.choices import LANGUAGES
from ascension.biomechanics.conventions import LANDMARK_COUNT
from ascension.biomechanics.poses import FloatArray, PoseSequence
from ascension.climbing.habits.reading import habits_of
from ascension.climbing.limbs import LIMBS, Limb
from ascension.climbing.motion import Motion
from ascension.climbing.record import Attempt, Contact, ContactKind, Event, EventKind, Move, MoveKind
from ascension.coaching.findings import advice_of
from ascension.coaching.wording import blank_text, text_of

CONTACT_KINDS: tuple[ContactKind, ...] = ("hold", "smear", "floor", "unseen")
EVENT_KINDS: tuple[EventKind, ...] = (
    "foot_cut",
    "readjustment",
    "match",
    "dyno",
    "fall",
    "top",
    "rest",
    "slip",
)
MOVE_KINDS: tuple[MoveKind, ...] = ("static", "dynamic", "deadpoint", "dyno")


def _motion(rng: np.random.Generator, frames: int) -> Motion:
    """Joints that wander at random, sometimes hidden, sometimes without a body."""
    time_s = np.cumsum(rng.uniform(0.01, 0.08, frames))
    start: FloatArray = rng.normal(0, 0.6, (1, LANDMARK_COUNT, 2))
    places = start + np.cumsum(
        rng.normal(0, rng.choice([0.0, 0.01, 0.05]), (frames, LANDMARK_COUNT, 2)), axis=0
    )
    visibility = rng.choice([0.1, 0.6, 1.0], (frames, LANDMARK_COUNT), p=[0.1, 0.1, 0.8])
    person = rng.uniform(size=frames) > rng.choice([0.0, 0.2])
    places[~person], visibility[~person] = np.nan, np.nan
    return Motion(
        poses=PoseSequence(time_s, person, places * 100, visibility),
        landmarks=places,
        center_of_mass=places.mean(axis=1),
        unit="m" if rng.uniform() < 0.5 else "torso",
        torso=float(rng.uniform(0.3, 1.0)),
        overhang_deg=None if rng.uniform() < 0.5 else float(rng.uniform(-20, 40)),
        registered=bool(rng.uniform() < 0.8),
    )


def _span(rng: np.random.Generator, frames: int) -> tuple[int, int]:
    start = int(rng.integers(0, frames))
    return start, int(rng.integers(start + 1, frames + 1))


def _contacts(rng: np.random.Generator, frames: int) -> list[Contact]:
    found: list[Contact] = []
    for limb in LIMBS:
        edges = np.unique(rng.integers(0, frames + 1, 6)).tolist()
        for start, end in pairwise(edges):
            if rng.uniform() < 0.8:
                kind = CONTACT_KINDS[int(rng.choice(4, p=[0.8, 0.05, 0.05, 0.1]))]
                found.append(
                    Contact(limb, start, end, kind, int(rng.integers(4)), 0.0, 0.0, float(rng.uniform()))
                )
    return found


def _move(rng: np.random.Generator, frames: int) -> Move:
    edges = sorted(rng.integers(0, frames, 4).tolist())
    reach_end = min(max(edges[2], edges[1] + 1), frames)
    limb: Limb = LIMBS[int(rng.integers(4))]
    kind = MOVE_KINDS[int(rng.integers(4))]
    settled = min(max(edges[3], reach_end), frames)
    distance = float(rng.uniform(0, 2))
    return Move(
        limb, kind, None, 1, edges[0], edges[1], reach_end, settled, distance, float(rng.uniform(0.4, 1))
    )


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), frames=st.sampled_from([1, 2, 3, 30, 150]))
def test_anything_is_said_well(seed: int, frames: int) -> None:
    rng = np.random.default_rng(seed)
    motion = _motion(rng, frames)
    moves = tuple(_move(rng, frames) for _ in range(int(rng.integers(0, 12))))
    events = tuple(
        Event(EVENT_KINDS[int(rng.integers(8))], *_span(rng, frames), (LIMBS[int(rng.integers(4))],), 0.9)
        for _ in range(int(rng.integers(0, 4)))
    )
    attempt = Attempt(*_span(rng, frames), "unknown", "") if rng.uniform() < 0.5 else None
    habits = habits_of(motion, tuple(_contacts(rng, frames)), moves, events, attempt)
    for habit in habits.found:
        assert 0 <= habit.start < habit.end <= frames
        assert 0 <= habit.confidence <= 1
        assert habit.evidence
        assert all(np.isfinite(one.value) for one in habit.evidence)
    assert not {one.kind for one in habits.unjudged} & {habit.kind for habit in habits.found}
    advice = advice_of(habits, (), events, motion.time_s)
    assert len(advice.top) <= 3
    for finding in advice.all:
        assert 0 <= finding.priority <= 1
        assert finding.at_s <= finding.until_s
        for language in LANGUAGES:
            text = text_of(finding, language)
            assert "{" not in text.sentence
            assert "nan" not in text.sentence
    for blank in advice.blanks:
        assert blank_text(blank, "en") != blank_text(blank, "fr")
