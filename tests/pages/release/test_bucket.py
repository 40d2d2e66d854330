"""Private files in a bucket: the way of a brief from a figure to its readers, with no folder of private files.

The bucket is moto's, on loopback; the product is configured as production is, by its environment.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import environ
import pytest
import urllib3
from django.conf import settings as product
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer

from accounts import erasure
from config import files
from config.bucket import PrivateBucket
from config.keeping import archive
from config.keeping.manifest import File
from config.keeping.restore import Refused, put
from release import gates, public_root
from release.models import Artefact
from release.states import ReleaseState
from release.stored import NotAsSigned, _kept_digest
from tests.cast import Cast
from tests.factories.releases import (
    again,
    building,
    end_embargo,
    published,
    scheduled,
    small_files,
)

__all__ = ["small_files"]
KEYS = {"S3_ACCESS_KEY": "countersign", "S3_SECRET_KEY": "a/secret+with=signs", "S3_REGION": "eu-central-1"}
BUCKET = "countersign-private"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    yield "http://{}:{}".format(*running.get_host_and_port())
    running.stop()


@pytest.fixture
def bucket(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """The bucket itself, as who administers it sees it; the product uses it from here on."""
    for name, value in {**KEYS, "S3_BUCKET": BUCKET, "S3_PREFIX": "portal", "S3_ENDPOINT_URL": server}.items():
        monkeypatch.setenv(name, value)
    mine = boto3.resource(
        "s3", endpoint_url=server, aws_access_key_id="x", aws_secret_access_key="x", region_name="eu-central-1"
    ).Bucket(BUCKET)
    mine.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    settings.STORAGES = {**product.STORAGES, "default": files.storage(environ.Env(), tmp_path / "no-folder")}
    _kept_digest.cache_clear()
    yield mine
    mine.objects.all().delete()
    mine.delete()
    _kept_digest.cache_clear()


def test_without_a_bucket_files_lie_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S3_BUCKET", raising=False)
    told = files.storage(environ.Env(), tmp_path)
    assert told["BACKEND"] == "ledger.storage.LastingStorage"
    assert told["OPTIONS"] == {"location": str(tmp_path / "private"), "base_url": None}


def test_what_is_saved_is_private_kept_and_never_written_over(bucket: Any) -> None:
    first = default_storage.save("figures/name", ContentFile(b"one"))
    second = default_storage.save("figures/name", ContentFile(b"two"))
    assert first != second
    assert {each.key for each in bucket.objects.all()} == {f"portal/{first}", f"portal/{second}"}
    grants = bucket.Object(f"portal/{first}").Acl().grants
    assert [(grant["Permission"], grant["Grantee"]["Type"]) for grant in grants] == [("FULL_CONTROL", "CanonicalUser")]
    with default_storage.open(first) as file:
        assert (file.read(2), file.seek(0), file.read()) == (b"on", 0, b"one")
    assert default_storage.size(first) == 3
    default_storage.delete(first)
    assert not default_storage.exists(first)


def test_no_address_of_a_file_is_handed_out(bucket: Any, server: str) -> None:
    name = default_storage.save("figures/name", ContentFile(b"one"))
    with pytest.raises(ValueError, match="not accessible"):
        default_storage.url(name)
    stranger = urllib3.PoolManager().request("GET", f"{server}/{BUCKET}/portal/{name}")
    assert stranger.status == 403 and b"one" not in stranger.data


def test_what_fails_there_fails_as_on_a_disk(bucket: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        default_storage.open("figures/none")
    monkeypatch.setenv("S3_BUCKET", "somebody-elses")
    other = PrivateBucket(**files.storage(environ.Env(), tmp_path)["OPTIONS"])
    assert not other.reachable()
    monkeypatch.setenv("S3_ENDPOINT_URL", "http://127.0.0.1:1")
    away = PrivateBucket(**files.storage(environ.Env(), tmp_path)["OPTIONS"])
    assert not away.reachable()
    for act in (
        lambda: away.open("x"),
        lambda: away.save("x", ContentFile(b"x")),
        lambda: away.delete("x"),
        lambda: away.size("x"),
        lambda: away.exists("x"),
    ):
        with pytest.raises(OSError, match="does not answer"):
            act()


@pytest.mark.slow
def test_a_brief_goes_its_whole_way_through_a_bucket(cast: Cast, bucket: Any, client: Client, tmp_path: Path) -> None:
    """Figure uploaded, candidate built from it by the real converters, signed, published, read."""
    author = cast.client(cast.lead)
    shown = author.get(f"/write/{cast.brief.pk}/figures/{cast.figure.pk}")
    assert shown.status_code == 200 and b"".join(shown).startswith(b"\x89PNG")
    release = published(cast)
    assert release.status == ReleaseState.PUBLISHED, release.sentence
    held = {each.key.removeprefix("portal/") for each in bucket.objects.all()}
    assert set(Artefact.objects.filter(release=release).values_list("file", flat=True)) < held
    assert not (tmp_path / "no-folder").exists()

    base = f"/briefs/{release.brief.slug}/"
    pdf = client.get(f"{base}brief.pdf")
    whole = b"".join(pdf.streaming_content)
    assert whole.startswith(b"%PDF-") and len(whole) == int(pdf["Content-Length"])
    part = client.get(f"{base}brief.pdf", headers={"Range": "bytes=5-9"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, whole[5:10])
    page = client.get(base).content.decode()
    assert "Recruiters promise work abroad" in page
    assert "127.0.0.1" not in page and BUCKET not in page
    public_root.write()
    assert (public_root.root() / "current" / base.strip("/") / "brief.pdf").read_bytes() == whole


@pytest.mark.usefixtures("small_files")
def test_a_reviewer_sees_the_figure_of_the_version(cast: Cast, bucket: Any) -> None:
    assert cast.version and cast.invitation
    answer = cast.client(cast.reviewer).get(f"/review/{cast.round.pk}/figures/{cast.figure.pk}")
    assert b"".join(answer).startswith(b"\x89PNG")


@pytest.mark.usefixtures("small_files")
def test_a_draft_is_read_from_the_bucket_and_put_away(cast: Cast, bucket: Any) -> None:
    assert cast.draft.status == "proposed"
    assert any("draft" in each.key or "import" in each.key for each in bucket.objects.all())


@pytest.mark.usefixtures("small_files")
def test_an_object_that_somebody_altered_is_not_sent(cast: Cast, bucket: Any, client: Client) -> None:
    release = end_embargo(scheduled(cast))
    pdf = Artefact.objects.get(release=release, name="brief.pdf")
    bucket.put_object(Key=f"portal/{pdf.file.name}", Body=b"%PDF-1.7 something else")
    with pytest.raises(NotAsSigned):
        client.get(f"/briefs/{release.brief.slug}/brief.pdf")
    with pytest.raises(NotAsSigned):
        public_root.write()


@pytest.mark.usefixtures("small_files")
def test_what_fails_while_building_leaves_nothing_in_the_bucket(
    cast: Cast, bucket: Any, monkeypatch: pytest.MonkeyPatch, run_jobs: Any
) -> None:
    release = building(cast)
    before = {each.key for each in bucket.objects.all()}

    def fails(*arguments: object) -> None:
        raise OSError("the gates' disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(gates, "store", fails)
        run_jobs()
    assert again(release).status == ReleaseState.BUILDING
    assert {each.key for each in bucket.objects.all()} == before


def test_a_backup_is_restored_into_a_bucket(bucket: Any, tmp_path: Path) -> None:
    """Under the very name that the row has; what is there already stays, and other bytes are refused."""
    told = File(hashlib.sha256(b"a figure").hexdigest(), 8)
    (tmp_path / "files" / "figures").mkdir(parents=True)
    (tmp_path / "files" / "figures" / "x.png").write_bytes(b"a figure")
    reader = archive.FolderReader(tmp_path)
    assert put(reader, default_storage, "figures/x.png", told, replace=False)
    assert not put(reader, default_storage, "figures/x.png", told, replace=False)
    assert {each.key for each in bucket.objects.all()} == {"portal/figures/x.png"}
    with default_storage.open("figures/x.png") as file:
        assert file.read() == b"a figure"
    other = File("0" * 64, 8)
    with pytest.raises(Refused, match="other bytes"):
        put(reader, default_storage, "figures/x.png", other, replace=False)


def test_who_was_forgotten_is_marked_in_the_bucket(bucket: Any, cast: Cast) -> None:
    assert erasure.erase_again() == 0
    default_storage.save(f"{erasure.MARKS}/{cast.former.pk}", ContentFile(b""))
    assert erasure.erase_again() == 1
    cast.former.refresh_from_db()
    assert cast.former.former_number == 1
