//! A vector that one thread fills while another reads what is there.
//!
//! A thread that records a great deal appends to a vector of its own and hands it over when it is full: nothing is
//! cheaper. But nobody else sees what is in it, and a thread that blocks does not hand anything over. Here the other
//! side can look at any moment. The writer pays one plain store for that, a `Release` store of the length, and no
//! atomic read-modify-write.
//!
//! ```
//! let (mut writer, mut reader) = watched_vec::watched_vec(4);
//! writer.push("a").unwrap();
//! writer.push("b").unwrap();
//! assert_eq!(reader.unread(), ["a", "b"]); // even while the writer is blocked
//! reader.mark_read(2);
//! writer.push("c").unwrap();
//! assert_eq!(reader.unread(), ["c"]);
//! // Whoever has both sides takes the vector itself, without a copy.
//! reader.with_vec(&mut writer, |items, read| {
//!     assert_eq!((items.as_slice(), read), (["a", "b", "c"].as_slice(), 2));
//!     items.clear();
//! });
//! assert!(reader.unread().is_empty());
//! ```
//!
//! # Why this is sound
//!
//! Items below the published length are initialised, and nobody writes them until both sides are borrowed exclusively, in
//! [`Reader::with_vec`]. The places from that length on belong to the writer alone. The length is published by `Release`
//! and read by `Acquire`, so that a reader who sees it sees the items below it. `tests/loom.rs` tries every interleaving
//! that the memory model allows.
//!
//! This crate never blocks, never allocates in [`Writer::push`], and is all of Loopscope that has unsafe code of its own.

use std::fmt;
use std::mem::ManuallyDrop;
use std::slice;

#[cfg(loom)]
use loom::sync::{
    Arc,
    atomic::{AtomicPtr, AtomicUsize, Ordering},
};
#[cfg(not(loom))]
use std::sync::{
    Arc,
    atomic::{AtomicPtr, AtomicUsize, Ordering},
};

/// Makes both sides of an empty vector with room for `capacity` items.
#[must_use]
pub fn watched_vec<T>(capacity: usize) -> (Writer<T>, Reader<T>) {
    let memory = Memory::from(Vec::with_capacity(capacity));
    let shared = Arc::new(Shared {
        start: AtomicPtr::new(memory.start),
        capacity: AtomicUsize::new(memory.capacity),
        len: AtomicUsize::new(0),
        #[cfg(loom)]
        accesses: (0..memory.capacity).map(|_| loom::cell::UnsafeCell::new(())).collect(),
    });
    (Writer { memory, len: 0, shared: Arc::clone(&shared) }, Reader { read: 0, shared })
}

/// The side that fills the vector.
pub struct Writer<T> {
    /// As in `shared`, to spare the look there.
    memory: Memory<T>,
    len: usize,
    shared: Arc<Shared<T>>,
}

/// The side that looks at it.
pub struct Reader<T> {
    /// How many items were [read](Reader::mark_read).
    read: usize,
    shared: Arc<Shared<T>>,
}

/// A vector without its length.
struct Memory<T> {
    start: *mut T,
    capacity: usize,
}

impl<T> From<Vec<T>> for Memory<T> {
    fn from(items: Vec<T>) -> Self {
        let mut items = ManuallyDrop::new(items);
        Self { start: items.as_mut_ptr(), capacity: items.capacity() }
    }
}

struct Shared<T> {
    /// The memory; changed only while both sides are borrowed exclusively.
    start: AtomicPtr<T>,
    capacity: AtomicUsize,
    /// How many items are there for the reader.
    len: AtomicUsize,
    /// Lets loom see who reads and writes which place.
    #[cfg(loom)]
    accesses: Vec<loom::cell::UnsafeCell<()>>,
}

// SAFETY: the items move from thread to thread with either side, and both sides give out `&T`.
unsafe impl<T: Send + Sync> Send for Writer<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Send for Reader<T> {}
// SAFETY: through a shared `Writer` one can only ask whether it is full.
unsafe impl<T: Send + Sync> Sync for Writer<T> {}
// SAFETY: a shared `Reader` gives out `&T` of items that nobody writes.
unsafe impl<T: Send + Sync> Sync for Reader<T> {}

