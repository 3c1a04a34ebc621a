//! Chat rooms, their members and their messages.

use amazon_chime::chrono::TimeDelta;
use amazon_chime::{
    AccountId, AccountType, Client, ErrorCode, MemberId, MemberType, MembershipItem, Room, RoomId,
    RoomMembershipRole,
};
use futures_util::TryStreamExt;

use super::{start, start_with_enterprise};

async fn create_room(client: &Client, account: &AccountId, name: &str) -> RoomId {
    client.create_room(account, name).await.unwrap().room_id
}

fn names(rooms: &[Room]) -> Vec<&str> {
    rooms.iter().map(|room| room.name.as_ref().unwrap().expose()).collect()
}

async fn names_with_member(
    client: &Client,
    account: &AccountId,
    id: impl Into<MemberId>,
) -> Vec<String> {
    let rooms = client.list_rooms(account).member_id(id).max_results(1).items();
    let rooms: Vec<Room> = rooms.try_collect().await.unwrap();
    names(&rooms).into_iter().map(str::to_owned).collect()
}

async fn member_ids(client: &Client, account: &AccountId, room: &RoomId) -> Vec<MemberId> {
    let memberships = client.list_room_memberships(account, room).max_results(1).items();
    memberships.map_ok(|membership| membership.member.member_id).try_collect().await.unwrap()
}

#[tokio::test]
async fn a_room_is_created_read_changed_listed_and_deleted() {
    let (chime, client, acme) = start_with_enterprise();
    let plans = client.create_room(&acme, "Plans 名").await.unwrap();
    assert_eq!(plans.name, Some("Plans 名".into()));
    assert_eq!(plans.account_id, Some(acme.clone()));
    assert_eq!(plans.created_by.as_deref(), Some("arn:aws:iam::111122223333:user/local"));
    assert!(plans.created_timestamp.is_some());
    assert_eq!(plans.created_timestamp, plans.updated_timestamp);
    assert_eq!(client.get_room(&acme, &plans.room_id).await.unwrap(), plans);

    chime.advance(TimeDelta::days(1));
    assert_eq!(client.update_room(&acme, &plans.room_id).await.unwrap(), plans, "nothing is set");
    let ideas = client.update_room(&acme, &plans.room_id).name("Ideas").await.unwrap();
    assert!(
        ideas.updated_timestamp >= plans.updated_timestamp.map(|time| time + TimeDelta::days(1))
    );
    let mut expected = plans.clone();
    expected.name = Some("Ideas".into());
    expected.updated_timestamp = ideas.updated_timestamp;
    assert_eq!(ideas, expected);

    create_room(&client, &acme, "News").await;
    assert_eq!(names(&client.list_rooms(&acme).await.unwrap().items), ["Ideas", "News"]);
    client.delete_room(&acme, &plans.room_id).await.unwrap();
    assert_eq!(names(&client.list_rooms(&acme).await.unwrap().items), ["News"]);
    for error in [
        client.get_room(&acme, &plans.room_id).await.unwrap_err(),
        client.update_room(&acme, &plans.room_id).name("Plans").await.unwrap_err(),
        client.delete_room(&acme, &plans.room_id).await.unwrap_err(),
        client.list_room_memberships(&acme, &plans.room_id).await.unwrap_err(),
    ] {
        assert!(error.is_not_found() && !error.may_have_applied(), "{error}");
    }
}

#[tokio::test]
async fn one_token_creates_one_room() {
    let (chime, client, acme) = start_with_enterprise();
    let create = async |account: &AccountId, name: &str| {
        client.create_room(account, name).client_request_token("token-1").await
    };
    let plans = create(&acme, "Plans").await.unwrap();
    assert_eq!(create(&acme, "Plans").await.unwrap(), plans);

    let ideas = client.update_room(&acme, &plans.room_id).name("Ideas").await.unwrap();
    assert_eq!(create(&acme, "Plans").await.unwrap(), ideas);
    for another in ["Ideas", "News"] {
        let error = create(&acme, another).await.unwrap_err();
        assert!(error.is_bad_request(), "{error}");
        assert!(!format!("{error} {error:?}").contains(another));
    }
    assert_eq!(client.list_rooms(&acme).await.unwrap().items, [ideas]);

    let birch = chime.add_account("Birch", AccountType::EnterpriseLwa).unwrap().account_id;
    let other = create(&birch, "News").await.unwrap();
    assert_ne!(other.room_id, plans.room_id, "each account has its own tokens");

    client.delete_room(&acme, &plans.room_id).await.unwrap();
    let news = create(&acme, "News").await.unwrap();
    assert_ne!(news.room_id, plans.room_id, "the token is free again");
}

