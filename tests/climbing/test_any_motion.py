"""Bodies that nobody would climb with: whatever comes in, what comes out is well-formed."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.biomechanics.balance import center_of_mass
from ascension.biomechanics.conventions import LANDMARK_COUNT
from ascension.biomechanics.poses import PoseSequence
from ascension.climbing.attempts import attempts_of
from ascension.climbing.contacts import timeline_of
from ascension.climbing.events import events_of
from ascension.climbing.limbs import LIMBS
from ascension.climbing.motion import Motion
from ascension.climbing.moves import moves_of
from ascension.climbing.support import scene_of


def wandering(seed: int, frames: int, step: float) -> Motion:
    """Landmarks that wander, gaps in the body and in the wall, uneven frames, any visibility."""
    rng = np.random.default_rng(seed)
    time_s = np.cumsum(rng.uniform(0.005, 0.08, frames))
    body = rng.normal(0, 0.5, (1, LANDMARK_COUNT, 2))
    resting = rng.random((frames, 1, 1)) < 0.5
    places = body + np.cumsum(np.where(resting, 0, rng.normal(0, step, (frames, LANDMARK_COUNT, 2))), axis=0)
    visibility = rng.random((frames, LANDMARK_COUNT))
    person = np.repeat(rng.random(frames) < 0.9, 5)[:frames]
    places[~person], visibility[~person] = np.nan, np.nan
    on_wall = places.copy()
    on_wall[np.repeat(rng.random(frames) < 0.1, 4)[:frames]] = np.nan
    return Motion(
        poses=PoseSequence(time_s, person, places * (200, -200), visibility),
        landmarks=on_wall,
        center_of_mass=center_of_mass(on_wall),
        unit="torso",
        torso=1.0,
        registered=bool(rng.random() < 0.5),
    )


@given(st.integers(0, 2**31), st.integers(1, 200), st.sampled_from([0.0, 0.003, 0.03, 0.3]))
@settings(max_examples=60, deadline=None)
def test_contacts_moves_events_and_attempts_are_well_formed(seed: int, frames: int, step: float) -> None:
    motion = wandering(seed, frames, step)
    scene = scene_of(motion)
    timeline = timeline_of(scene)
    ids = {hold.id for hold in timeline.holds}
    for limb in LIMBS:
        own = [contact for contact in timeline.contacts if contact.limb is limb]
        assert all(before.end <= after.start for before, after in pairwise(own))
    for contact in timeline.contacts:
        assert 0 <= contact.start < contact.end <= frames
        assert contact.hold is None or contact.hold in ids
        assert np.isfinite([contact.x, contact.y]).all()
        assert 0 < contact.confidence < 1
    moves = moves_of(scene, timeline.contacts)
    for move in moves:
        assert 0 <= move.preparation_start <= move.reach_start < move.reach_end <= move.settled <= frames
        assert 0 <= move.confidence <= 1
        assert np.isfinite(move.distance)
    assert [move.reach_start for move in moves] == sorted(move.reach_start for move in moves)
    events = events_of(scene, timeline, moves)
    for event in events:
        assert 0 <= event.start < event.end <= frames
        assert event.limbs
    attempts = attempts_of(scene, timeline.contacts, events)
    assert bool(attempts) == bool(motion.known.any())
    for attempt in attempts:
        assert 0 <= attempt.start < attempt.end <= frames
        assert attempt.reason
    assert all(before.end <= after.start for before, after in pairwise(attempts))
