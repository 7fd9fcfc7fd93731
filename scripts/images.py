"""Build the images out of the bundle that `make bundle` wrote, and push them.

    scripts/images.py build VERSION [--cuda] [--again] [--network host]
    scripts/images.py push VERSION REGISTRY

`build` prints sizes and leaves beside the bundle what each image holds (ascension-VERSION-api.cdx.json) and
images-VERSION.env, which Compose reads. `push` writes digests into that file: a tag can be moved, they
cannot.
`--again` builds once more without any cache and compares every file: path, mode, owner, content.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prepare import BUILD, ROOT
from sbom import bill

DOCKERFILES = ROOT / "infrastructure/images"
BUILD_LIMIT_S = 3600
OF_THE_RUN = ("etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/mtab", ".dockerenv")
"""What `docker create` puts into a container: no part of the image."""


@dataclass(frozen=True)
class Image:
    """One of the product's images, and what tells them apart."""

    name: str
    variable: str
    """Of Compose."""
    lock: str | None
    """Whose Python packages lie in it."""
    suffix: str = ""
    over: tuple[str, ...] = ()
    """Images of the same release that it is made of."""

    def tag(self, version: str) -> str:
        return f"ascension/{self.name}:{version}{self.suffix}"

    @property
    def title(self) -> str:
        return f"{self.name}{self.suffix}"


IMAGES = (
    Image("api", "API_IMAGE", "api"),
    Image("worker", "WORKER_IMAGE", "worker"),
    Image("postgres", "POSTGRES_IMAGE", None),
    Image("backup", "BACKUP_IMAGE", "api", over=("api", "postgres")),
)
CUDA = Image("worker", "WORKER_CUDA_IMAGE", "worker-cuda", suffix="-cuda")


class CannotBuildError(Exception):
    """One sentence that says what to do."""


def docker(*arguments: str | Path, is_quiet: bool = True) -> str:
    """Raises CannotBuildError with the end of what it said."""
    done = subprocess.run(
        ["docker", *arguments],
        # without BuildKit, which is no part of Debian's Docker; with it, the same images
        env={"DOCKER_BUILDKIT": "0", **os.environ},
        stdout=subprocess.PIPE if is_quiet else None,
        stderr=subprocess.PIPE if is_quiet else None,
        text=True,
        timeout=BUILD_LIMIT_S,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout or "").strip()[-800:]
        raise CannotBuildError(f"`docker {' '.join(map(str, arguments[:2]))}` failed. {said}")
    return done.stdout or ""


def build(image: Image, version: str, *options: str, tag: str | None = None) -> str:
    """Its tag."""
    bundle = BUILD / f"release/ascension-{version}"
    if not (bundle / "bin/ascension").exists():
        raise CannotBuildError(f"{bundle} is missing: `make bundle VERSION={version}` writes it.")
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()
    values = {"VERSION": version, "REVISION": revision} | ({"LOCK": image.lock} if image.suffix else {})
    values |= {one.name.upper(): one.tag(version) for one in IMAGES if one.name in image.over}
    is_of_bundle = image.lock and not image.over
    docker(
        *("build", "--quiet", "--target", "production", *options, "--tag", tag or image.tag(version)),
        *(part for name, value in values.items() for part in ("--build-arg", f"{name}={value}")),
        *("--file", DOCKERFILES / f"{image.name}.Dockerfile", bundle if is_of_bundle else DOCKERFILES.parent),
    )
    return tag or image.tag(version)


def contents(tag: str) -> dict[str, str]:
    """Every file of an image: path to mode, owner, and the digest of what is in it. Times are left out."""
    container = docker("create", tag).strip()
    found: dict[str, str] = {}
    try:
        with (
            subprocess.Popen(["docker", "export", container], stdout=subprocess.PIPE) as export,
            tarfile.open(fileobj=export.stdout, mode="r|") as tar,
        ):
            for entry in tar:
                opened = tar.extractfile(entry) if entry.isfile() else None
                digest = hashlib.sha256(opened.read()).hexdigest() if opened else entry.linkname
                found[entry.name] = f"{entry.mode:o} {entry.uid}:{entry.gid} {entry.type!r} {digest}"
    finally:
        docker("rm", container)
    return {path: told for path, told in found.items() if path not in OF_THE_RUN}


def differing(image: Image, version: str, options: Sequence[str]) -> tuple[int, list[str]]:
    """How many files it has, and which of them another build of the same makes differently."""
    again = build(image, version, "--no-cache", *options, tag=f"{image.tag(version)}-again")
    try:
        first, second = contents(image.tag(version)), contents(again)
    finally:
        docker("rmi", again)
    return len(first), sorted(path for path in first | second if first.get(path) != second.get(path))


