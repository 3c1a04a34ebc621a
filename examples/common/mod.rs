//! Where the examples run: the embedded Chime, or AWS if they are started with `--aws`.

use std::error::Error;

use amazon_chime::Client;
use amazon_chime::local::LocalChime;

/// A client, and the embedded Chime that it talks to, if it does; that stops when dropped.
pub(crate) fn connect(use_aws: bool) -> Result<(Client, Option<LocalChime>), Box<dyn Error>> {
    if use_aws {
        let client = Client::from_env().map_err(|error| {
            format!(
                "{error}. With --aws, this takes the variables AWS_ACCESS_KEY_ID, \
                 AWS_SECRET_ACCESS_KEY and, if there are such, AWS_SESSION_TOKEN, AWS_REGION and \
                 AWS_ENDPOINT_URL_CHIME. For profiles, SSO and roles, see examples/aws-config."
            )
        })?;
        println!("Using AWS, as the environment variables say.");
        return Ok((client, None));
    }
    let chime = LocalChime::start()?;
    println!("Using the embedded Chime at {} (--aws uses AWS).", chime.endpoint_url());
    Ok((chime.client(), Some(chime)))
}
