"""What each alert is about, minute by minute: just below it, then above, then as before."""

from dataclasses import dataclass

BEFORE_MIN, FAULT_MIN, AFTER_MIN = 20, 30, 40
END_MIN = BEFORE_MIN + FAULT_MIN + AFTER_MIN
HOUR_S, DAY_S = 3600, 86_400


@dataclass(frozen=True)
class Series:
    """Its values, one a minute, in the notation of promtool."""

    name: str
    values: str


def gauge(name: str, below: float, above: float) -> Series:
    return Series(name, f"{below}x{BEFORE_MIN - 1} {above}x{FAULT_MIN - 1} {below}x{AFTER_MIN - 1}")


def counter(name: str, below: float, above: float) -> Series:
    """`below`, `above`: by how much it grows a minute."""
    at_fault, at_end = below * BEFORE_MIN, below * BEFORE_MIN + above * FAULT_MIN
    return Series(
        name,
        f"0+{below}x{BEFORE_MIN - 1} {at_fault}+{above}x{FAULT_MIN - 1} {at_end}+{below}x{AFTER_MIN - 1}",
    )


def blip(name: str, good: float, bad: float) -> Series:
    """Bad for one minute before the fault, too."""
    first = f"{good}x{BEFORE_MIN - 12} {bad} {good}x9"
    return Series(name, f"{first} {bad}x{FAULT_MIN - 1} {good}x{AFTER_MIN - 1}")


def gone(name: str, good: float) -> Series:
    """Not there for one minute before the fault, too."""
    return Series(name, f"{good}x{BEFORE_MIN - 12} _ {good}x9 _x{FAULT_MIN} {good}x{AFTER_MIN - 1}")


def ages(name: str, below_s: float, above_s: float) -> Series:
    """A moment that lies so long ago; promtool's clock begins at 0."""
    ages_s = [*[below_s] * BEFORE_MIN, *[above_s] * FAULT_MIN, *[below_s] * AFTER_MIN]
    return Series(name, " ".join(f"{60 * minute - age_s:.0f}" for minute, age_s in enumerate(ages_s)))


def steady(name: str, value: float) -> Series:
    return gauge(name, value, value)


REQUESTS = 'ascension_http_requests_total{{job="api",status="{}"}}'
SECONDS = 'ascension_http_request_seconds_bucket{{method="{}",le="{}"}}'
WAITS = steady("ascension_queue_depth", 0)

