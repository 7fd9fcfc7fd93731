"""Why a route, or a try on it, is not there or not as wished."""

from ascension.errors.http import Conflict, NotFound


class ClimbRouteNotFound(NotFound):
    """There is no route with this id among yours."""


class TryNotFound(NotFound):
    """There is no such try on this route."""


class AttemptNotFound(NotFound):
    """This climb has no attempt of this number."""


class RouteNameTaken(Conflict):
    """You have a route of this name. If it was set anew, say first when the old one was taken down."""


class TooManyTries(Conflict):
    """This route has as many tries without a film as it may have. Delete some first."""


class SuggestionNotFound(NotFound):
    """Nothing is suggested for this climb: the earlier climb or its route may be gone."""
