//! Users: second factors and secrets that administrators bring along and see.

use super::{id_of, key_kind};
use keystead_authing::v3::IsSuccess;
use keystead_authing::v3::users::{
    ApplicationMfa, CreateUserOtp, DecryptedField, GetOtpSecretByUser, GetUserEncryptPasswordBatch,
    GetUserMfaStatus, GetUserPasswordCiphertext, ImportOtp, MfaTriggerData, OtpSecret,
    PasswordCiphertext, SetUsersMfaStatus, UserEncryptPassword, UserFieldDecrypt,
};
use keystead_core::factors::{self, NewOtp};
use keystead_core::users::{self, KeyKind, batch, fields_of_others};
use keystead_core::{Cx, passwords};
use keystead_model::page::MAX_LIMIT;
use keystead_model::{Code, Error, Result, Secret, UserId};

/// The factors that a policy may name, in their order.
const FACTORS: [&str; 4] = ["OTP", "SMS", "EMAIL", "FACE"];

/// Brings generators along.
pub(super) async fn import_otp(cx: &mut Cx, request: ImportOtp) -> Result<()> {
    batch::check_size("list", request.list.len(), batch::ROWS_MAX)?;
    let named: Vec<String> = request.list.iter().map(|one| one.user_id.clone()).collect();
    let ids = users::ids_of(cx, KeyKind::UserId, &named, "list").await?;
    let list: Vec<NewOtp> =
        (ids.into_iter().zip(&request.list)).map(|(user, one)| new_otp(user, &one.otp)).collect();
    factors::import(cx, &list).await
}

/// The generator that a new user brings along.
pub(super) fn new_otp(user: UserId, otp: &CreateUserOtp) -> NewOtp {
    NewOtp {
        user,
        secret: Secret::new(otp.secret.expose()),
        recovery: otp.recovery_code.as_ref().map(|code| Secret::new(code.expose())),
    }
}

/// Shows the secret of a generator.
pub(super) async fn get_otp_secret_by_user(
    cx: &mut Cx,
    request: GetOtpSecretByUser,
) -> Result<OtpSecret> {
    let id = id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    let secret = factors::reveal_secret(cx, id).await?;
    Ok(OtpSecret { secret: secret.expose().into() })
}

/// Shows the hash of a password.
pub(super) async fn get_user_password_ciphertext(
    cx: &mut Cx,
    request: GetUserPasswordCiphertext,
) -> Result<PasswordCiphertext> {
    let id = id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    let found = passwords::export(cx, &[id]).await?.pop().flatten();
    Ok(PasswordCiphertext { ciphertext: shown(found) })
}

/// Shows the hashes of passwords.
pub(super) async fn get_user_encrypt_password_batch(
    cx: &mut Cx,
    request: GetUserEncryptPasswordBatch,
) -> Result<Vec<UserEncryptPassword>> {
    batch::check_size("userIds", request.user_ids.len(), batch::ROWS_MAX)?;
    let kind = key_kind(None);
    let ids = users::ids_of(cx, kind, &request.user_ids, "userIds").await?;
    let found = passwords::export(cx, &ids).await?;
    let rows = ids.into_iter().zip(found).map(|(id, hash)| UserEncryptPassword {
        user_id: id.to_string(),
        encrypted_password: shown(hash),
    });
    Ok(rows.collect())
}

fn shown(hash: Option<Secret>) -> keystead_authing::Secret {
    hash.as_ref().map(Secret::expose).unwrap_or_default().into()
}

/// Decrypts values with the key that comes with them.
pub(super) async fn user_field_decrypt(
    cx: &mut Cx,
    request: UserFieldDecrypt,
) -> Result<Vec<DecryptedField>> {
    batch::check_size("data", request.data.len(), MAX_LIMIT as usize)?;
    let key = Secret::new(request.private_key.expose());
    let texts = request.data.iter().map(|one| one.encrypted_content.clone()).collect();
    let opened = fields_of_others::decrypt(cx, key, texts).await?;
    let rows = request.data.into_iter().zip(opened).map(|(one, text)| DecryptedField {
        user_id: one.user_id,
        field_name: one.field_name,
        decrypted_content: text.expose().into(),
    });
    Ok(rows.collect())
}

/// Tells the second factors of sign-ins.
pub(super) async fn get_user_mfa_status(
    cx: &mut Cx,
    request: GetUserMfaStatus,
) -> Result<MfaTriggerData> {
    let kind = key_kind(request.0.user_id_type);
    let user = users::by(cx, kind, super::named(&request.0.user_id)?).await?.user;
    let enrolled = factors::enrolled(cx, user.id).await?;
    let asked = FACTORS.iter().take(3).zip(1..).map(|(policy, sort)| ApplicationMfa {
        mfa_policy: (*policy).to_owned(),
        status: 0,
        sort,
    });
    Ok(MfaTriggerData {
        mfa_token: String::new(),
        mfa_phone: enrolled.phone,
        mfa_phone_country_code: None,
        mfa_email: enrolled.email,
        nickname: user.nickname,
        username: user.username,
        phone: user.phone,
        phone_country_code: user.phone_country,
        face_mfa_enabled: Some(false),
        totp_mfa_enabled: Some(enrolled.totp),
        application_mfa: asked.collect(),
    })
}

/// Says that sign-ins of a user ask for no second factor. That they ask for one cannot be said
/// yet: no sign-in would.
pub(super) async fn set_users_mfa_status(
    cx: &mut Cx,
    request: SetUsersMfaStatus,
) -> Result<IsSuccess> {
    let wanted = request.mfa_trigger_data;
    let id = id_of(cx, request.user_id_type, &request.user_id).await?;
    let enrolled = factors::enrolled(cx, id).await?;
    batch::check_size("mfaTriggerData.applicationMfa", wanted.application_mfa.len().max(1), 20)?;
    for (n, one) in wanted.application_mfa.iter().enumerate() {
        let place = format!("mfaTriggerData.applicationMfa[{n}]");
        if !FACTORS.contains(&one.mfa_policy.as_str()) {
            let error = Error::new(Code::FieldInvalid).field(format!("{place}.mfaPolicy"));
            return Err(error.arg("expected", FACTORS.join(", ")));
        }
        if one.status != 0 {
            return Err(cannot(format!("{place}.status")));
        }
    }
    if wanted.face_mfa_enabled == Some(true) {
        return Err(cannot("mfaTriggerData.faceMfaEnabled".to_owned()));
    }
    if wanted.totp_mfa_enabled.is_some_and(|totp| totp != enrolled.totp) {
        return Err(cannot("mfaTriggerData.totpMfaEnabled".to_owned()));
    }
    let never = (!wanted.application_mfa.is_empty()).then_some(());
    factors::set_policy(cx, id, never).await?;
    Ok(IsSuccess { success: true })
}

fn cannot(field: String) -> Error {
    Error::new(Code::OperationUnsupported).arg("operation", &field).field(field)
}
