//! Files that only their owner may read, and that have their final names once they are complete.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use fs_err::{self as fs, File, OpenOptions};

/// A file that is being written. Its name ends with `.new` until it is complete.
pub(crate) struct NewFile {
    path: PathBuf,
    new: PathBuf,
    file: BufWriter<File>,
}

impl NewFile {
    pub(crate) fn create(path: PathBuf) -> io::Result<Self> {
        let mut new = path.clone().into_os_string();
        new.push(".new");
        let new = PathBuf::from(new);
        let mut options = OpenOptions::new();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = BufWriter::new(options.open(&new)?);
        Ok(Self { path, new, file })
    }

    /// Gives the file its final name, at one stroke. A power cut cannot undo it after
    /// [`sync_directory`].
    pub(crate) fn finish(self) -> io::Result<()> {
        self.file.into_inner()?.sync_all()?;
        fs::rename(self.new, self.path)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Replaces a file, or creates it.
pub(crate) fn replace(path: PathBuf, content: &[u8]) -> io::Result<()> {
    let mut file = NewFile::create(path)?;
    file.write_all(content)?;
    file.finish()
}

/// Creates the directory and those above it, unless it is there. Only the owner may enter a new one.
pub(crate) fn create_directory(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("failed to create the directory {}: {error}", path.display()),
        )
    })
}

/// Makes the names of the files in a directory survive a power cut, as synchronizing a file does for its content.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    // Elsewhere, a directory cannot be opened like a file.
    if cfg!(unix) {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}
