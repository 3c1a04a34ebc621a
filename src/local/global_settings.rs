//! The settings of the AWS account for all its accounts.

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::directory::Directory;
use super::seed::Line;
use super::validate;

#[expect(clippy::unnecessary_wraps, reason = "an operation like the others")]
pub(super) fn get_global_settings(
    _call: &Call,
    directory: &mut Directory,
) -> Result<Answer, Refusal> {
    Ok(Answer::ok(directory.global_settings.document()))
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

    let settings = directory.global_settings.document_mut();
    for (name, bucket) in
        [("BusinessCalling", business_calling_bucket), ("VoiceConnector", voice_connector_bucket)]
    {
        if let Some(bucket) = bucket {
            settings.change(name, |part| part.set("CdrBucket", bucket));
        }
    }
    Ok(Answer::no_content())
}

#[expect(clippy::unnecessary_wraps, reason = "a seed like the others")]
pub(super) fn seed(directory: &mut Directory, line: Line) -> Result<(), Refusal> {
    *directory.global_settings.document_mut() = line.document;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::document::Document;
    use super::*;

    #[test]
    fn seeded_settings_are_unchanged_and_replace_earlier_settings() {
        let mut directory = Directory::default();
        for settings in [json!({}), json!({ "VoiceConnector": { "CdrBucket": "b", "New": 1 } })] {
            let document = Document::new(settings);
            assert_eq!(seed(&mut directory, Line::of(document.clone())), Ok(()));
            assert_eq!(directory.global_settings.document().json(), document.json());
        }
    }
}