#[tokio::test]
async fn users_and_bots_become_members() {
    let (chime, client, acme) = start_with_enterprise();
    let room = create_room(&client, &acme, "Plans").await;
    let ana = client.create_user(&acme).email("ana@example.com").username("Ana").await.unwrap();
    let bot = client.create_bot(&acme, "minutes").await.unwrap();

    chime.advance(TimeDelta::days(1));
    let request = client.create_room_membership(&acme, &room, &ana.user_id);
    let membership = request.role(RoomMembershipRole::Administrator).await.unwrap();
    assert_eq!(membership.room_id, Some(room.clone()));
    assert_eq!(membership.role, Some(RoomMembershipRole::Administrator));
    assert_eq!(membership.invited_by.as_deref(), Some("arn:aws:iam::111122223333:user/local"));
    assert!(membership.updated_timestamp > bot.created_timestamp);
    assert_eq!(membership.member.member_id, MemberId::from(&ana.user_id));
    assert_eq!(membership.member.member_type, Some(MemberType::User));
    assert_eq!(membership.member.email, Some("ana@example.com".into()));
    assert_eq!(membership.member.full_name, Some("Ana".into()));
    assert_eq!(membership.member.account_id, Some(acme.clone()));

    let of_bot = client.create_room_membership(&acme, &room, &bot.bot_id).await.unwrap();
    assert_eq!(of_bot.role, Some(RoomMembershipRole::Member));
    assert_eq!(of_bot.member.member_type, Some(MemberType::Bot));
    assert_eq!(
        (&of_bot.member.email, &of_bot.member.full_name),
        (&bot.bot_email, &bot.display_name)
    );

    let listed = client.list_room_memberships(&acme, &room).await.unwrap().items;
    assert_eq!(listed, [membership, of_bot]);
    let nameless = chime.add_registered_user(&acme, "ben@example.com").unwrap().user_id;
    let of_ben = client.create_room_membership(&acme, &room, &nameless).await.unwrap();
    assert_eq!(of_ben.member.full_name, None);
}

#[tokio::test]
async fn a_second_membership_is_a_conflict_and_an_unknown_member_is_not_found() {
    let (chime, client, acme) = start_with_enterprise();
    let room = create_room(&client, &acme, "Plans").await;
    let ana = chime.add_registered_user(&acme, "ana@example.com").unwrap().user_id;
    client.create_room_membership(&acme, &room, &ana).await.unwrap();

    let again = client.create_room_membership(&acme, &room, &ana);
    let error = again.role(RoomMembershipRole::Administrator).await.unwrap_err();
    assert!(error.is_conflict() && !error.may_have_applied(), "{error}");
    let birch = chime.add_account("Birch", AccountType::EnterpriseLwa).unwrap().account_id;
    let eve = chime.add_registered_user(&birch, "eve@example.com").unwrap().user_id;
    for error in [
        client.create_room_membership(&acme, &room, &eve).await.unwrap_err(),
        client.create_room_membership(&acme, &room, "nobody").await.unwrap_err(),
        client.create_room_membership(&acme, "no-room", &ana).await.unwrap_err(),
        client.create_room_membership(&birch, &room, &eve).await.unwrap_err(),
        client.update_room_membership(&acme, &room, &eve).await.unwrap_err(),
        client.delete_room_membership(&acme, &room, &eve).await.unwrap_err(),
    ] {
        assert!(error.is_not_found(), "{error}");
    }
    let members = client.list_room_memberships(&acme, &room).await.unwrap().items;
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].role, Some(RoomMembershipRole::Member));
}

