# Debian as a provider hands it over: systemd, sshd, Python. It boots as a container.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates cron dbus iproute2 openssh-server procps python3 sudo \
        systemd systemd-sysv udev \
    && rm -rf /var/lib/apt/lists/* \
    && systemctl mask systemd-udevd systemd-udev-trigger getty@tty1 console-getty
CMD ["sh", "-c", "mount --make-rshared / && exec /sbin/init"]
