"""An absent key is a secret to whoever may not list the bucket.

S3 answers a read of an absent key with 404 only to a caller who may list the bucket, and with 403 to any other, naming
s3:ListBucket (API reference of GetObject, "Permissions"). MiniStack always answers 404, so a policy without the verb
would pass here and fail in the cloud, where "not delivered yet" would look like "denied".

How S3 fills in `s3:prefix` for this check is not documented. The key itself is taken, which is what a listing that
looks for exactly this key would name.
"""

import functools
from types import ModuleType
from urllib.parse import unquote


def install(app: ModuleType) -> None:
    """Makes every read of an absent key depend on s3:ListBucket."""
    dispatch = app._dispatch_service_request

    @functools.wraps(dispatch)
    async def dispatch_and_hide(method, path, headers, body, query_params, request_id):
        response = await dispatch(method, path, headers, body, query_params, request_id)
        bucket, _, key = path.lstrip("/").partition("/")
        if response[0] != 404 or method not in ("GET", "HEAD") or not key or not _is_absent_key(method, response[2]):
            return response
        denied = app._enforce_data_plane(
            "s3",
            "s3:ListBucket",
            headers,
            query_params,
            request_id,
            resource_arn=f"arn:aws:s3:::{bucket}",
            service_context={"s3:prefix": unquote(key)},
        )
        return denied or response

    app._dispatch_service_request = dispatch_and_hide


def _is_absent_key(method: str, body: object) -> bool:
    # A HEAD has no body that could tell an absent key from an absent bucket.
    return method == "HEAD" or (isinstance(body, bytes) and b"<Code>NoSuchKey</Code>" in body)
