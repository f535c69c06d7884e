"""A registry's pull from the protos alone, with Debian's python3-grpcio, python3-protobuf, python3-cryptography,
protobuf-compiler and libprotobuf-dev.

python3 pull.py --server https://HOST:PORT --identity registry.pem --protos protos --out DIR [--page-size N]

Goes on where an earlier run was cut, inside a batch too; checks each page, root and signature; honours withdrawals; acknowledges.
The folder is docs/release-format.md's: `clinicnet registry verify DIR` checks it whole.
"""

import argparse
import base64
import hashlib
import importlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from urllib.parse import urlparse

import grpc
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

PROFILE = "profiles/public-outcomes"
SILENT_S = 30  # a unary call takes no longer
STREAM_S = 600  # nor a stream, which goes on then
ATTEMPTS = 20  # of one call without any progress
WAIT_S, WAIT_S_MAX = 0.2, 5.0  # before the first attempt again; doubled
AGAIN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.ABORTED, grpc.StatusCode.CANCELLED}


class Refused(Exception):
    """What came is not what was signed, or the server said no."""


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def leaf_of(row):
    return row.leaf if row.leaf else sha256(b"\0", row.salt, "\t".join(row.values).encode())


def root_of(leaves):
    """RFC 6962: split at the largest power of two below n."""
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1", root_of(leaves[:left]), root_of(leaves[left:]))


def line_of(at, row):
    """One spelling: no white space, only quote and backslash escaped."""
    if row.leaf:
        return f'{{"row":{at},"leaf":"{row.leaf.hex()}"}}\n'
    values = ",".join('"' + re.sub(r'(["\\])', r"\\\1", value) + '"' for value in row.values)
    return f'{{"row":{at},"salt":"{row.salt.hex()}","values":[{values}]}}\n'


def leaf_of_line(line):
    row = json.loads(line)
    return bytes.fromhex(row["leaf"]) if "leaf" in row else sha256(b"\0", bytes.fromhex(row["salt"]), "\t".join(row["values"]).encode())


def compile_protos(protos, folder):
    """Messages of the release service; its calls need no more than their names."""
    files = ["clinicnetwork/exchange/v1/release_service.proto", "clinicnetwork/care/v1/revision.proto"]
    if subprocess.run(["protoc", f"-I{protos}", "-I/usr/include", f"--python_out={folder}", *files], check=False).returncode != 0:
        raise Refused(f"{protos}: the protos do not compile")
    sys.path.insert(0, folder)
    return importlib.import_module("clinicnetwork.exchange.v1.release_service_pb2")


def connect(server, identity):
    blocks = re.findall(rb"-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----\n?", pathlib.Path(identity).read_bytes())
    certificates = [block for block in blocks if b"BEGIN CERTIFICATE" in block]
    keys = [block for block in blocks if b"PRIVATE KEY" in block]
    if not keys or len(certificates) < 2:
        raise Refused(f"{identity} does not hold a certificate, its key and the authority")
    credentials = grpc.ssl_channel_credentials(certificates[-1], keys[0], certificates[0])
    return grpc.secure_channel(urlparse(server).netloc, credentials, [("grpc.max_receive_message_length", 17 * 1024 * 1024)])


def again(attempt, progress=lambda: 0):
    """Repeats what a broken connection ended; an attempt that came further does not count."""
    tries, wait = 0, WAIT_S
    while True:
        before = progress()
        try:
            return attempt()
        except grpc.RpcError as error:
            if error.code() not in AGAIN:
                raise
            tries, wait = (0, WAIT_S) if progress() > before else (tries + 1, min(wait * 2, WAIT_S_MAX))
            if tries >= ATTEMPTS:
                raise
            time.sleep(wait * random.uniform(0.5, 1))


