"""`ascension storage setup` on a real storage: what differs is told and mended, once."""

import json
from collections.abc import Mapping

import pytest
from typer.testing import CliRunner

from ascension.cli import app
from ascension.embedded.engines import seaweedfs
from ascension.infra.storage import bucket
from tests.conftest import Engines

BUCKET = "staging-videos"


@pytest.fixture
def settings(engines: Engines) -> Mapping[str, str]:
    """Of somebody who may change buckets."""
    key_id, secret = engines.stack.seaweedfs.keys(seaweedfs.ADMIN)
    return {
        "S3_ENDPOINT": engines.stack.seaweedfs.endpoint,
        "S3_BUCKET": BUCKET,
        "AWS_ACCESS_KEY_ID": key_id,
        "AWS_SECRET_ACCESS_KEY": secret,
        "WEB_ORIGINS": json.dumps(["https://staging.ascension.app"]),
    }


def setup(settings: Mapping[str, str], *options: str) -> tuple[int, dict[str, str], str]:
    """Exit code, what was said of each part, everything that was said."""
    run = CliRunner().invoke(app, ["storage", "setup", *options], env=settings)
    lines = [line for line in run.output.splitlines() if line and not line.startswith(" ")]
    return run.exit_code, {line[:14].strip(): line[15:] for line in lines}, run.output


@pytest.mark.engines
@pytest.mark.proves("M25")
def test_a_bucket_is_set_up_once_and_drift_is_told(settings: Mapping[str, str]) -> None:
    code, said, _ = setup(settings, "--no-archive", "--dry-run")
    assert (code, said["bucket"]) == (1, "differs")
    code, said, _ = setup(settings, "--no-archive")
    assert code == 0
    assert {name: said[name] for name in ("bucket", "lifecycle", "cors")} == dict.fromkeys(
        ("bucket", "lifecycle", "cors"), "changed"
    )
    assert said.pop("policy") == "left out: S3_ENDPOINT is not https"
    assert set(said.values()) <= {"changed", "as wanted", "not known to this storage"}, said

    code, again, _ = setup(settings, "--no-archive", "--dry-run")
    assert code == 0, "nothing differs any more"
    assert "changed" not in again.values()
    code, said, output = setup({**settings, "WEB_ORIGINS": '["https://app.ascension.com"]'}, "--no-archive")
    assert (code, said["cors"]) == (0, "changed")
    changed = [line.strip() for line in output.splitlines() if line.startswith("    ") and line[4] in "+-"]
    assert changed == ['-    "https://staging.ascension.app"', '+    "https://app.ascension.com"']


@pytest.mark.engines
def test_keys_that_may_not_change_the_bucket_are_refused(
    settings: Mapping[str, str], engines: Engines
) -> None:
    key_id, secret = engines.stack.seaweedfs.keys(seaweedfs.API)
    code, _, output = setup({**settings, "AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret})
    assert code == 1
    assert "The storage does not tell its bucket: 403." in output
    assert "What stands above is done." in output


def test_the_policy_refuses_every_plain_line() -> None:
    [statement] = bucket.tls_only("videos")["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Resource"] == ["arn:aws:s3:::videos", "arn:aws:s3:::videos/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
