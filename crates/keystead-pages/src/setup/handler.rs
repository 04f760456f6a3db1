//! Makes the first administrator through the set-up link.

use super::{SetupDonePage, SetupPage, SetupProblem};
use crate::csp::Policy;
use crate::rows::{Setup, SetupForm};
use crate::{answer, flows};
use keystead_core::{Cx, setup as domain};
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Result, Secret};
use keystead_web::origin;

/// Shows the form, if the link still works.
///
/// # Errors
/// `setup.link_invalid`.
pub async fn setup(cx: &mut Cx, request: Setup) -> Result<Reply> {
    domain::check(cx, request.secret.expose()).await?;
    let query = cx.request.evidence.parameters.clone();
    form(cx, &request.secret, "", None, &query)
}

/// Makes the administrator, or shows the form again with what is wrong.
///
/// # Errors
/// `setup.link_invalid`, `origin.foreign`, faults of the store.
pub async fn setup_by_form(cx: &mut Cx, request: SetupForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let SetupForm { secret, email, password } = request;
    let email = email.trim();
    match create(cx, &secret, email, password).await {
        Ok(()) => {
            let page = SetupDonePage { email: email.to_owned(), sign_in: None };
            answer::page(cx, &page, &Policy::Page, None)
        }
        Err(error) => {
            let problem = SetupProblem::of(&error);
            cx.rollback().await?;
            if problem.is_none() {
                return Err(error);
            }
            let reply = form(cx, &secret, flows::kept(email), problem, "")?;
            Ok(answer::refused(reply, &error))
        }
    }
}

async fn create(cx: &mut Cx, secret: &Secret, email: &str, password: Option<Secret>) -> Result<()> {
    domain::check(cx, secret.expose()).await?;
    if email.is_empty() {
        return Err(Error::new(Code::EmailMalformed).field("email"));
    }
    // An empty password is what the policy finds in it.
    let password = password.unwrap_or_else(|| Secret::new(""));
    domain::create_administrator(cx, secret.expose(), email, password).await?;
    Ok(())
}

fn form(
    cx: &Cx,
    secret: &Secret,
    email: &str,
    problem: Option<SetupProblem>,
    query: &str,
) -> Result<Reply> {
    let action = answer::own(cx, &format!("/setup/{}", secret.expose()))?;
    let page = SetupPage { action, email: email.to_owned(), problem };
    answer::page(cx, &page, &Policy::Page, Some(query))
}
