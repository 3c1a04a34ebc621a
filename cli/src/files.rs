//! Files that only their owner can read, and that get their final names when they are complete.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use fs_err::{self as fs, File, OpenOptions};

/// A file whose name ends with `.new` until it is complete.
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

    /// Renames the file to its final name, atomically. After [`sync_directory`], the name survives a power failure.
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

/// Creates or replaces a file, atomically.
pub(crate) fn replace(path: PathBuf, content: &[u8]) -> io::Result<()> {
    let mut file = NewFile::create(path)?;
    file.write_all(content)?;
    file.finish()
}

/// Creates the directory and its parents if they do not exist. Only the owner can enter a new directory.
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

/// Synchronizes a directory, so that the names of its files survive a power failure.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    // On other systems, a directory cannot be opened as a file.
    if cfg!(unix) {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}
