"""Commands of the validation: `python -m validation render | evaluate | table`."""

import sys
import time
from typing import Annotated

import typer

from validation.scenes import ON_DEMAND, SCENES, named

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.command()
def render(
    scenes: Annotated[list[str] | None, typer.Argument(help="names; none: the whole committed list")] = None,
    missing: Annotated[bool, typer.Option(help="only those whose files are not there")] = False,
) -> None:
    """Render clips and their truth into validation/clips (on-demand scenes: into build/validation)."""
    from validation import filming, truth

    chosen = [named(name) for name in scenes or [scene.name for scene in SCENES]]
    for scene in chosen:
        clip, facts = filming.files_of(scene)
        if missing and clip.exists() and facts.exists():
            continue
        began, cpu_began = time.monotonic(), time.process_time()
        clip.parent.mkdir(parents=True, exist_ok=True)
        truth.save(filming.film(scene, clip), facts)
        size_kb = (clip.stat().st_size + facts.stat().st_size) / 1000
        took_s, cpu_s = time.monotonic() - began, time.process_time() - cpu_began
        sys.stdout.write(f"{scene.name:20} {took_s:6.1f} s {cpu_s:6.1f} s CPU {size_kb:7.0f} kB\n")
        sys.stdout.flush()


@app.command("list")
def list_scenes() -> None:
    """The names of all scenes."""
    for scene in (*SCENES, *ON_DEMAND):
        sys.stdout.write(f"{scene.name}\n")


if __name__ == "__main__":
    app()
