//! Appending, with one sync for everything that waits.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::JoinHandle,
    time::Duration,
};

use tokio::sync::{oneshot, watch};
use tracing::{error, info, warn};

use super::{
    Error, HEAD, Position, file_of,
    read::{Frame, frame},
    segments,
};
use crate::strip::Record;

/// A segment longer than this is followed by a new one.
const SEGMENT: u64 = 64 << 20;
/// Bytes written with one sync at most.
const GROUP: usize = 8 << 20;
/// Bytes that a record usually has.
const USUAL: usize = 512;
/// Zeros written ahead of the records, so that most syncs change no size: they take a fraction of
/// the time of one that does.
const AHEAD: usize = 1 << 20;
/// A disk that refused a write is tried this often.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Why a submission was not written. Nothing of it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the disk is full or cannot be written: free some space, the server goes on by itself")]
    Disk,
    #[error("the server is stopping")]
    Stopping,
}

struct Submission {
    frame: Vec<u8>,
    done: oneshot::Sender<Result<(), Refused>>,
}

/// The end of the journal that takes records. Dropped, it writes what waits and stops.
pub struct Journal {
    submissions: Option<Sender<Submission>>,
    durable: watch::Receiver<Position>,
    healthy: watch::Receiver<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Journal {
    /// Opens the journal in a folder, which is made where it is missing, and begins a new segment
    /// after all that are there and after `committed`. A frame cut by a crash is cut off.
    ///
    /// # Errors
    /// The files cannot be read or written.
    pub fn open(folder: &Path, committed: Position) -> Result<Self, Error> {
        let wrap = |source| Error::File { file: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(wrap)?;
        let numbers = segments(folder)?;
        if let Some(last) = numbers.last() {
            cut_torn_end(&file_of(folder, *last))?;
        }
        let next = numbers.last().map_or(0, |last| last + 1).max(committed.segment + 1);
        let writer = Writer::begin(folder, next)?;
        let (told, durable) = watch::channel(writer.position());
        let (health, healthy) = watch::channel(true);
        let (submissions, waiting) = channel();
        let thread = std::thread::Builder::new().name("journal".to_owned());
        let thread = thread.spawn(move || writer.run(&waiting, &told, &health)).map_err(wrap)?;
        Ok(Self { submissions: Some(submissions), durable, healthy, thread: Some(thread) })
    }

    /// Writes records; answers when they would survive a crash.
    ///
    /// # Errors
    /// They were not written.
    pub async fn append(&self, records: &[Record]) -> Result<(), Refused> {
        let (done, answer) = oneshot::channel();
        let submission = Submission { frame: framed(records), done };
        let sender = self.submissions.as_ref().ok_or(Refused::Stopping)?;
        sender.send(submission).map_err(|_| Refused::Stopping)?;
        answer.await.unwrap_or(Err(Refused::Stopping))
    }

    /// Follows how far the journal is written and synced.
    pub fn durable(&self) -> watch::Receiver<Position> {
        self.durable.clone()
    }

    /// Whether the last write went well, or a try since then.
    pub fn is_healthy(&self) -> bool {
        let writes = self.healthy.has_changed().is_ok();
        writes && *self.healthy.borrow()
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.submissions = None;
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            error!("the journal's thread panicked");
        }
    }
}

/// Removes the segments before a position.
///
/// # Errors
/// A file cannot be removed.
pub fn remove_before(folder: &Path, position: Position) -> Result<(), Error> {
    for number in segments(folder)?.into_iter().filter(|number| *number < position.segment) {
        let file = file_of(folder, number);
        fs::remove_file(&file).map_err(|source| Error::File { file, source })?;
    }
    Ok(())
}

fn framed(records: &[Record]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(HEAD + USUAL * records.len());
    frame.extend([0; HEAD]);
    let mut frame = postcard::to_extend(records, frame).unwrap_or_default();
    let (length, sum) = {
        let payload = frame.get(HEAD..).unwrap_or_default();
        (u32::try_from(payload.len()).unwrap_or_default(), crc32fast::hash(payload))
    };
    if let Some(head) = frame.get_mut(..HEAD) {
        head.copy_from_slice(&(u64::from(sum) << 32 | u64::from(length)).to_le_bytes());
    }
    frame
}

fn cut_torn_end(name: &Path) -> Result<(), Error> {
    let wrap = |source| Error::File { file: name.to_owned(), source };
    let file = OpenOptions::new().read(true).write(true).open(name).map_err(wrap)?;
    let mut reader = io::BufReader::new(&file);
    let mut sound = 0;
    loop {
        match frame(&mut reader).map_err(wrap)? {
            Frame::Whole(payload) => sound += (HEAD + payload.len()) as u64,
            Frame::End => break,
            Frame::Broken(what) => {
                warn!(
                    from = sound,
                    what, "cut off the journal's unfinished end, which was not acknowledged"
                );
                break;
            }
        }
    }
    // Zeros that were written ahead go too.
    file.set_len(sound).map_err(wrap)?;
    file.sync_all().map_err(wrap)
}

struct Writer {
    folder: PathBuf,
    segment: u64,
    file: File,
    /// Bytes of the segment that are synced.
    length: u64,
    /// Bytes that the file has: zeros follow what was written.
    reserved: u64,
}

impl Writer {
    fn begin(folder: &Path, segment: u64) -> Result<Self, Error> {
        let name = file_of(folder, segment);
        let wrap = |source| Error::File { file: name.clone(), source };
        let file = OpenOptions::new().create_new(true).write(true).open(&name).map_err(wrap)?;
        // The name itself must survive a crash.
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(wrap)?;
        Ok(Self { folder: folder.to_owned(), segment, file, length: 0, reserved: 0 })
    }

