"""Bodies of the endpoints of routes, their log and the calendar."""

import re
from datetime import date, datetime
from functools import cache
from typing import Annotated, Final
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from ascension.accounts.choices import Grades
from ascension.analyses.schemas import RouteName
from ascension.comparisons.schemas import MOST_ATTEMPTS
from ascension.infra.http.body import RequestBody
from ascension.routes.log import Entry, Figures
from ascension.routes.queries import Route

_YEARS: Final = (1990, 2100)


def _written_out(day: object) -> object:
    """A number would be read as seconds since 1970."""
    if isinstance(day, date):
        return day
    if not isinstance(day, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
        raise ValueError("write a day as 2026-11-01")
    if not _YEARS[0] <= int(day[:4]) < _YEARS[1]:
        raise ValueError(f"choose a day from {_YEARS[0]} on")
    return day


def _known(zone: str) -> str:
    if zone not in _zones():
        raise ValueError("name a time zone as Europe/Paris")
    return zone


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) | {"UTC"}


Day = Annotated[date, BeforeValidator(_written_out)]
Zone = Annotated[str, AfterValidator(_known), Field(max_length=64)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True)


class RouteDetails(RequestBody):
    """All of what you tell of a route: what is left out is not known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Blue corner",
                    "grade": "6b",
                    "scale": "french",
                    "wall": "Arkose",
                    "set_on": "2026-11-01",
                }
            ]
        }
    )

    name: RouteName
    grade: Annotated[Line, Field(max_length=16)] | None = Field(default=None, description="As you write it.")
    scale: Grades | None = Field(default=None, description="Of the grade; null: the gym's own.")
    wall: Annotated[Line, Field(max_length=80)] | None = Field(default=None, description="Wall or gym.")
    set_on: Day | None = None
    taken_down_on: Day | None = Field(
        default=None, description="From then on its name may be that of another route."
    )

    @model_validator(mode="after")
    def _fit(self) -> "RouteDetails":
        if self.scale is not None and self.grade is None:
            raise ValueError("a scale needs a grade")
        if self.set_on and self.taken_down_on and self.taken_down_on < self.set_on:
            raise ValueError("a route is taken down after it was set")
        return self


class TriesCreate(RequestBody):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"day": "2026-11-20", "tries": 3, "is_sent": False, "note": "Crux!"}]}
    )

    day: Day
    tries: int = Field(strict=True, ge=1, le=100)
    is_sent: bool = Field(strict=True, description="The last of them was a send.")
    note: Annotated[Line, Field(max_length=200)] | None = None


class SendTold(RequestBody):
    model_config = ConfigDict(json_schema_extra={"examples": [{"attempt": 1, "is_sent": True}]})

    attempt: int = Field(strict=True, ge=1, le=MOST_ATTEMPTS, description="From 1, in the order of the clip.")
    is_sent: bool | None = Field(strict=True, description="Null: what the film shows counts again.")


class ClimbRouteRead(_Body):
    """One of your routes."""

    id: UUID
    name: str
    grade: str | None
    scale: Grades | None
    wall: str | None
    set_on: date | None
    taken_down_on: date | None
    climbs: int = Field(description="Climbs that you filmed on it.")
    last_climbed_at: datetime | None

    @classmethod
    def of(cls, row: Route) -> "ClimbRouteRead":
        """The answer for one row."""
        return cls.model_validate(row, from_attributes=True)


class ClimbRouteList(_Body):
    items: list[ClimbRouteRead] = Field(description="The last climbed first; at most 500.")


class LogEntryRead(_Body):
    """An attempt on film, or tries that you wrote down."""

    day: date
    tries: int
    is_sent: bool | None = Field(description="Null: the film does not show it, and you have not said it.")
    is_told: bool = Field(description="You said whether it was sent.")
    analysis_id: UUID | None = Field(description="Null: not filmed.")
    attempt: int | None = Field(description="Of the film, from 1.")
    attempts: int | None = Field(description="So many are on the film.")
    tries_id: UUID | None = Field(description="Of what you wrote down.")
    route_id: UUID | None
    route: str | None
    file_name: str | None
    note: str | None

    @classmethod
    def of(cls, entry: Entry) -> "LogEntryRead":
        """The answer for one entry."""
        filmed, unfilmed = entry.filmed, entry.unfilmed
        named = filmed or unfilmed
        return cls(
            day=entry.day,
            tries=entry.tries,
            is_sent=entry.is_sent,
            is_told=entry.is_told,
            analysis_id=filmed.analysis_id if filmed else None,
            attempt=entry.attempt,
            attempts=len(filmed.outcomes) if filmed else None,
            tries_id=unfilmed.id if unfilmed else None,
            route_id=named.route_id if named else None,
            route=named.route if named else None,
            file_name=filmed.file_name if filmed else None,
            note=unfilmed.note if unfilmed else None,
        )


class RouteLogRead(_Body):
    """A route, and what was tried on it."""

    route: ClimbRouteRead
    tries: int
    sends: int
    tries_until_send: int | None = Field(description="With the first send; null: not sent.")
    first_send_day: date | None
    unknown_before: int = Field(description="Tries before the first send that may have been one.")
    is_flash: bool | None = Field(description="The first try was a send; null: cannot be told.")
    entries: list[LogEntryRead] = Field(description="The newest first.")

    @classmethod
    def of(cls, route: Route, entries: list[Entry], figures: Figures) -> "RouteLogRead":
        """The answer; entries: oldest first."""
        return cls(
            route=ClimbRouteRead.of(route),
            tries=figures.tries,
            sends=figures.sends,
            tries_until_send=figures.tries_until_send,
            first_send_day=figures.first_send_day,
            unknown_before=figures.unknown_before,
            is_flash=figures.is_flash,
            entries=[LogEntryRead.of(entry) for entry in reversed(entries)],
        )


class CalendarDay(_Body):
    """A day on which something was climbed."""

    day: date
    climbs: int = Field(description="Films.")
    tries: int
    sends: int
    entries: list[LogEntryRead] = Field(description="In order.")


class CalendarRead(_Body):
    zone: str
    days: list[CalendarDay] = Field(description="In order; days without a climb are left out.")
