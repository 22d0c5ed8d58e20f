"""A stranger's client: nothing but the .proto files and Debian's python3-grpcio.

Usage: stranger.py ADDRESS STUB_FOLDER USER   (the password is read from standard input)
Logs in, lists cases, opens the first with images, fetches its first tile, and prints what it saw as JSON.
"""

import hashlib
import json
import sys

address, stubs, user = sys.argv[1:4]
sys.path.insert(0, stubs)

import grpc  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from hada.v1 import (  # noqa: E402
    case_pb2,
    case_pb2_grpc,
    session_pb2,
    session_pb2_grpc,
    tile_pb2,
    tile_pb2_grpc,
)


def error_reason(error):
    """The ErrorInfo reason in the status details, as any gRPC client finds it."""
    for key, value in error.trailing_metadata():
        if key == "grpc-status-details-bin":
            status = status_pb2.Status.FromString(value)
            for detail in status.details:
                info = error_details_pb2.ErrorInfo()
                if detail.Unpack(info):
                    return info.domain + "/" + info.reason
    return ""


channel = grpc.insecure_channel(address)
sessions = session_pb2_grpc.SessionServiceStub(channel)
cases = case_pb2_grpc.CaseServiceStub(channel)
tiles = tile_pb2_grpc.TileServiceStub(channel)
seen = {}

try:
    cases.ListCases(case_pb2.ListCasesRequest())
except grpc.RpcError as error:
    seen["without_login"] = [error.code().name, error_reason(error)]

login = sessions.Login(
    session_pb2.LoginRequest(user_id=user, password=sys.stdin.readline().rstrip("\n")), timeout=20
)
token = (("authorization", "Bearer " + login.session_token),)

names = []
page_token = ""
while True:
    page = cases.ListCases(
        case_pb2.ListCasesRequest(page_size=2, page_token=page_token), metadata=token, timeout=20
    )
    names += [c.name for c in page.cases]
    page_token = page.next_page_token
    if not page_token:
        break
seen["cases"] = names

for name in names:
    case = cases.GetCase(case_pb2.GetCaseRequest(name=name), metadata=token, timeout=20)
    if not case.images:
        continue
    image = cases.GetImage(case_pb2.GetImageRequest(name=case.images[0].name), metadata=token, timeout=20)
    request = tile_pb2.GetTileRequest(image=image.name, level=len(image.levels) - 1, column=0, row=0)
    tile = tiles.GetTile(request, metadata=token, timeout=20)
    seen["image"] = image.name
    seen["level"] = request.level
    seen["tile_sha256"] = hashlib.sha256(tile.jpeg).hexdigest()
    break

# Health, by the standard's own bytes: an empty request, and SERVING (1) in field 1.
health = channel.unary_unary(
    "/grpc.health.v1.Health/Check", request_serializer=lambda b: b, response_deserializer=lambda b: b
)
seen["serving"] = health(b"", timeout=20) == b"\x08\x01"

# Reflection: list_services (field 7 of ServerReflectionRequest); the names stand in the answer as text.
reflection = channel.stream_stream(
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    request_serializer=lambda b: b,
    response_deserializer=lambda b: b,
)
answer = next(reflection(iter([b"\x3a\x01*"]), timeout=20))
seen["reflects"] = b"hada.v1.CaseService" in answer

print(json.dumps(seen))
