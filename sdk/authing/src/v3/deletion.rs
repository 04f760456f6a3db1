//! Deleting one's own account.

#[cfg(feature = "client")]
use crate::client::AuthenticationClient;
use crate::secret::Secret;
use crate::v3::password::{EmailPassCode, PhonePassCode};
use crate::v3::{IsSuccess, PasswordEncryptType};
use crate::words::words;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

words! {
    /// How the owner of an account proves who they are.
    DeletionProof {
        PhonePasscode = "PHONE_PASSCODE",
        EmailPasscode = "EMAIL_PASSCODE",
        Password = "PASSWORD",
    }
}

/// The proof for a deletion; `verify_method` says which payload is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VerifyDeleteAccountRequest {
    /// How.
    pub verify_method: DeletionProof,
    /// For `PHONE_PASSCODE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_pass_code_payload: Option<PhonePassCode>,
    /// For `EMAIL_PASSCODE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_pass_code_payload: Option<EmailPassCode>,
    /// For `PASSWORD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_payload: Option<DeletionPassword>,
}

/// The password of the account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeletionPassword {
    /// The password.
    pub password: Secret,
    /// How it is encrypted on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_encrypt_type: Option<PasswordEncryptType>,
}

/// What the deletion is made with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeleteAccountToken {
    /// The token.
    pub delete_account_token: Secret,
    /// How long it lives, in seconds.
    pub token_expires_in: i64,
}

/// The token of a proved deletion.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeleteAccount {
    /// The token.
    pub delete_account_token: Secret,
}

endpoints! { AuthenticationClient, "account deletion";
    /// Prove the deletion of one's account; the answer's token makes it.
    POST "/api/v3/verify-delete-account-request"
        verify_delete_account_request(VerifyDeleteAccountRequest) -> DeleteAccountToken, User "";
    /// Delete one's account.
    POST "/api/v3/delete-account" delete_account(DeleteAccount) -> IsSuccess, User "";
}
