//! Visits on disk, so that a restart need not replay a whole day.
//!
//! One file, replaced as a whole: its form, position and visits in postcard, and their CRC-32. What it names
//! are pseudonyms; once their key is destroyed the next save is without them.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use tracing::warn;

use super::Trails;
use crate::{
    journal::{Error, Position},
    session::Sessions,
};

const NAME: &str = "visits.saved";
/// Raised where what is saved changes. Visits of an earlier form are not used: what the journal still
/// has brings the latest back.
const FORM: u8 = 3;

/// Visits as they were at a position of the journal.
#[derive(Default)]
pub(super) struct Saved {
    pub(super) position: Position,
    pub(super) sessions: Sessions,
    pub(super) trails: Trails,
}

/// Writes the visits as they are at a position.
pub(super) fn save(
    folder: &Path,
    position: Position,
    sessions: &Sessions,
    trails: &Trails,
) -> Result<(), Error> {
    let wrap = |source| Error::File { file: folder.join(NAME), source };
    let encode = || -> Result<Vec<u8>, postcard::Error> {
        let bytes = postcard::to_allocvec(&(FORM, position))?;
        postcard::to_extend(trails, postcard::to_extend(sessions, bytes)?)
    };
    let bytes = encode().map_err(|error| wrap(io::Error::other(error.to_string())))?;
    fs::create_dir_all(folder).map_err(wrap)?;
    let fresh = folder.join("visits.new");
    let write = || {
        let mut file = File::create(&fresh)?;
        file.write_all(&crc32fast::hash(&bytes).to_le_bytes())?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, folder.join(NAME))?;
        File::open(folder)?.sync_all()
    };
    write().map_err(wrap)
}

/// The visits that were saved, and at which position. Where none were saved, or they are ahead of
/// the database (which was set back then), it is the beginning: what the journal still has before
/// the committed position brings the visits back.
pub(super) fn read_back(folder: &Path, committed: Position) -> Result<Saved, Error> {
    let file = folder.join(NAME);
    let bytes = match fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Default::default()),
        Err(source) => return Err(Error::File { file, source }),
    };
    match understood(&bytes) {
        Some(saved) if saved.position <= committed => return Ok(saved),
        Some(_) => warn!(
            "the saved visits are ahead of the database, which was set back: they are not used"
        ),
        None => warn!("the saved visits cannot be read: they are not used"),
    }
    Ok(Default::default())
}

fn understood(bytes: &[u8]) -> Option<Saved> {
    let (sum, rest) = bytes.split_first_chunk::<4>()?;
    if crc32fast::hash(rest) != u32::from_le_bytes(*sum) {
        return None;
    }
    let ((form, position), rest) = postcard::take_from_bytes::<(u8, Position)>(rest).ok()?;
    if form != FORM {
        return None;
    }
    let (sessions, rest) = postcard::take_from_bytes(rest).ok()?;
    Some(Saved { position, sessions, trails: postcard::from_bytes(rest).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_read_back_unless_they_are_ahead_or_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let position = Position { segment: 2, offset: 10 };
        let at = |committed| read_back(folder.path(), committed).unwrap().position;
        assert_eq!(at(position), Position::default());
        save(folder.path(), position, &Sessions::default(), &Trails::default()).unwrap();
        assert_eq!(at(position), position);
        assert_eq!(at(Position { segment: 1, offset: 99 }), Position::default());
        let file = folder.path().join(NAME);
        let mut bytes = fs::read(&file).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&file, bytes).unwrap();
        assert_eq!(at(position), Position::default());
    }
}
