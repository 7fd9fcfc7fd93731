"""Mesa's OpenGL for programs without a screen, which the renderer of the validation scenes needs."""

import ctypes.util
import sys

from prepare import CannotPrepareError, install_debian_package

PACKAGES = ("libegl1", "libegl-mesa0", "libgl1-mesa-dri")


def main() -> int:
    if ctypes.util.find_library("EGL") and ctypes.util.find_library("EGL_mesa"):
        return 0
    try:
        install_debian_package(" ".join(PACKAGES), "Rendering needs OpenGL on the processor")
    except CannotPrepareError as error:
        print(f"opengl: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
