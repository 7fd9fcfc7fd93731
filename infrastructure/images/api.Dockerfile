# The API with the web client. Context: a bundle (`make bundle`); `make images` builds it.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS python
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/ldconfig/aux-cache /var/log/*.log /var/log/apt

FROM python AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
# the system's certificates: also those of a network that looks into its packages; compiled files name what they
# were made of, not when: so two builds give the same
ENV UV_NATIVE_TLS=1 PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 PYC_INVALIDATION_MODE=UNCHECKED_HASH
WORKDIR /srv/ascension
COPY requirements/uv.lock requirements/api.lock requirements/
RUN python3 -m venv /opt/uv \
    && /opt/uv/bin/pip install --require-hashes --no-deps -r requirements/uv.lock \
    && python3 -m venv --without-pip .venv \
    && /opt/uv/bin/uv pip sync --python .venv/bin/python --require-hashes --compile-bytecode requirements/api.lock \
    # no tests of its largest library
    && find .venv/lib/python3*/site-packages/scipy -type d -name tests -prune -exec rm -r {} + \
    && echo /srv/ascension/src > "$(echo .venv/lib/python3*/site-packages)/ascension.pth"
COPY . .
# the API analyzes nothing: no models; what a host needs is no part of it
RUN rm -r src/ascension/vision/models infrastructure requirements \
    && .venv/bin/python -m compileall -q --invalidation-mode unchecked-hash src \
    && bin/ascension --version

FROM python AS production
# what changes with each release comes last: the packages before it are fetched once
COPY --from=build /srv/ascension/.venv /srv/ascension/.venv
COPY --from=build /srv/ascension/web /srv/ascension/web
COPY --from=build /srv/ascension/examples /srv/ascension/examples
COPY --from=build /srv/ascension/migrations /srv/ascension/migrations
COPY --from=build /srv/ascension/LICENSE /srv/ascension/NOTICE /srv/ascension/
COPY --from=build /srv/ascension/bin /srv/ascension/bin
COPY --from=build /srv/ascension/src /srv/ascension/src
ENV PATH=/srv/ascension/bin:/srv/ascension/.venv/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    WEB_ROOT=/srv/ascension/web/dist \
    EXAMPLES_ROOT=/srv/ascension/examples \
    API_HOST=0.0.0.0 \
    API_PORT=8080
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="ascension/api" \
      org.opencontainers.image.description="Ascension's API and web client" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
USER 10001:10001
WORKDIR /srv/ascension
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python3", "-I", "-S", "/srv/ascension/src/ascension/infra/http/probe.py", "127.0.0.1", "8080"]
CMD ["python", "-P", "-m", "ascension.api"]
