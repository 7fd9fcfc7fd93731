"""Operations in an API process: its routers."""

from ascension.operations import endpoints
from ascension.operations.audit import endpoints as audit
from ascension.operations.jobs import endpoints as jobs
from ascension.operations.storage import endpoints as storage
from ascension.operations.users import endpoints as users

ROUTERS = (audit.router, jobs.router, storage.router, users.router, endpoints.router)
