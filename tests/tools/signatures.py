"""The story of signatures and credentials that the service accepts or refuses."""

from __future__ import annotations

from dataclasses import replace

from checks import EXPIRED_TOKEN, INVALID_SIGNATURE, UNAUTHORIZED, Checks, Error
from driver import TemporaryCredentials
from tool import Connection, Tool


def story(check: Checks, kind: type[Tool], connection: Connection) -> None:
    def refused(what: str, how: Error, connection: Connection, says: str = "") -> None:
        check.refused(what, how, kind(connection), "ListAccounts", says=says, MaxResults=1)

    wrong_secret = replace(connection, secret_access_key="x" * 40)
    refused("a wrong secret", INVALID_SIGNATURE, wrong_secret, "does not match")
    other_region = replace(connection, region="eu-west-1")
    refused("another region", INVALID_SIGNATURE, other_region, "valid region: 'us-east-1'")
    unknown_key = replace(connection, access_key_id="AKIAIOSFODNN7EXAMPLE")
    refused("an unknown key", UNAUTHORIZED, unknown_key)
    with_token = replace(connection, session_token="x")
    refused("a token where none belongs", UNAUTHORIZED, with_token)

    if kind.shifts_clock:
        for minutes, says in [(-6, "Signature expired: "), (6, "Signature not yet current: ")]:
            shifted = replace(connection, minutes_ahead=minutes)
            refused(f"a clock that is {minutes} min ahead", INVALID_SIGNATURE, shifted, says)
        for minutes in (-4, 4):
            tool = kind(replace(connection, minutes_ahead=minutes))
            check.true(f"a clock that is {minutes} min ahead will do", tool.call("ListAccounts"))

    temporary = TemporaryCredentials(connection.region)
    valid, expired = temporary.valid, temporary.expired
    account = kind(valid).call("CreateAccount", Name="Temporary")["Account"]
    got = kind(valid).call("GetAccount", AccountId=account["AccountId"])["Account"]
    check.equal("temporary credentials", got, account)
    refused("expired credentials", EXPIRED_TOKEN, expired)
    token = valid.session_token or ""
    wrong_tokens = [
        ("no token", None),
        ("a token cut off", token[:-1]),
        ("a token that is longer", token + "="),
        ("the token of others", expired.session_token),
    ]
    for what, wrong_token in wrong_tokens[:1] if kind.is_slow else wrong_tokens:
        wrong = replace(valid, session_token=wrong_token)
        refused(f"temporary credentials with {what}", UNAUTHORIZED, wrong)
    stranger = replace(connection, url=valid.url)
    refused("credentials of another instance", UNAUTHORIZED, stranger)
