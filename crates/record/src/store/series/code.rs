//! A change of a task's state in as few bytes as it takes: mostly one where no time passes, two or three else.
//!
//! It knows nothing of what the changes add up to.

use super::super::span::SpanState;

/// A task's state changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    /// Nanoseconds since the change before.
    pub(super) after: u64,
    /// What the task did before; none before its first and after its last.
    pub(super) from: Option<SpanState>,
    /// What it does now.
    pub(super) to: Option<SpanState>,
    /// Where it runs, or ran.
    pub(super) worker: u8,
}

// The first byte: a state in two bits, the other state in two bits, whether a byte with the worker follows, and three bits:
// the lowest two of the time, and whether more of it follows.
const WORKER: u8 = 0x10;
const MORE: u8 = 0x80;

fn code(state: Option<SpanState>) -> u8 {
    match state {
        None => 0,
        Some(SpanState::Running) => 1,
        Some(SpanState::Ready) => 2,
        Some(SpanState::Waiting) => 3,
    }
}

fn state(code: u8) -> Option<SpanState> {
    match code & 3 {
        0 => None,
        1 => Some(SpanState::Running),
        2 => Some(SpanState::Ready),
        _ => Some(SpanState::Waiting),
    }
}

/// Adds a change to those before it.
pub(super) fn encode(change: Change, bytes: &mut Vec<u8>) {
    let mut rest = change.after >> 2;
    let mut first = code(change.from) << 2 | code(change.to) | (change.after as u8 & 3) << 5;
    first |= if change.worker > 0 { WORKER } else { 0 };
    first |= if rest > 0 { MORE } else { 0 };
    bytes.push(first);
    while rest > 0 {
        let low = rest as u8 & 0x7f;
        rest >>= 7;
        bytes.push(low | if rest > 0 { MORE } else { 0 });
    }
    if change.worker > 0 {
        bytes.push(change.worker);
    }
}

/// The first change, and the bytes after it.
pub(super) fn decode(bytes: &[u8]) -> Option<(Change, &[u8])> {
    let (first, mut bytes) = bytes.split_first()?;
    let mut after = u64::from(first >> 5 & 3);
    let (mut shift, mut more) = (2, first & MORE != 0);
    while more {
        let (byte, rest) = bytes.split_first()?;
        after |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
        (shift, more, bytes) = (shift + 7, byte & MORE != 0, rest);
    }
    let mut worker = 0;
    if first & WORKER != 0 {
        (worker, bytes) = bytes.split_first().map(|(worker, rest)| (*worker, rest))?;
    }
    Some((Change { after, from: state(first >> 2), to: state(*first), worker }, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_most_of_it_is_one_byte() {
        let mut rng = fastrand::Rng::with_seed(1);
        let changes: Vec<Change> = (0..2000)
            .map(|_| Change {
                after: rng.u64(..) >> rng.u32(0..64),
                from: state(rng.u8(0..4)),
                to: state(rng.u8(0..4)),
                worker: if rng.bool() { 0 } else { rng.u8(..) },
            })
            .collect();
        let mut bytes = Vec::new();
        changes.iter().for_each(|change| encode(*change, &mut bytes));
        let mut rest = &bytes[..];
        for change in &changes {
            let (read, after) = decode(rest).unwrap();
            assert_eq!(read, *change);
            rest = after;
        }
        assert_eq!(decode(rest), None);
        bytes.clear();
        encode(Change { after: 0, from: Some(SpanState::Ready), to: Some(SpanState::Running), worker: 0 }, &mut bytes);
        assert_eq!(bytes.len(), 1);
        encode(Change { after: 30_000, ..changes[0] }, &mut bytes);
        assert!(bytes.len() <= 5);
    }
}
