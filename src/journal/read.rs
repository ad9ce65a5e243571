//! Reading what was written, from any position.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{Error, HEAD, LONGEST, Position, file_of, segments};
use crate::strip::Record;

/// Bytes read at once.
const CHUNK: usize = 64 << 10;

/// Goes through the journal from a position on.
pub struct Reader {
    folder: PathBuf,
    position: Position,
    file: Option<Durable>,
}

/// A segment's bytes up to what is durable. Behind that they may still change: they are not read
/// ahead.
struct Durable {
    file: File,
    /// Where the file is read next, and where reading must stop.
    at: u64,
    limit: u64,
    buffer: Vec<u8>,
    /// Bytes of the buffer that were taken.
    taken: usize,
}

impl Read for Durable {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.buffer.len() {
            let left = usize::try_from(self.limit.saturating_sub(self.at)).unwrap_or(usize::MAX);
            self.buffer.resize(left.min(CHUNK), 0);
            let read = self.file.read(&mut self.buffer)?;
            self.buffer.truncate(read);
            self.at += read as u64;
            self.taken = 0;
        }
        let mut rest = self.buffer.get(self.taken..).unwrap_or_default();
        let read = rest.read(into)?;
        self.taken += read;
        Ok(read)
    }
}

/// What stands at a place in a file.
pub(super) enum Frame {
    Whole(Vec<u8>),
    /// The file ends here, or only zeros follow, which are written ahead.
    End,
    /// The file ends within a frame, or the frame's sum is wrong.
    Broken(&'static str),
}

impl Reader {
    /// A reader that begins at `position`; where that segment is gone because everything in it was
    /// committed, at the next one.
    ///
    /// # Errors
    /// The folder cannot be read, or records between `position` and the first file are missing.
    pub fn new(folder: &Path, position: Position) -> Result<Self, Error> {
        let numbers = segments(folder)?;
        let position = match numbers.iter().find(|number| **number >= position.segment) {
            Some(number) if *number == position.segment => position,
            Some(number) if position == Position::default() || *number == position.segment + 1 => {
                Position { segment: *number, offset: 0 }
            }
            Some(number) => return Err(Error::Gap { first: *number, wanted: position }),
            None => position,
        };
        Ok(Self { folder: folder.to_owned(), position, file: None })
    }

    /// Where the reader is.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The records of the next frame before `end`; `None` when there is none.
    ///
    /// # Errors
    /// A file cannot be read, or is damaged before `end`.
    pub fn next(&mut self, end: Position) -> Result<Option<Vec<Record>>, Error> {
        while self.position < end {
            let name = file_of(&self.folder, self.position.segment);
            let wrap = |source| Error::File { file: name.clone(), source };
            let file = match &mut self.file {
                Some(file) => file,
                None => {
                    let mut file = File::open(&name).map_err(wrap)?;
                    let at = self.position.offset;
                    file.seek(SeekFrom::Start(at)).map_err(wrap)?;
                    self.file.insert(Durable { file, at, limit: 0, buffer: vec![], taken: 0 })
                }
            };
            let here = self.position.segment == end.segment;
            file.limit = if here { end.offset } else { u64::MAX };
            let damaged =
                |what| Error::Damaged { file: name.clone(), offset: self.position.offset, what };
            match frame(file).map_err(wrap)? {
                Frame::Whole(payload) => {
                    let records = postcard::from_bytes(&payload);
                    let records = records.map_err(|_| damaged("its records cannot be read"))?;
                    self.position.offset += (HEAD + payload.len()) as u64;
                    return Ok(Some(records));
                }
                // A segment is only left when its successor has begun.
                Frame::End if self.position.segment < end.segment => {
                    self.file = None;
                    self.position = Position { segment: self.position.segment + 1, offset: 0 };
                }
                Frame::End => return Ok(None),
                Frame::Broken(what) => return Err(damaged(what)),
            }
        }
        Ok(None)
    }
}

/// Reads the frame at the file's place.
pub(super) fn frame(file: &mut impl Read) -> io::Result<Frame> {
    let mut head = [0; HEAD];
    match fill(file, &mut head)? {
        0 => return Ok(Frame::End),
        HEAD => (),
        _ => return Ok(Frame::Broken("it ends within a frame's head")),
    }
    if head == [0; HEAD] {
        let rest_is_zero = only_zeros(file)?;
        return Ok(if rest_is_zero { Frame::End } else { Frame::Broken("a hole of zeros") });
    }
    let [a, b, c, d, e, f, g, h] = head;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    if length == 0 || length > LONGEST {
        return Ok(Frame::Broken("a frame's length is not possible"));
    }
    let mut payload = vec![0; length];
    if fill(file, &mut payload)? < length {
        return Ok(Frame::Broken("it ends within a frame"));
    }
    if crc32fast::hash(&payload) == u32::from_le_bytes([e, f, g, h]) {
        Ok(Frame::Whole(payload))
    } else {
        Ok(Frame::Broken("a frame's sum is wrong"))
    }
}

/// Whether there is nothing but zeros up to the file's end.
fn only_zeros(file: &mut impl Read) -> io::Result<bool> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = fill(file, &mut buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if read == 0 || bytes.iter().any(|byte| *byte != 0) {
            return Ok(read == 0);
        }
    }
}

/// Reads until the buffer is full or the file ends; how much was read.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(filled)
}
