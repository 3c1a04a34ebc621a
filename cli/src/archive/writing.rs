//! The files of an archive, made of its parts.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::manifest::{ArchiveFile, Collected, MANIFEST, Manifest};
use super::part::{Mark, read_mark, rows_path};
use super::state::Archive;
use crate::files::{NewFile, replace, sync_directory};
use crate::rows::{self, KINDS, Kind, Row, Seen, lines};

/// The parts of a kind: its name beside those of other accounts, or at the top.
enum Parts {
    OfTenant(&'static str),
    OfAccounts(&'static str),
}

fn parts(kind: &Kind) -> Parts {
    match kind.name {
        "Account" => Parts::OfTenant("accounts"),
        "AccountSettings" => Parts::OfAccounts("settings"),
        "AccountRetention" => Parts::OfAccounts("retention"),
        "User" => Parts::OfAccounts("users"),
        "UserSettings" => Parts::OfAccounts("user_settings"),
        "Bot" => Parts::OfAccounts("bots"),
        "EventsConfiguration" => Parts::OfAccounts("events"),
        "Room" => Parts::OfAccounts("rooms"),
        "RoomMembership" => Parts::OfAccounts("memberships"),
        "PhoneNumber" => Parts::OfTenant("phone_numbers"),
        "PhoneNumberOrder" => Parts::OfTenant("phone_number_orders"),
        "PhoneNumberSettings" => Parts::OfTenant("phone_number_settings"),
        _ => Parts::OfTenant("global_settings"),
    }
}

/// Writes the files and the manifest.
pub(crate) fn write(archive: &Archive) -> io::Result<Manifest> {
    let mut manifest =
        Manifest::new(archive.endpoint_url(), archive.begun(), archive.user_settings());
    let (mut not_read, mut notes) = (Collected::default(), Collected::default());
    for kind in KINDS {
        if kind.name == rows::USER_SETTINGS.name && !archive.user_settings() {
            continue;
        }
        let mut file = NewFile::create(archive.directory().join(kind.file))?;
        let mut written = ArchiveFile {
            file: kind.file.to_owned(),
            kind: kind.name.to_owned(),
            rows: 0,
            bytes: 0,
        };
        for_each_part(archive, kind, |account_id, part| {
            let mark = read_mark(part)?;
            collect(kind, account_id, &mark, &mut not_read, &mut notes);
            append(kind, part, &mark, &mut file, &mut written)
        })?;
        file.finish()?;
        manifest.files.push(written);
    }
    manifest.not_read = not_read.into_reasons();
    manifest.notes = notes.into_reasons();
    manifest.is_complete = manifest.not_read.is_empty();
    let json = serde_json::to_vec_pretty(&manifest)?;
    replace(archive.directory().join(MANIFEST), &json)?;
    sync_directory(archive.directory())?;
    Ok(manifest)
}

/// Calls the function with each part of the kind, and with the identifier of its account.
fn for_each_part(
    archive: &Archive,
    kind: &Kind,
    mut act: impl FnMut(&str, &Path) -> io::Result<()>,
) -> io::Result<()> {
    let name = match parts(kind) {
        Parts::OfTenant(name) => return act("", &archive.part(name)),
        Parts::OfAccounts(name) => name,
    };
    let accounts = rows_path(&archive.part("accounts"));
    if !accounts.try_exists()? {
        return Ok(());
    }
    let mut seen = Seen::default();
    for (_, line) in lines(&accounts)? {
        let line = line?;
        let Ok(row) = Row::read(&rows::ACCOUNT, &line) else { continue };
        if seen.insert(&row.ids) {
            let id = row.id();
            act(&id, &archive.account(&id).join(name))?;
        }
    }
    Ok(())
}

/// Adds what the mark says of what is missing.
fn collect(
    kind: &Kind,
    account_id: &str,
    mark: &Mark,
    not_read: &mut Collected,
    notes: &mut Collected,
) {
    let full_id = |id: &str| match (account_id, id) {
        ("", id) | (id, "") => id.to_owned(),
        (account_id, id) if id == account_id => id.to_owned(),
        (account_id, id) => format!("{account_id}/{id}"),
    };
    for note in &mark.notes {
        notes.add(kind_name(kind), note.reason.clone(), full_id(&note.id));
    }
    for failed in &mark.failed {
        not_read.add(kind_name(kind), failed.error.clone(), full_id(&failed.id));
    }
    if !mark.is_complete && mark.failed.is_empty() {
        let reason = "not read, because what it belongs to was not".to_owned();
        not_read.add(kind_name(kind), reason, account_id.to_owned());
    }
}

fn kind_name(kind: &Kind) -> &'static str {
    KINDS.iter().find(|known| known.name == kind.name).map_or("", |known| known.name)
}

/// Adds the rows of a part that count, each once.
fn append(
    kind: &Kind,
    part: &Path,
    mark: &Mark,
    file: &mut NewFile,
    written: &mut ArchiveFile,
) -> io::Result<()> {
    let path: PathBuf = rows_path(part);
    if mark.bytes == 0 {
        return Ok(());
    }
    // A listing that changes while it is read may come upon a row once more.
    let mut seen = Seen::default();
    let mut left = mark.bytes;
    for (_, line) in lines(&path)? {
        let line = line?;
        let length = line.len() as u64 + 1;
        if left < length {
            break;
        }
        left -= length;
        // A row without an identifier is kept, too. Verifying tells of it.
        if Row::read(kind, &line).is_ok_and(|row| !seen.insert(&row.ids)) {
            continue;
        }
        file.write_all(line.as_bytes())?;
        file.write_all(b"\n")?;
        written.rows += 1;
        written.bytes += length;
    }
    Ok(())
}
