"""The key files of one step, as an archive that a container is given before it starts."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from airflow.sdk.exceptions import AirflowFailException

#: Where a step finds its key files.
SECRETS = "/run/secrets"
#: Whom they belong to: the user of the images.
USER = 10001


def archive_key_files(directory: Path, environment: Mapping[str, str]) -> bytes | None:
    """
    Packs the files of `directory` that the settings name by a path under /run/secrets, and no other; none without one.

    Fails for a path that leads out of the folder, and for a file that is not there.
    """
    prefix = f"{SECRETS}/"
    named = {value.removeprefix(prefix): name for name, value in environment.items() if value.startswith(prefix)}
    if not named:
        return None
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        # Docker copies only into a volume that can be written to, so it is the folder itself that takes nothing more.
        folder = tarfile.TarInfo(".")
        folder.type = tarfile.DIRTYPE
        folder.mode = 0o555
        archive.addfile(folder)
        for file, name in named.items():
            key = read_key_file(directory, file, name)
            entry = tarfile.TarInfo(file)
            entry.size = len(key)
            entry.uid = entry.gid = USER
            entry.mode = 0o400
            archive.addfile(entry, io.BytesIO(key))
    return content.getvalue()


def read_key_file(directory: Path, file: str, name: str) -> bytes:
    """Reads the file that the setting `name` asks for."""
    if file in ("", ".", "..") or "/" in file or "\0" in file:
        raise AirflowFailException(f"{name} must name a file that lies in {SECRETS} itself")
    try:
        return (directory / file).read_bytes()
    except OSError as error:
        raise AirflowFailException(
            f"the key file of {name} cannot be read: {directory / file}: {error.strerror}; "
            "CX_AIRFLOW_SECRETS_DIRECTORY names the folder"
        ) from error
