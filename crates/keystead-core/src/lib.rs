//! Every operation of the domain, once: dialects, pages and protocols rename and render.
//!
//! The first parameter is always `&mut Cx`: one pool, one request, one transaction at a time.

pub mod access_keys;
pub mod account;
pub mod applications;
pub mod audit;
pub mod cache;
pub mod captcha;
pub mod clients;
pub mod clock;
pub mod codes;
pub mod consents;
pub mod core;
pub mod counters;
pub mod custom_fields;
pub mod cx;
pub mod departments;
pub mod factors;
pub mod groups;
pub mod hash_pool;
pub mod identities;
pub mod in_flight;
pub mod jobs;
pub mod liveness;
pub mod messages;
pub mod namespaces;
pub mod nonces;
pub mod one_time;
pub mod outbox;
pub mod passphrase;
pub mod passwords;
pub mod places;
pub mod pools;
pub mod principal;
pub mod random;
pub mod request;
pub mod roles;
pub mod seal;
pub mod seed;
pub mod sending;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod signin;
pub mod signing_keys;
pub mod signup;
pub mod subjects;
pub mod tokens;
pub mod users;

pub use crate::core::{Addresses, Core, CoreSetup};
pub use cx::{Cx, RequestFacts};
pub use principal::Principal;
