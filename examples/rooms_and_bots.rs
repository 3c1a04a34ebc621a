//! Creates a chat room with a user and a bot in it, and deletes it.
//!
//! ```sh
//! cargo run --example rooms_and_bots
//! ```
//!
//! It uses only the embedded Chime, a local server that behaves like Amazon Chime.

mod common;

use std::error::Error;
use std::process::ExitCode;

use amazon_chime::local::LocalChime;
use amazon_chime::{AccountType, EventsTarget, MembershipItem, RoomMembershipRole};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    common::exit_code("rooms_and_bots", rooms_and_bots().await)
}

async fn rooms_and_bots() -> Result<(), Box<dyn Error>> {
    common::no_arguments()?;
    let chime = LocalChime::start()?;
    let client = chime.client();
    println!("Using the embedded Chime at {}.", chime.endpoint_url());

    // Rooms and bots need an Enterprise account, which no operation of the API can create.
    let acme = chime.add_account("Acme", AccountType::EnterpriseDirectory)?;
    let ana = chime.add_registered_user(&acme.account_id, "ana@example.com")?;

    println!("\nDeleting the messages of rooms after 90 days …");
    client.put_retention_settings(&acme.account_id).room_retention_days(90).await?;

    println!("\nCreating a bot whose events go to a Lambda function …");
    let bot = client.create_bot(&acme.account_id, "deployments").await?;
    let function =
        EventsTarget::lambda_function("arn:aws:lambda:us-east-1:111122223333:function:deploy");
    client.put_events_configuration(&acme.account_id, &bot.bot_id, function).await?;
    // `Debug` does not show names, addresses and tokens.
    println!("  {bot:?}");

    println!("\nCreating a room with Ana and the bot …");
    let room = client.create_room(&acme.account_id, "Releases").await?;
    let members = [
        MembershipItem::new(&ana.user_id).role(RoomMembershipRole::Administrator),
        MembershipItem::new(&bot.bot_id),
        MembershipItem::new("nobody"),
    ];
    let errors =
        client.batch_create_room_membership(&acme.account_id, &room.room_id, members).await?;
    for error in errors {
        let reason = error.error_message.as_ref().map_or("no reason given", |text| text.expose());
        println!("  not added: {reason}");
    }
    let mut memberships = client.list_room_memberships(&acme.account_id, &room.room_id).items();
    while let Some(membership) = memberships.try_next().await? {
        let email = membership.member.email.as_ref().map_or("no e-mail", |email| email.expose());
        let role = membership.role.map_or(String::new(), |role| role.to_string());
        println!("  {email:<34} {role}");
    }

    println!("\nRedacting a message that said too much …");
    client.redact_room_message(&acme.account_id, &room.room_id, "message-1").await?;

    println!("\nStopping the bot, giving it another token, deleting the room …");
    let bot = client.update_bot(&acme.account_id, &bot.bot_id).disabled(true).await?;
    client.regenerate_security_token(&acme.account_id, &bot.bot_id).await?;
    client.delete_room(&acme.account_id, &room.room_id).await?;
    println!("  done.");
    Ok(())
}
