//! A user as V3 answers show it.

use crate::secret::Secret;
use crate::v3::words::{Gender, Provider, UserSourceType, UserStatus, WorkStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A user.
///
/// What is not known is `null`; what was not asked for, or belongs to features a pool may not use,
/// is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserDto {
    /// Its id.
    pub user_id: String,
    /// When it was created, ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
    /// What it may do now.
    pub status: UserStatus,
    /// Whether it works here.
    pub work_status: WorkStatus,
    /// Its id in the customer's own system.
    pub external_id: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number without its country code.
    pub phone: Option<String>,
    /// Country code of the phone, such as `+86`.
    pub phone_country_code: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Nickname.
    pub nickname: Option<String>,
    /// Address of a picture.
    pub photo: Option<String>,
    /// How often it signed in.
    pub logins_count: Option<i64>,
    /// When it last signed in, ISO 8601.
    pub last_login: Option<String>,
    /// From where it last signed in.
    pub last_ip: Option<String>,
    /// Gender.
    pub gender: Gender,
    /// Whether the e-mail address was proved.
    pub email_verified: bool,
    /// Whether the phone number was proved.
    pub phone_verified: bool,
    /// When the password was last set, ISO 8601.
    pub password_last_set_at: Option<String>,
    /// Date of birth.
    pub birthdate: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Province.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Street.
    pub street_address: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Browser of the last sign-in.
    pub browser: Option<String>,
    /// Device of the last sign-in.
    pub device: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Address of a profile page.
    pub profile: Option<String>,
    /// Name it wants to be called by.
    pub preferred_username: Option<String>,
    /// Address of a web site.
    pub website: Option<String>,
    /// Time zone.
    pub zoneinfo: Option<String>,
    /// Language.
    pub locale: Option<String>,
    /// The whole address in one text.
    pub formatted: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Where it came from.
    pub user_source_type: UserSourceType,
    /// The source's id.
    pub user_source_id: Option<String>,
    /// The application it last signed in to.
    pub last_login_app: Option<String>,
    /// Its main department.
    pub main_department_id: Option<String>,
    /// When it last gave a second factor, ISO 8601.
    pub last_mfa_time: Option<String>,
    /// Strength of the password, 1 to 3.
    pub password_security_level: Option<i64>,
    /// Whether the next sign-in asks for a new password.
    pub reset_password_on_next_login: Option<bool>,
    /// How it was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register_source: Option<Vec<String>>,
    /// Departments, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_ids: Option<Vec<String>>,
    /// Upstream identities, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identities: Option<Vec<IdentityDto>>,
    /// Number of an identity document.
    pub identity_number: Option<String>,
    /// Values of custom fields, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Map<String, Value>>,
    /// Values by source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_source: Option<Value>,
    /// Posts, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_id_list: Option<Vec<String>>,
    /// When the status changed, ISO 8601.
    pub status_changed_at: Option<String>,
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// When it signed up, ISO 8601.
    pub signed_up: Option<String>,
}

/// An identity at an upstream provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IdentityDto {
    /// Its id.
    pub identity_id: String,
    /// The provider's id here.
    pub ext_idp_id: String,
    /// Which provider.
    pub provider: Provider,
    /// What kind of id `user_id_in_idp` is, such as `openid`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The user's id there.
    pub user_id_in_idp: String,
    /// What the provider said about the user.
    pub user_info_in_idp: Value,
    /// The provider's access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<Secret>,
    /// The provider's refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// The connections it came through.
    pub origin_conn_ids: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_shows_null_for_unknown_and_leaves_out_what_was_not_asked_for() {
        let user = UserDto { user_id: "u1".into(), logins_count: Some(0), ..UserDto::default() };
        let json = serde_json::to_value(&user).unwrap();
        for known in ["lastLogin", "lastIp", "email", "phoneCountryCode"] {
            assert_eq!(json.get(known), Some(&Value::Null), "{known}");
        }
        for left_out in ["customData", "identities", "departmentIds", "postIdList"] {
            assert_eq!(json.get(left_out), None, "{left_out}");
        }
        assert_eq!(json["status"], "Activated");
        assert_eq!(json["loginsCount"], 0);
        assert_eq!(serde_json::from_value::<UserDto>(json).unwrap(), user);
    }
}
