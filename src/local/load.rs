//! Loads a seed from a file or a directory of files, with rows in any order.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::directory::Directory;
use super::seed::{self, DEPTHS};

/// Adds the rows of a file, or of all files of a directory whose names end in `.jsonl`.
pub(super) fn load(directory: &mut Directory, path: &Path, now: DateTime<Utc>) -> io::Result<()> {
    let files = files(path)?;
    let mut depths = vec![[false; DEPTHS]; files.len()];
    // Parents are added before their child rows. Rows of one depth are added in the order of their files and lines.
    for depth in 0..DEPTHS {
        for (file, depths) in files.iter().zip(&mut depths) {
            if depth == 0 || depths[depth] {
                add(directory, file, depth, depths, now).map_err(|error| in_file(file, &error))?;
            }
        }
    }
    Ok(())
}

/// Returns the files to load, sorted by name.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path).map_err(|error| in_file(path, &error))?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| in_file(path, &error))? {
        let file = entry.map_err(|error| in_file(path, &error))?.path();
        if file.extension().is_some_and(|extension| extension == "jsonl") {
            files.push(file);
        }
    }
    if files.is_empty() {
        let problem =
            io::Error::new(ErrorKind::NotFound, "there is no file here that ends in .jsonl");
        return Err(in_file(path, &problem));
    }
    files.sort();
    Ok(files)
}

/// Adds the rows of a file that have this depth, which is the number of their parents. Records the depths of all rows
/// of the file.
fn add(
    directory: &mut Directory,
    file: &Path,
    depth: usize,
    depths: &mut [bool; DEPTHS],
    now: DateTime<Utc>,
) -> io::Result<()> {
    let lines = BufReader::new(File::open(file)?).lines();
    let lines = lines.map(|line| {
        let line = line?;
        let its_depth = seed::depth(&line);
        depths[its_depth] = true;
        // A line of another depth becomes an empty line, so that the line numbers stay correct.
        Ok(if its_depth == depth { line } else { String::new() })
    });
    seed::add(directory, lines, 0, now)
}

fn in_file(file: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", file.display()))
}
