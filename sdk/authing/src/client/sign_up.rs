//! Signing users up, a method for each way, named as the vendor's Node SDK names them.

use super::{AuthenticationClient, Phone};
use crate::secret::Secret;
use crate::v3::signin::PassCodePayload;
use crate::v3::signup::{SignUp, SignUpOptions, SignUpPassword, SignUpProfile};
use crate::v3::users::UserDto;
use keystead_endpoint::SdkError;

impl AuthenticationClient {
    /// Signs a user up by e-mail address and password.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn sign_up_by_email_password(
        &self,
        email: impl Into<String>,
        password: impl Into<Secret>,
        profile: Option<SignUpProfile>,
        options: Option<SignUpOptions>,
    ) -> Result<UserDto, SdkError> {
        let (email, username, password) = (Some(email.into()), None, password.into());
        let request = SignUp::password(SignUpPassword { password, username, email });
        self.sign_up(&SignUp { profile, options, ..request }).await
    }

    /// Signs a user up by user name and password.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn sign_up_by_username_password(
        &self,
        username: impl Into<String>,
        password: impl Into<Secret>,
        profile: Option<SignUpProfile>,
        options: Option<SignUpOptions>,
    ) -> Result<UserDto, SdkError> {
        let (email, username, password) = (None, Some(username.into()), password.into());
        let request = SignUp::password(SignUpPassword { password, username, email });
        self.sign_up(&SignUp { profile, options, ..request }).await
    }

    /// Signs a user up by a code that was sent to an e-mail address.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn sign_up_by_email_code(
        &self,
        email: impl Into<String>,
        pass_code: impl Into<Secret>,
        profile: Option<SignUpProfile>,
        options: Option<SignUpOptions>,
    ) -> Result<UserDto, SdkError> {
        let request = SignUp::code(PassCodePayload::of_email(email, pass_code));
        self.sign_up(&SignUp { profile, options, ..request }).await
    }

    /// Signs a user up by a code that was sent to a phone.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn sign_up_by_phone_code(
        &self,
        phone: impl Into<Phone>,
        pass_code: impl Into<Secret>,
        profile: Option<SignUpProfile>,
        options: Option<SignUpOptions>,
    ) -> Result<UserDto, SdkError> {
        let request = SignUp::code(PassCodePayload::of_phone(phone, pass_code));
        self.sign_up(&SignUp { profile, options, ..request }).await
    }
}
