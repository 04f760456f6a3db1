//! The hosted pages: typed pages, the templates they fill, their assets and security headers.
//!
//! A page is a struct ([`pages::Page`]); [`Env::render`] puts it into its template in the
//! language of the [`Frame`]. Handlers only fill structs: no HTML is written in Rust.

pub mod assets;
pub mod brand;
pub mod consent;
pub mod csp;
pub mod dev;
pub mod env;
pub mod error;
pub mod form_post;
pub mod href;
pub mod languages;
pub mod logout;
mod markup;
pub mod pages;
pub mod person;
pub mod setup;
pub mod signin;
mod wording;

pub use brand::Brand;
pub use env::{Env, Frame};
pub use href::Href;
pub use pages::Page;
pub use person::Person;

#[cfg(test)]
mod tests;
