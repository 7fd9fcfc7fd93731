"""A climber's actions as a score: where the trunk wants to be on four holds, and how it gets there."""

from typing import Final

import numpy as np
from scipy.optimize import minimize

from validation.flight import fly
from validation.geometry import Array, vector
from validation.motion import (
    GRAVITY_M_PER_S2,
    LIMBS,
    Anchor,
    Event,
    Phase,
    Score,
    Transfer,
    ankle_m,
    chest_rotation,
    hip_m,
    shoulder_m,
)
from validation.rig import SIDES, Body
from validation.route import MAT_M, Route
from validation.scenes import Action, Climber, CutFeet, Dyno, Fall, Fault, Limb, Reach, Rest

Stance = dict[Limb, str]

USUAL_ARM: Final = Climber.arm
"""Other arms are asked for on purpose, and matter more than bent legs do."""

FIRST_REST_S: Final = 0.35
PAUSE_S: Final = 0.30
SETTLE_S: Final = 0.6
_PUSHED_LEG: Final = 0.95
_FEET_FOLLOW_S: Final = 0.15
_HANDS: Final[tuple[tuple[Limb, float], ...]] = (("LH", -1.0), ("RH", 1.0))
_FEET: Final[tuple[tuple[Limb, float], ...]] = (("LF", -1.0), ("RF", 1.0))
_HAND: Final[dict[str, Limb]] = {"L": "LH", "R": "RH"}
_FOOT: Final[dict[str, Limb]] = {"L": "LF", "R": "RF"}
_OTHER: Final[dict[Limb, Limb]] = {"LH": "RH", "RH": "LH", "LF": "RF", "RF": "LF"}


