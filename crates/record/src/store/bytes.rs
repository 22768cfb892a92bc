//! Numbers in few bytes: seven bits a byte, the lowest first, the top bit set on all but the last.
//!
//! This module never fails: reading past the end gives zeros.

/// Appends a number.
#[inline]
pub(crate) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends how far `to` is from `from`, either way.
#[inline]
pub(super) fn put_step(bytes: &mut Vec<u8>, from: u64, to: u64) {
    let step = to.wrapping_sub(from) as i64;
    put(bytes, ((step << 1) ^ (step >> 63)) as u64);
}

/// Reads what was put.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// Goes on with what is left of [`rest`](Self::rest).
    pub(super) fn set_rest(&mut self, rest: &'a [u8]) {
        self.bytes = rest;
    }

    #[inline]
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        *first
    }

    #[inline]
    pub(crate) fn get(&mut self) -> u64 {
        let first = self.byte();
        if first < 0x80 {
            return u64::from(first);
        }
        let (mut number, mut shift) = (u64::from(first & 0x7f), 7);
        loop {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            shift += 7;
            if byte < 0x80 {
                return number;
            }
        }
    }

    /// What [`put_step`] put.
    #[inline]
    pub(crate) fn step(&mut self, from: u64) -> u64 {
        let folded = self.get();
        from.wrapping_add((folded >> 1) ^ (folded & 1).wrapping_neg())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_steps_are_read_as_they_were_put() {
        let numbers = [0, 1, 127, 128, 300, 1 << 35, u64::MAX - 1, u64::MAX];
        let mut bytes = Vec::new();
        for number in numbers {
            put(&mut bytes, number);
            for other in numbers {
                put_step(&mut bytes, number, other);
            }
        }
        let mut reader = Reader::new(&bytes);
        for number in numbers {
            assert_eq!(reader.get(), number);
            for other in numbers {
                assert_eq!(reader.step(number), other);
            }
        }
        assert!(reader.is_empty());
        assert_eq!(reader.get(), 0);
    }
}
