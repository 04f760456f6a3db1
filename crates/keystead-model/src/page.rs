//! Page numbers as the dialects ask for them, and a page of a list.

use crate::{Code, Error, Result};

/// The largest page anybody gets.
pub const MAX_LIMIT: u32 = 50;
/// The deepest page number that is looked at; beyond it the answer is an error, not a scan.
pub const MAX_PAGE: u32 = 100_000;

/// Which page: numbers from 1, at most [`MAX_LIMIT`] rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    page: u32,
    limit: u32,
}

impl PageRequest {
    /// Checks numbers as they came; `None` takes page 1 and 10 rows.
    ///
    /// # Errors
    /// `field.range` names `page` or `limit`.
    pub fn new(page: Option<i64>, limit: Option<i64>) -> Result<Self> {
        Ok(Self {
            page: in_range("page", page.unwrap_or(1), MAX_PAGE)?,
            limit: in_range("limit", limit.unwrap_or(10), MAX_LIMIT)?,
        })
    }

    /// How many rows.
    #[must_use]
    pub const fn limit(self) -> i64 {
        self.limit as i64
    }

    /// How many rows come before the page.
    #[must_use]
    pub const fn offset(self) -> i64 {
        (self.page as i64 - 1) * self.limit as i64
    }
}

fn in_range(name: &'static str, value: i64, max: u32) -> Result<u32> {
    u32::try_from(value).ok().filter(|v| (1..=max).contains(v)).ok_or_else(|| {
        let error = Error::new(Code::FieldRange).field(name).arg("given", value);
        error.arg("min", 1).arg("max", max)
    })
}

/// A page of a list and how many rows there are in all.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// Rows of the whole list.
    pub total: i64,
    /// The rows of this page.
    pub rows: Vec<T>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_checked() {
        assert_eq!(PageRequest::new(None, None).unwrap().limit(), 10);
        assert_eq!(PageRequest::new(Some(3), Some(50)).unwrap().offset(), 100);
        for (page, limit) in
            [(0, 10), (-1, 10), (1_000_000_000, 10), (1, 0), (1, 51), (i64::MAX, 1)]
        {
            let error = PageRequest::new(Some(page), Some(limit)).unwrap_err();
            assert_eq!(error.code(), Code::FieldRange);
        }
    }
}
