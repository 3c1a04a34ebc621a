//! What is in a row: everything that the crate knows of it in JSON, the columns in CSV.

use amazon_chime::{Account, Sensitive, User};
use serde::Serialize;

/// What is exported one a line.
pub(crate) trait Row: Serialize {
    const COLUMNS: &'static [&'static str];

    /// One a column.
    fn values(&self) -> Vec<String>;
}

impl Row for Account {
    const COLUMNS: &'static [&'static str] = &[
        "AccountId",
        "Name",
        "AwsAccountId",
        "AccountType",
        "AccountStatus",
        "CreatedTimestamp",
        "DefaultLicense",
        "SupportedLicenses",
        "SigninDelegateGroups",
    ];

    fn values(&self) -> Vec<String> {
        let licenses = self.supported_licenses.iter().map(ToString::to_string);
        let groups =
            self.signin_delegate_groups.iter().filter_map(|group| group.group_name.clone());
        vec![
            text(Some(&self.account_id)),
            text(Some(&self.name)),
            text(Some(&self.aws_account_id)),
            text(self.account_type.as_ref()),
            text(self.account_status.as_ref()),
            text(self.created_timestamp.map(|time| time.to_rfc3339())),
            text(self.default_license.as_ref()),
            text(Some(licenses.collect::<Vec<_>>().join(" "))),
            text(Some(groups.collect::<Vec<_>>().join("; "))),
        ]
    }
}

impl Row for User {
    const COLUMNS: &'static [&'static str] = &[
        "AccountId",
        "UserId",
        "PrimaryEmail",
        "DisplayName",
        "PrimaryProvisionedNumber",
        "UserType",
        "LicenseType",
        "UserRegistrationStatus",
        "UserInvitationStatus",
        "InvitedOn",
        "RegisteredOn",
        "PersonalPIN",
        "IsAlexaForBusinessEnabled",
        "AlexaForBusinessRoomArn",
    ];

    fn values(&self) -> Vec<String> {
        let sensitive = |value: &Option<Sensitive>| text(value.as_ref().map(Sensitive::expose));
        let alexa = self.alexa_for_business_metadata.clone().unwrap_or_default();
        vec![
            text(self.account_id.as_ref()),
            text(Some(&self.user_id)),
            sensitive(&self.primary_email),
            sensitive(&self.display_name),
            sensitive(&self.primary_provisioned_number),
            text(self.user_type.as_ref()),
            text(self.license_type.as_ref()),
            text(self.user_registration_status.as_ref()),
            text(self.user_invitation_status.as_ref()),
            text(self.invited_on.map(|time| time.to_rfc3339())),
            text(self.registered_on.map(|time| time.to_rfc3339())),
            sensitive(&self.personal_pin),
            text(alexa.is_alexa_for_business_enabled),
            sensitive(&alexa.alexa_for_business_room_arn),
        ]
    }
}

/// The value as text that no spreadsheet takes for a formula; nothing if there is none.
fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| no_formula(value.to_string()))
}

/// Spreadsheets run text that begins like a formula, and anyone can name themselves so. Some pass
/// over what is not seen, and take full-width characters for plain ones. A phone number may stay as
/// it is.
fn no_formula(text: String) -> String {
    let is_number = text.strip_prefix('+').is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let seen = text.trim_start_matches(is_invisible);
    let begins_formula = seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if (begins_formula && !is_number) || text.starts_with(char::is_control) {
        format!("'{text}")
    } else {
        text
    }
}

fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        // The characters of no width, and those that only set the direction.
        || matches!(character, '\u{ad}' | '\u{180e}' | '\u{feff}')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}')
}
