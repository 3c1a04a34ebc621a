//! The log of a database, `chime.db-wal`: whether a change that was stored cannot be read any more.
//!
//! `SQLite` reads a log up to the first frame that does not match its checksum and drops the rest, as the process may have
//! been killed while it wrote that. Here, a change that comes to its end behind such a frame is damage: it was stored.
//! The form of the file is described at <https://www.sqlite.org/fileformat2.html#walformat>.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

/// Whether a log has all changes that were stored in it. One that is not there has none.
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
    // What is left of an earlier use of the file has another salt. The last frame may be cut off.
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
/// What a log begins with, but for its last bit.
const MAGIC: u32 = 0x377f_0682;
const LARGEST_PAGE: u32 = 65_536;

/// The checksum of everything up to some place.
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

    /// Whether it is the one that is written at the beginning of these bytes.
    fn is_at(&self, bytes: &[u8]) -> bool {
        self.sums == [number(bytes), number(&bytes[4..])]
    }
}

/// The big-endian number at the beginning of these bytes.
fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| (number << 8) | u32::from(*byte))
}