def size_mb(tag: str) -> float:
    return int(docker("image", "inspect", "--format", "{{.Size}}", tag)) / 1e6


def write_bill(image: Image, version: str) -> Path:
    """What this image is made of: Debian's packages as it names them, the rest by its lock."""
    listed = docker(
        *("run", "--rm", "--network", "none", "--entrypoint", "dpkg-query", image.tag(version)),
        *("-W", "-f", "${Package} ${Version} ${Architecture}\n"),
    )
    target = BUILD / f"release/ascension-{version}-{image.title}.cdx.json"
    target.write_text(json.dumps(of_image(image, version, listed.splitlines()), indent=2) + "\n")
    return target


def of_image(image: Image, version: str, debian: Sequence[str]) -> dict[str, Any]:
    """The bill of everything, with only what lies in this image, and with Debian's part."""
    document = bill(ROOT / f"requirements/{image.lock}.lock") if image.lock else bill()
    kept = {
        None: (),
        "api": ("pkg:pypi/", "pkg:npm/"),
        "worker": ("pkg:pypi/", "model:"),
        "worker-cuda": ("pkg:pypi/", "model:"),
    }[image.lock]
    packages = [line.split() for line in debian]
    document["metadata"]["component"] |= {
        "type": "container",
        "bom-ref": f"ascension/{image.title}",
        "name": f"ascension/{image.title}",
        "version": version,
    }
    document["components"] = [
        one
        for one in document["components"]
        if one.get("scope") != "excluded" and one.get("purl", one["bom-ref"]).startswith(kept or "-")
    ] + [
        {
            "type": "library",
            "bom-ref": f"deb:{name}@{told}",
            "name": name,
            "version": told,
            "purl": f"pkg:deb/debian/{name}@{told}?arch={architecture}&distro=bookworm",
        }
        for name, told, architecture in packages
    ]
    return document


def push(image: Image, version: str, registry: str) -> str:
    """Its name with the digest that the registry knows it by."""
    name = f"{registry}/ascension/{image.name}"
    pushed = f"{name}:{version}{image.suffix}"
    docker("tag", image.tag(version), pushed)
    docker("push", "--quiet", pushed)
    digests: list[str] = json.loads(docker("image", "inspect", "--format", "{{json .RepoDigests}}", pushed))
    return next(one for one in digests if one.startswith(f"{name}@"))


def write_names(version: str, names: dict[str, str]) -> Path:
    """What Compose takes its images from."""
    target = BUILD / f"release/images-{version}.env"
    lines = [f"VERSION={version}", *(f"{variable}={name}" for variable, name in names.items())]
    target.write_text("\n".join(lines) + "\n")
    return target


def build_all(version: str, *, with_cuda: bool, again: bool, options: Sequence[str]) -> int:
    chosen = (*IMAGES, CUDA) if with_cuda else IMAGES
    is_same = True
    for image in chosen:
        tag = build(image, version, *options)
        listing = write_bill(image, version)
        print(f"{tag:<34}{size_mb(tag):8.0f} MB  {listing.relative_to(ROOT)}", flush=True)
        if again:
            count, others = differing(image, version, options)
            is_same = is_same and not others
            print(f"{'':<34}{count} files, {len(others) or 'none'} differ in a second build", *others[:9])
    print(write_names(version, {one.variable: one.tag(version) for one in chosen}).relative_to(ROOT))
    return 0 if is_same else 1


def push_all(version: str, registry: str) -> int:
    names: dict[str, str] = {}
    with_cuda = docker("images", "--quiet", CUDA.tag(version))
    for image in (*IMAGES, *((CUDA,) if with_cuda else ())):
        names[image.variable] = push(image, version, registry)
        print(names[image.variable], flush=True)
    print(write_names(version, names).relative_to(ROOT))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build")
    building.add_argument("version")
    building.add_argument("--cuda", action="store_true", help="also the worker with NVIDIA's libraries: GBs")
    building.add_argument("--again", action="store_true", help="build twice and compare; 1 where they differ")
    building.add_argument("--network", help="as docker build has it")
    pushing = commands.add_parser("push")
    pushing.add_argument("version")
    pushing.add_argument("registry", help="127.0.0.1:5000, registry.example.org/team")
    told = parser.parse_args()
    try:
        if told.command == "push":
            return push_all(told.version, told.registry)
        options = ("--network", told.network) if told.network else ()
        return build_all(told.version, with_cuda=told.cuda, again=told.again, options=options)
    except CannotBuildError as error:
        print(f"images: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
