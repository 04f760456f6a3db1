//! Signing users in, a method for each way, named as the vendor's Node SDK names them.

use super::AuthenticationClient;
use crate::secret::Secret;
use crate::v3::signin::{
    Connection, DirectoryPayload, LoginToken, PassCodePayload, PasswordPayload,
    SignInByCredentials, SignInOptions,
};
use keystead_endpoint::SdkError;

/// A phone number: one text such as `+447700900123`, or `("+44", "7700900123")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// The country code with its plus, unless the number has it.
    pub country_code: Option<String>,
    /// The number.
    pub number: String,
}

impl From<&str> for Phone {
    fn from(number: &str) -> Self {
        Self { country_code: None, number: number.to_owned() }
    }
}

impl From<String> for Phone {
    fn from(number: String) -> Self {
        Self { country_code: None, number }
    }
}

impl<C: Into<String>, N: Into<String>> From<(C, N)> for Phone {
    fn from((country_code, number): (C, N)) -> Self {
        Self { country_code: Some(country_code.into()), number: number.into() }
    }
}

impl PassCodePayload {
    /// A code that was sent to an e-mail address.
    #[must_use]
    pub fn of_email(email: impl Into<String>, pass_code: impl Into<Secret>) -> Self {
        Self { pass_code: pass_code.into(), email: Some(email.into()), ..Self::default() }
    }

    /// A code that was sent to a phone.
    #[must_use]
    pub fn of_phone(phone: impl Into<Phone>, pass_code: impl Into<Secret>) -> Self {
        let Phone { country_code, number } = phone.into();
        Self {
            pass_code: pass_code.into(),
            phone: Some(number),
            phone_country_code: country_code,
            email: None,
        }
    }
}

impl AuthenticationClient {
    /// Signs a user in by e-mail address and password.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn sign_in_by_email_password(
        &self,
        email: impl Into<String>,
        password: impl Into<Secret>,
        options: Option<SignInOptions>,
    ) -> Result<LoginToken, SdkError> {
        let email = Some(email.into());
        self.by_password(PasswordPayload { email, ..holding(password) }, options).await
    }

    /// Signs a user in by phone number and password.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn sign_in_by_phone_password(
        &self,
        phone: impl Into<String>,
        password: impl Into<Secret>,
        options: Option<SignInOptions>,
    ) -> Result<LoginToken, SdkError> {
        let phone = Some(phone.into());
        self.by_password(PasswordPayload { phone, ..holding(password) }, options).await
    }

    /// Signs a user in by user name and password.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn sign_in_by_username_password(
        &self,
        username: impl Into<String>,
        password: impl Into<Secret>,
        options: Option<SignInOptions>,
    ) -> Result<LoginToken, SdkError> {
        let username = Some(username.into());
        self.by_password(PasswordPayload { username, ..holding(password) }, options).await
    }

    /// Signs a user in by e-mail address, phone number or user name, and password.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn sign_in_by_account_password(
        &self,
        account: impl Into<String>,
        password: impl Into<Secret>,
        options: Option<SignInOptions>,
    ) -> Result<LoginToken, SdkError> {
        let account = Some(account.into());
        self.by_password(PasswordPayload { account, ..holding(password) }, options).await
    }

    /// Signs a user in by a code that was sent to an e-mail address.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn sign_in_by_email_pass_code(
        &self,
        email: impl Into<String>,
        pass_code: impl Into<Secret>,
        options: Option<SignInOptions>,
    ) -> Result<LoginToken, SdkError> {
        self.by_pass_code(PassCodePayload::of_email(email, pass_code), options).await
    }

    /// Signs a user in by a code that was sent to a phone.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn sign_in_by_phone_pass_code(
        &self,
        phone: impl Into<Phone>,
        pass_code: impl Into<Secret>,
        options: Option<SignInOptions>,
    ) -> Result<LoginToken, SdkError> {
        self.by_pass_code(PassCodePayload::of_phone(phone, pass_code), options).await
    }

    /// Signs a user in by an account of an Active Directory.
    ///
    /// # Errors
    /// No answer, or a refusal: also from a server without a directory.
    pub async fn sign_in_by_ad(
        &self,
        sam_account_name: impl Into<String>,
        password: impl Into<Secret>,
        options: Option<SignInOptions>,
    ) -> Result<LoginToken, SdkError> {
        let ad_payload = Some(in_directory(sam_account_name, password));
        let request = SignInByCredentials::new(Connection::Ad);
        self.sign_in_by_credentials(&SignInByCredentials { ad_payload, options, ..request }).await
    }

    /// Signs a user in by an account of an LDAP directory.
    ///
    /// # Errors
    /// No answer, or a refusal: also from a server without a directory.
    pub async fn sign_in_by_ldap(
        &self,
        sam_account_name: impl Into<String>,
        password: impl Into<Secret>,
        options: Option<SignInOptions>,
    ) -> Result<LoginToken, SdkError> {
        let ldap_payload = Some(in_directory(sam_account_name, password));
        let request = SignInByCredentials::new(Connection::Ldap);
        self.sign_in_by_credentials(&SignInByCredentials { ldap_payload, options, ..request }).await
    }

    async fn by_password(
        &self,
        payload: PasswordPayload,
        options: Option<SignInOptions>,
    ) -> Result<LoginToken, SdkError> {
        let request = SignInByCredentials { options, ..SignInByCredentials::password(payload) };
        self.sign_in_by_credentials(&request).await
    }

    async fn by_pass_code(
        &self,
        payload: PassCodePayload,
        options: Option<SignInOptions>,
    ) -> Result<LoginToken, SdkError> {
        let pass_code_payload = Some(payload);
        let request = SignInByCredentials::new(Connection::Passcode);
        self.sign_in_by_credentials(&SignInByCredentials { pass_code_payload, options, ..request })
            .await
    }
}

fn holding(password: impl Into<Secret>) -> PasswordPayload {
    PasswordPayload { password: password.into(), ..PasswordPayload::default() }
}

fn in_directory(name: impl Into<String>, password: impl Into<Secret>) -> DirectoryPayload {
    DirectoryPayload { sam_account_name: name.into(), password: password.into() }
}
