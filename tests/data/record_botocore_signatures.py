#!/usr/bin/env python3
"""Record Amazon Chime requests as signed by botocore, for use as test vectors.

Usage:  pip install botocore
        python record_botocore_signatures.py botocore_signatures.json

Every request is built from botocore's own Chime model and signed by its own
SigV4 signer. Nothing touches the network: a `before-send` handler answers
each request with an empty fake response. The clock, the UUID source, the
User-Agent and the environment are fixed, so one botocore version always
writes identical bytes.

Output: {"botocore": version, "cases": [case, ...]}, where a case has

  name                  unique name of the case
  operation, params     the botocore call (params in the order given to it)
  credentials           access_key, secret_key, session_token (or null)
  client_region         region the client was configured with
  region                region signed for; differs from client_region where the
                        endpoint rules of Chime redirect to us-east-1
  endpoint_url          endpoint override, or null
  time                  time of signing, UTC
  method, url, body     the request as sent; url is already percent-encoded
  headers               headers as sent (lower-case names) without Authorization,
                        including unsigned ones, plus Host as it is signed
  signed_headers        names of the signed headers, in order
  canonical_request     botocore's canonical request, to locate a mismatch
  signature             hex signature
  authorization         value of the Authorization header
"""

import io
import json
import os
import re
import sys
import uuid
from datetime import datetime
from unittest import mock

import botocore
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.session import Session
from urllib3 import HTTPResponse

NOW = datetime(2026, 1, 15, 12, 34, 56)
INVOCATION_ID = uuid.UUID("00000000-0000-4000-8000-000000000000")
USER_AGENT = "record-botocore-signatures"

# Fictitious credentials from the AWS documentation.
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SESSION_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJ+session/token+EXAMPLE=="

ACCOUNT = "12a3456b-7c89-412d-8456-78901e23fa45"
USER = "1ab2345c-67de-4901-9234-45a678901b2c"
USER_2 = "2bc3456d-78ef-4012-a34b-56c789012d3e"
ODD_ID = "a b/c+d%e%2Fü~*'()!"
PAGE_TOKEN = "AAEAAb+c/d/E+fg0123456789=="
TOKEN = {"token": SESSION_TOKEN}
LOCAL = {"endpoint": "http://127.0.0.1:4510"}
PROXY = {"endpoint": "https://proxy.example.com/chime"}

# (name, operation, parameters, options: token, region, endpoint)
CASES = [
    ("create_account", "CreateAccount", {"Name": "Example Corp"}, {}),
    ("create_account_unicode", "CreateAccount", {"Name": "Müller & Söhne 🚀"}, {}),
    ("create_account_session_token", "CreateAccount", {"Name": "Example Corp"}, TOKEN),
    ("create_account_local_port", "CreateAccount", {"Name": "Example Corp"}, LOCAL),
    ("get_account", "GetAccount", {"AccountId": ACCOUNT}, {}),
    ("get_account_odd_id", "GetAccount", {"AccountId": ODD_ID}, {}),
    ("get_account_odd_id_session_token", "GetAccount", {"AccountId": ODD_ID}, TOKEN),
    ("get_account_base_path", "GetAccount", {"AccountId": ACCOUNT}, PROXY),
    ("get_account_base_path_odd_id", "GetAccount", {"AccountId": ODD_ID}, PROXY),
    ("get_account_other_region", "GetAccount", {"AccountId": ACCOUNT}, {"region": "eu-central-1"}),
    (
        "get_account_other_region_local_port",
        "GetAccount",
        {"AccountId": ACCOUNT},
        {"region": "eu-central-1", **LOCAL},
    ),
    ("list_accounts", "ListAccounts", {}, {}),
    (
        "list_accounts_filters",
        "ListAccounts",
        {"Name": "R & D + Q=A / why?  ü~*", "UserEmail": "jane.doe+chime@example.com"},
        {},
    ),
    ("list_accounts_page", "ListAccounts", {"NextToken": PAGE_TOKEN, "MaxResults": 100}, {}),
    (
        "list_accounts_page_session_token",
        "ListAccounts",
        {"NextToken": PAGE_TOKEN, "MaxResults": 100},
        TOKEN,
    ),
    (
        "list_accounts_base_path",
        "ListAccounts",
        {"Name": "Example Corp", "MaxResults": 5},
        PROXY,
    ),
    (
        "update_account",
        "UpdateAccount",
        {"AccountId": ACCOUNT, "Name": "Renamed", "DefaultLicense": "Pro"},
        {},
    ),
    ("delete_account", "DeleteAccount", {"AccountId": ACCOUNT}, {}),
    ("delete_account_session_token", "DeleteAccount", {"AccountId": ACCOUNT}, TOKEN),
    (
        "create_user",
        "CreateUser",
        {
            "AccountId": ACCOUNT,
            "Username": "jane",
            "Email": "jane.doe+chime@example.com",
            "UserType": "PrivateUser",
        },
        {},
    ),
    ("get_user", "GetUser", {"AccountId": ACCOUNT, "UserId": USER}, {}),
    ("get_user_local_port", "GetUser", {"AccountId": ACCOUNT, "UserId": USER}, LOCAL),
    (
        "list_users_filters",
        "ListUsers",
        {
            "AccountId": ACCOUNT,
            "UserEmail": "jane.doe+chime@example.com",
            "UserType": "SharedDevice",
            "MaxResults": 200,
            "NextToken": PAGE_TOKEN,
        },
        {},
    ),
    (
        "update_user",
        "UpdateUser",
        {
            "AccountId": ACCOUNT,
            "UserId": USER,
            "LicenseType": "Basic",
            "UserType": "PrivateUser",
            "AlexaForBusinessMetadata": {
                "IsAlexaForBusinessEnabled": True,
                "AlexaForBusinessRoomArn": "arn:aws:a4b:us-east-1:123456789012:room/a/b",
            },
        },
        {},
    ),
    (
        "batch_suspend_user",
        "BatchSuspendUser",
        {"AccountId": ACCOUNT, "UserIdList": [USER, USER_2]},
        {},
    ),
    ("logout_user", "LogoutUser", {"AccountId": ACCOUNT, "UserId": USER}, {}),
    ("logout_user_session_token", "LogoutUser", {"AccountId": ACCOUNT, "UserId": USER}, TOKEN),
    ("logout_user_base_path", "LogoutUser", {"AccountId": ACCOUNT, "UserId": USER}, PROXY),
]


