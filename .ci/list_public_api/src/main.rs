//! Lists the public API in a rustdoc JSON file, one item per line: `list_public_api FILE`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args_os().nth(1).ok_or("usage: list_public_api FILE")?;
    let api = public_api::Builder::from_rustdoc_json(file)
        // Blanket impls come from other crates and differ between toolchains.
        .omit_blanket_impls(true)
        // `tests/api/public_api.rs` asserts the important auto traits.
        .omit_auto_trait_impls(true)
        .build()
        .map_err(|error| {
            format!(
                "the rustdoc JSON cannot be read ({error}): after a change of toolchain, take the \
                 version of public-api that goes with it, in .ci/list_public_api/Cargo.toml"
            )
        })?;
    print!("{api}");
    Ok(())
}
