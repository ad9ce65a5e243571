//! The only append-only files: what was acknowledged is here until its rollups are committed.
//!
//! A segment is a file named by its number; it holds frames, one for each submission:
//!
//! ```text
//! length of the payload, u32 LE │ CRC-32 of the payload, u32 LE │ records, postcard
//! ```
//!
//! One thread writes. It takes everything that waits, writes it in one go, syncs once, and only
//! then are the senders told: a group commit. Zeros are written ahead of the frames, because a sync
//! that changes a file's size takes longer; they end the segment where it was not closed. A frame that was cut by a crash was never
//! acknowledged, so it is cut off when the journal is opened again. The journal is also the queue:
//! `ingest` reads it from the position that the database has committed, however far back that is.
//!
//! Records are stripped before they come here: there is no address, agent or id in these files,
//! only pseudonyms under keys that live elsewhere and are destroyed.

mod read;
mod write;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use read::Reader;
pub use write::{Journal, Refused, remove_before};

/// A place in the journal: everything before it, nothing behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub segment: u64,
    /// Bytes from the segment's start.
    pub offset: u64,
}

/// What can go wrong with the files.
#[derive(Debug, Error)]
pub enum Error {
    #[error("the journal file {file}: {source}")]
    File { file: PathBuf, source: io::Error },
    #[error(
        "the journal file {file} is damaged at byte {offset}: {what}. Its records up to there are sound; move the file away and restart to go on with the next one"
    )]
    Damaged { file: PathBuf, offset: u64, what: &'static str },
    #[error(
        "the journal begins at segment {first}, after the position {wanted:?} that the database has committed: some files were removed"
    )]
    Gap { first: u64, wanted: Position },
}

/// Bytes before a frame's payload.
const HEAD: usize = 8;
/// A longer payload than this is damage: one request is smaller.
const LONGEST: usize = 256 << 20;

fn file_of(folder: &Path, segment: u64) -> PathBuf {
    folder.join(format!("{segment:016}.journal"))
}

/// The numbers of all segments, in order.
fn segments(folder: &Path) -> Result<Vec<u64>, Error> {
    let wrap = |source| Error::File { file: folder.to_owned(), source };
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrap)? {
        let name = entry.map_err(wrap)?.file_name();
        let name = name.to_string_lossy();
        numbers.extend(name.strip_suffix(".journal").and_then(|number| number.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}