def record(name, operation, params, options):
    """Make one call and return what botocore signed and would have sent."""
    seen = {}
    string_to_sign = SigV4Auth.string_to_sign

    def spy(signer, request, canonical_request):
        seen["canonical_request"] = canonical_request
        # The HTTP library adds Host when sending; botocore signs it up front.
        seen["host"] = signer.headers_to_sign(request)["host"]
        return string_to_sign(signer, request, canonical_request)

    def answer(request, **_):
        seen["request"] = request
        raw = HTTPResponse(body=io.BytesIO(b"{}"), preload_content=False)
        return AWSResponse(request.url, 200, {}, raw)

    client_region = options.get("region", "us-east-1")
    client = Session().create_client(
        "chime",
        region_name=client_region,
        endpoint_url=options.get("endpoint"),
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        aws_session_token=options.get("token"),
        config=Config(user_agent=USER_AGENT),
    )
    client.meta.events.register("before-send.chime.*", answer)
    method = {op: method for method, op in client.meta.method_to_api_mapping.items()}[operation]
    with mock.patch.object(SigV4Auth, "string_to_sign", spy):
        getattr(client, method)(**params)

    request = seen["request"]
    headers = {"host": seen["host"]}
    for header, value in request.headers.items():
        headers[header.lower()] = value.decode() if isinstance(value, bytes) else value
    authorization = headers.pop("authorization")
    region, signed_headers, signature = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=[^/]+/\d{8}/([^/]+)/chime/aws4_request, "
        r"SignedHeaders=([^,]+), Signature=([0-9a-f]{64})",
        authorization,
    ).groups()
    return {
        "name": name,
        "operation": operation,
        "params": params,
        "credentials": {
            "access_key": ACCESS_KEY,
            "secret_key": SECRET_KEY,
            "session_token": options.get("token"),
        },
        "client_region": client_region,
        "region": region,
        "endpoint_url": options.get("endpoint"),
        "time": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "method": request.method,
        "url": request.url,
        "headers": dict(sorted(headers.items())),
        "body": (request.body or b"").decode("utf-8"),
        "signed_headers": signed_headers.split(";"),
        "canonical_request": seen["canonical_request"],
        "signature": signature,
        "authorization": authorization,
    }


def main():
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} OUTPUT.json")
    # Keep the user's AWS settings (endpoints, retry mode, ...) out of the result.
    for variable in [v for v in os.environ if v.startswith("AWS_")]:
        del os.environ[variable]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull

    with (
        mock.patch("botocore.auth.get_current_datetime", return_value=NOW),
        mock.patch("uuid.uuid4", return_value=INVOCATION_ID),
    ):
        cases = [record(*case) for case in CASES]
    with open(sys.argv[1], "w", encoding="utf-8", newline="\n") as out:
        json.dump(
            {"botocore": botocore.__version__, "cases": cases}, out, indent=2, ensure_ascii=False
        )
        out.write("\n")


if __name__ == "__main__":
    main()
