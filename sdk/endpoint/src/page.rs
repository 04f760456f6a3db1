//! Lists that come in pages.

use crate::error::SdkError;
use crate::row::Endpoint;
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// How many items the whole list has.
    pub total: u64,
    /// The items of this page.
    pub items: Vec<T>,
}

/// An answer that is a page of a list, or a list that comes whole.
pub trait Listed {
    /// What the list is of.
    type Item: 'static;

    /// The answer as a page.
    fn into_page(self) -> Page<Self::Item>;
}

impl<T: 'static> Listed for Vec<T> {
    type Item = T;

    fn into_page(self) -> Page<T> {
        Page { total: self.len() as u64, items: self }
    }
}

/// A request for a list; a client's `pages` walks what it asks for.
pub trait Paged: Endpoint<Response: Listed> + Clone + Sync {
    /// Makes the request ask for this page, from 1. False if there is no such page, as of a list
    /// that comes whole after its first.
    fn turn_to(&mut self, page: u32) -> bool;
}

/// A page on its way.
type Coming<T> = Pin<Box<dyn Future<Output = Result<Page<T>, SdkError>> + Send>>;

/// Walks a list page by page; made by a client's `pages` method. It is a stream of pages;
/// [`Pages::items`] makes a stream of items of it.
///
/// A list that changes meanwhile may show an item twice or not at all, as page numbers do.
pub struct Pages<T> {
    fetch: Box<dyn FnMut(u32) -> Coming<T> + Send>,
    coming: Option<Coming<T>>,
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
        Self { fetch, coming: None, number: 1, seen: 0, done: false }
    }

    /// Walks what a request asks for from its first page on; `call` sends the request.
    pub fn of<E, F, A>(mut request: E, call: F) -> Self
    where
        E: Paged<Response: Listed<Item = T>>,
        F: Fn(E) -> A + Send + 'static,
        A: Future<Output = Result<E::Response, SdkError>> + Send + 'static,
    {
        Self::new(move |number| {
            let answer = request.turn_to(number).then(|| call(request.clone()));
            async move {
                match answer {
                    Some(answer) => answer.await.map(Listed::into_page),
                    None => Ok(Page { total: 0, items: Vec::new() }),
                }
            }
        })
    }

    /// The next page; `None` after the last, and after an error.
    pub async fn next(&mut self) -> Option<Result<Page<T>, SdkError>> {
        poll_fn(|cx| self.poll_page(cx)).await
    }

    /// The items one by one, as a stream that fetches a page when the last one is used up.
    #[must_use]
    pub fn items(self) -> Items<T> {
        Items { pages: self, page: Vec::new().into_iter() }
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page<T>, SdkError>>> {
        if self.done {
            return Poll::Ready(None);
        }
        let number = self.number;
        let coming = self.coming.get_or_insert_with(|| (self.fetch)(number));
        let page = ready!(coming.as_mut().poll(cx));
        self.coming = None;
        match &page {
            Ok(page) => {
                self.seen = self.seen.saturating_add(page.items.len() as u64);
                self.number = self.number.saturating_add(1);
                self.done = page.items.is_empty() || self.seen >= page.total;
            }
            Err(_) => self.done = true,
        }
        Poll::Ready(Some(page))
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

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>, SdkError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(cx)
    }
}

/// The items of a list, fetched page by page; made by [`Pages::items`].
pub struct Items<T> {
    pages: Pages<T>,
    page: std::vec::IntoIter<T>,
}

// Nothing in it is pinned: pages come boxed, items are moved out.
impl<T> Unpin for Items<T> {}

impl<T> Items<T> {
    /// The next item; `None` after the last, and after an error.
    pub async fn next(&mut self) -> Option<Result<T, SdkError>> {
        poll_fn(|cx| self.poll_item(cx)).await
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, SdkError>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(cx)) {
                Some(Ok(page)) => self.page = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, SdkError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

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
    fn pages_and_items_are_streams() {
        fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
            now(poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)))
        }
        let mut pages = Pages::new(of_five);
        assert_eq!(next(&mut pages).unwrap().unwrap().items, [0, 1]);
        let mut items = pages.items();
        let mut got = Vec::new();
        while let Some(item) = next(&mut items) {
            got.push(item.unwrap());
        }
        assert_eq!(got, [2, 3, 4]);
        assert!(now(items.next()).is_none());
    }

    #[test]
    fn a_page_that_is_not_there_yet_is_waited_for() {
        let mut asked = 0;
        let slow = move |_| {
            asked += 1;
            let mut polled = asked == 0;
            poll_fn(move |_| {
                if std::mem::replace(&mut polled, true) {
                    Poll::Ready(Ok(Page { total: 1, items: vec![asked] }))
                } else {
                    Poll::Pending
                }
            })
        };
        let mut pages = Pages::new(slow);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pages.poll_page(&mut cx).is_pending());
        // Whoever gives up waiting and asks again gets the same page, fetched once.
        assert_eq!(now(pages.next()).unwrap().unwrap().items, [1]);
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
