"""Private files in a bucket (the `s3` extra). What fails there is an OSError, as on a disk that errs."""

from __future__ import annotations

import contextlib
import errno
import tempfile
from collections.abc import Iterator
from typing import IO, Any, NoReturn

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

#: Bytes that a fetched file may take in memory before it goes to the disk.
IN_MEMORY = 2 * 1024 * 1024


@contextlib.contextmanager
def _as_on_a_disk() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise FileNotFoundError("the bucket does not hold this file") from error
        raise OSError(errno.EIO, "the bucket refuses") from error
    except BotoCoreError as error:
        raise OSError(errno.EIO, "the bucket does not answer") from error


class Fetched(File):  # type: ignore[type-arg]
    """A whole object, fetched when it is opened: what is missing is known before a byte is sent."""

    def __init__(self, storage: PrivateBucket, name: str) -> None:
        super().__init__(storage.fetch(name), name)
        self._storage = storage

    def open(self, mode: str | None = None, *arguments: Any, **named: Any) -> Fetched:
        """Again from its beginning, as Django's own files."""
        if self.closed:
            self.file = self._storage.fetch(str(self.name))
        self.seek(0)
        return self


class PrivateBucket(S3Storage):
    """Every object private, no object ever written over, no address handed out."""

    def fetch(self, name: str) -> IO[bytes]:
        into = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever opens closes it
        try:
            with _as_on_a_disk():
                self.bucket.Object(self._normalize_name(name)).download_fileobj(into, Config=self.transfer_config)
        except BaseException:
            into.close()
            raise
        into.seek(0)
        return into

    def url(self, *arguments: Any, **named: Any) -> NoReturn:
        raise ValueError("This file is not accessible via a URL.")

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("Private files are read, or saved whole.")
        return Fetched(self, name)

    def _save(self, name: str, content: File[bytes]) -> str:
        with _as_on_a_disk():
            saved: str = super()._save(name, content)
        return saved

    def delete(self, name: str) -> None:
        with _as_on_a_disk():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _as_on_a_disk():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _as_on_a_disk():
            return int(super().size(name))

    def reachable(self) -> bool:
        """Whether the bucket is there and ours."""
        try:
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
        except (ClientError, BotoCoreError):
            return False
        return True
