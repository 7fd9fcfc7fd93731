"""The job protocol: the row is the job, streams deliver its id, a child process computes.

Knows nothing of what a job is about; the domains hand in their tasks (docs/decisions/0004-jobs.md).
"""
