"""Contents page: every check, in the order of the report. One file each."""

from __future__ import annotations

from stagecraft.checks._check import Check
from stagecraft.checks.access_routes import narrow_access_route
from stagecraft.checks.beams import crossed_beam
from stagecraft.checks.blocked_exit import blocked_exit
from stagecraft.checks.blocks import large_block
from stagecraft.checks.cameras import blocked_camera
from stagecraft.checks.chairs import loose_chairs
from stagecraft.checks.common_path import long_common_path
from stagecraft.checks.companions import missing_companion
from stagecraft.checks.dead_ends import dead_end_gangway
from stagecraft.checks.dimensions import unknown_dimension
from stagecraft.checks.door_swing import door_swing
from stagecraft.checks.doors import blocked_door
from stagecraft.checks.edges import unguarded_edge
from stagecraft.checks.exits_clear import near_exit
from stagecraft.checks.faces import far_face
from stagecraft.checks.few_exits import few_exits
from stagecraft.checks.front_rows import near_stage
from stagecraft.checks.gangway_widths import narrow_gangway
from stagecraft.checks.gangways import blocked_gangway
from stagecraft.checks.headroom import low_headroom
from stagecraft.checks.high import high_screen
from stagecraft.checks.keep_clear import occupied_keep_clear
from stagecraft.checks.label_gaps import missing_seat_number, similar_seat_label
from stagecraft.checks.labels import duplicate_seat_label
from stagecraft.checks.narrow_exits import narrow_exits
from stagecraft.checks.near_exits import near_exits
from stagecraft.checks.outside import outside_room
from stagecraft.checks.overlaps import overlapping_solids
from stagecraft.checks.paths import crossed_path
from stagecraft.checks.ramps import steep_ramp
from stagecraft.checks.restricted import restricted_view
from stagecraft.checks.rigging_gaps import near_rigging
from stagecraft.checks.rows import long_row
from stagecraft.checks.seat_widths import narrow_seat
from stagecraft.checks.seatways import narrow_seatway
from stagecraft.checks.service import small_service_space
from stagecraft.checks.sightlines import low_c_value
from stagecraft.checks.signs import hidden_exit_sign
from stagecraft.checks.small import small_image
from stagecraft.checks.stage_access import stage_without_ramp
from stagecraft.checks.stage_gap import narrow_stage_passage
from stagecraft.checks.standing import wheelchair_behind_standing
from stagecraft.checks.steep import steep_screen
from stagecraft.checks.steps import uneven_steps
from stagecraft.checks.tables import near_tables
from stagecraft.checks.travel import long_travel
from stagecraft.checks.wheelchair_size import small_wheelchair_place
from stagecraft.checks.wheelchair_spread import clustered_wheelchair_places
from stagecraft.checks.wheelchairs import few_wheelchair_places

CHECKS: dict[str, Check] = {
    one.name: one
    for one in (
        low_c_value,
        restricted_view,
        far_face,
        steep_screen,
        small_image,
        high_screen,
        blocked_camera,
        hidden_exit_sign,
        wheelchair_behind_standing,
        narrow_seatway,
        long_row,
        narrow_gangway,
        large_block,
        loose_chairs,
        near_tables,
        uneven_steps,
        dead_end_gangway,
        narrow_seat,
        overlapping_solids,
        low_headroom,
        unguarded_edge,
        near_rigging,
        small_service_space,
        crossed_beam,
        near_stage,
        occupied_keep_clear,
        near_exit,
        blocked_door,
        narrow_stage_passage,
        crossed_path,
        blocked_gangway,
        few_exits,
        narrow_exits,
        near_exits,
        long_travel,
        long_common_path,
        door_swing,
        blocked_exit,
        few_wheelchair_places,
        small_wheelchair_place,
        clustered_wheelchair_places,
        narrow_access_route,
        steep_ramp,
        missing_companion,
        stage_without_ramp,
        duplicate_seat_label,
        missing_seat_number,
        similar_seat_label,
        outside_room,
        unknown_dimension,
    )
}
"""By name."""
