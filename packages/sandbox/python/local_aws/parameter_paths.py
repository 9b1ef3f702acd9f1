"""ssm:GetParametersByPath is granted by path.

AWS authorizes the call on `parameter/<path>` (service authorization reference of Systems Manager). MiniStack takes `*`,
on which only a policy that grants every parameter would be enough.
"""

import functools
import json

from ministack.core import iam_actions


def install() -> None:
    """Makes the path of the request the resource that it is authorized on."""
    resource_arn = iam_actions.extract_resource_arn

    @functools.wraps(resource_arn)
    def resource_arn_with_path(service, method, path, headers, body, query_params, region, account_id):
        if service == "ssm" and headers.get("x-amz-target", "").endswith(".GetParametersByPath"):
            requested = _requested_path(body)
            if requested:
                return f"arn:aws:ssm:{region}:{account_id}:parameter/{requested.lstrip('/')}"
        return resource_arn(service, method, path, headers, body, query_params, region, account_id)

    iam_actions.extract_resource_arn = resource_arn_with_path


def _requested_path(body: bytes) -> str:
    try:
        request = json.loads(body)
    except ValueError:
        return ""
    requested = request.get("Path") if isinstance(request, dict) else None
    return requested if isinstance(requested, str) else ""
