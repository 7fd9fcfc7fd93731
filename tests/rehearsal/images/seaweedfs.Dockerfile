# SeaweedFS of its wheel under the name that Compose asks for, where no registry can be reached. Context: its folder.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends wget \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10003 -g 10003 /data
COPY weed /usr/local/bin/weed
