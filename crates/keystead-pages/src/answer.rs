//! A page as the answer to a request of a pool: its templates, its name, its own addresses.

use crate::csp::Policy;
use crate::error::ErrorPage;
use crate::{Brand, Env, Frame, Href, Page, Person, preference};
use keystead_core::Cx;
use keystead_core::users::User;
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Kind, Result};

/// Answers with a page under this policy, status 200. `query` is what the language links repeat:
/// with it they must lead to the same page by GET; none shows no such links.
///
/// # Errors
/// `internal` when the page does not render.
pub fn page<P: Page>(cx: &Cx, page: &P, policy: &Policy, query: Option<&str>) -> Result<Reply> {
    let env = cx.core.attached.get::<Env>()?;
    let brand = brand(cx);
    let (locale, languages) = (preference::of_pool(cx), preference::offered(cx));
    let frame = Frame { locale, languages, brand: &brand, query };
    Ok(dressed(env.render(frame, page)?, policy))
}

/// Answers with the page about an error, under the status of its code.
///
/// # Errors
/// `internal` when the page does not render.
pub fn error(cx: &Cx, error: &Error, shown: &ErrorPage, query: Option<&str>) -> Result<Reply> {
    Ok(refused(page(cx, shown, &Policy::Page, query)?, error))
}

/// Status and `retry-after` of an error on a page that says more about it.
#[must_use]
pub fn refused(reply: Reply, error: &Error) -> Reply {
    let reply = reply.with_status(status(error.code()));
    match error.retry_after_s() {
        Some(seconds) => reply.with_header("retry-after", seconds.to_string()),
        None => reply,
    }
}

/// The status under which a page says this. Never 401: it would need a challenge that browsers
/// answer themselves (RFC 9110, 11.6.1).
#[must_use]
pub const fn status(code: Code) -> u16 {
    match (code, code.kind()) {
        (Code::MethodNotAllowed, _) => 405,
        (Code::BodyTooLarge, _) => 413,
        (_, Kind::Invalid) => 400,
        (_, Kind::Unauthenticated | Kind::Denied) => 403,
        (_, Kind::NotFound) => 404,
        (_, Kind::Conflict) => 409,
        (_, Kind::Gone) => 410,
        (_, Kind::TooMany) => 429,
        (_, Kind::Unavailable) => 503,
        (_, Kind::Unsupported) => 501,
        (_, Kind::Internal) => 500,
    }
}

/// A rendered page with its security headers.
pub(crate) fn dressed(html: String, policy: &Policy) -> Reply {
    let mut reply = Reply::html(html);
    reply.headers.extend(policy.headers());
    reply
}

/// The name that this pool's pages speak for.
#[must_use]
pub fn brand(cx: &Cx) -> Brand {
    Brand::new(&cx.pool.name)
}

/// The address of one of our pages in this pool: a path, so that it stays on the origin that the
/// browser came by, below the pool's base path.
///
/// # Errors
/// `internal` for a path that is none.
pub fn own(cx: &Cx, path: &str) -> Result<Href> {
    let address = format!("{}{path}", cx.pool.base_path());
    Href::path(&address)
        .ok_or_else(|| Error::new(Code::Internal).caused_by("a page's own address is no path"))
}

/// A user as pages show them.
#[must_use]
pub fn person(user: &User) -> Person {
    let name = user.name.as_deref().or(user.nickname.as_deref());
    let address = [&user.email, &user.phone, &user.username];
    let address = address.into_iter().flatten().next().cloned();
    Person::new(name, &address.unwrap_or_else(|| user.id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_status_that_browsers_show() {
        for code in Code::ALL {
            let status = status(*code);
            assert!((400..=503).contains(&status) && status != 401, "{}: {status}", code.key());
        }
        assert_eq!(status(Code::SigninExpired), 410);
        assert_eq!(status(Code::RateLimited), 429);
        assert_eq!(status(Code::MethodNotAllowed), 405);
    }

    #[test]
    fn a_wait_is_a_header() {
        let error = Error::new(Code::Busy).retry_after(2);
        let reply = refused(Reply::html("x"), &error);
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("2")));
    }
}
