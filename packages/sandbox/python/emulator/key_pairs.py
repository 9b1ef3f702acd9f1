"""Key-pair logins: who may sign in with which public keys.

https://docs.snowflake.com/en/user-guide/key-pair-auth
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

LIVE_KEYS_PER_USER = 2  # RSA_PUBLIC_KEY and RSA_PUBLIC_KEY_2


class LoginRefused(Exception):
    """A login that does not prove a registered key; its text is what the client is told."""


def fingerprint(key: RSAPublicKey) -> str:
    """`SHA256:` and the base64 digest of the key's DER form, as DESCRIBE USER shows it."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode()


class KeyRing:
    """The registered users, each with one key or, while a key is rotated, two."""

    def __init__(self, registrations: Iterable[str]) -> None:
        """Read `NAME=public-key.pem` pairs; raises ValueError or OSError for one that cannot be used."""
        self._keys: dict[str, list[RSAPublicKey]] = {}
        for registration in registrations:
            name, separator, file = registration.partition("=")
            if not (name and separator and file):
                raise ValueError(f"--user {registration}: expected NAME=FILE, FILE a public key in PEM")
            key = load_pem_public_key(Path(file).read_bytes())
            if not isinstance(key, RSAPublicKey):
                raise ValueError(f"--user {registration}: expected an RSA public key")
            keys = self._keys.setdefault(name.upper(), [])
            keys.append(key)
            if len(keys) > LIVE_KEYS_PER_USER:
                raise ValueError(f"--user {name}: at most {LIVE_KEYS_PER_USER} keys a user")

    def verify(self, login: dict[str, Any]) -> str:
        """The name of the user whose key signed this login request; raises LoginRefused."""
        if login.get("AUTHENTICATOR") != "SNOWFLAKE_JWT":
            raise LoginRefused("Incorrect username or password was specified.")
        user = str(login.get("LOGIN_NAME", "")).upper()
        account = str(login.get("ACCOUNT_NAME", "")).split(".")[0].upper()
        subject = f"{account}.{user}"
        for key in self._keys.get(user, []):
            try:
                claims = jwt.decode(
                    str(login.get("TOKEN", "")),
                    key,
                    algorithms=["RS256"],
                    leeway=60,
                    # The Node driver writes `iat` in milliseconds, which is a time to come for everyone else.
                    options={"verify_iat": False, "require": ["exp", "iss", "sub"]},
                )
            except jwt.PyJWTError:
                continue
            if claims["sub"] == subject and claims["iss"] == f"{subject}.{fingerprint(key)}":
                return user
        raise LoginRefused("JWT token is invalid.")
