//! Reading what was written, from any position.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{Error, HEAD, LONGEST, Position, file_of, segments};
use crate::strip::Record;

/// Goes through the journal from a position on.
pub struct Reader {
    folder: PathBuf,
    position: Position,
    file: Option<File>,
}

/// What stands at a place in a file.
pub(super) enum Frame {
    Whole(Vec<u8>),
    /// The file ends here.
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
                    file.seek(SeekFrom::Start(self.position.offset)).map_err(wrap)?;
                    self.file.insert(file)
                }
            };
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
pub(super) fn frame(file: &mut File) -> io::Result<Frame> {
    let mut head = [0; HEAD];
    match fill(file, &mut head)? {
        0 => return Ok(Frame::End),
        HEAD => (),
        _ => return Ok(Frame::Broken("it ends within a frame's head")),
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

/// Reads until the buffer is full or the file ends; how much was read.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(filled)
}
