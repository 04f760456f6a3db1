//! The pages that protocols need, as a trait: the protocols and the pages never know each other.

use keystead_core::Cx;
use keystead_core::signin::Landing;
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Result};
use std::sync::Arc;

/// Pages that somebody else renders.
pub trait Faces: Send + Sync {
    /// The page that posts a landing's parameters to its target (OAuth 2.0 Form Post, 2).
    ///
    /// # Errors
    /// Faults of rendering.
    fn form_post(&self, cx: &Cx, landing: &Landing) -> Result<Reply>;

    /// The page that asks whether to sign out; its form posts these parameters back.
    ///
    /// # Errors
    /// Faults of rendering.
    fn confirm_sign_out(&self, cx: &Cx, parameters: &[(&'static str, String)]) -> Result<Reply>;

    /// The page that says one is signed out.
    ///
    /// # Errors
    /// Faults of rendering.
    fn signed_out(&self, cx: &Cx) -> Result<Reply>;

    /// The page of a refusal of a protocol that may be shown nowhere else. `detail` is the
    /// protocol's own sentence, in English, for the developer.
    ///
    /// # Errors
    /// Faults of rendering.
    fn refusal(&self, cx: &Cx, error: &Error, detail: &str) -> Result<Reply>;
}

/// Attaches the pages; the leaf does so once.
pub fn attach(core: &keystead_core::Core, faces: Arc<dyn Faces>) {
    core.attached.set(faces);
}

/// The attached pages.
///
/// # Errors
/// `internal` when none were attached.
pub fn of(cx: &Cx) -> Result<Arc<dyn Faces>> {
    let faces = cx.core.attached.get::<Arc<dyn Faces>>();
    faces
        .map(|faces| (*faces).clone())
        .map_err(|e| Error::new(Code::Internal).caused_by(e.log_line()))
}