FAULTS: dict[str, list[list[Series]]] = {
    "ApiErrors": [[counter(REQUESTS.format(200), 951, 940), counter(REQUESTS.format(503), 49, 60)]],
    "ApiSlow": [
        [
            counter(SECONDS.format("GET", "0.1"), 900, 500),
            counter(SECONDS.format("GET", "0.25"), 1000, 900),
            counter(SECONDS.format("GET", "+Inf"), 1000, 1000),
        ],
        [
            counter(SECONDS.format("POST", "0.25"), 900, 500),
            counter(SECONDS.format("POST", "0.5"), 960, 940),
            counter(SECONDS.format("POST", "1"), 1000, 1000),
            counter(SECONDS.format("POST", "+Inf"), 1000, 1000),
        ],
    ],
    "ReplicaOut": [
        [blip('up{job="api",instance="a"}', 1, 0), steady('up{job="api",instance="b"}', 1)],
        [blip('ascension_replica_in{port="8081"}', 1, 0)],
    ],
    "ApiDown": [[gone('up{job="api",instance="a"}', 1), blip('up{job="api",instance="b"}', 1, 0)]],
    "SiteDown": [[blip('probe_success{job="site"}', 1, 0)], [gone('probe_success{job="site"}', 1)]],
    "CertificateEnds": [[gauge('probe_ssl_earliest_cert_expiry{job="site"}', 20.1 * DAY_S, 19.9 * DAY_S)]],
    "StorageAway": [
        [blip("ascension_storage_writable", 1, 0)],
        [counter('ascension_outside_failures_total{part="storage"}', 2, 3)],
    ],
    "QueueDeep": [[gauge("ascension_queue_depth", 50, 51)]],
    "QueueOld": [[gauge('ascension_jobs_oldest_seconds{tier="free",state="queued"}', 600, 601)]],
    "NoWorker": [[WAITS, gone('ascension_worker_slots{worker="a"}', 2)]],
    "WorkerLost": [
        [
            WAITS,
            Series(
                'ascension_worker_heartbeat_age_seconds{worker="a"}',
                f"5x{BEFORE_MIN - 2} 50 _x{FAULT_MIN + AFTER_MIN}",
            ),
        ]
    ],
    "DeadJobs": [[gauge('ascension_jobs{tier="free",state="dead"}', 0, 1)]],
    "DatabaseDown": [[blip("pg_up", 1, 0)], [gone("pg_up", 1)]],
    "DatabaseBusy": [[counter('node_cpu_seconds_total{host="database",mode="idle"}', 12.1, 11.9)]],
    "DatabaseConnections": [
        [gauge("pg_stat_activity_count", 160, 161), steady("pg_settings_max_connections", 200)]
    ],
    "DatabaseWaited": [[gauge("ascension_database_waiting", 10, 11)]],
    "RedisDown": [[blip("redis_up", 1, 0)], [gone("redis_up", 1)]],
    "RedisFull": [[gauge("redis_memory_used_bytes", 80, 81), steady("redis_memory_max_bytes", 100)]],
    "BackupOld": [
        [ages("ascension_backup_newest_seconds", 25.5 * HOUR_S, 26.1 * HOUR_S)],
        [gone("ascension_backup_newest_seconds", 0)],
    ],
    "BackupFailed": [
        [blip('ascension_backup_failed{what="verify"}', 0, 1)],
        [blip("ascension_backup_repository_up", 1, 0)],
    ],
    "WalArchiveLate": [
        [blip("ascension_backup_wal_failed", 0, 1)],
        [ages("ascension_backup_wal_archived_seconds", 840, 960)],
    ],
    "RestoreNotTried": [
        [ages('ascension_backup_last_success_seconds{what="drill"}', 7.9 * DAY_S, 8.1 * DAY_S)]
    ],
    "ObjectsNotCopied": [
        [ages('ascension_backup_last_success_seconds{what="objects"}', 25.5 * HOUR_S, 26.1 * HOUR_S)]
    ],
    "HostDown": [[blip('up{job="node",host="database"}', 1, 0)], [gone('up{job="node"}', 1)]],
    "DiskFull": [
        [
            gauge('node_filesystem_avail_bytes{fstype="ext4",mountpoint="/"}', 10, 9.9),
            steady('node_filesystem_size_bytes{fstype="ext4",mountpoint="/"}', 100),
        ]
    ],
    "MemoryShort": [
        [gauge("node_memory_MemAvailable_bytes", 5, 4.9), steady("node_memory_MemTotal_bytes", 100)]
    ],
    "ExporterDown": [
        [blip('up{job="redis"}', 1, 0)],
        [gone('up{job="postgres"}', 1)],
        [blip("node_textfile_scrape_error", 0, 1)],
    ],
    "AlertsNotSent": [
        [counter('alertmanager_notifications_failed_total{integration="email"}', 0, 1)],
        [counter("prometheus_notifications_dropped_total", 0, 1)],
    ],
}
"""Every list is a way in which the alert comes; series that are not named are as they are in good times."""

GOOD = [
    *(steady(f'up{{job="{job}"}}', 1) for job in ("api", "node", "site", "postgres", "redis", "nginx")),
    *(steady(name, 1) for name in ('probe_success{job="site"}', "pg_up", "redis_up")),
    ages("ascension_backup_newest_seconds", HOUR_S, HOUR_S),
    WAITS,
    steady('ascension_worker_slots{worker="a"}', 1),
]

QUIET: dict[str, list[Series]] = {
    "ApiErrors": [counter(REQUESTS.format(503), 1.9, 1.9)],
    "WorkerLost": [
        WAITS,
        Series(
            'ascension_worker_heartbeat_age_seconds{worker="a"}', f"5x{BEFORE_MIN} _x{FAULT_MIN + AFTER_MIN}"
        ),
    ],
}
"""What looks like it and is none: few requests that all fail; a worker that ended in order."""
