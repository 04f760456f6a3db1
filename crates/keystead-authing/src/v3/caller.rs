//! Whom a request names beside its fields: the application of its header, an address.

use keystead_core::Cx;
use keystead_core::applications::{self, App};
use keystead_core::one_time::Address;
use keystead_model::{Code, Error, Result};
use std::sync::Arc;

/// The application of `x-authing-app-id`, if the request names one.
pub(super) async fn application(cx: &mut Cx) -> Result<Option<Arc<App>>> {
    match cx.request.evidence.app_id.clone().filter(|id| !id.is_empty()) {
        Some(id) => applications::enabled(cx, &id).await.map(Some),
        None => Ok(None),
    }
}

/// An e-mail address of this field.
pub(super) fn email(text: &str, field: &'static str) -> Result<Address> {
    given(text, field)?;
    Address::email(text).map_err(|error| error.field(field))
}

/// A phone number of this field.
pub(super) fn phone(
    cx: &Cx,
    text: &str,
    country: Option<&str>,
    field: &'static str,
) -> Result<Address> {
    given(text, field)?;
    Address::phone(cx, text, country).map_err(|error| error.field(field))
}

/// A payload or field that another field makes necessary.
pub(super) fn needed<T>(value: Option<T>, field: &'static str) -> Result<T> {
    value.ok_or_else(|| Error::new(Code::FieldMissing).field(field))
}

fn given(text: &str, field: &'static str) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::new(Code::FieldMissing).field(field));
    }
    Ok(())
}
