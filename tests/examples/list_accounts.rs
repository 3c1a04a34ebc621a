//! The example `list_accounts`, with a filter and with settings from the environment.

use amazon_chime::local::LocalChime;

use crate::program::{example, run};

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_listed_by_name() {
    let chime = LocalChime::start().unwrap();
    for name in ["Acme", "Birch"] {
        chime.client().create_account(name).await.unwrap();
    }
    let ended = run(example("list_accounts", &chime).args(["--name", "Ac"]));
    assert!(ended.succeeded, "{}", ended.stderr);
    assert!(ended.stdout.contains("  Acme  ") && !ended.stdout.contains("Birch"));
}
