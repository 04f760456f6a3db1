//! Rules of OAuth 2 and OpenID Connect requests: one part per file, each made by its check alone.

pub mod errors;
pub mod params;
pub mod pkce;
pub mod redirect;
pub mod request;
pub mod response;
pub mod rules;
pub mod scope;

pub use errors::{OAuthError, Refusal};
pub use params::Params;
pub use pkce::{Challenge, PkceRules};
pub use redirect::Redirect;
pub use request::{Failure, ValidRequest};
pub use response::{Display, Prompt, PromptValue, ResponseMode, ResponseType};
pub use rules::ClientFacts;
pub use scope::Scope;
