//! How much went on, over the time of a whole record.

use crate::model::record::Record;
use crate::store::series::Series;

impl Series {
    /// Of a whole record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let mut series = Self::default();
        for event in record.log().iter_from(0) {
            series.learn(&event);
        }
        series
    }
}
