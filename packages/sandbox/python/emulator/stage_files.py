"""Files of an external stage, brought to local disk for one COPY.

DuckDB's own S3 extension has no offline package for this version; whole local files are also what it reads fastest.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError

from emulator.errors import sql_error

PARALLEL_DOWNLOADS = 4
CHUNK_BYTES = 1 << 20
ATTEMPTS = 3
IO_ERROR = "58030"


class StageFiles:
    """Reads `s3://` addresses with the AWS credentials of this process' environment."""

    def __init__(self, endpoint: str | None) -> None:
        self._endpoint = endpoint

    @cached_property
    def _client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self._endpoint,
            region_name=os.environ.get("AWS_REGION", "eu-north-1"),
            config=Config(
                retries={"mode": "standard", "total_max_attempts": 4},
                s3={"addressing_style": "path"},
                max_pool_connections=PARALLEL_DOWNLOADS,
            ),
        )

    def download(self, urls: Sequence[str], folder: Path) -> list[Path]:
        """Copy each object into the folder, in the order of the addresses.

        Raises SQL error 091016 for an object that is missing and 091003 for one that cannot be read whole.
        """
        targets = [folder / f"{position:05d}.parquet" for position in range(len(urls))]
        with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
            list(pool.map(self._download_one, urls, targets))
        return targets

    def _download_one(self, url: str, target: Path) -> None:
        try:
            self._write_whole(url, target)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("NoSuchKey", "NoSuchBucket", "404"):
                raise sql_error(91016, "22000", f"Remote file '{url}' was not found.") from error
            state = "42501" if code in ("AccessDenied", "403") else IO_ERROR
            raise _unreadable(url, f"{code}: {error.response['Error'].get('Message', '')}", state) from error
        except BotoCoreError as error:
            raise _unreadable(url, type(error).__name__) from error

    def _write_whole(self, url: str, target: Path) -> None:
        address = urlsplit(url, allow_fragments=False)
        # A key may hold a question mark, which is no query here.
        key = url.split("://", 1)[1].split("/", 1)[1]
        pinned: dict[str, str] = {}
        size = received = 0
        with target.open("wb") as file:
            for attempt in range(ATTEMPTS):
                resume = {"Range": f"bytes={received}-"} if received else {}
                answer = self._client.get_object(Bucket=address.netloc, Key=key, **pinned, **resume)
                if not pinned:
                    # A resumed read must go on in the very object it began with.
                    pinned = {"IfMatch": answer["ETag"]}
                    size = answer["ContentLength"]
                try:
                    for chunk in answer["Body"].iter_chunks(CHUNK_BYTES):
                        file.write(chunk)
                        received += len(chunk)
                    break
                except (HTTPClientError, IncompleteReadError):
                    if attempt == ATTEMPTS - 1:
                        raise
        if received != size:
            raise _unreadable(url, f"{received} bytes were read of {size}")


def _unreadable(url: str, cause: str, state: str = IO_ERROR) -> Exception:
    return sql_error(91003, state, f"Failure using stage area for '{url}'. Cause: [{cause}]")
