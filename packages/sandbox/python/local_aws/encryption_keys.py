"""What is encrypted under a key takes the key as well.

S3 asks KMS in the name of the caller: a write under SSE-KMS takes kms:GenerateDataKey on the key, a read takes
kms:Decrypt, and a multipart upload takes both, because its parts are read again when it is completed (S3 user guide,
"Using server-side encryption with AWS KMS keys"). Parameter Store does the same for a SecureString. MiniStack notes the
key and lets everybody use it, so a policy without these verbs would pass here and fail in the cloud.
"""

import functools
import json
from types import ModuleType
from urllib.parse import unquote

from ministack.services import s3, ssm

KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"


def install(app: ModuleType) -> None:
    """Makes requests for encrypted objects and parameters depend on their keys."""
    dispatch = app._dispatch_service_request

    @functools.wraps(dispatch)
    async def dispatch_with_key(method, path, headers, body, query_params, request_id):
        def deny(service: str, action: str, key: str, context: dict[str, str] | None = None):
            region = key.split(":")[3]
            return app._enforce_data_plane(
                service,
                action,
                headers,
                query_params,
                request_id,
                resource_arn=key,
                service_context={"kms:ViaService": f"{service}.{region}.amazonaws.com", **(context or {})},
            )

        bucket, _, name = path.lstrip("/").partition("/")
        actions = _write_actions(method, query_params) if name else ()
        key = _write_key(bucket, headers) if actions else ""
        # Who may not write at all is told so by the store itself, as S3 does.
        if key and not app._enforce_data_plane(
            "s3",
            "s3:PutObject",
            headers,
            query_params,
            request_id,
            resource_arn=f"arn:aws:s3:::{bucket}/{unquote(name)}",
        ):
            for action in actions:
                if denied := deny("s3", action, key):
                    return denied

        response = await dispatch(method, path, headers, body, query_params, request_id)
        if response[0] >= 300:
            return response
        if method == "GET" and name and _is_key(read_key := response[1].get(KEY_HEADER, "")):
            return deny("s3", "kms:Decrypt", read_key) or response
        if headers.get("x-amz-target", "").endswith(".GetParameter"):
            parameter = _decrypted_parameter(body)
            if parameter and _is_key(parameter["KeyId"]):
                context = {"kms:EncryptionContext:PARAMETER_ARN": parameter["ARN"]}
                return deny("ssm", "kms:Decrypt", parameter["KeyId"], context) or response
        return response

    app._dispatch_service_request = dispatch_with_key


def _write_actions(method: str, query_params: dict) -> tuple[str, ...]:
    if method == "POST" and ("uploads" in query_params or "uploadId" in query_params):
        return ("kms:GenerateDataKey", "kms:Decrypt")
    return ("kms:GenerateDataKey",) if method == "PUT" else ()


def _write_key(bucket: str, headers: dict) -> str:
    key = headers.get(KEY_HEADER) or s3._bucket_default_sse_headers(bucket).get(KEY_HEADER, "")
    return key if _is_key(key) else ""


def _is_key(name: str) -> bool:
    """Whether it is a key of ours; everybody in the account may use the keys that AWS itself manages."""
    return name.startswith("arn:aws:kms:")


def _decrypted_parameter(body: bytes) -> dict | None:
    try:
        request = json.loads(body)
    except ValueError:
        return None
    if not isinstance(request, dict) or not request.get("WithDecryption"):
        return None
    name = request.get("Name")
    return ssm._parameters.get(name) if isinstance(name, str) else None
