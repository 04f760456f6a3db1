//! Deleting one's own account.

use super::caller::needed;
use super::password::{by_email, by_phone};
use super::signin::transport;
use keystead_authing::v3::IsSuccess;
use keystead_authing::v3::deletion::{
    DeleteAccount, DeleteAccountToken, DeletionProof, VerifyDeleteAccountRequest,
};
use keystead_core::Cx;
use keystead_core::account::deletion::{self, Proof};
use keystead_core::messages::Channel;
use keystead_model::{Result, Secret};
use keystead_web::Routes;

/// The rows of deletion.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.on(verify_delete_account_request).on(delete_account)
}

async fn verify_delete_account_request(
    cx: &mut Cx,
    request: VerifyDeleteAccountRequest,
) -> Result<DeleteAccountToken> {
    // The code must have gone to the account's own address: the domain knows it.
    let proof = match request.verify_method {
        DeletionProof::EmailPasscode => {
            let (_, code) = by_email(request.email_pass_code_payload)?;
            Proof::Code(Channel::Email, code.expose().to_owned())
        }
        DeletionProof::PhonePasscode => {
            let (_, code) = by_phone(cx, request.phone_pass_code_payload)?;
            Proof::Code(Channel::Sms, code.expose().to_owned())
        }
        DeletionProof::Password => {
            let sent = needed(request.password_payload, "passwordPayload")?;
            let field = "passwordPayload.passwordEncryptType";
            let how = transport(sent.password_encrypt_type).map_err(|error| error.field(field))?;
            Proof::Password(Secret::new(sent.password.expose()), how)
        }
    };
    let (token, life) = deletion::verify(cx, proof).await?;
    Ok(DeleteAccountToken { delete_account_token: token.expose().into(), token_expires_in: life })
}

async fn delete_account(cx: &mut Cx, request: DeleteAccount) -> Result<IsSuccess> {
    deletion::delete(cx, &Secret::new(request.delete_account_token.expose())).await?;
    Ok(IsSuccess { success: true })
}
