# The worker. Context: a bundle (`make bundle`).
#   docker build --target production -f infrastructure/images/worker.Dockerfile -t ascension/worker:VERSION \
#     --build-arg VERSION=VERSION build/release/ascension-VERSION
# With a graphics card (the NVIDIA container toolkit lends it): --build-arg LOCK=worker-cuda, tag VERSION-cuda.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS python
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 \
    && rm -rf /var/lib/apt/lists/*

FROM python AS build
ARG LOCK=worker
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
# the system's certificates: also those of a network that looks into its packages
ENV UV_NATIVE_TLS=1 PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1
WORKDIR /srv/ascension
COPY requirements/uv.lock requirements/${LOCK}.lock requirements/
RUN python3 -m venv /opt/uv \
    && /opt/uv/bin/pip install --require-hashes --no-deps -r requirements/uv.lock \
    && python3 -m venv --without-pip .venv \
    && /opt/uv/bin/uv pip sync --python .venv/bin/python --require-hashes --compile-bytecode requirements/${LOCK}.lock
COPY bin bin
COPY src src
COPY LICENSE NOTICE ./
RUN echo /srv/ascension/src > "$(echo .venv/lib/python3*/site-packages)/ascension.pth" \
    && .venv/bin/python -m compileall -q src \
    && bin/ascension --version

FROM python AS production
ARG VERSION
LABEL org.opencontainers.image.title="ascension/worker" \
      org.opencontainers.image.description="Ascension's worker: clips become results" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /srv/ascension /srv/ascension
ENV PATH=/srv/ascension/bin:/srv/ascension/.venv/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    ALIVE_FILE=/tmp/alive \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 10001:10001
WORKDIR /srv/ascension
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python3", "-I", "-S", "-c", "import os, sys, time; sys.exit(time.time() - os.stat('/tmp/alive').st_mtime > 20)"]
CMD ["python", "-P", "-m", "ascension.worker"]
