//! Creates an account, exactly one even if answers are lost.
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

    let account = client.create_account(name).ensure().await?.into_inner();
    println!("Created {} with the id {}.", account.name, account.account_id);
    Ok(())
}
