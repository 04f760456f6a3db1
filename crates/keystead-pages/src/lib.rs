//! The hosted pages: typed pages, the templates they fill, their assets and security headers.
//!
//! A page is a struct ([`pages::Page`]); [`Env::render`] puts it into its template in the
//! language of the [`Frame`]. Handlers only fill structs: no HTML is written in Rust.
//!
//! The leaf makes one [`Html`], mounts [`routes`] with it (and whatever else answers with pages),
//! and calls [`attach`] before the server answers. Handlers elsewhere answer a page of this crate
//! by [`answer::page`].

pub mod answer;
pub mod assets;
pub mod brand;
pub mod captcha;
pub mod consent;
pub mod csp;
pub mod dev;
pub mod env;
pub mod error;
mod flows;
pub mod form_post;
pub mod home;
pub mod hosted;
pub mod href;
pub mod html;
pub mod languages;
pub mod logout;
pub mod mail;
mod markup;
pub mod pages;
pub mod person;
pub mod preference;
pub mod problem;
pub mod reset;
pub mod rows;
pub mod setup;
pub mod signin;
pub mod signup;
pub mod unlock;
pub mod verify;
mod wording;

pub use brand::Brand;
pub use env::{Env, Frame};
pub use hosted::Hosted;
pub use href::Href;
pub use html::Html;
pub use pages::Page;
pub use person::Person;

use keystead_core::Core;
use keystead_core::messages::Composing;
use keystead_model::{Result, Texts};
use keystead_web::Routes;
use std::sync::Arc;

/// The rows of this crate.
#[must_use]
pub fn routes(html: Arc<Html>) -> Routes {
    Routes::new(html)
        .on(home::home)
        .on(signin::handler::signin)
        .on(signin::handler::signin_by_form)
        .on(signin::handler::password)
        .on(signin::captcha::new_captcha)
        .on(signin::code::handler::email_code)
        .on(signin::code::handler::send_email_code)
        .on(signin::code::handler::sms_code)
        .on(signin::code::handler::send_sms_code)
        .on(signin::code::handler::enter_code)
        .on(signin::code::handler::enter_code_by_form)
        .on(signin::code::handler::code_again)
        .on(signup::handler::sign_up)
        .on(signup::handler::sign_up_by_form)
        .on(signup::handler::details)
        .on(signup::handler::details_by_form)
        .on(reset::handler::forgot)
        .on(reset::handler::forgot_by_form)
        .on(reset::handler::new_password)
        .on(reset::handler::new_password_by_form)
        .on(reset::handler::reset)
        .on(reset::handler::reset_by_form)
        .on(consent::handler::consent)
        .on(consent::handler::consent_by_form)
        .on(unlock::handler::unlock_account)
        .on(unlock::handler::unlock_account_by_form)
        .on(verify::handler::verify)
        .on(verify::handler::verify_by_form)
        .on(setup::handler::setup)
        .on(setup::handler::setup_by_form)
        .on(assets::handler::asset)
        .on(assets::handler::favicon)
}

/// Attaches the templates, the writer of messages, and the pages that protocols ask for; the leaf
/// does so once.
///
/// # Errors
/// `internal` when a template does not compile (a test proves that all do).
pub fn attach(core: &Core, texts: Arc<dyn Texts>) -> Result<()> {
    core.attached.set(Env::new(&texts)?);
    core.attached.set(Composing(Arc::new(mail::Letters::new(texts)?)));
    keystead_web::faces::attach(core, Arc::new(Hosted));
    Ok(())
}

#[cfg(test)]
mod tests;
