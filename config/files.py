"""Where private files lie: a folder, or a bucket that speaks S3. By configuration alone.

Nothing hands out a bucket's addresses: files leave through views that ask who may see them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ

#: Seconds; a bucket that does not answer must not hold a worker for minutes.
CONNECT, READ = 3, 20


def storage(env: environ.Env, data: Path) -> dict[str, Any]:
    """The entry of STORAGES for private files, from the environment."""
    bucket = env.str("S3_BUCKET", default="")
    if not bucket:
        return {
            "BACKEND": "ledger.storage.LastingStorage",
            "OPTIONS": {"location": str(data / "private"), "base_url": None},
        }
    return {"BACKEND": "config.bucket.PrivateBucket", "OPTIONS": {"bucket_name": bucket, **_options(env)}}


def _options(env: environ.Env) -> dict[str, Any]:
    # Here, because the libraries of the `s3` extra are needed by who uses a bucket only.
    from boto3.s3.transfer import TransferConfig
    from botocore.config import Config

    endpoint = env.str("S3_ENDPOINT_URL", default="")
    options: dict[str, Any] = {
        "location": env.str("S3_PREFIX", default=""),
        # A bucket whose owner has switched ACLs off wants none named: S3_ACL= (empty).
        "default_acl": env.str("S3_ACL", default="private") or None,
        "file_overwrite": False,
        "querystring_auth": False,
        "client_config": Config(
            signature_version="s3v4",
            connect_timeout=CONNECT,
            read_timeout=READ,
            retries={"max_attempts": 3, "mode": "standard"},
            s3={"addressing_style": env.str("S3_ADDRESSING", default="path" if endpoint else "auto")},
            # Servers other than Amazon's know fewer checksums; ours is the SHA-256 in the database.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
        # In the thread that asks: Celery's processes are forked.
        "transfer_config": TransferConfig(use_threads=False),
    }
    named = {
        "endpoint_url": endpoint,
        "region_name": env.str("S3_REGION", default=""),
        "access_key": env.str("S3_ACCESS_KEY", default=""),
        "secret_key": env.str("S3_SECRET_KEY", default=""),
    }
    if env.bool("S3_ENCRYPT", default=False):
        options["object_parameters"] = {"ServerSideEncryption": "AES256"}
    # Without keys the library looks for the machine's own role.
    return options | {name: value for name, value in named.items() if value}
