//! Lists that come in pages.

use crate::error::SdkError;
use std::pin::Pin;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// How many items the whole list has.
    pub total: u64,
    /// The items of this page.
    pub items: Vec<T>,
}

/// A page on its way.
type Coming<T> = Pin<Box<dyn Future<Output = Result<Page<T>, SdkError>> + Send>>;

/// Walks a list page by page; made by a client's `.._pages` method.
///
/// A list that changes meanwhile may show an item twice or not at all, as page numbers do.
pub struct Pages<T> {
    fetch: Box<dyn FnMut(u32) -> Coming<T> + Send>,
    number: u32,
    seen: u64,
    done: bool,
}

impl<T> Pages<T> {
    /// Starts at page 1; `fetch` gets the page of a number.
    pub fn new<F, A>(mut fetch: F) -> Self
    where
        F: FnMut(u32) -> A + Send + 'static,
        A: Future<Output = Result<Page<T>, SdkError>> + Send + 'static,
    {
        let fetch = Box::new(move |number| -> Coming<T> { Box::pin(fetch(number)) });
        Self { fetch, number: 1, seen: 0, done: false }
    }

    /// The next page; `None` after the last, and after an error.
    pub async fn next(&mut self) -> Option<Result<Page<T>, SdkError>> {
        if self.done {
            return None;
        }
        let page = (self.fetch)(self.number).await;
        match &page {
            Ok(page) => {
                self.seen = self.seen.saturating_add(page.items.len() as u64);
                self.number = self.number.saturating_add(1);
                self.done = page.items.is_empty() || self.seen >= page.total;
            }
            Err(_) => self.done = true,
        }
        Some(page)
    }

    /// All items from the next page on, in memory.
    ///
    /// # Errors
    /// That of the first page that could not be fetched.
    pub async fn all(mut self) -> Result<Vec<T>, SdkError> {
        let mut items = Vec::new();
        while let Some(page) = self.next().await {
            items.extend(page?.items);
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::{Context, Poll, Waker};

    /// Runs a future that never waits.
    fn now<F: Future>(future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(out) => out,
            Poll::Pending => panic!("it waits"),
        }
    }

    async fn of_five(number: u32) -> Result<Page<u32>, SdkError> {
        let first = (number - 1) * 2;
        Ok(Page { total: 5, items: (first..5.min(first + 2)).collect() })
    }

    #[test]
    fn all_pages_are_walked_once() {
        assert_eq!(now(Pages::new(of_five).all()).unwrap(), [0, 1, 2, 3, 4]);
        let mut pages = Pages::new(of_five);
        let mut sizes = Vec::new();
        while let Some(page) = now(pages.next()) {
            sizes.push(page.unwrap().items.len());
        }
        assert_eq!(sizes, [2, 2, 1]);
    }

    #[test]
    fn a_list_that_shrinks_and_an_error_end_the_walk() {
        let shrunk = |_| async { Ok(Page::<u32> { total: 9, items: Vec::new() }) };
        assert!(now(Pages::new(shrunk).all()).unwrap().is_empty());
        let mut broken =
            Pages::new(|_| async { Err::<Page<u32>, _>(SdkError::transport("no network")) });
        assert!(now(broken.next()).unwrap().is_err());
        assert!(now(broken.next()).is_none());
    }
}