    fn position(&self) -> Position {
        Position { segment: self.segment, offset: self.length }
    }

    fn run(
        mut self,
        waiting: &Receiver<Submission>,
        told: &watch::Sender<Position>,
        health: &watch::Sender<bool>,
    ) {
        let mut frames = Vec::new();
        loop {
            let well = *health.borrow();
            let first = if well {
                waiting.recv().map_err(RecvTimeoutError::from)
            } else {
                waiting.recv_timeout(TRY_AGAIN)
            };
            let first = match first {
                Ok(first) => first,
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    if self.try_space().is_ok() {
                        info!("the journal can be written again");
                        health.send_replace(true);
                    }
                    continue;
                }
            };
            frames.clear();
            frames.extend_from_slice(&first.frame);
            let mut group = vec![first.done];
            while frames.len() < GROUP {
                let Ok(next) = waiting.try_recv() else { break };
                frames.extend_from_slice(&next.frame);
                group.push(next.done);
            }
            let answer = self.write(&frames);
            if let Err(problem) = &answer {
                error!(error = %problem, "the journal could not be written");
            }
            health
                .send_if_modified(|well| std::mem::replace(well, answer.is_ok()) != answer.is_ok());
            told.send_replace(self.position());
            let answer = answer.map_err(|_| Refused::Disk);
            for done in group {
                // A sender that has gone needs no answer.
                done.send(answer).ok();
            }
        }
        self.give_back();
        info!("the journal is closed");
    }

