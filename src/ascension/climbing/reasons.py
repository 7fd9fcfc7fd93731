"""Why a number is not known and why an attempt ended: codes, whose sentences are coaching's.

A code keeps its name for ever, because results are stored with it.
"""

from typing import Literal

Unmeasured = Literal[
    # the body and the clip
    "too_few_frames", "body_hardly_seen", "hips_seldom_seen", "trunk_seldom_seen", "shoulders_seldom_seen",
    "needs_side_view_for_knee", "needs_side_view_for_hips", "no_hands", "no_feet", "no_ends",
    # contacts
    "hands_seldom_known", "feet_seldom_known", "ends_seldom_known", "no_hand_contact", "no_foot_contact",
    "no_contact", "no_hand_on_hold", "no_foot_on_hold", "nobody_on_hold", "ends_of_contacts_seldom_known",
    "no_hold_used_and_left", "no_foot_on_known_hold", "no_end_left_a_hold", "no_foot_stood",
    "both_hands_seldom_known", "feet_seldom_known_at_reaches",
    # moves
    "no_hand_move", "no_move", "too_few_moves_for_trend", "too_few_moves_for_sides", "moves_seldom_seen",
    "shoulder_seldom_seen_after_grip",
    # arms
    "no_arm_held_body", "elbows_of_loaded_arms_seldom_seen", "no_hand_held_at_rest",
    "elbows_of_holding_hands_seldom_seen", "left_arm_never_seen_holding", "right_arm_never_seen_holding",
    "sides_in_one_place", "neither_side_did_anything",
    # ways and work
    "hips_hardly_moved", "hips_ended_where_they_started", "hips_followed_too_briefly", "attempt_too_short",
    "work_needs_meters", "work_needs_mass", "no_height_gained", "top_not_reached", "route_is_traverse",
    # rest and loads
    "never_still", "hips_and_ends_seldom_seen", "start_not_shown", "not_seen_before_start",
    "wall_angle_not_told", "never_rested_on_known_holds", "forces_seldom_balance",
]  # fmt: skip
"""Of measures."""

Ended = Literal[
    "stays_on_floor",
    "no_hand_on_wall",
    "both_hands_on_highest_hold",
    "free_fall",
    "foot_back_on_floor",
    "body_out_of_sight",
    "wall_not_followed_at_end",
    "clip_ends_on_wall",
]
"""Of attempts."""
