//! `keystead user`.

use super::secrets::Wanted;
use super::{InPool, Paging, moment, page, settle};
use clap::{Args, Subcommand};
use keystead_core::users::{self, KeyKind, NewUser, UserView};
use keystead_core::{Core, Cx};
use keystead_model::{Result, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// What may be asked about users.
#[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum UserCall {
    /// List a pool's users, oldest first.
    List {
        /// Only those whose e-mail address, user name or phone number begins with this
        #[arg(long, value_name = "TEXT")]
        keyword: Option<String>,
        #[command(flatten)]
        pool: InPool,
        #[command(flatten)]
        paging: Paging,
    },
    /// Show a user.
    Show {
        #[command(flatten)]
        user: Named,
        #[command(flatten)]
        pool: InPool,
    },
    /// Make a user. The password is asked for, or read from standard input; never an argument.
    Create {
        #[command(flatten)]
        names: Names,
        /// Make them without a password
        #[arg(long)]
        no_password: bool,
        #[command(flatten)]
        pool: InPool,
    },
}

impl UserCall {
    /// The secret that goes with it.
    pub fn secret(&self) -> Option<Wanted> {
        match self {
            Self::Create { no_password: false, .. } => Some(Wanted::NewPassword),
            _ => None,
        }
    }
}

/// Who: an id, or one of the other keys.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[group(required = true, multiple = false)]
pub struct Named {
    /// Id of the user
    id: Option<String>,
    /// Their e-mail address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Their phone number
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// Their user name
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Their id in your own system
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
}

impl Named {
    async fn find(&self, cx: &mut Cx) -> Result<UserView> {
        let given = [
            (KeyKind::UserId, &self.id),
            (KeyKind::Email, &self.email),
            (KeyKind::Phone, &self.phone),
            (KeyKind::Username, &self.username),
            (KeyKind::ExternalId, &self.external_id),
        ];
        let one = given.into_iter().find_map(|(kind, text)| Some((kind, text.as_deref()?)));
        let (kind, text) = one.unwrap_or((KeyKind::UserId, ""));
        users::by(cx, kind, text).await
    }
}

/// The names of a new user.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// E-mail address; taken as proved
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Phone number; taken as proved
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// User name
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Id in your own system
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
    /// Full name
    #[arg(long)]
    name: Option<String>,
}

/// Performs a call.
pub(super) async fn run(core: &Arc<Core>, call: UserCall, secret: Option<Secret>) -> Result<Value> {
    match call {
        UserCall::List { keyword, pool, paging } => {
            let mut cx = pool.open(core).await?;
            let wanted = paging.request()?;
            let query = users::list::ListQuery::of_keyword(&cx, keyword.as_deref(), wanted);
            let found = users::list(&mut cx, query).await?;
            Ok(page(found, show))
        }
        UserCall::Show { user, pool } => {
            let mut cx = pool.open(core).await?;
            Ok(show(&user.find(&mut cx).await?))
        }
        UserCall::Create { names, pool, .. } => {
            let mut cx = pool.open(core).await?;
            let new = NewUser {
                email_verified: names.email.is_some(),
                phone_verified: names.phone.is_some(),
                email: names.email,
                phone: names.phone,
                username: names.username,
                external_id: names.external_id,
                name: names.name,
                password: secret,
                source: "admin",
                ..NewUser::default()
            };
            let view = users::create(&mut cx, new).await?;
            settle(&mut cx).await?;
            Ok(show(&view))
        }
    }
}

fn show(view: &UserView) -> Value {
    let user = &view.user;
    json!({
        "id": user.id.to_string(),
        "status": user.status,
        "username": user.username,
        "email": user.email,
        "email_verified": user.email_verified,
        "phone": user.phone,
        "phone_verified": user.phone_verified,
        "external_id": user.external_id,
        "name": user.name,
        "created_at": moment(user.created_at),
    })
}