class Composer:
    """Writes one climber's score action by action. `now` is where it has got to, in seconds."""

    def __init__(self, climber: Climber, body: Body, route: Route) -> None:
        self.climber, self.body, self.route = climber, body, route
        self.size = body.height_m / 1.75
        self.arm = climber.arm
        self.stance: Stance = {self.own(limb): hold for limb, hold in zip(LIMBS, climber.start, strict=True)}
        self.trunk = self.settled(vector(0, -0.4, 1.15, 0, 0, 0))
        self.now = FIRST_REST_S
        anchors: dict[Limb, Anchor] = {limb: self.on(limb, hold) for limb, hold in self.stance.items()}
        self.score = Score(anchors, [(0.0, self.trunk, np.zeros(6))], phases=[(0.0, Phase.ON_WALL)])
        self.score.arm_reach = max(self.score.arm_reach, climber.arm + 0.02)

    def compose(self) -> Score:
        """The whole score; the last knot lies far behind the last action, at rest."""
        if self.climber.from_floor:
            self.step_on()
        for action in self.climber.actions:
            self.act(action)
        self.score.knot(self.now + 60.0, self.trunk)
        self.score.events += matches(self.score)
        return self.score

    def act(self, action: Action) -> None:
        match action:
            case Reach():
                self.reach(action)
            case Rest():
                self.rest(action)
            case Dyno():
                self.dyno(action)
            case CutFeet():
                self.cut_feet()
            case Fall():
                self.fall()
            case Fault():
                begin = self.now
                for part in action.actions:
                    self.act(part)
                self.score.faults.append(Event(action.kind, begin, self.now))

    def tell(self, kind: str, begin_s: float, end_s: float) -> None:
        self.score.events.append(Event(kind, begin_s, end_s))

    def own(self, limb: Limb) -> Limb:
        """The limb that does what the scene says: on a mirrored wall, the other side's."""
        return _OTHER[limb] if self.route.wall.mirrored else limb

    def on(self, limb: Limb, hold: str) -> Anchor:
        return Anchor("hold", self.route.grip(hold, limb), hold)

    def move(self, limb: Limb, begin_s: float, end_s: float, to: Anchor, out_m: float = 0.10) -> None:
        """One limb goes to an anchor; to a hold: a reach, or a readjustment where it was there before."""
        before = ([self.score.anchors[limb]] + [done.to for done in self.score.transfers[limb]])[-1]
        self.score.transfers[limb].append(Transfer(begin_s, end_s, to, out_m))
        if to.kind == "hold":
            kind = "readjustment" if before.hold == to.hold else "reach"
            self.score.events.append(Event(kind, begin_s, end_s, limb, to.hold))

    def beside(self, right: float, forward: float, up: float) -> Anchor:
        """A place beside the trunk, for a body of 1.75 m."""
        return Anchor("trunk", vector(right, forward, up) * self.size)

    def reach(self, action: Reach) -> None:
        begin, end, limb = self.now, self.now + action.seconds, self.own(action.limb)
        self.score.knot(begin - 0.2, self.trunk)
        self.move(
            limb,
            begin,
            end,
            self.on(limb, action.hold),
            0.10 if limb[1] == "H" else 0.13,
        )
        self.score.gazes.append((begin - 0.3, self.route.grip(action.hold, limb)))
        self.stance[limb] = action.hold
        self.trunk = self.settled(self.trunk)
        self.score.knot(end + 0.1, self.trunk)
        self.now = end + PAUSE_S

    def rest(self, action: Rest) -> None:
        """With arms stretched otherwise than usual, the trunk goes there first and comes back at the end."""
        begin, used_to = self.now, self.trunk
        if action.arm is not None:
            self.arm = action.arm
            self.score.knot(begin, used_to)
            self.trunk = self.settled(used_to)
            self.score.knot(begin + SETTLE_S, self.trunk)
            self.score.knot(begin + action.seconds - SETTLE_S, self.trunk)
            self.arm, self.trunk = self.climber.arm, used_to
            self.score.knot(begin + action.seconds, used_to)
        self.now = begin + action.seconds
        self.tell("rest", begin, self.now)

    def dyno(self, action: Dyno) -> None:
        """Sink, push up to the speed that just carries the hands to the holds, fly, swing, step on.

        The hands catch at the dead point, with arms that are not yet stretched.
        """
        self.score.gazes.append((self.now - 0.3, self.route.grip(action.left, "LH")))
        low, start, caught = self.trunk.copy(), self.pushed_off(), self.hung(action, 0.28, 0.92)
        low[:3] += self.route.normal * 0.05 - self.route.up * 0.22 * self.size
        speed = float(np.sqrt(2 * GRAVITY_M_PER_S2 * max(caught[2] - start[2], 0.05)))
        sunk = self.now + 0.45
        leave = sunk + 2 * float(np.linalg.norm(start[:3] - low[:3])) / speed
        catch = leave + speed / GRAVITY_M_PER_S2
        self.score.knot(self.now, self.trunk)
        self.score.knot(sunk, low)
        self.score.knot(leave, start)
        self.score.knot(catch, caught)
        for (limb, _), hold in zip(_HANDS, (action.left, action.right), strict=True):
            self.move(limb, leave - 0.04, catch, self.on(limb, hold), 0.06)
            self.stance[limb] = hold
        for limb, side in _FEET:
            below = self.beside(0.14 * side + 0.01, -0.10, -0.80)
            self.move(limb, leave, leave + _FEET_FOLLOW_S, below, 0.02)
        self.score.phases += [(leave, Phase.IN_FLIGHT), (catch, Phase.ON_WALL)]
        self.tell("dyno", leave, catch)
        for after_s, out_m in ((0.26, 0.36), (0.62, 0.27), (0.92, 0.31)):
            self.trunk = self.hung(action, out_m, 0.945)
            self.score.knot(catch + after_s, self.trunk)
        self.now = catch + 0.95
        fly(self.score, self.body, self.route, leave, catch)
        self.step_back(action.feet, leave)

    def pushed_off(self) -> Array:
        """The trunk at take-off: the legs keep what they need while the feet gather speed."""
        start = self.trunk.copy()
        start[:3] += self.route.normal * 0.06 + self.route.up * 0.16 * self.size
        for side in SIDES:
            toes = self.route.grip(self.stance[_FOOT[side]], _FOOT[side])
            way = ankle_m(toes, self.route.normal, 1.0) - start[:3] - hip_m(self.body, side)
            start[2] += min(0.0, way[2] + _below(_PUSHED_LEG * self.body.limbs[side].leg, way))
        return start

    def hung(self, action: Dyno, out_m: float, stretch: float) -> Array:
        """The trunk below the holds of a dyno, `out_m` out of them, arms `stretch` of their length."""
        grips = (self.route.grip(action.left, "LH"), self.route.grip(action.right, "RH"))
        place = np.mean(grips, axis=0) + self.route.normal * out_m * self.size
        trunk = np.concatenate([place, vector(-0.05, 0, 0)])
        chest = chest_rotation(trunk, 0.0)
        lifts: list[float] = []
        for grip, side in zip(grips, SIDES, strict=True):
            way = grip - place - chest @ shoulder_m(self.body, side)
            lifts.append(float(way[2]) - _below(stretch * self.body.limbs[side].arm, way))
        trunk[2] += max(lifts)
        return trunk

    def cut_feet(self) -> None:
        back = (self.stance["LF"], self.stance["RF"])
        hanging = self.hanging(self.stance["LH"], self.stance["RH"])
        self.score.knot(self.now, self.trunk)
        for limb, side in _FEET:
            self.move(limb, self.now, self.now + 0.22, self.beside(0.13 * side + 0.01, -0.05, -0.80), 0.04)
        self.score.knot(self.now + 0.35, hanging, self.outward(0.9))
        cut = self.now
        self.now = self.swing(cut + 0.35, hanging)
        self.step_back(back, cut)

    def swing(self, begin_s: float, hanging: Array) -> float:
        """A fading swing out and back; returns when it is nearly over."""
        for after_s, out_m in ((0.26, 0.16), (0.62, 0.02), (0.92, 0.07)):
            self.score.knot(begin_s + after_s, hanging + self.outward(out_m))
        self.trunk = hanging + self.outward(0.07)
        return begin_s + 0.95

    def outward(self, length: float) -> Array:
        return np.concatenate([self.route.normal * length * self.size, np.zeros(3)])

    def step_back(self, feet: tuple[str, str], cut_s: float) -> None:
        """Both feet, which left the wall at `cut_s`, onto holds, one shortly after the other."""
        begin = self.now
        self.tell("foot_cut", cut_s, begin + 0.45)
        self.score.knot(begin, self.trunk)
        self.move("LF", begin, begin + 0.45, self.on("LF", feet[0]), 0.08)
        self.move("RF", begin + 0.2, begin + 0.65, self.on("RF", feet[1]), 0.08)
        self.stance["LF"], self.stance["RF"] = feet
        self.trunk = self.settled(self.trunk)
        self.score.knot(begin + 0.75, self.trunk)
        self.now = begin + 0.75 + PAUSE_S

    def fall(self) -> None:
        """Let go, drop with gravity and a little away from the wall, sink into the knees, stand up."""
        standing = self.standing_height()
        begin = self.now + 0.1
        landed, sunk, upright = self.trunk.copy(), self.trunk.copy(), self.trunk.copy()
        drop = max(self.trunk[2] - standing * 0.97, 0.05)
        flight_s = float(np.sqrt(2 * drop / GRAVITY_M_PER_S2))
        away = -0.55 - max(0.0, -float(self.trunk[1]) - 1.2) * 0.2
        drift = vector(0, away, 0, 0, 0, 0)
        landed[2] -= drop
        landed += drift * flight_s
        landed[3:] = (0.05, 0, 0)
        sunk = landed + drift * 0.12
        sunk[2] = MAT_M + 0.50 * self.size
        sunk[3] = 0.65
        upright = sunk.copy()
        upright[2:] = (standing, 0, 0, 0)
        speed = drift.copy()
        self.score.knot(begin, self.trunk, speed)
        speed = drift.copy()
        speed[2] = -GRAVITY_M_PER_S2 * flight_s
        self.score.knot(begin + flight_s, landed, speed)
        self.score.knot(begin + flight_s + 0.24, sunk)
        self.score.knot(begin + flight_s + 0.45, sunk)
        self.score.knot(begin + flight_s + 1.25, upright)
        self.tell("fall", begin, begin + flight_s)
        self.let_go(begin, flight_s, landed)
        self.trunk = upright
        self.now = begin + flight_s + 1.6

    def let_go(self, begin: float, flight_s: float, landed: Array) -> None:
        """The limbs of a fall: arms out, feet down, then the feet on the mat and the arms at the sides."""
        landing = begin + flight_s
        self.score.phases += [(begin, Phase.FALLING), (landing, Phase.ON_FLOOR)]
        self.score.gazes.append((begin, landed[:3] + vector(0, 1.2, -0.5)))
        for (hand, side), (foot, _) in zip(_HANDS, _FEET, strict=True):
            self.move(hand, begin, begin + 0.22, self.beside(0.50 * side, 0.25, 0.62), 0.04)
            self.move(hand, landing + 0.1, landing + 0.9, self.beside(0.27 * side, 0.10, -0.10), 0.0)
            self.move(foot, begin, begin + 0.20, self.beside(0.16 * side, 0.12, -0.86), 0.03)
            on_mat = vector(landed[0] + 0.17 * side * self.size, landed[1] + 0.13 * self.size, MAT_M + 0.015)
            self.move(foot, landing - 0.08, landing, Anchor("floor", on_mat), 0.0)

    def step_on(self) -> None:
        """Stand on the mat with the hands on the first holds, then step on one foot after the other."""
        self.score.phases[0] = (0.0, Phase.ON_FLOOR)
        feet = (self.stance["LF"], self.stance["RF"])
        lean = vector(0, -0.42 * self.size, self.standing_height() - 0.01, 0.12, 0, 0)
        lean[0] = 0.5 * sum(self.route.holds[self.stance[limb]].u_m for limb, _ in _HANDS)
        for limb, side in _FEET:
            place = vector(lean[0] + 0.13 * side * self.size, lean[1] + 0.12 * self.size, MAT_M + 0.015)
            self.score.anchors[limb] = Anchor("floor", place)
        for limb, side in _HANDS:
            self.score.anchors[limb] = self.beside(0.26 * side, 0.14, -0.08)
            self.move(limb, self.now, self.now + 0.7, self.on(limb, self.stance[limb]), 0.03)
        self.score.knots[0] = (0.0, lean, np.zeros(6))
        self.score.knot(self.now + 0.6, lean)
        self.now += 0.8
        self.score.phases.append((self.now + 0.4, Phase.ON_WALL))
        trunk, self.trunk = self.trunk, lean
        self.move("LF", self.now, self.now + 0.5, self.on("LF", feet[0]), 0.10)
        self.move("RF", self.now + 0.4, self.now + 0.9, self.on("RF", feet[1]), 0.10)
        self.trunk = trunk
        self.score.knot(self.now + 1.0, trunk)
        self.now += 1.0 + PAUSE_S

    def standing_height(self) -> float:
        """Of the root bone with straight legs on the mat."""
        hip = float(hip_m(self.body, "L")[2])
        return MAT_M + 0.985 * (self.body.limbs["L"].leg + 0.075 * self.size) - hip

    def hanging(self, left: str, right: str) -> Array:
        """The trunk straight below two holds, arms nearly straight."""
        grips = [self.route.grip(left, "LH"), self.route.grip(right, "RH")]
        middle = np.mean(grips, axis=0)
        shoulder = shoulder_m(self.body, "L")
        length = 0.93 * self.body.limbs["L"].arm + float(shoulder[2])
        place = middle - vector(0, 0, length) + self.route.normal * 0.28 * self.size
        return np.concatenate([place, vector(-0.05, 0, 0)])

    def settled(self, near: Array) -> Array:
        """The trunk's place and turn that hold the stance with the least strain, searched from `near`."""
        found = minimize(
            self.strain, near, method="Nelder-Mead", options={"maxiter": 3000, "xatol": 1e-4, "fatol": 1e-6}
        )
        place: Array = found.x
        return place

    def strain(self, trunk: Array) -> float:
        """Arms and legs bent a little, weight over the feet, close to the wall, little lean, roll and yaw."""
        chest = chest_rotation(trunk, 0.0)
        cost = 0.0
        for side in SIDES:
            limbs = self.body.limbs[side]
            shoulder = trunk[:3] + chest @ shoulder_m(self.body, side)
            grip = self.route.grip(self.stance[_HAND[side]], _HAND[side])
            arm = float(np.linalg.norm(grip - shoulder)) / limbs.arm
            longest = max(0.93, self.arm)
            wish = 2 + 80 * abs(self.arm - USUAL_ARM)
            cost += wish * (arm - self.arm) ** 2
            cost += 60 * max(0.0, arm - longest) ** 2 + 10 * max(0.0, 0.5 - arm) ** 2
            toes = self.route.grip(self.stance[_FOOT[side]], _FOOT[side])
            ankle = ankle_m(toes, self.route.normal, 1.0)
            leg = float(np.linalg.norm(ankle - trunk[:3] - hip_m(self.body, side))) / limbs.leg
            cost += (leg - 0.80) ** 2 + 60 * max(0.0, leg - 0.94) ** 2 + 20 * max(0.0, 0.5 - leg) ** 2
        feet = 0.5 * sum(self.route.holds[self.stance[limb]].u_m for limb, _ in _FEET)
        hands = 0.5 * sum(self.route.holds[self.stance[limb]].u_m for limb, _ in _HANDS)
        cost += 1.2 * (trunk[0] - 0.65 * feet - 0.35 * hands) ** 2
        away = float(trunk[:3] @ self.route.normal) / self.size
        cost += 6 * (away - 0.34) ** 2 + 40 * max(0.0, 0.28 - away) ** 2
        chest_away = (
            float((trunk[:3] + chest @ vector(0, 0, 0.45) * self.size) @ self.route.normal) / self.size
        )
        cost += 3 * (chest_away - 0.36) ** 2
        turned = -np.deg2rad(self.climber.turned_deg)
        return float(cost + 0.15 * trunk[3] ** 2 + 0.4 * trunk[4] ** 2 + 0.8 * (trunk[5] - turned) ** 2)


def _below(reach_m: float, way: Array) -> float:
    """How far apart in height two places are that are `reach_m` apart, aside from each other as `way` is."""
    return float(np.sqrt(max(reach_m**2 - way[0] ** 2 - way[1] ** 2, 0.0)))


def matches(score: Score) -> list[Event]:
    """When both hands hold the same hold."""
    left, right = (_held(score, hand) for hand, _ in _HANDS)
    return [
        Event("match", max(begin, start), min(end, stop), hold=hold)
        for hold, begin, end in left
        for other, start, stop in right
        if hold == other and max(begin, start) < min(end, stop)
    ]


def _held(score: Score, limb: Limb) -> list[tuple[str, float, float]]:
    """Hold, from when, until when; the last until ever."""
    arrivals = [(0.0, score.anchors[limb]), *((one.end_s, one.to) for one in score.transfers[limb])]
    leaves = [*(one.begin_s for one in score.transfers[limb]), np.inf]
    return [
        (anchor.hold, since_s, until_s)
        for (since_s, anchor), until_s in zip(arrivals, leaves, strict=True)
        if anchor.hold
    ]
