"""A scene becomes a clip and its truth. One frame alone comes out the same as in the whole clip."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from validation import climbing, deeds, standing
from validation.camera import Filming, View
from validation.geometry import Array
from validation.look import Picture, expose
from validation.motion import LIMBS, Motion, play
from validation.posing import Poser
from validation.renderer import FIRST_PERSON, Figure, Ids, Renderer, Skins
from validation.rig import Body, Pose, body_of
from validation.route import Route
from validation.scenes import Bystander, Climber, Dyno, Scene
from validation.truth import LABEL_STEP, Sighting, Truth, is_in_view, sight

_BLUR_PICTURES: Final = 5
_TOUCHING_M: Final = {"H": 0.10, "F": 0.08}
_TOUCHING_LANDMARK: Final = {"LH": 19, "RH": 20, "LF": 31, "RF": 32}
_EMPTY_WALL_AIM: Final = (0.0, -0.3, 1.9)


@dataclass(frozen=True)
class _Actor:
    """One person: body, motion, and what poses the one after the other."""

    body: Body
    motion: Motion
    poser: Poser

    def pose(self, frame: int) -> Pose:
        return self.poser.pose(self.motion, frame)


class Take:
    """A scene, ready to be drawn frame by frame."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.frame_count = round(scene.seconds * scene.fps)
        self.time_s = np.arange(self.frame_count) / scene.fps
        dyno = scene.climber is not None and any(isinstance(action, Dyno) for action in scene.climber.actions)
        self.route = Route(scene.wall, dyno=dyno)
        people: list[Climber | Bystander] = [*([scene.climber] if scene.climber else []), *scene.bystanders]
        self.actors = [self._actor(person) for person in people]
        subject = np.tile(_EMPTY_WALL_AIM, (self.frame_count, 1))
        if scene.climber:
            subject = self.actors[0].motion.trunk[:, :3] + np.array([0, 0, 0.25])
        self.filming = Filming(scene.camera, subject, self.time_s, scene.seed)
        figures = [
            Figure(actor.body, person.clothes) for actor, person in zip(self.actors, people, strict=True)
        ]
        self.renderer = Renderer(self.route, figures, scene.occluders, scene.light, scene.size_px)
        self.skins = lru_cache(maxsize=4)(self._skins)

    def view(self, frame: int) -> View:
        """The camera in the middle of a frame's exposure."""
        return self.filming.view(float(self.time_s[frame]), self.scene.size_px)

    def picture(self, frame: int) -> Picture:
        """A frame as the phone's sensor gives it to the encoder."""
        sensor = self.scene.sensor
        drawn = (
            self._blurred(frame)
            if sensor.shutter_s
            else self.renderer.picture(self.skins(frame), self.view(frame))
        )
        return expose(drawn, sensor, (self.scene.seed, frame))

    def ids(self, frame: int) -> Ids:
        """What is in front where, in the middle of the exposure."""
        return self.renderer.ids(self.skins(frame), self.view(frame))

    def _actor(self, person: Climber | Bystander) -> _Actor:
        body = body_of(person.body)
        if isinstance(person, Climber):
            score = climbing.Composer(person, body, self.route).compose()
        else:
            score = standing.compose(person, body, self.scene.seconds)
        motion = play(score, body, self.time_s, self.route.normal)
        return _Actor(body, motion, Poser(body, self.route.normal, self.route.up))

    def _skins(self, frame: int) -> list[Skins]:
        figures = zip(self.actors, self.renderer.figures, strict=True)
        return [Skins(*actor.body.skin(actor.pose(frame), figure.thickness_m)) for actor, figure in figures]

    def _blurred(self, frame: int) -> Picture:
        """The mean light of pictures over the exposure; between frames bodies move on straight lines."""
        light = np.zeros((self.scene.size_px[1], self.scene.size_px[0], 3), np.float32)
        for share in (np.arange(_BLUR_PICTURES) + 0.5) / _BLUR_PICTURES - 0.5:
            offset_s = share * self.scene.sensor.shutter_s
            moment_s = float(self.time_s[frame]) + offset_s
            people = self._between(frame, offset_s * self.scene.fps)
            drawn = self.renderer.picture(people, self.filming.view(moment_s, self.scene.size_px))
            light += (drawn.astype(np.float32) / 255) ** 2.2 / _BLUR_PICTURES
        return (light ** (1 / 2.2) * 255).round().astype(np.uint8)

    def _between(self, frame: int, share: float) -> list[Skins]:
        """Skins `share` frames after (or before, below 0) a frame."""
        here = self.skins(frame)
        there = self.skins(int(np.clip(frame + np.sign(share), 0, self.frame_count - 1)))
        weight = abs(share)
        return [
            Skins(a.bare + weight * (b.bare - a.bare), a.clothed + weight * (b.clothed - a.clothed))
            for a, b in zip(here, there, strict=True)
        ]


