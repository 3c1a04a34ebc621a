//! The settings of the AWS account for all its accounts.

use serde_json::json;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::document::Document;
use super::members::Members;
use super::validate;

#[expect(clippy::unnecessary_wraps, reason = "an operation like the others")]
pub(super) fn get_global_settings(
    _call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    Ok(Answer::ok(json!(directory.global_settings)))
}

pub(super) fn update_global_settings(
    call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    let members = call.members()?;
    let business_calling = members.object("BusinessCalling")?.unwrap_or_default();
    let business_calling_bucket = business_calling.text("CdrBucket", validate::anything)?;
    let voice_connector = members.object("VoiceConnector")?.unwrap_or_default();
    let voice_connector_bucket = voice_connector.text("CdrBucket", validate::anything)?;

    let settings = &mut directory.global_settings;
    let bucket = |bucket: Option<&str>| bucket.map(|bucket| json!({ "CdrBucket": bucket }));
    settings.set_some("BusinessCalling", bucket(business_calling_bucket));
    settings.set_some("VoiceConnector", bucket(voice_connector_bucket));
    Ok(Answer::no_content())
}

/// Sets the settings as they are, once.
pub(super) fn seed(
    directory: &mut Directory,
    _ids: &Members,
    document: Document,
) -> Result<(), Refusal> {
    if directory.global_settings != Document::default() {
        return Err(Refusal::conflict("The AWS account has global settings."));
    }
    directory.global_settings = document;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_seeded_once_and_as_they_are() {
        let mut directory = Directory::default();
        let document = Document::new(json!({ "VoiceConnector": { "CdrBucket": "b", "New": 1 } }));
        assert_eq!(seed(&mut directory, &Members::default(), document.clone()), Ok(()));
        assert!(seed(&mut directory, &Members::default(), document.clone()).is_err());
        assert_eq!(directory.global_settings, document);
    }
}