class Puller:
    def __init__(self, messages, channel, out, page_size):
        self.messages, self.channel, self.out, self.page_size = messages, channel, pathlib.Path(out), page_size

    def method(self, kind, rpc):
        answer = getattr(self.messages, rpc + "Response")
        return kind(f"/clinicnetwork.exchange.v1.ReleaseService/{rpc}", lambda request: request.SerializeToString(), answer.FromString)

    def call(self, rpc, **fields):
        request = getattr(self.messages, rpc + "Request")(**fields)
        return again(lambda: self.method(self.channel.unary_unary, rpc)(request, timeout=SILENT_S))

    def trust_key(self):
        """Kept at the first pull; another one later is refused."""
        pem = self.call("GetReleaseKey").public_key_pem.encode()
        file = self.out / "network-key.pem"
        if not file.exists():
            file.write_bytes(pem)
        elif file.read_bytes() != pem:
            raise Refused("the network signs with another key than at the first pull; ask its operator before you go on")
        return serialization.load_pem_public_key(pem)

    def pull_rows(self, name, file, expected):
        """From the last whole line on."""
        kept = file.read_bytes() if file.exists() else b""
        whole = kept[: kept.rfind(b"\n") + 1]
        leaves = [leaf_of_line(line) for line in whole.split(b"\n")[:-1]]
        file.write_bytes(whole)
        if leaves:
            print(f"{name}: goes on at row {len(leaves)}")
        with file.open("ab") as out:

            def attempt():
                request = self.messages.StreamBatchRequest(name=name, start_row=len(leaves), page_size=self.page_size)
                for item in self.method(self.channel.unary_stream, "StreamBatch")(request, timeout=STREAM_S):
                    if item.WhichOneof("item") == "trailer":
                        return item.trailer
                    got = [leaf_of(row) for row in item.page.rows]
                    if item.page.first_row != len(leaves) or sha256(*got) != item.page.checksum:
                        raise Refused(f"{name}: a page does not give its checksum")
                    out.write("".join(line_of(len(leaves) + i, row) for i, row in enumerate(item.page.rows)).encode())
                    leaves.extend(got)
                raise Refused(f"{name}: the stream has no end")

            trailer = again(attempt, lambda: len(leaves))
            out.flush()
            os.fsync(out.fileno())
        if len(leaves) != trailer.row_count or root_of(leaves) != trailer.root or trailer.root.hex() != expected:
            file.unlink()
            raise Refused(f"{name}: the rows do not give the signed root")

    def folder_of(self, number):
        return self.out / "batches" / f"{number:04}"

    def pull_batch(self, number, manifest, signature):
        folder = self.out / ".partial" / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / "manifest.json"
        if kept.exists() and kept.read_bytes() != manifest:
            (folder / "rows.ndjson").unlink(missing_ok=True)
        kept.write_bytes(manifest)
        (folder / "manifest.sig").write_bytes(signature)
        self.pull_rows(f"{PROFILE}/batches/{number}", folder / "rows.ndjson", json.loads(manifest)["root"])
        shutil.rmtree(self.folder_of(number), ignore_errors=True)
        folder.rename(self.folder_of(number))

    def pull(self):
        (self.out / "batches").mkdir(parents=True, exist_ok=True)
        key, batches, token = self.trust_key(), [], ""
        while True:
            page = self.call("ListBatches", parent=PROFILE, page_token=token)
            batches.extend(page.batches)
            token = page.next_page_token
            if not token:
                break
        withdrawn = set()
        for batch in batches:
            number = int(batch.name.rsplit("/", 1)[1])
            if self.folder_of(number).exists():
                continue
            answer = self.call("GetManifest", name=batch.name)
            signature = utils.encode_dss_signature(int.from_bytes(answer.signature[:32], "big"), int.from_bytes(answer.signature[32:], "big"))
            try:
                key.verify(signature, answer.manifest, ec.ECDSA(hashes.SHA256()))
            except InvalidSignature:
                raise Refused(f"{batch.name}: the manifest is not signed by the kept key") from None
            self.pull_batch(number, answer.manifest, base64.b64encode(answer.signature))
            manifest = json.loads(answer.manifest)
            withdrawn.update(told["batch"] for told in manifest["tombstones"])
            print(f"{batch.name}: {manifest['rows']} rows, verified")
        # What a new manifest takes back goes from the batches before it: they are read again, where those rows are leaves alone now.
        for number in withdrawn:
            folder = self.folder_of(number)
            self.pull_batch(number, (folder / "manifest.json").read_bytes(), (folder / "manifest.sig").read_bytes())
        if batches:
            self.call("AcknowledgeBatch", request_id=str(uuid.uuid4()), name=batches[-1].name)
        print(f"{len(batches)} batches in {self.out}, acknowledged")


def main():
    parser = argparse.ArgumentParser(description="Pulls anonymised outcomes from a ClinicNetwork.")
    for name in ("server", "identity", "protos", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--page-size", type=int, default=500)
    given = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as compiled, connect(given.server, given.identity) as channel:
            Puller(compile_protos(given.protos, compiled), channel, given.out, given.page_size).pull()
    except (Refused, OSError) as error:
        sys.exit(f"pull: {error}")
    except grpc.RpcError as error:
        sys.exit(f"pull: {error.details()}")


main()
