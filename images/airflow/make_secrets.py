"""Makes up the passwords and keys of this installation, once; later starts keep them."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

FOLDER = Path("/generated")


def keep(name: str, value: str) -> str:
    """Returns what the file holds, and makes it with `value` when it is not there yet."""
    path = FOLDER / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(value)
    return value


def main() -> None:
    """Writes every file that is missing and says how to log in."""
    password = keep("postgres_password", secrets.token_hex(24))
    keep("sql_alchemy_conn", f"postgresql+psycopg2://airflow:{password}@postgres:5432/airflow")
    keep("fernet_key", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    keep("api_secret_key", secrets.token_hex(32))
    keep("jwt_secret", secrets.token_hex(32))
    users = json.loads(keep("users.json", json.dumps({"admin": secrets.token_urlsafe(12)})))
    print(f"log in at http://localhost:8080 as admin with {users['admin']}")


if __name__ == "__main__":
    main()