impl<T> Writer<T> {
    /// Whether there is no room: the reader has to take the vector [as a whole](Reader::with_vec) first.
    #[inline(always)]
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.len == self.memory.capacity
    }

    /// Whether nothing was pushed since the vector was taken.
    #[inline(always)]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The item that was pushed last, since the vector was taken.
    #[inline(always)]
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        let last = self.len.checked_sub(1)?;
        #[cfg(loom)]
        self.shared.accesses[last].with(|_| ());
        // SAFETY: the items below `len` are initialised. This side alone writes and moves them, for which it has to be
        // borrowed mutably; the other side reads them until `with_vec`, which needs this side exclusively.
        Some(unsafe { &*self.memory.start.add(last) })
    }

    /// Appends an item, which the reader sees from now on.
    ///
    /// # Errors
    /// Gives the item back if there is no room.
    #[inline(always)]
    pub fn push(&mut self, item: T) -> Result<(), T> {
        if self.is_full() {
            return Err(item);
        }
        self.push_with(|| item, |_| ());
        Ok(())
    }

    /// Appends the item that `make` gives, made in its place, and returns what `look` says of it; nothing where there is no
    /// room. The item is looked at before the reader may see it: what the compiler knows of an item that it has just made it
    /// need not read again, and beyond the published length it does know that nobody else writes there.
    #[inline(always)]
    pub fn push_with<R>(&mut self, make: impl FnOnce() -> T, look: impl FnOnce(&T) -> R) -> Option<R> {
        if self.is_full() {
            return None;
        }
        #[cfg(loom)]
        self.shared.accesses[self.len].with_mut(|_| ());
        // SAFETY: the place is within the memory, beyond the published length, and so this side's alone. If `make`
        // panics, nothing was written or published.
        let item = unsafe {
            let place = self.memory.start.add(self.len);
            place.write(make());
            &*place
        };
        // If `look` panics, the item is not published, and never dropped.
        let seen = look(item);
        self.len += 1;
        self.shared.len.store(self.len, Ordering::Release);
        Some(seen)
    }
}

impl<T> Reader<T> {
    /// The items that are there and were not [marked](Self::mark_read) as read, oldest first.
    #[must_use]
    pub fn unread(&self) -> &[T] {
        let len = self.shared.len.load(Ordering::Acquire);
        let start = self.shared.start.load(Ordering::Relaxed);
        #[cfg(loom)]
        self.shared.accesses[self.read..len].iter().for_each(|access| access.with(|_| ()));
        // SAFETY: `read` is at most `len`, the items below `len` are initialised, and nobody writes or moves them before
        // `with_vec`, which needs this side exclusively.
        unsafe { slice::from_raw_parts(start.add(self.read), len - self.read) }
    }

    /// Marks as read the first `count` items of [`unread`](Self::unread), or all if there are fewer.
    pub fn mark_read(&mut self, count: usize) {
        self.read += count.min(self.unread().len());
    }

    /// Lets `f` have the vector itself, with all its items, and how many of them were marked as read. The writer goes on
    /// with what `f` leaves: its items, all unread, and its room.
    ///
    /// Nothing where the two sides are not of the same vector.
    pub fn with_vec<R>(&mut self, writer: &mut Writer<T>, f: impl FnOnce(&mut Vec<T>, usize) -> R) -> Option<R> {
        /// Puts the vector back, also where `f` panics.
        struct PutBack<'a, T>(&'a mut Reader<T>, &'a mut Writer<T>, Vec<T>);
        impl<T> Drop for PutBack<'_, T> {
            fn drop(&mut self) {
                let Self(reader, writer, items) = self;
                let len = items.len();
                writer.memory = Memory::from(std::mem::take(items));
                writer.len = len;
                reader.read = 0;
                reader.shared.set(&writer.memory, len);
            }
        }
        if !Arc::ptr_eq(&self.shared, &writer.shared) {
            return None;
        }
        let empty = Memory::from(Vec::new());
        let taken = std::mem::replace(&mut writer.memory, empty);
        let (len, read) = (std::mem::take(&mut writer.len), std::mem::take(&mut self.read));
        self.shared.set(&writer.memory, 0);
        #[cfg(loom)]
        self.shared.accesses.iter().for_each(|access| access.with_mut(|_| ()));
        // SAFETY: the memory is that of a vector with this capacity; its first `len` items are initialised. Both sides are
        // borrowed exclusively and no longer know the memory, so that nobody else uses or frees it.
        let items = unsafe { Vec::from_raw_parts(taken.start, len, taken.capacity) };
        let mut put_back = PutBack(self, writer, items);
        Some(f(&mut put_back.2, read))
    }
}

impl<T> Shared<T> {
    /// Sets the memory, of which that many items are there. Both sides are borrowed exclusively.
    fn set(&self, memory: &Memory<T>, len: usize) {
        self.start.store(memory.start, Ordering::Relaxed);
        self.capacity.store(memory.capacity, Ordering::Relaxed);
        self.len.store(len, Ordering::Release);
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        let (start, capacity) = (self.start.load(Ordering::Relaxed), self.capacity.load(Ordering::Relaxed));
        let len = self.len.load(Ordering::Acquire);
        // SAFETY: as in `with_vec`; both sides are gone.
        drop(unsafe { Vec::from_raw_parts(start, len, capacity) });
    }
}

impl<T> fmt::Debug for Writer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("len", &self.len).field("capacity", &self.memory.capacity).finish()
    }
}

impl<T> fmt::Debug for Reader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("read", &self.read).finish_non_exhaustive()
    }
}
