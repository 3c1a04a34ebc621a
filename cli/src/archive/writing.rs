//! Writes the files of an archive from its parts, which hold the rows that were read.

use std::io::{self, Write};
use std::path::Path;

use super::manifest::{ArchiveFile, Collected, MANIFEST, Manifest};
use super::part::{Mark, read_mark, rows_path};
use super::state::Archive;
use crate::files::{NewFile, replace, sync_directory};
use crate::rows::{self, KINDS, Kind, Row, Seen, lines};

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

/// Calls the function with the account's identifier and the path of each part of the kind.
fn for_each_part(
    archive: &Archive,
    kind: &Kind,
    mut act: impl FnMut(&str, &Path) -> io::Result<()>,
) -> io::Result<()> {
    if kind.parents.is_empty() {
        return act("", &archive.part(kind.part));
    }
    let accounts = rows_path(&archive.part(rows::ACCOUNT.part));
    if !accounts.try_exists()? {
        return Ok(());
    }
    let mut seen = Seen::default();
    for (_, line) in lines(&accounts)? {
        let line = line?;
        let Ok(row) = Row::read(&rows::ACCOUNT, &line) else { continue };
        if seen.insert(&row.ids) {
            let id = row.id();
            act(&id, &archive.account(&id).join(kind.part))?;
        }
    }
    Ok(())
}

/// Adds the failures and notes of a part's mark, which is the state of the part.
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
        notes.add(kind.name, note.reason.clone(), full_id(&note.id));
    }
    for failed in &mark.failed {
        not_read.add(kind.name, failed.error.clone(), full_id(&failed.id));
    }
    if !mark.is_complete && mark.failed.is_empty() {
        let reason = "not read, because the resources that it belongs to were not read".to_owned();
        not_read.add(kind.name, reason, account_id.to_owned());
    }
}

/// Adds the valid rows of a part to the file, each row once.
fn append(
    kind: &Kind,
    part: &Path,
    mark: &Mark,
    file: &mut NewFile,
    written: &mut ArchiveFile,
) -> io::Result<()> {
    if mark.bytes == 0 {
        return Ok(());
    }
    // A list that changes during reading may contain a row twice.
    let mut seen = Seen::default();
    let mut left = mark.bytes;
    for (_, line) in lines(&rows_path(part))? {
        let line = line?;
        let length = line.len() as u64 + 1;
        if left < length {
            break;
        }
        left -= length;
        // A row without an identifier is kept, and `chime verify` reports it.
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
