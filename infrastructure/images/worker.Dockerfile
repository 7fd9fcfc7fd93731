# The worker. Context: a bundle (`make bundle`); `make images` builds it.
# With a graphics card (the NVIDIA container toolkit lends it): `make images CUDA=1`, tag VERSION-cuda.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS python
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/ldconfig/aux-cache /var/log/*.log /var/log/apt

FROM python AS build
ARG LOCK=worker
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
# the system's certificates: also those of a network that looks into its packages; compiled files name what they
# were made of, not when: so two builds give the same
ENV UV_NATIVE_TLS=1 PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 PYC_INVALIDATION_MODE=UNCHECKED_HASH
WORKDIR /srv/ascension
COPY requirements/uv.lock requirements/${LOCK}.lock requirements/
RUN python3 -m venv /opt/uv \
    && /opt/uv/bin/pip install --require-hashes --no-deps -r requirements/uv.lock \
    && python3 -m venv --without-pip .venv \
    && /opt/uv/bin/uv pip sync --python .venv/bin/python --require-hashes --compile-bytecode requirements/${LOCK}.lock \
    && echo /srv/ascension/src > "$(echo .venv/lib/python3*/site-packages)/ascension.pth"
COPY bin bin
COPY src src
COPY LICENSE NOTICE ./
RUN .venv/bin/python -m compileall -q --invalidation-mode unchecked-hash src \
    && bin/ascension --version

FROM python AS production
# clips while they are worked on
RUN install -d -o 10001 -g 10001 -m 0700 /var/cache/ascension
# what changes with each release comes last: the packages before it are fetched once
COPY --from=build /srv/ascension/.venv /srv/ascension/.venv
COPY --from=build /srv/ascension/LICENSE /srv/ascension/NOTICE /srv/ascension/
COPY --from=build /srv/ascension/bin /srv/ascension/bin
COPY --from=build /srv/ascension/src /srv/ascension/src
ENV PATH=/srv/ascension/bin:/srv/ascension/.venv/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    ALIVE_FILE=/tmp/alive \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="ascension/worker" \
      org.opencontainers.image.description="Ascension's worker: clips become results" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
USER 10001:10001
WORKDIR /srv/ascension
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python3", "-I", "-S", "-c", "import os, sys, time; sys.exit(time.time() - os.stat('/tmp/alive').st_mtime > 20)"]
CMD ["python", "-P", "-m", "ascension.worker"]
