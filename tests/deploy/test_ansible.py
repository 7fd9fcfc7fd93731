"""The playbooks: a linter takes them, they need Ansible alone, what they write is what is asked for."""

import re
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from pydantic_settings import BaseSettings

from ascension.embedded.engines import valkey
from ascension.infra import settings
from tests.deploy import rendered
from tests.deploy.rendered import ANSIBLE, EXAMPLE, ROUTER, Link
from tests.deploy.tools import run_tool

FOREIGN = {"AWS_CA_BUNDLE"}
"""Variables of libraries."""


def test_a_linter_takes_the_playbooks() -> None:
    done = run_tool("ansible-lint", "--offline", "--profile", "production", "site.yml", folder=ANSIBLE)
    assert done.returncode == 0, done.stdout


def test_they_need_no_collection() -> None:
    used = {
        module
        for file in ANSIBLE.rglob("*.yml")
        for module in re.findall(r"^\s+(?:- )?(\w+\.\w+\.\w+):", file.read_text(), flags=re.MULTILINE)
    }
    assert {module.rpartition(".")[0] for module in used} == {"ansible.builtin"}


@pytest.fixture(scope="module")
def written() -> Generator[Path]:
    with rendered.files(
        "postgres/templates/pg_hba.conf.j2", "postgres/templates/host.conf.j2", where="database"
    ) as folder:
        yield folder


@pytest.mark.parametrize(
    ("link", "worker"),
    [("wireguard", "10.0.1.30"), ("tunnel", "10.0.0.10"), ("allow_list", ROUTER)],
)
def test_nobody_comes_to_the_database_without_tls_and_password(
    written: Path, link: Link, worker: str
) -> None:
    lines = (written / f"{link}-vps-2-pg_hba.conf").read_text().splitlines()
    rules = [tuple(line.split()) for line in lines if line and not line.startswith("#")]
    assert rules == [
        ("local", "all", "postgres", "peer"),
        ("local", "postgres", "prometheus", "peer"),
        *(
            ("hostssl", "ascension_staging", f"ascension_{role}", f"{address}/32", "scram-sha-256")
            for role, address in (("migrate", "10.0.0.10"), ("api", "10.0.0.10"), ("worker", worker))
        ),
    ]
    [listen] = [
        line
        for line in (written / f"{link}-vps-2-host.conf").read_text().splitlines()
        if "listen_addresses" in line
    ]
    assert ("198.51.100.20" in listen) == (link == "allow_list"), "the Internet's address only where it must"


def test_users_of_the_queue_may_what_they_may_on_one_machine() -> None:
    text = (ANSIBLE / "roles/redis/templates/users.acl.j2").read_text()
    there = {line.split()[1]: line.partition("~*")[2].split() for line in text.splitlines()}
    here = {line.split()[1]: line.partition("~*")[2].split() for line in valkey.ACCESS.splitlines()}
    assert there["api"] == there["worker"] == here["{user}"]
    assert there["ascension_admin"] == here["{admin}"]
    assert text.splitlines()[0] == valkey.ACCESS.splitlines()[0], "or transactions are lost at a restart"


@pytest.mark.parametrize("process", ["api", "worker"])
def test_settings_that_are_written_are_settings_that_are_read(process: str) -> None:
    known = {
        name.upper()
        for one in vars(settings).values()
        if isinstance(one, type) and issubclass(one, BaseSettings)
        for name in one.model_fields
    }
    text = (ANSIBLE / f"roles/release/templates/{process}.env.j2").read_text()
    names = set(re.findall(r"'([A-Z][A-Z0-9_]+)':", text))
    assert len(names) > 5
    assert names - FOREIGN <= known
    credentials = yaml.safe_load((ANSIBLE / "group_vars/all.yml").read_text())[f"{process}_credentials"]
    secrets = re.findall(r"'(\w+)': \S+ ?[~,}]", credentials) if process == "api" else list(credentials)
    assert "database_url" in secrets
    assert {name.upper() for name in secrets} <= known


def vault(*arguments: str | Path) -> str:
    done = run_tool("python", ANSIBLE / "vault.py", *arguments)
    assert done.returncode == 0, done.stdout
    return done.stdout


def opened(folder: Path) -> dict[str, str]:
    place = ("--vault-password-file", folder / "vault-password")
    done = run_tool("ansible-vault", "view", *place, folder / "group_vars/staging/secrets.yml")
    assert done.returncode == 0, done.stdout
    return yaml.safe_load(done.stdout)


def test_secrets_are_made_once_and_lie_nowhere_in_the_clear(tmp_path: Path) -> None:
    folder = tmp_path / "staging"
    said = vault(folder)
    assert "to be filled in" in said
    secrets = opened(folder)
    assert set(secrets) == set(yaml.safe_load((EXAMPLE / "secrets.example.yml").read_text()))
    made = [value for value in secrets.values() if re.fullmatch("[0-9a-f]{64}", value)]
    assert len(made) == len(set(made)) >= 10
    clear = "".join(file.read_text() for file in folder.rglob("*") if file.is_file()) + said
    assert not any(value in clear for value in secrets.values() if value)
    assert (folder / "vault-password").stat().st_mode & 0o077 == 0

    assert "nothing, all is there" in vault(folder)
    assert opened(folder) == secrets


def test_the_authority_vouches_for_our_names_alone(tmp_path: Path) -> None:
    vault(tmp_path / "staging")
    secrets = opened(tmp_path / "staging")
    authority = x509.load_pem_x509_certificate(secrets["authority_certificate"].encode())
    for part in ("database", "queue"):
        certificate = x509.load_pem_x509_certificate(secrets[f"{part}_certificate"].encode())
        policy = PolicyBuilder().store(Store([authority]))
        policy.build_server_verifier(x509.DNSName(f"{part}.ascension.internal")).verify(certificate, [])
        with pytest.raises(VerificationError):
            policy.build_server_verifier(x509.DNSName("staging.ascension.app")).verify(certificate, [])
        assert certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=365)
    constraint = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraint.critical
    assert constraint.value.permitted_subtrees == [x509.DNSName("ascension.internal")]
