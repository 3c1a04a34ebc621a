//! An embedded Chime whose temporary credentials have been renewed.

use amazon_chime::Credentials;
use amazon_chime::local::LocalChime;
use anyhow::Result;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, stdin};

/// Prints its URL, valid credentials and expired credentials, and serves until the standard input ends.
pub(crate) async fn serve() -> Result<()> {
    let chime = LocalChime::start()?;
    let expired = chime.temporary_credentials();
    let valid = chime.renew_temporary_credentials();
    println!(
        "{}",
        json!({ "url": chime.endpoint_url(), "valid": shape(&valid), "expired": shape(&expired) })
    );
    stdin().read_to_end(&mut Vec::new()).await?;
    Ok(())
}

fn shape(credentials: &Credentials) -> Value {
    json!({
        "access_key_id": credentials.access_key_id(),
        "secret_access_key": credentials.secret_access_key(),
        "session_token": credentials.session_token(),
    })
}