    fn write(&mut self, frames: &[u8]) -> io::Result<()> {
        if self.length > SEGMENT {
            let next = Self::begin(&self.folder, self.segment + 1);
            let next = next.map_err(|error| io::Error::other(error.to_string()))?;
            self.give_back();
            *self = next;
        }
        let end = self.length + frames.len() as u64;
        let written = self
            .reserve(end)
            .and_then(|()| self.file.write_all_at(frames, self.length))
            .and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.length = end;
                Ok(())
            }
            Err(problem) => {
                // Nobody was told yes: take back what may have got through.
                self.file.set_len(self.length)?;
                self.reserved = self.length;
                Err(problem)
            }
        }
    }

    /// Whether the disk takes something again, told without a hit: whoever asks /health before it
    /// sends one would wait for ever.
    fn try_space(&mut self) -> io::Result<()> {
        let tried = self.reserve(self.length + 1).and_then(|()| self.file.sync_data());
        if tried.is_err() {
            self.give_back();
            self.reserved = self.length;
        }
        tried
    }

    /// Makes the file long enough for what is to be written, and some more.
    fn reserve(&mut self, end: u64) -> io::Result<()> {
        if end > self.reserved {
            let from = end.max(self.reserved);
            self.file.write_all_at(&vec![0; AHEAD], from)?;
            self.reserved = from + AHEAD as u64;
        }
        Ok(())
    }

    /// Cuts the zeros off. They harm nobody where that fails.
    fn give_back(&self) {
        if let Err(problem) = self.file.set_len(self.length) {
            warn!(error = %problem, "the journal's segment keeps zeros at its end");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{journal::Reader, strip::Dropped};

    fn record(day: i32) -> Record {
        Record::Dropped { site: 1, day, reason: Dropped::Bot }
    }

    fn read_all(folder: &Path, from: Position, to: Position) -> Vec<Record> {
        let mut reader = Reader::new(folder, from).unwrap();
        let mut all = Vec::new();
        while let Some(records) = reader.next(to).unwrap() {
            all.extend(records);
        }
        all
    }

    #[tokio::test]
    async fn what_was_appended_is_read_back_over_restarts() {
        let folder = tempfile::tempdir().unwrap();
        let mut end = Position::default();
        for start in [0, 10, 20] {
            let journal = Journal::open(folder.path(), Position::default()).unwrap();
            for day in start..start + 10 {
                journal.append(&[record(day)]).await.unwrap();
            }
            end = *journal.durable().borrow();
        }
        let all = read_all(folder.path(), Position::default(), end);
        assert_eq!(all, (0..30).map(record).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_torn_end_is_cut_off_and_the_rest_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), Position::default()).unwrap();
        journal.append(&[record(1)]).await.unwrap();
        let sound = *journal.durable().borrow();
        journal.append(&[record(2)]).await.unwrap();
        drop(journal);
        let name = file_of(folder.path(), sound.segment);
        let whole = fs::metadata(&name).unwrap().len();
        for cut in sound.offset + 1..whole {
            OpenOptions::new().write(true).open(&name).unwrap().set_len(cut).unwrap();
            cut_torn_end(&name).unwrap();
            assert_eq!(fs::metadata(&name).unwrap().len(), sound.offset, "cut at {cut}");
        }
        let journal = Journal::open(folder.path(), Position::default()).unwrap();
        journal.append(&[record(3)]).await.unwrap();
        let end = *journal.durable().borrow();
        assert_eq!(read_all(folder.path(), Position::default(), end), [record(1), record(3)]);
    }

    #[tokio::test]
    async fn zeros_written_ahead_are_an_end_and_hide_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), Position::default()).unwrap();
        journal.append(&[record(1)]).await.unwrap();
        let first = *journal.durable().borrow();
        let name = file_of(folder.path(), first.segment);
        assert!(fs::metadata(&name).unwrap().len() > first.offset + 1000, "zeros stand ahead");
        // Killed: the zeros stay, and the next segment follows.
        let killed = fs::read(&name).unwrap();
        drop(journal);
        fs::write(&name, &killed).unwrap();
        let journal = Journal::open(folder.path(), Position::default()).unwrap();
        journal.append(&[record(2)]).await.unwrap();
        let end = *journal.durable().borrow();
        assert_eq!(fs::metadata(&name).unwrap().len(), first.offset, "cut off at the start");
        fs::write(&name, &killed).unwrap();
        let all = read_all(folder.path(), Position::default(), end);
        assert_eq!(all, [record(1), record(2)]);
        // A hole with something behind it is damage.
        let mut holed = killed;
        *holed.last_mut().unwrap() = 1;
        fs::write(&name, &holed).unwrap();
        let mut reader = Reader::new(folder.path(), Position::default()).unwrap();
        assert_eq!(reader.next(end).unwrap(), Some(vec![record(1)]));
        assert!(matches!(reader.next(end), Err(Error::Damaged { .. })));
    }

    #[tokio::test]
    async fn damage_before_the_end_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path(), Position::default()).unwrap();
        journal.append(&[record(1)]).await.unwrap();
        journal.append(&[record(2)]).await.unwrap();
        let end = *journal.durable().borrow();
        let name = file_of(folder.path(), end.segment);
        let mut bytes = fs::read(&name).unwrap();
        bytes[HEAD] ^= 1;
        fs::write(&name, bytes).unwrap();
        let mut reader = Reader::new(folder.path(), Position::default()).unwrap();
        assert!(matches!(reader.next(end), Err(Error::Damaged { offset: 0, .. })));
    }

    #[tokio::test]
    async fn committed_segments_can_go_but_a_gap_is_told() {
        let folder = tempfile::tempdir().unwrap();
        for day in 0..3 {
            let journal = Journal::open(folder.path(), Position::default()).unwrap();
            journal.append(&[record(day)]).await.unwrap();
        }
        let last = *segments(folder.path()).unwrap().last().unwrap();
        let committed = Position { segment: last, offset: 0 };
        remove_before(folder.path(), committed).unwrap();
        assert!(Reader::new(folder.path(), committed).is_ok());
        let before = Position { segment: last - 2, offset: 3 };
        assert!(matches!(Reader::new(folder.path(), before), Err(Error::Gap { .. })));
    }
}
