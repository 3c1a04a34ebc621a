//! The accounts and users of an archive as CSV files for spreadsheets.

use std::io::{self, Write};
use std::path::Path;

use amazon_chime::{Account, Sensitive, User};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::files::NewFile;
use crate::rows::{self, lines};

const ACCOUNTS: &str = "accounts.csv";
const USERS: &str = "users.csv";

pub(crate) fn write(directory: &Path) -> io::Result<()> {
    write_file(directory, rows::ACCOUNT.file, ACCOUNTS, |row: AccountRow| row.account)?;
    write_file(directory, rows::USER.file, USERS, |row: UserRow| {
        let mut user = row.user;
        // The service may send a user without its account.
        user.account_id.get_or_insert(row.account_id.into());
        user
    })
}

#[derive(Deserialize)]
struct AccountRow {
    #[serde(rename = "Account")]
    account: Account,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UserRow {
    user: User,
    account_id: String,
}

fn write_file<R: DeserializeOwned, T: Columns>(
    directory: &Path,
    from: &str,
    to: &str,
    read: impl Fn(R) -> T,
) -> io::Result<()> {
    let mut file = NewFile::create(directory.join(to))?;
    // Without this mark, Excel reads the file in another encoding than UTF-8.
    file.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(file);
    csv.write_record(T::COLUMNS)?;
    for (number, line) in lines(&directory.join(from))? {
        // The error of serde may quote values, so it is not shown.
        let row = serde_json::from_str(&line?).map_err(|_| {
            io::Error::other(format!("line {number} of {from} cannot be written as CSV"))
        })?;
        csv.write_record(read(row).values())?;
    }
    csv.into_inner().map_err(csv::IntoInnerError::into_error)?.finish()
}

/// A resource that becomes a line of a CSV file.
trait Columns {
    const COLUMNS: &'static [&'static str];

    /// Returns one value per column.
    fn values(&self) -> Vec<String>;
}

impl Columns for Account {
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

impl Columns for User {
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

/// Returns the value as text that no spreadsheet runs as a formula, or an empty text for `None`.
fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| no_formula(value.to_string()))
}

/// Puts `'` before a text that a spreadsheet would run as a formula, because users can choose such names. Some
/// spreadsheets ignore invisible characters at the start, and treat full-width characters as normal ones. Phone numbers
/// stay the same.
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
        // Characters without width, and characters that only set the direction of text.
        || matches!(character, '\u{ad}' | '\u{180e}' | '\u{feff}')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}')
}
