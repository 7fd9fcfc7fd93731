"""What a part's last words mean, in one sentence that says what to do."""

import re

# Which package brings a shared library: Debian and Ubuntu, Fedora.
LIBRARY_PACKAGES = {
    "libz.so.1": ("zlib1g", "zlib"),
    "libstdc++.so.6": ("libstdc++6", "libstdc++"),
    "libgomp.so.1": ("libgomp1", "libgomp"),
    "libgcc_s.so.1": ("libgcc-s1", "libgcc"),
    "libatomic.so.1": ("libatomic1", "libatomic"),
    "libcrypt.so.1": ("libcrypt1", "libxcrypt-compat"),
}
MISSING_LIBRARY = re.compile(r"(lib[\w.+-]+\.so[.\d]*)(?=[: ].*(?:cannot open shared object|not found))")

IN_A_WHEEL = re.compile(r"-[0-9a-f]{8}\.so")  # libraries inside wheels carry a hash in their name


def missing_library(text: str) -> str | None:
    """The sentence for a missing system library, if `text` complains of one."""
    found = MISSING_LIBRARY.search(text)
    if found is None:
        return None
    library = found[1]
    if IN_A_WHEEL.search(library):
        return f"{library}, a part of an installed package, is missing: remove .venv and run `make up`"
    if library not in LIBRARY_PACKAGES:
        return f"the system library {library} is missing: install the package that holds it"
    debian, fedora = LIBRARY_PACKAGES[library]
    return (
        f"the system library {library} is missing: "
        f"`apt-get install {debian}` (Debian, Ubuntu) or `dnf install {fedora}` (Fedora)"
    )


def explain(log: str) -> str:
    """Why a start failed, from the end of its log: a known reason in plain words, else the last line."""
    if "No space left on device" in log:
        return "the disk is full: free some space and start again"
    if sentence := missing_library(log):
        return sentence
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
