//! Creates an account, and looks before it would create one twice.
//!
//! ```sh
//! cargo run --example create_account -- Acme [--aws]
//! ```

mod common;

use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (flags, names): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let (client, _chime) = common::connect(flags.iter().any(|flag| flag == "--aws"))?;
    let name = names.first().map_or("Acme", String::as_str);

    match client.create_account(name).await {
        Ok(account) => println!("Created {} with the id {}.", account.name, account.account_id),
        // Nobody knows whether it was created: list what has that name before trying again.
        Err(error) if error.may_have_applied() => {
            println!("{error}");
            let mut accounts = client.list_accounts().name_prefix(name).items();
            while let Some(account) = accounts.try_next().await? {
                println!("Found {} {:?}", account.account_id, account.created_timestamp);
            }
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
