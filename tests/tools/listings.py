"""Checks that every listing, with every filter and several page sizes, has each item once and in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from checks import BAD_REQUEST, Checks
from model import OPERATIONS, members
from world import ANA, ASSIGNED, BEN, DELETED, ENTERPRISE, FREE, OTHER, World, new_world


@dataclass(frozen=True)
class Listing:
    """A listing and its expected items, in order."""

    operation: str
    parameters: dict[str, Any]
    # The identifiers of the items.
    items: list[str]

    def __str__(self) -> str:
        return f"{self.operation} {self.parameters}"


# For each listing: the member of the response that has the items, and a function that returns the identifier of an item.
_ITEMS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "ListAccounts": ("Accounts", lambda account: account["AccountId"]),
    "ListBots": ("Bots", lambda bot: bot["BotId"]),
    "ListPhoneNumberOrders": ("PhoneNumberOrders", lambda order: order["PhoneNumberOrderId"]),
    "ListPhoneNumbers": ("PhoneNumbers", lambda number: number["E164PhoneNumber"]),
    "ListRoomMemberships": ("RoomMemberships", lambda membership: membership["Member"]["MemberId"]),
    "ListRooms": ("Rooms", lambda room: room["RoomId"]),
    "ListUsers": ("Users", lambda user: user["UserId"]),
    "SearchAvailablePhoneNumbers": ("E164PhoneNumbers", lambda number: number),
}


def story(check: Checks) -> None:
    sizes = {operation: size for operation in OPERATIONS if (size := _page_size(operation))}
    check.equal("all operations with pages are here", sizes.keys(), _ITEMS.keys())
    with new_world() as world:
        filled = _Filled(world)
        listings = [*filled.listings(), *_SEARCHES]
        for listing in listings:
            for size in (1, 2, 3, sizes[listing.operation]):
                pages(check, world, listing, size)
        filters(check, listings)
        tokens(check, world, listings)
        filled.grow()
        for listing in [*filled.listings(), _LARGE_SEARCH]:
            pages(check, world, listing, sizes[listing.operation])


def _page_size(operation: str) -> int | None:
    """Returns the largest page size of an operation."""
    found = (member.shape.metadata["max"] for member in members(operation) if member.name == "MaxResults")
    return next(found, None)


def pages(check: Checks, world: World, listing: Listing, size: int) -> None:
    items = listing.items
    expected = [items[start : start + size] for start in range(0, len(items), size)] or [[]]
    got = list(_pages(world, listing, size, most=len(expected) + 1))
    what = f"{listing} has its {len(items)} items once and in order, by {size}"
    check.true(what, got == expected, f"pages of {[len(page) for page in got]}: {got}"[:400])


def _pages(world: World, listing: Listing, size: int, most: int) -> Iterator[list[str]]:
    name, key = _ITEMS[listing.operation]
    token: dict[str, str] = {}
    for _ in range(most):
        answer = world.boto3.call(listing.operation, MaxResults=size, **listing.parameters, **token)
        yield [key(item) for item in answer.get(name, [])]
        if "NextToken" not in answer:
            return
        token = {"NextToken": answer["NextToken"]}


def filters(check: Checks, listings: list[Listing]) -> None:
    """Checks that every filter is used in a listing that has items."""
    used = {(listing.operation, name) for listing in listings if listing.items for name in listing.parameters}
    for operation in _ITEMS:
        for member in members(operation):
            if member.name not in ("MaxResults", "NextToken"):
                check.true(f"{operation} is filtered by {member}", (operation, member.name) in used)


def tokens(check: Checks, world: World, listings: list[Listing]) -> None:
    """Checks that a listing refuses tokens of other listings."""
    found = {}
    for listing in listings:
        if len(listing.items) > 1:
            answer = world.boto3.call(listing.operation, MaxResults=1, **listing.parameters)
            found[str(listing)] = answer["NextToken"]
    for listing in listings:
        others = {of: token for of, token in found.items() if of != str(listing)}
        if str(listing) in found:
            others["made up"] = found[str(listing)].swapcase()
            others["cut off"] = found[str(listing)][:-1]
        for of, token in others.items():
            what = f"{listing} refuses the token: {of}"
            parameters = listing.parameters | {"NextToken": token}
            check.refused(what, BAD_REQUEST, world.boto3, listing.operation, says="next-token", **parameters)


class _Filled:
    """A world with several items in each list. The lists can grow."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._accounts: list[str] = []
        self._users: list[str] = []
        self._rooms: list[str] = []
        self._bots: list[str] = []
        self._numbers: list[str] = []
        self._orders: list[str] = []
        self._add(7)
        self._add_members(self._users)
        for room_id in self._rooms[1::2]:
            self._call("CreateRoomMembership", AccountId=OTHER, RoomId=room_id, MemberId=self._users[2])

    def grow(self) -> None:
        """Adds items until every list has more items than a page."""
        former = len(self._users)
        self._add(93)
        self._add_members(self._users[former:])
        self._add_accounts_and_users(101)

    def listings(self) -> Iterator[Listing]:
        world, other = self._world, {"AccountId": OTHER}
        accounts = [ENTERPRISE, OTHER, world.team, world.empty, *self._accounts]
        yield Listing("ListAccounts", {}, accounts)
        yield Listing("ListAccounts", {"Name": "Page"}, self._accounts)
        yield Listing("ListAccounts", {"UserEmail": "U3@Example.com"}, [OTHER])
        yield Listing("ListUsers", other, self._users)
        yield Listing("ListUsers", other | {"UserType": "SharedDevice"}, self._users[1::2])
        yield Listing("ListUsers", other | {"UserEmail": "u3@example.com"}, self._users[3:4])
        yield Listing("ListUsers", {"AccountId": ENTERPRISE}, [ANA, BEN])
        yield Listing("ListUsers", {"AccountId": world.empty}, [])
        yield Listing("ListRooms", other, self._rooms)
        with_member = [self._rooms[0], *self._rooms[1:7:2]]
        yield Listing("ListRooms", other | {"MemberId": self._users[2]}, with_member)
        yield Listing("ListRooms", other | {"MemberId": "nobody"}, [])
        memberships = {"RoomId": self._rooms[0]}
        yield Listing("ListRoomMemberships", other | memberships, self._users[:100])
        room = {"AccountId": ENTERPRISE, "RoomId": world.room}
        yield Listing("ListRoomMemberships", room, [ANA, world.bot])
        yield Listing("ListBots", other, self._bots)
        yield Listing("ListPhoneNumbers", {}, [ASSIGNED, FREE, DELETED, *self._numbers])
        yield Listing("ListPhoneNumbers", {"ProductType": "VoiceConnector"}, self._numbers)
        yield Listing("ListPhoneNumbers", {"Status": "Unassigned"}, [FREE, *self._numbers])
        yield Listing("ListPhoneNumbers", {"FilterName": "UserId", "FilterValue": ANA}, [ASSIGNED])
        both = {"ProductType": "BusinessCalling", "Status": "ReleaseInProgress"}
        yield Listing("ListPhoneNumbers", both, [DELETED])
        yield Listing("ListPhoneNumberOrders", {}, [world.order, *self._orders])

    def _add(self, count: int) -> None:
        """Adds this number of items to each list."""
        self._add_accounts_and_users(count)
        for _ in range(count):
            self._rooms.append(self._call("CreateRoom", AccountId=OTHER, Name="Room")["Room"]["RoomId"])
            self._bots.append(self._call("CreateBot", AccountId=OTHER, DisplayName="bot")["Bot"]["BotId"])
            number = f"+121255501{len(self._numbers):02}"
            order = {"ProductType": "VoiceConnector", "E164PhoneNumbers": [number]}
            answer = self._call("CreatePhoneNumberOrder", **order)["PhoneNumberOrder"]
            self._numbers.append(number)
            self._orders.append(answer["PhoneNumberOrderId"])

    def _add_accounts_and_users(self, count: int) -> None:
        for _ in range(count):
            name = f"Page {len(self._accounts)}"
            self._accounts.append(self._call("CreateAccount", Name=name)["Account"]["AccountId"])
            number = len(self._users)
            kind = ("PrivateUser", "SharedDevice")[number % 2]
            user = {"Email": f"u{number}@example.com", "UserType": kind}
            self._users.append(self._call("CreateUser", AccountId=OTHER, **user)["User"]["UserId"])

    def _add_members(self, user_ids: list[str]) -> None:
        """Adds users to the first room."""
        room = {"AccountId": OTHER, "RoomId": self._rooms[0]}
        for start in range(0, len(user_ids), 50):
            items = [{"MemberId": user_id} for user_id in user_ids[start : start + 50]]
            self._call("BatchCreateRoomMembership", **room, MembershipItemList=items)

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self._world.boto3.call(operation, **parameters)


def _search(*starts: str, **parameters: str) -> Listing:
    """A search for all numbers that start so and are not taken, of which there are at most a hundred each."""
    numbers = (f"{start}{last:02}" for start in starts for last in range(100))
    available = [number for number in numbers if number not in (ASSIGNED, FREE, DELETED)]
    return Listing("SearchAvailablePhoneNumbers", parameters, available)


_SEARCHES = [
    _search("+120655501", AreaCode="206"),
    _search("+120655501", City="Seattle", State="WA", PhoneNumberType="Local", Country="US"),
    _search(City="Seattle", State="CA"),
    _search("+188855501", TollFreePrefix="888"),
    _search("+4480815700", Country="GB", PhoneNumberType="TollFree"),
]
_LARGE_SEARCH = _search(
    *(f"+1{area_code}55501" for area_code in (213, 323, 408, 415, 510, 619, 916)), State="CA"
)