#[tokio::test]
async fn a_batch_adds_members_and_names_the_members_that_it_could_not_add() {
    let (chime, client, acme) = start_with_enterprise();
    let room = create_room(&client, &acme, "Plans").await;
    let [ana, ben, cleo] = ["ana@example.com", "ben@example.com", "cleo@example.com"]
        .map(|email| chime.add_registered_user(&acme, email).unwrap().user_id);
    let bot = client.create_bot(&acme, "minutes").await.unwrap().bot_id;
    client.create_room_membership(&acme, &room, &ana).await.unwrap();

    let items = [
        MembershipItem::new("nobody"),
        MembershipItem::new(&ben).role(RoomMembershipRole::Administrator),
        MembershipItem::new(&ana),
        MembershipItem::new(&ben),
        MembershipItem::new(&bot),
    ];
    let batch = client.batch_create_room_membership(&acme, &room, items.clone());
    let errors = batch.send_with_metadata().await.unwrap();
    assert_eq!(errors.status, 201);
    let errors: Vec<_> = errors
        .output
        .into_iter()
        .map(|error| (error.member_id.unwrap(), error.error_code.unwrap()))
        .collect();
    let expected = [
        (MemberId::from("nobody"), ErrorCode::NotFound),
        (MemberId::from(&ana), ErrorCode::Conflict),
        (MemberId::from(&ben), ErrorCode::Conflict),
    ];
    assert_eq!(errors, expected);
    let members = [MemberId::from(&ana), MemberId::from(&ben), MemberId::from(&bot)];
    assert_eq!(member_ids(&client, &acme, &room).await, members);

    let errors = client.batch_create_room_membership(&acme, &room, [MembershipItem::new(&cleo)]);
    assert_eq!(errors.await.unwrap(), []);
    let error = client.batch_create_room_membership(&acme, "no-room", items).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn only_the_role_of_a_user_can_change() {
    let (chime, client, acme) = start_with_enterprise();
    let room = create_room(&client, &acme, "Plans").await;
    let ana = chime.add_registered_user(&acme, "ana@example.com").unwrap().user_id;
    let bot = client.create_bot(&acme, "minutes").await.unwrap().bot_id;
    let of_ana = client.create_room_membership(&acme, &room, &ana).await.unwrap();
    let of_bot = client.create_room_membership(&acme, &room, &bot).await.unwrap();
    let webhook = r#""Member":{"MemberId":"hook","MemberType":"Webhook"},"Role":"Member""#;
    let seed =
        format!(r#"{{"RoomMembership":{{{webhook}}},"AccountId":"{acme}","RoomId":"{room}"}}"#);
    chime.seed(seed.as_bytes()).unwrap();

    chime.advance(TimeDelta::days(1));
    let unchanged = client.update_room_membership(&acme, &room, &ana).await.unwrap();
    assert_eq!(unchanged, of_ana, "nothing is set");
    let request = client.update_room_membership(&acme, &room, &ana);
    let changed = request.role(RoomMembershipRole::Administrator).await.unwrap();
    assert_eq!(changed.role, Some(RoomMembershipRole::Administrator));
    assert!(changed.updated_timestamp > of_ana.updated_timestamp);

    for member in [MemberId::from(&bot), MemberId::from("hook")] {
        let request = client.update_room_membership(&acme, &room, &member);
        let error = request.role(RoomMembershipRole::Administrator).await.unwrap_err();
        assert!(error.is_bad_request(), "{error}");
    }
    let unchanged = client.update_room_membership(&acme, &room, &bot).await.unwrap();
    assert_eq!(unchanged, of_bot);
    let listed = client.list_room_memberships(&acme, &room).await.unwrap().items;
    assert_eq!(listed[..2], [changed, of_bot]);
    assert_eq!(listed[2].member.member_type, Some(MemberType::Webhook));
    assert_eq!(listed[2].role, Some(RoomMembershipRole::Member));
}

#[tokio::test]
async fn rooms_are_found_by_a_member() {
    let (chime, client, acme) = start_with_enterprise();
    let ana = chime.add_registered_user(&acme, "ana@example.com").unwrap().user_id;
    let bot = client.create_bot(&acme, "minutes").await.unwrap().bot_id;
    let mut rooms = Vec::new();
    for name in ["Plans", "Ideas", "News"] {
        let room = create_room(&client, &acme, name).await;
        client.create_room_membership(&acme, &room, &bot).await.unwrap();
        rooms.push(room);
    }
    for room in [&rooms[0], &rooms[2]] {
        client.create_room_membership(&acme, room, &ana).await.unwrap();
    }
    assert_eq!(names_with_member(&client, &acme, &ana).await, ["Plans", "News"]);
    assert_eq!(names_with_member(&client, &acme, &bot).await, ["Plans", "Ideas", "News"]);
    assert!(names_with_member(&client, &acme, "nobody").await.is_empty());

    let first = client.list_rooms(&acme).member_id(&ana).max_results(1).await.unwrap();
    let next = client.list_rooms(&acme).next_token(first.next_token.unwrap());
    assert!(next.clone().await.unwrap_err().is_bad_request(), "the token is for another filter");
    assert_eq!(names(&next.member_id(&ana).await.unwrap().items), ["News"]);

    client.delete_room_membership(&acme, &rooms[0], &ana).await.unwrap();
    assert_eq!(names_with_member(&client, &acme, &ana).await, ["News"]);
    client.delete_room(&acme, &rooms[2]).await.unwrap();
    assert!(names_with_member(&client, &acme, &ana).await.is_empty());
    assert_eq!(names_with_member(&client, &acme, &bot).await, ["Plans", "Ideas"]);
}

#[tokio::test]
async fn any_message_of_a_room_or_conversation_is_redacted() {
    let (_chime, client, acme) = start_with_enterprise();
    let room = create_room(&client, &acme, "Plans").await;
    for _ in 0..2 {
        client.redact_room_message(&acme, &room, "message").await.unwrap();
        client.redact_conversation_message(&acme, "conversation", "message").await.unwrap();
    }
    for error in [
        client.redact_room_message(&acme, "no-room", "message").await.unwrap_err(),
        client.redact_room_message("no-account", &room, "message").await.unwrap_err(),
        client.redact_conversation_message("no-account", "c", "message").await.unwrap_err(),
    ] {
        assert!(error.is_not_found(), "{error}");
    }
}

#[tokio::test]
async fn a_team_account_has_no_rooms_and_no_messages() {
    let (_chime, client, acme) = start_with_enterprise();
    let room = create_room(&client, &acme, "Plans").await;
    let team = client.create_account("Team").await.unwrap().account_id;
    let item = || [MembershipItem::new("member")];
    for error in [
        client.create_room(&team, "Plans").await.unwrap_err(),
        client.get_room(&team, &room).await.unwrap_err(),
        client.list_rooms(&team).await.unwrap_err(),
        client.update_room(&team, &room).await.unwrap_err(),
        client.delete_room(&team, &room).await.unwrap_err(),
        client.create_room_membership(&team, &room, "member").await.unwrap_err(),
        client.batch_create_room_membership(&team, &room, item()).await.unwrap_err(),
        client.list_room_memberships(&team, &room).await.unwrap_err(),
        client.update_room_membership(&team, &room, "member").await.unwrap_err(),
        client.delete_room_membership(&team, &room, "member").await.unwrap_err(),
        client.redact_room_message(&team, &room, "message").await.unwrap_err(),
        client.redact_conversation_message(&team, "conversation", "message").await.unwrap_err(),
    ] {
        assert!(error.is_access_denied(), "{error}");
        assert_eq!((error.status(), error.code()), (Some(403), Some("ForbiddenException")));
    }
    assert!(client.list_rooms("no-account").await.unwrap_err().is_not_found());
    assert!(client.create_room("no-account", "Plans").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn rooms_and_members_are_served_as_in_the_seed() {
    let (chime, client) = start();
    let seed = r#"
        {"Account": {"AccountId": "acme", "Name": "Acme", "AccountType": "EnterpriseOIDC"}}
        {"Room": {"RoomId": "plans", "Name": "Plans", "AccountId": "acme", "CreatedBy": "me"}}
        {"Room": {"Name": "News"}, "AccountId": "acme"}
        {"RoomMembership": {"RoomId": "plans", "Member": {"MemberId": "ana"}}, "AccountId": "acme"}
    "#;
    chime.seed(seed.as_bytes()).unwrap();
    let rooms = client.list_rooms("acme").await.unwrap().items;
    assert_eq!(names(&rooms), ["Plans", "News"]);
    assert_eq!((rooms[0].room_id.as_str(), rooms[0].created_by.as_deref()), ("plans", Some("me")));
    assert_eq!(rooms[0].created_timestamp, None);
    assert_eq!(names_with_member(&client, &"acme".into(), "ana").await, ["Plans"]);

    for wrong in [
        r#"{"Room": {"RoomId": "plans"}, "AccountId": "acme"}"#,
        r#"{"Room": {}, "AccountId": "no-account"}"#,
        r#"{"Room": {}}"#,
        r#"{"RoomMembership": {"Member": {"MemberId": "ana"}}, "AccountId": "acme", "RoomId": "plans"}"#,
        r#"{"RoomMembership": {"Member": {"MemberId": "ben"}}, "AccountId": "acme", "RoomId": "no"}"#,
        r#"{"RoomMembership": {"Member": {}}, "AccountId": "acme", "RoomId": "plans"}"#,
    ] {
        assert!(chime.seed(wrong.as_bytes()).is_err(), "{wrong}");
    }
    assert_eq!(client.list_rooms("acme").await.unwrap().items, rooms);
    assert_eq!(member_ids(&client, &"acme".into(), &"plans".into()).await, ["ana"]);
}

#[tokio::test]
async fn deleting_an_account_deletes_its_rooms() {
    let (chime, client, acme) = start_with_enterprise();
    let room = create_room(&client, &acme, "Plans").await;
    let ana = chime.add_registered_user(&acme, "ana@example.com").unwrap().user_id;
    client.create_room_membership(&acme, &room, &ana).await.unwrap();
    client.batch_suspend_user(&acme, [&ana]).await.unwrap();
    client.delete_account(&acme).await.unwrap();
    assert!(client.get_room(&acme, &room).await.unwrap_err().is_not_found());
}
