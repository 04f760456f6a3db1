//! `keystead user`.

use super::secrets::Wanted;
use super::{InPool, Paging, moment, page, settle};
use clap::{Args, Subcommand};
use keystead_core::users::{self, KeyKind, NewUser, UserChange, UserView, Writer};
use keystead_core::{Core, Cx};
use keystead_model::{Code, Error, Result, Secret};
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
    /// Give a user another password, asked for or read from standard input. They are signed out
    /// everywhere.
    SetPassword {
        #[command(flatten)]
        user: Named,
        /// Have them choose another at their next sign-in
        #[arg(long)]
        reset: bool,
        #[command(flatten)]
        pool: InPool,
    },
    /// Keep a user from signing in, and sign them out everywhere, at once.
    Block {
        #[command(flatten)]
        user: Named,
        #[command(flatten)]
        pool: InPool,
    },
    /// Let a blocked user sign in again.
    Unblock {
        #[command(flatten)]
        user: Named,
        #[command(flatten)]
        pool: InPool,
    },
    /// Sign a user out: of everything, or of the applications that are named.
    Kick {
        #[command(flatten)]
        user: Named,
        /// Client id of an application; may be given several times
        #[arg(long = "app", value_name = "ID")]
        apps: Vec<String>,
        #[command(flatten)]
        pool: InPool,
    },
    /// Delete a user and everything that is theirs; the audit log stays. There is no way back.
    Delete {
        #[command(flatten)]
        user: Named,
        #[command(flatten)]
        pool: InPool,
    },
}

impl UserCall {
    /// The secret that goes with it.
    pub fn secret(&self) -> Option<Wanted> {
        match self {
            Self::Create { no_password: false, .. } | Self::SetPassword { .. } => {
                Some(Wanted::NewPassword)
            }
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
        UserCall::SetPassword { user, reset, pool } => {
            let password =
                Some(secret.ok_or_else(|| Error::new(Code::FieldMissing).field("password"))?);
            let reset_on_next_signin = reset.then_some(true);
            let change = UserChange { password, reset_on_next_signin, ..UserChange::default() };
            changed(&mut pool.open(core).await?, &user, change).await
        }
        UserCall::Block { user, pool } => {
            changed(&mut pool.open(core).await?, &user, to("suspended")).await
        }
        UserCall::Unblock { user, pool } => {
            changed(&mut pool.open(core).await?, &user, to("activated")).await
        }
        UserCall::Kick { user, apps, pool } => {
            let mut cx = pool.open(core).await?;
            let view = user.find(&mut cx).await?;
            users::kick(&mut cx, view.user.id, &apps, Writer::Administrator).await?;
            settle(&mut cx).await?;
            Ok(show(&view))
        }
        UserCall::Delete { user, pool } => {
            let mut cx = pool.open(core).await?;
            let view = user.find(&mut cx).await?;
            users::delete(&mut cx, &[view.user.id], Writer::Administrator).await?;
            settle(&mut cx).await?;
            Ok(show(&view))
        }
    }
}

fn to(status: &str) -> UserChange {
    UserChange { status: Some(status.to_owned()), ..UserChange::default() }
}

async fn changed(cx: &mut Cx, user: &Named, change: UserChange) -> Result<Value> {
    let id = user.find(cx).await?.user.id;
    let view = users::update(cx, id, change, Writer::Administrator).await?;
    settle(cx).await?;
    Ok(show(&view))
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