@dataclass(frozen=True)
class FrameTruth:
    """One frame of a Truth."""

    view: View
    labels: Any
    landmarks_m: list[Array]
    sightings: list[Sighting]
    center_of_mass_m: Array


def frame_truth(take: Take, frame: int) -> FrameTruth:
    """What is known of one frame: first the climber, where there is one, then the bystanders."""
    view, ids, skins = take.view(frame), take.ids(frame), take.skins(frame)
    landmarks = [
        actor.body.landmarks(actor.pose(frame), skin.bare)
        for actor, skin in zip(take.actors, skins, strict=True)
    ]
    sightings = [
        sight(actor.body, places, skin, view, ids, FIRST_PERSON + number)
        for number, (places, actor, skin) in enumerate(zip(landmarks, take.actors, skins, strict=True))
    ]
    center = np.full(3, np.nan)
    if take.scene.climber:
        center = take.actors[0].body.center_of_mass(skins[0].bare)
    labels = ids.objects[LABEL_STEP // 2 :: LABEL_STEP, LABEL_STEP // 2 :: LABEL_STEP]
    return FrameTruth(view, labels, landmarks, sightings, center)


def film(scene: Scene, clip: Path) -> Truth:
    """Draw a scene into `clip` (H.264) and say what is in it."""
    take = Take(scene)
    frames: list[FrameTruth] = []

    def pictures() -> Iterator[Picture]:
        for frame in range(take.frame_count):
            yield take.picture(frame)
            frames.append(frame_truth(take, frame))

    _encode(clip, pictures(), scene)
    take.renderer.release()
    return _collected(take, frames)


def _encode(path: Path, pictures: Iterator[Picture], scene: Scene) -> None:
    with av.open(path, "w", options={"movflags": "+faststart"}) as container:
        untyped: Any = container
        options = {"crf": str(scene.quality), "preset": "slow", "threads": "2"}
        stream = untyped.add_stream("libx264", rate=scene.fps, options=options)
        stream.width, stream.height = scene.size_px
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            frame = VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            untyped.mux(stream.encode(frame))
        untyped.mux(stream.encode(None))


def _collected(take: Take, frames: list[FrameTruth]) -> Truth:
    count = len(frames)
    climbs = take.scene.climber is not None
    climber = [frame.sightings[0] for frame in frames] if climbs else []
    unseen, nowhere = np.zeros((count, 33), bool), np.full((count, 33, 3), np.nan)
    in_frame = np.array([sighting.in_frame for sighting in climber]) if climbs else unseen
    places = np.array([frame.landmarks_m[0] for frame in frames]) if climbs else nowhere
    return Truth(
        fps=float(take.scene.fps),
        size_px=np.array(take.scene.size_px),
        time_s=take.time_s,
        person=np.array([climbs and is_in_view(inside) for inside in in_frame]),
        landmarks_px=_stacked([sighting.landmarks_px for sighting in climber], (count, 33, 2)),
        visible=np.array([sighting.visible for sighting in climber]) if climbs else unseen,
        in_frame=in_frame,
        landmarks_m=places,
        center_of_mass_px=np.array([f.view.project(f.center_of_mass_m[None])[0][0] for f in frames]),
        center_of_mass_m=np.array([frame.center_of_mass_m for frame in frames]),
        box_px=_stacked([sighting.box_px for sighting in climber], (count, 4)),
        contact_hold=_contacts(take, places) if climbs else np.full((count, 4), -1, np.int16),
        labels=np.array([frame.labels for frame in frames]),
        **_of_the_plan(take),
        **_of_the_camera(take, frames),
        **_of_the_holds(take.route),
        **_of_bystanders([frame.sightings[1 if climbs else 0 :] for frame in frames]),
    )


def _of_the_plan(take: Take) -> dict[str, Any]:
    """What the climber does and how they are built: known before anything is drawn."""
    climber = take.scene.climber
    actor = take.actors[0] if climber else None
    motion = actor.motion if actor else None
    told = (motion.events, motion.faults) if motion else ((), ())
    done, wrong = (deeds.in_order(events, list(take.route.holds), float(take.time_s[-1])) for events in told)
    return {
        "phase": (motion.phase if motion else np.zeros(take.frame_count)).astype(np.uint8),
        "on_floor": deeds.on_floor(motion) if motion else np.zeros((take.frame_count, 4), bool),
        "event_kinds": done.kinds,
        "event_limbs": done.limbs,
        "event_times_s": done.times_s,
        "event_holds": done.holds,
        "fault_kinds": wrong.kinds,
        "fault_times_s": wrong.times_s,
        "segment_names": np.array(deeds.SEGMENT_NAMES),
        "segment_m": deeds.segments_m(actor.body) if actor else np.full(len(deeds.SEGMENT_NAMES), np.nan),
        "height_m": climber.body.height_m if climber else float("nan"),
    }


def _of_the_camera(take: Take, frames: list[FrameTruth]) -> dict[str, Any]:
    route = take.route
    return {
        "wall_to_frame": np.array([frame.view.wall_to_frame(route) for frame in frames]),
        "wall_axes": np.stack([route.right, route.up, route.normal]),
        "overhang_deg": take.scene.wall.overhang_deg,
        "eye_m": np.array([frame.view.eye for frame in frames]),
        "camera_rotation": np.array([frame.view.rotation for frame in frames]),
        "focal_px": frames[0].view.focal_px,
    }


def _of_the_holds(route: Route) -> dict[str, Any]:
    holds = list(route.holds.values())
    return {
        "hold_ids": np.array([hold.id for hold in holds]),
        "hold_kinds": np.array([hold.kind for hold in holds]),
        "hold_colors": np.array([hold.color for hold in holds]),
        "hold_on_route": np.array([hold.on_route for hold in holds]),
        "hold_center_m": np.array([[hold.u_m, hold.v_m] for hold in holds]),
        "hold_size_m": np.array([hold.size_m for hold in holds]),
        "hold_outline_m": _padded([route.outline(hold) for hold in holds]),
    }


def _of_bystanders(seen: list[list[Sighting]]) -> dict[str, Any]:
    """`seen`: of each frame, every bystander."""
    return {
        "bystanders_px": _of_others([[one.landmarks_px for one in frame] for frame in seen], (33, 2)),
        "bystanders_visible": _of_others([[one.visible for one in frame] for frame in seen], (33,)).astype(
            bool
        ),
        "bystanders_box_px": _of_others([[one.box_px for one in frame] for frame in seen], (4,)),
    }


def _contacts(take: Take, places: Array) -> Any:
    """(frames, 4) number of the hold that each limb touches, in the order of LIMBS; -1 for none.

    A limb touches the hold it was sent to once it has arrived and its knuckle or toe is really there.
    """
    numbers = {name: number for number, name in enumerate(take.route.holds)}
    motion = take.actors[0].motion
    size = take.actors[0].body.height_m / 1.75
    found = np.full((take.frame_count, 4), -1, np.int16)
    for column, limb in enumerate(LIMBS):
        track = motion.limbs[limb]
        away = np.linalg.norm(places[:, _TOUCHING_LANDMARK[limb]] - track.place_m, axis=1)
        for frame, hold in enumerate(track.hold):
            if hold and away[frame] <= _TOUCHING_M[limb[1]] * size:
                found[frame, column] = numbers[hold]
    return found


def _stacked(values: list[Array], shape: tuple[int, ...]) -> Array:
    return np.array(values) if values else np.full(shape, np.nan)


def _of_others(values: Sequence[Sequence[NDArray[Any]]], shape: tuple[int, ...]) -> Array:
    """(bystanders, frames, ...) from a list per frame."""
    if not values[0]:
        return np.zeros((0, len(values), *shape))
    return np.array(values).swapaxes(0, 1).astype(np.float64)


def _padded(outlines: list[Array]) -> Array:
    """(holds, longest, 2), NaN behind the end of the shorter ones."""
    longest = max(len(outline) for outline in outlines)
    found = np.full((len(outlines), longest, 2), np.nan)
    for number, outline in enumerate(outlines):
        found[number, : len(outline)] = outline
    return found
