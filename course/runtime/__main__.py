"""`python -m course.runtime`: assemble the runtime and print what it weighs."""

import json
import sys

from course.runtime import RuntimeBuildError, assemble
from course.runtime.assembly import MANIFEST


def main() -> int:
    """Assemble the runtime and print the bytes that travel; return the exit status."""
    try:
        out = assemble()
    except RuntimeBuildError as error:
        print(error, file=sys.stderr)
        return 1
    manifest = json.loads((out / MANIFEST).read_text("utf-8"))
    weights = {name: entry["bytes"] for name, entry in manifest["core"].items()}
    weights |= {name: entry["bytes"] for name, entry in manifest["archives"].items() if "bytes" in entry}
    database = manifest["archives"]["postgres"]["parts"]
    weights |= {f"postgres {name}": entry["bytes"] for name, entry in database.items()}
    for name, weight in weights.items():
        print(f"  {name:<20} {weight / 1e6:6.2f} MB", flush=True)
    print(f"browser runtime: {out}, {sum(weights.values()) / 1e6:.1f} MB to send in all, sources apart")
    return 0


if __name__ == "__main__":
    sys.exit(main())
