# What keeps the database: PostgreSQL and pgBackRest just as the server has them, and the API's release, on which a
# restore is tried. So every word of infrastructure/host/backup.py does the same as without containers. API, POSTGRES:
# the other images of the same release.
ARG API
ARG POSTGRES

FROM ${API} AS api

FROM ${POSTGRES} AS production
USER 0:0
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/ldconfig/aux-cache /var/log/*.log /var/log/apt \
    && install -d -o postgres -g postgres -m 0700 "$(dirname "$PGDATA")" "$PGDATA" \
    && install -d -o postgres -g postgres /var/lib/ascension/backup \
    && install -d /opt/ascension/releases
COPY --from=api /srv/ascension /srv/ascension
ARG VERSION
ARG REVISION
RUN ln -s /srv/ascension "/opt/ascension/releases/${VERSION}"
LABEL org.opencontainers.image.title="ascension/backup" \
      org.opencontainers.image.description="Backups of Ascension's database, and the way back" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0 AND PostgreSQL"
ENV PATH=${PATH}:/srv/ascension/bin \
    PGUSER=ascension_admin
USER 10002:10002
# its words end by themselves
HEALTHCHECK NONE
CMD ["python3", "/opt/ascension/host/backup.py", "--help"]
