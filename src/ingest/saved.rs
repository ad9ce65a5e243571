//! Visits on disk, so that a restart need not replay a whole day.
//!
//! One file, replaced as a whole: its layout, the position, then the people, the visits and the trails in
//! postcard, each with its own form, and a CRC-32. A version in which one of them changed uses the others.
//! What is named in it are pseudonyms; once their key is destroyed the next save is without them.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use serde::{Serialize, de::DeserializeOwned};
use tracing::warn;

use super::Trails;
use crate::{
    journal::{Error, Position},
    session::Sessions,
};

const NAME: &str = "visits.saved";
/// How the file is put together.
const LAYOUT: u8 = 4;
/// Raised where `session::People` changes: those of an earlier form are not known any more, and count again.
const PEOPLE: u8 = 1;
/// Raised where `session::Days` changes: a visit that goes on then is another one.
const VISITS: u8 = 1;
/// Raised where `Trails` change: what the day's visitors did before is in no declared segment.
const TRAILS: u8 = 1;

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
        let mut bytes = postcard::to_allocvec(&(LAYOUT, position))?;
        add_part(&mut bytes, PEOPLE, &sessions.people)?;
        add_part(&mut bytes, VISITS, &sessions.days)?;
        add_part(&mut bytes, TRAILS, trails)?;
        Ok(bytes)
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
    let ((layout, position), mut rest) = postcard::take_from_bytes::<(u8, Position)>(rest).ok()?;
    if layout != LAYOUT {
        return None;
    }
    let people = take_part(&mut rest, PEOPLE, "people of running weeks, months and years")?;
    let days = take_part(&mut rest, VISITS, "open visits")?;
    let trails = take_part(&mut rest, TRAILS, "trails of the day's visitors")?;
    Some(Saved { position, sessions: Sessions { days, people }, trails })
}

/// A part of the file: its form, its length, itself.
fn add_part<T: Serialize>(bytes: &mut Vec<u8>, form: u8, part: &T) -> Result<(), postcard::Error> {
    bytes.push(form);
    let from = bytes.len() + size_of::<u64>();
    bytes.extend([0; size_of::<u64>()]);
    *bytes = postcard::to_extend(part, std::mem::take(bytes))?;
    let length = (bytes.len() - from) as u64;
    if let Some(place) = bytes.get_mut(from - size_of::<u64>()..from) {
        place.copy_from_slice(&length.to_le_bytes());
    }
    Ok(())
}

/// The next part; an empty one where another version wrote it. `None`: the file is cut off.
fn take_part<T: DeserializeOwned + Default>(rest: &mut &[u8], form: u8, what: &str) -> Option<T> {
    let (found, after) = rest.split_first()?;
    let (length, after) = after.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (part, after) = after.split_at_checked(length)?;
    *rest = after;
    if *found != form {
        warn!("another version saved the {what}: they are not used");
        return Some(T::default());
    }
    postcard::from_bytes(part).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strip::{Event, Years};

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

    #[test]
    fn people_stay_known_where_visits_are_of_another_form() {
        let folder = tempfile::tempdir().unwrap();
        let event = Event {
            years: Some(Years { year: 7, school_year: 8, user: None }),
            ..Event::example()
        };
        let mut sessions = Sessions::default();
        let grown = |sessions: &mut Sessions| sessions.absorb(&event).unwrap().grown.len();
        assert_eq!(grown(&mut sessions), 4);
        save(folder.path(), Position::default(), &sessions, &Trails::default()).unwrap();
        let file = folder.path().join(NAME);
        let mut bytes = fs::read(&file).unwrap();
        let mut people = Vec::new();
        add_part(&mut people, PEOPLE, &sessions.people).unwrap();
        let head = 4 + postcard::to_allocvec(&(LAYOUT, Position::default())).unwrap().len();
        *bytes.get_mut(head + people.len()).unwrap() = VISITS + 1;
        let sum = crc32fast::hash(bytes.get(4..).unwrap()).to_le_bytes();
        bytes.get_mut(..4).unwrap().copy_from_slice(&sum);
        fs::write(&file, bytes).unwrap();
        let mut back = read_back(folder.path(), Position::default()).unwrap().sessions;
        // Another visit of somebody who is known.
        let change = back.absorb(&event).unwrap();
        assert!(change.before.is_none() && change.grown.is_empty(), "{:?}", change.grown);
    }
}
