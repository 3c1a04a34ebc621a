//! Memberships, which are recognised by room and member.

use amazon_chime::local::LocalChime;
use amazon_chime::operations::CreateRoomMembership;
use amazon_chime::{
    AccountType, Client, Ensured, MemberId, Request, RoomMembership, RoomMembershipRole,
};
use serde_json::{Value, json};

use super::{breaks, conflict, hasty_client, json_answer, lines, losses, lost};
use crate::support::Server;

struct Room {
    chime: LocalChime,
    client: Client,
    account_id: String,
    id: String,
    member_id: MemberId,
}

impl Room {
    /// Creates a room, and a user who is not in it.
    async fn start() -> Self {
        let chime = LocalChime::start().unwrap();
        let client = hasty_client(&chime);
        let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory).unwrap().account_id;
        let ana = chime.add_registered_user(&acme, "ana@example.com").unwrap();
        let room = client.create_room(&acme, "Planning").await.unwrap();
        let (account_id, id) = (acme.to_string(), room.room_id.to_string());
        Self { chime, client, account_id, id, member_id: ana.user_id.into() }
    }

    fn add(&self) -> Request<CreateRoomMembership> {
        self.client.create_room_membership(&self.account_id, &self.id, &self.member_id)
    }

    async fn memberships(&self) -> Vec<RoomMembership> {
        let listing = self.client.list_room_memberships(&self.account_id, &self.id);
        listing.await.unwrap().items
    }
}

#[tokio::test]
async fn a_member_is_added_once_and_keeps_its_role() {
    let room = Room::start().await;
    let request = room.add().role(RoomMembershipRole::Administrator);
    let created = request.ensure().await.unwrap();
    assert!(matches!(created, Ensured::Created(_)), "{created:?}");
    let existing = room.add().role(RoomMembershipRole::Member).ensure().await.unwrap();
    assert!(existing.existed());
    assert_eq!(existing, Ensured::Existed(created.into_inner()));
    assert_eq!(room.memberships().await, [existing.into_inner()]);
}

#[tokio::test]
async fn a_membership_is_recovered_after_a_lost_response_and_created_after_a_lost_request() {
    for fault in losses() {
        let room = Room::start().await;
        room.chime.inject(fault.clone().on("CreateRoomMembership"));
        let membership = room.add().ensure().await.unwrap();
        assert!(matches!(membership, Ensured::Recovered(_)), "{fault:?}: {membership:?}");
        assert_eq!(room.memberships().await, [membership.into_inner()]);
    }
    for fault in breaks() {
        let room = Room::start().await;
        room.chime.inject(fault.clone().on("CreateRoomMembership"));
        let membership = room.add().ensure().await.unwrap();
        assert!(matches!(membership, Ensured::Created(_)), "{fault:?}: {membership:?}");
        assert_eq!(room.memberships().await.len(), 1);
    }
}

fn membership(member_id: &str) -> Value {
    json!({ "RoomId": "room", "Member": { "MemberId": member_id, "AccountId": "acme" } })
}

#[tokio::test]
async fn the_listing_is_read_up_to_the_member() {
    let page = |member_id: &str| {
        let memberships = [membership(member_id)];
        json_answer(200, &json!({ "RoomMemberships": memberships, "NextToken": member_id }))
    };
    let server = Server::playing([page("ben"), page("ana")]).await;
    let request = server.client().create_room_membership("acme", "room", "ana");
    assert!(request.ensure().await.unwrap().existed());
    let look = "GET /accounts/acme/rooms/room/memberships?max-results=99";
    assert_eq!(lines(&server), [look.to_owned(), format!("{look}&next-token=ben")]);
}

#[tokio::test]
async fn after_a_conflict_it_looks_again() {
    let nobody = || json_answer(200, &json!({ "RoomMemberships": [] }));
    let ana = json_answer(200, &json!({ "RoomMemberships": [membership("ana")] }));
    let server = Server::playing([nobody(), conflict(), ana]).await;
    let request = server.client().create_room_membership("acme", "room", "ana");
    assert!(request.ensure().await.unwrap().existed());

    let server = Server::playing([nobody(), lost(), nobody(), conflict(), nobody()]).await;
    let request = server.client().create_room_membership("acme", "room", "ana");
    let error = request.ensure().await.unwrap_err();
    assert!(error.is_conflict() && error.may_have_applied(), "{error:?}");
}
