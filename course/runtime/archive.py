"""Files of the runtime: packed the same from the same content, and named by it, so that a browser may keep them."""

import gzip
import hashlib
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo


@dataclass(frozen=True)
class Stored:
    """A file of the runtime: its name and the bytes that travel."""

    file: str
    bytes: int


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of the files, uncompressed (the whole is compressed, better) and the same from the same files."""
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return target.getvalue()


def store(folder: Path, name: str, content: bytes, *, squeeze: bool = True, key: str | None = None) -> Stored:
    """Write content as `<name>.<hash><ending>`; squeezed with gzip it ends in `.bin`, which no server touches.

    Static hosts compress a few kinds of files and not others, so these are compressed here and unpacked by the
    worker. A script is left to the host. `key` stands for the content in the hash, where it is not reproducible.
    """
    stem, dot, ending = name.rpartition(".")
    digest = hashlib.sha256(key.encode() if key else content).hexdigest()[:12]
    packed = gzip.compress(content, 9, mtime=0)
    file = f"{name}.{digest}.bin" if squeeze else f"{stem}.{digest}{dot}{ending}"
    unfinished = folder / f"{file}.part"
    unfinished.write_bytes(packed if squeeze else content)
    os.replace(unfinished, folder / file)
    return Stored(file, len(packed))
