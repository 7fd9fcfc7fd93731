# PostgreSQL 15 of Debian, with pgBackRest, which has to stand beside it. Context: infrastructure.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS production
# a fixed number: files of the host (certificate, password) are given to it
RUN groupadd --system --gid 10002 postgres \
    && useradd --system --uid 10002 --gid 10002 --home-dir /var/lib/postgresql postgres \
    && apt-get update \
    && apt-get install -y --no-install-recommends postgresql-common \
    && sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf \
    && apt-get install -y --no-install-recommends ca-certificates pgbackrest postgresql-15 \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/ldconfig/aux-cache /var/log/*.log /var/log/apt \
        /etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem \
    && install -d -o postgres -g postgres -m 0700 /var/lib/postgresql /etc/ascension-postgres/conf.d
COPY postgres/ascension.conf /etc/ascension-postgres/ascension.conf
COPY postgres/pg_hba.conf postgres/pg_ident.conf /etc/ascension-postgres/
COPY images/postgres-start /usr/local/bin/postgres-start
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="ascension/postgres" \
      org.opencontainers.image.description="PostgreSQL 15 with pgBackRest and Ascension's settings" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="PostgreSQL"
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin \
    PGDATA=/var/lib/postgresql/15/main
USER 10002:10002
WORKDIR /var/lib/postgresql
EXPOSE 5432
# "fast": ends sessions, writes a checkpoint
STOPSIGNAL SIGINT
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["pg_isready", "--quiet", "--host=/run/postgresql", "--username=ascension_admin", \
        "--dbname=postgres"]
CMD ["postgres-start"]
