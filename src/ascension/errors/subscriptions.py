"""Why a plan is not bought or changed."""

from ascension.errors.http import Conflict, Forbidden, Unavailable


class PaymentsOff(Conflict):
    """Plans are not sold here. Ask whoever runs this platform for another one."""


class SubscriptionPresent(Conflict):
    """You have a paid plan already: change it instead of buying another one."""


class TooYoungToPay(Forbidden):
    """Plans are sold to whoever is old enough to agree alone. Until you are, what you have stays."""


class CheckoutOpen(Conflict):
    """You have just begun to buy a plan elsewhere. Go on there, or try again here."""


class SubscriptionMissing(Conflict):
    """You have no paid plan that could be changed. Choose one first."""


class PaymentDue(Conflict):
    """The last payment failed. Pay it or change the means of payment first; you can also let the plan end."""


class PaymentRefused(Conflict):
    """The payment was refused, so nothing was changed. Try another means of payment."""


class PaymentsUnavailable(Unavailable):
    """The payment service does not answer. Nothing was changed here; try again shortly."""


class PaymentEventRefused(Forbidden):
    """This is no event of the payment service, or it is too old."""
