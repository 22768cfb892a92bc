//! The ids of places in the source. The record defines each before it first names it, once for each sink.

use super::outlet::Epoch;
use super::place::Place;
use crate::event::{EventKind, Nanos, SiteId};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The places of a run that have an id. They are known by what they say: the compiler may keep a place more than once, at
/// addresses that differ from build to build.
#[derive(Debug, Default)]
pub(crate) struct Sites(Mutex<HashMap<Place, KnownSite>>);

/// A place that has an id.
#[derive(Debug, Clone, Copy)]
struct KnownSite {
    site: SiteId,
    /// Where it was defined last, and when.
    defined: (Epoch, Nanos),
}

impl Sites {
    /// The id of a place, and when it was defined for who listens since `epoch`. If that is not done yet `define` does it,
    /// before any other thread can name the place.
    pub(crate) fn site(
        &self,
        place: Place,
        epoch: Epoch,
        now: Nanos,
        define: impl FnOnce(SiteId) -> Nanos,
    ) -> (SiteId, Option<Nanos>) {
        let mut sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = SiteId(sites.len() as u32);
        let known = sites.entry(place).or_insert(KnownSite { site: next, defined: (Epoch::default(), now) });
        // A thread that has not noticed a new sink yet does not set it back.
        if !epoch.is_on() || known.defined.0 >= epoch {
            return (known.site, Some(known.defined.1));
        }
        known.defined = (epoch, define(known.site));
        (known.site, None)
    }
}

/// The event that gives a place its id.
pub(crate) fn site_defined(site: SiteId, place: Place) -> EventKind {
    EventKind::SiteDefined { site, file: place.file().into(), line: place.line(), column: place.column() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::Location;

    /// The compiler keeps a place once for each unit that it makes code of, and how many those are depends on where the
    /// sources lie and how much is optimised.
    #[test]
    fn a_place_has_one_id_however_often_the_compiler_keeps_it() {
        let sites = Sites::default();
        let place = Location::caller();
        let copy: Place = Box::leak(Box::new(*place));
        let other: Place = Box::leak(Box::new(*Location::caller()));
        let site = |place: Place| sites.site(place, Epoch::default(), Nanos::ZERO, |_| Nanos::ZERO).0;
        assert!(!std::ptr::eq(place, copy));
        assert_eq!(site(place), site(copy));
        assert_ne!(site(place), site(other));
    }
}
