//! Not too many passwords: guesses are counted by login, never by address, so that a school behind
//! one address is never locked out by a neighbour.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Guesses within `WINDOW` seconds.
const MOST: u32 = 10;
const WINDOW: i64 = 300;
/// Logins remembered; more than that are somebody's random names.
const REMEMBERED: usize = 10_000;

/// Counts guesses by a hash of the login.
#[derive(Default)]
pub(super) struct Doorkeeper(Mutex<HashMap<[u8; 32], (i64, u32)>>);

impl Doorkeeper {
    /// Whether one more password may be tried for a login.
    pub(super) fn lets_try(&self, login: &str, now: i64) -> bool {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if guesses.len() > REMEMBERED {
            guesses.clear();
        }
        let (since, count) = guesses.entry(key(login)).or_insert((now, 0));
        if now - *since >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= MOST
    }

    /// Starts anew for a login, after the right password.
    pub(super) fn forget(&self, login: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key(login));
    }
}

fn key(login: &str) -> [u8; 32] {
    *blake3::hash(login.as_bytes()).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_stopped_for_a_while() {
        let keeper = Doorkeeper::default();
        assert!((0..10).all(|_| keeper.lets_try("a", 1_000)));
        assert!(!keeper.lets_try("a", 1_001));
        assert!(keeper.lets_try("b", 1_001));
        assert!(keeper.lets_try("a", 1_300));
        keeper.forget("a");
        assert!(keeper.lets_try("a", 1_301));
    }
}
