//! Rows and handlers become a routing table.

use crate::dialect::Dialect;
use keystead_core::Cx;
use keystead_endpoint::{Endpoint, EndpointRow, Input, Reply, Respond, decode};
use keystead_model::{Permission, Result};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// An `async fn(&mut Cx, Request) -> Result<Response>`; every such function item is one.
pub trait Handler<'a, E: Endpoint>: Copy + Send + Sync + 'static {
    /// The future of a call.
    type Fut: Future<Output = Result<E::Response>> + Send + 'a;

    /// Calls it.
    fn call(self, cx: &'a mut Cx, request: E) -> Self::Fut;
}

impl<'a, E, F, Fut> Handler<'a, E> for F
where
    E: Endpoint,
    F: Fn(&'a mut Cx, E) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<E::Response>> + Send + 'a,
{
    type Fut = Fut;

    fn call(self, cx: &'a mut Cx, request: E) -> Fut {
        self(cx, request)
    }
}

/// What running a handler gives.
pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<Encode>> + Send + 'a>>;

/// Encodes the answer: called between release and wait, while the disk works.
pub(crate) type Encode = Box<dyn FnOnce() -> Reply + Send>;

type Run = dyn for<'a> Fn(&'a mut Cx, Input<'a>) -> Running<'a> + Send + Sync;

/// A row with its handler and dialect.
#[derive(Clone)]
pub(crate) struct Mounted {
    pub row: &'static EndpointRow,
    pub permission: Option<Permission>,
    pub dialect: Arc<dyn Dialect>,
    pub run: Arc<Run>,
}

/// The rows of one adapter.
pub struct Routes {
    dialect: Arc<dyn Dialect>,
    pub(crate) mounted: Vec<Mounted>,
}

impl Routes {
    /// No rows yet, in this dialect.
    #[must_use]
    pub fn new(dialect: Arc<dyn Dialect>) -> Self {
        Self { dialect, mounted: Vec::new() }
    }

    /// Mounts a handler; its request type names the row.
    #[must_use]
    pub fn on<E, F>(mut self, handler: F) -> Self
    where
        E: Endpoint,
        E::Response: Send,
        F: for<'a> Handler<'a, E>,
    {
        let row = E::ROW;
        self.mounted.push(Mounted {
            row,
            permission: Permission::from_text(row.permission),
            dialect: self.dialect.clone(),
            run: Arc::new(move |cx, input| {
                // Only decoding, the call and encoding are generic.
                let request = decode::<E>(row, &input).map_err(crate::reply::decoding);
                Box::pin(async move {
                    let answer = handler.call(cx, request?).await?;
                    Ok(Box::new(move || answer.respond(row)) as Encode)
                })
            }),
        });
        self
    }

    /// The rows, for lists and tests.
    pub fn rows(&self) -> impl Iterator<Item = &'static EndpointRow> + '_ {
        self.mounted.iter().map(|mounted| mounted.row)
    }
}
