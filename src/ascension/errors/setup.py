"""Why this machine cannot run the platform: one sentence that says what to do."""

from ascension.errors.base import AscensionError


class SetupError(AscensionError):
    """This machine cannot run the platform as it is."""


class BackupDamaged(SetupError):
    """This backup is damaged or no backup of ours: nothing of it was used. Take another copy of the file."""


class BackupTooNew(SetupError):
    """A newer release wrote this backup: restore it with that release, or update this one."""


class SandboxIncomplete(SetupError):
    """This machine does not keep the analysis program in its sandbox, and WORKER_SANDBOX asks for it."""
