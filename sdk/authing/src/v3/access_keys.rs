//! Access keys (AK/SK), with which administrators sign their calls.

#[cfg(feature = "client")]
use crate::client::ManagementClient;
use crate::secret::Secret;
use crate::v3::IsSuccess;
use crate::words::words;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

words! {
    /// Whether an access key works.
    AccessKeyStatus {
        /// It does.
        Activated = "activated",
        /// It is about to be replaced. No key is ever in this state here.
        Staging = "staging",
        /// It is switched off or over.
        Revoked = "revoked",
    }
}

/// Which access keys; without anything all of the user pool.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListAccessKey {
    /// Those of this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Those of this tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// Those of this kind: `userpool` or `user`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Those in one of these states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Vec<AccessKeyStatus>>,
}

/// Which access key.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetAccessKey {
    /// Whose it must be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Its id.
    pub access_key_id: String,
}

/// A new access key.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateAccessKey {
    /// Its kind: `userpool`, or `user` with `user_id`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whose it is; it works as long as they may sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The tenant it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

/// Which access key goes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeleteAccessKey {
    /// Its id.
    pub access_key_id: String,
}

/// Switches an access key on or off.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateAccessKey {
    /// Whether it works.
    pub enable: bool,
    /// Its id.
    pub access_key_id: String,
}

/// An access key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessKeyDto {
    /// Its id.
    pub access_key_id: String,
    /// Its secret: whole when it is made, else stars, unless the user pool shows secrets.
    pub access_key_secret: Secret,
    /// Whose it is; none for a key of the user pool.
    pub user_id: Option<String>,
    /// When it was made, ISO 8601.
    pub created_at: String,
    /// Whether it works.
    pub status: AccessKeyStatus,
    /// When it was last used, ISO 8601, to the minute; none if it never was.
    pub last_date: Option<String>,
    /// Its user pool.
    pub user_pool_id: String,
    /// Whether it is switched on.
    pub enable: bool,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: String,
}

endpoints! { ManagementClient, "access-keys";
    /// List access keys.
    GET "/api/v3/list-access-key" get_access_key_list(ListAccessKey) -> Vec<AccessKeyDto>,
        Admin "access_key:read";
    /// Get an access key, as a list of one.
    GET "/api/v3/get-access-key" get_access_key(GetAccessKey) -> Vec<AccessKeyDto>,
        Admin "access_key:read";
    /// Make an access key; the answer is a list of one and has its secret whole.
    POST "/api/v3/create-access-key" create_access_key(CreateAccessKey) -> Vec<AccessKeyDto>,
        Admin "access_key:create";
    /// Delete an access key.
    POST "/api/v3/delete-access-key" delete_access_key(DeleteAccessKey) -> (),
        Admin "access_key:delete";
    /// Switch an access key on or off.
    POST "/api/v3/update-access-key" update_access_key(UpdateAccessKey) -> IsSuccess,
        Admin "access_key:update";
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_endpoint::{DecodeError, Endpoint, Input, decode};

    fn read<E: Endpoint>(query: &str, body: &str) -> Result<E, DecodeError> {
        decode(E::ROW, &Input { path: &[], query, body: body.as_bytes() })
    }

    #[test]
    fn requests_of_unmodified_clients_are_read() {
        let list: ListAccessKey =
            read("type=user&status[]=activated&status[]=revoked&userId=u", "").unwrap();
        let states = [AccessKeyStatus::Activated, AccessKeyStatus::Revoked];
        assert_eq!(list.status.as_deref(), Some(states.as_slice()));
        assert_eq!((list.kind.as_deref(), list.user_id.as_deref()), (Some("user"), Some("u")));
        assert!(read::<ListAccessKey>("", "").unwrap().status.is_none());
    }

    #[test]
    fn wrong_requests_name_the_field() {
        let told = |error: Option<DecodeError>| error.and_then(|e| e.field).unwrap_or_default();
        assert_eq!(told(read::<ListAccessKey>("status[]=lost", "").err()), "status[0]");
        assert_eq!(told(read::<GetAccessKey>("userId=u", "").err()), "accessKeyId");
        assert_eq!(told(read::<CreateAccessKey>("", "{}").err()), "type");
        let body = r#"{"accessKeyId":"k","enable":"no"}"#;
        assert_eq!(told(read::<UpdateAccessKey>("", body).err()), "enable");
    }
}
