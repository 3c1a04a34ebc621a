//! Checks the write-ahead log of a database, `chime.db-wal`, for stored changes that can no longer be read.
//!
//! `SQLite` reads a log up to the first frame with a wrong checksum and drops the rest, because the process may have
//! been killed while it wrote this frame. If the end of a change comes after such a frame, the change was stored, so
//! the log is damaged. The format of the file is described at <https://www.sqlite.org/fileformat2.html#walformat>.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

/// Returns `true` if all changes that were stored in a log can be read, or if the log does not exist.
pub(super) fn is_whole(log: &Path) -> io::Result<bool> {
    let length = match log.metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        metadata => metadata?.len(),
    };
    if length <= HEADER as u64 {
        return Ok(true);
    }
    let mut file = BufReader::with_capacity(1 << 20, File::open(log)?);
    let mut header = [0; HEADER];
    file.read_exact(&mut header)?;
    let mut checksum = Checksum { is_big_endian: header[3] & 1 == 1, sums: [0, 0] };
    checksum.add(&header[..24]);
    let size = number(&header[8..]);
    if number(&header) & !1 != MAGIC || !checksum.is_at(&header[24..]) || size > LARGEST_PAGE {
        return Ok(false);
    }
    let mut frame = vec![0; FRAME_HEADER + size as usize];
    let mut is_readable = true;
    // Frames from an earlier use of the file have another salt. The last frame may be cut off.
    for _ in 0..(length - HEADER as u64) / frame.len() as u64 {
        file.read_exact(&mut frame)?;
        if frame[8..16] != header[16..24] {
            is_readable = false;
            continue;
        }
        let ends_change = number(&frame[4..]) != 0;
        if is_readable {
            checksum.add(&frame[..8]);
            checksum.add(&frame[FRAME_HEADER..]);
            is_readable = checksum.is_at(&frame[16..]);
        } else if ends_change {
            return Ok(false);
        }
    }
    Ok(true)
}

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The first bytes of a log, without the last bit.
const MAGIC: u32 = 0x377f_0682;
const LARGEST_PAGE: u32 = 65_536;

/// The checksum of all bytes up to a place in the log.
struct Checksum {
    is_big_endian: bool,
    sums: [u32; 2],
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        let [mut first, mut second] = self.sums;
        for pair in bytes.chunks_exact(8) {
            let [one, other] = [&pair[..4], &pair[4..]].map(|bytes| {
                let number = number(bytes);
                if self.is_big_endian { number } else { number.swap_bytes() }
            });
            first = first.wrapping_add(one).wrapping_add(second);
            second = second.wrapping_add(other).wrapping_add(first);
        }
        self.sums = [first, second];
    }

    /// Returns `true` if these bytes begin with the checksum.
    fn is_at(&self, bytes: &[u8]) -> bool {
        self.sums == [number(bytes), number(&bytes[4..])]
    }
}

/// Returns the big-endian number at the beginning of these bytes.
fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| (number << 8) | u32::from(*byte))
}
