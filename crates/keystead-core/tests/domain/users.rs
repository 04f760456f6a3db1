//! Users: changed, ended, deleted, alone and in batches.

use crate::on_both;
use crate::server::{CLIENT, PASSWORD, Server};
use keystead_core::users::{self, KeyKind, NewUser, UserChange, Writer};
use keystead_core::{Cx, Principal, setup, tokens};
use keystead_model::{Code, PageRequest, Result, Secret, UserId};

on_both! {
    /// A change keeps what it does not name, and an address that changes is not verified any more.
    a_change_is_a_patch;
    /// Two changes at once of one user both stay.
    changes_at_once_both_stay;
    /// Attack 37: who is blocked, kicked or deleted is out at once.
    attack_37_ended_users_are_out;
    /// A kept session and its tokens live on; the others end.
    one_session_may_be_kept;
    /// A batch with one bad row changes nothing and names the row.
    a_batch_is_all_or_nothing;
    /// Batches at once wait for each other, never in a ring.
    batches_at_once_all_succeed;
    /// A pool keeps its last administrator.
    the_last_administrator_stays;
    /// What cannot be an address or a number is refused as such; the rest is nobody's.
    what_cannot_be_a_key_is_told_from_one_that_nobody_has;
    /// Attack 41: an id of another pool answers as a missing one.
    attack_41_ids_of_another_pool;
    /// A weak imported hash rests sealed, and a right sign-in puts Argon2id in its place.
    weak_hashes_rest_sealed_until_the_first_sign_in;
    /// Users are found by values of unique fields and by identities, of this pool only.
    names_of_other_tables;
    /// A generator that is brought along rests sealed and takes the place of the old one.
    generators_rest_sealed;
    /// Groups that are switched on, of this pool, are a user's.
    groups_of_a_user;
}

async fn admin(server: &Server) -> Cx {
    let mut cx = server.cx().await;
    cx.principal = Principal::PoolKey(None);
    cx
}

async fn done<T>(cx: &mut Cx, result: Result<T>) -> Result<T> {
    match result {
        Ok(value) => {
            cx.settle().await?;
            cx.settled().await?;
            Ok(value)
        }
        Err(error) => {
            cx.rollback().await?;
            Err(error)
        }
    }
}

async fn change(server: &Server, id: UserId, change: UserChange) -> Result<users::UserView> {
    let mut cx = admin(server).await;
    let result = users::update(&mut cx, id, change, Writer::Administrator).await;
    done(&mut cx, result).await
}

async fn ann_id(server: &Server) -> UserId {
    let mut cx = admin(server).await;
    users::by(&mut cx, KeyKind::Email, "ann@example.com").await.unwrap().user.id
}

fn named(email: &str) -> NewUser {
    NewUser { email: Some(email.into()), ..NewUser::default() }
}

mod story {
    use super::*;
    use keystead_core::custom_fields::{self, DataType, FieldPatch, Target};
    use keystead_core::factors::{self, NewOtp};
    use keystead_core::identities::{self, NewIdentity};
    use keystead_core::signin::Next;
    use keystead_core::{groups, passwords};
    use keystead_model::ConnectionId;
    use keystead_store::Value;

    async fn stored(cx: &mut Cx, user: UserId) -> Vec<(String, Option<String>, Option<String>)> {
        let text = "SELECT kind, hash, secret_enc FROM credentials
            WHERE pool_id = $1 AND user_id = $2 ORDER BY kind";
        cx.store().list(text, &[Value::from(user)]).await.unwrap()
    }

    pub async fn weak_hashes_rest_sealed_until_the_first_sign_in(server: Server) {
        // MD5 of `salt` and `pleaseletmein`.
        let hash = "767dd7042ad3b4c2d5863b59a95300c7";
        let mut cx = admin(&server).await;
        let new = NewUser {
            password_hash: Some(Secret::new(hash)),
            password_salt: Some(Secret::new("salt")),
            ..named("md5@example.com")
        };
        let id = users::create(&mut cx, new).await.unwrap().user.id;
        cx.settle().await.unwrap();
        let kept = stored(&mut cx, id).await;
        let [(_, None, Some(sealed))] = kept.as_slice() else { panic!("not sealed") };
        assert!(sealed.starts_with("v1.") && !sealed.contains(hash));
        for (word, fits) in [("wrong", false), ("pleaseletmein", true), ("pleaseletmein", true)] {
            let mut cx = server.cx().await;
            let next = server.sign_in(&mut cx, "md5@example.com", word).await;
            assert_eq!(matches!(next, Next::Done(_)), fits, "{word}");
            cx.settle().await.unwrap();
            cx.settled().await.unwrap();
        }
        let kept = stored(&mut cx, id).await;
        let [(_, Some(now), None)] = kept.as_slice() else { panic!("not replaced") };
        assert!(now.starts_with("$argon2id$"));
        let hidden = passwords::export(&mut cx, &[id]).await.unwrap_err();
        assert_eq!(hidden.code(), Code::SecretHidden);
    }

    pub async fn names_of_other_tables(server: Server) {
        let ann = ann_id(&server).await;
        let mut cx = admin(&server).await;
        let fields = [("badge", true), ("room", false)].map(|(key, unique)| FieldPatch {
            target: Target::User,
            key: key.into(),
            data_type: Some(DataType::String),
            label: None,
            description: None,
            is_encrypted: None,
            is_unique: Some(unique),
            is_masked: None,
            user_editable: None,
            in_console: None,
            in_account: None,
            options: None,
            rules: None,
            i18n: None,
            application_ids: None,
        });
        custom_fields::set(&mut cx, fields.into()).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        let data = serde_json::json!({ "badge": "A 7", "room": "1" });
        let custom_data = data.as_object().cloned().unwrap();
        let patch = UserChange { custom_data, ..UserChange::default() };
        change(&server, ann, patch).await.unwrap();
        let mut cx = admin(&server).await;
        let (id, now) = (cx.id::<ConnectionId>().unwrap(), cx.now);
        let mut s = cx.store();
        keystead_store::connections::insert(&mut s, id, "up", "oidc", now).await.unwrap();
        let new = NewIdentity { connection: "up", subject: "a:b", kind: "generic" };
        identities::link(&mut cx, ann, &new).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        let found = async |pool, kind, name: &str| {
            let mut cx = Server::cx_on(&server.core, pool).await;
            cx.principal = Principal::System;
            let one = users::by(&mut cx, kind, name).await.map(|view| view.user.id);
            let all = users::ids_of(&mut cx, kind, &[name.to_owned()], "list").await;
            assert_eq!(one.as_ref().ok(), all.ok().as_ref().and_then(|all| all.first()));
            one.ok()
        };
        let other = server.other_pool().await;
        for (kind, name, is_ann) in [
            (KeyKind::CustomField, "badge:A 7", true),
            (KeyKind::CustomField, "badge:A 8", false),
            (KeyKind::CustomField, "room:1", false),
            (KeyKind::CustomField, "badge", false),
            (KeyKind::Identity, "up:a:b", true),
            (KeyKind::Identity, &format!("{id}:a:b"), true),
            (KeyKind::Identity, "up:a", false),
            (KeyKind::Identity, "down:a:b", false),
            (KeyKind::SyncRelation, "lark:a", false),
        ] {
            assert_eq!(found(server.pool, kind, name).await, is_ann.then_some(ann), "{name}");
            assert_eq!(found(other, kind, name).await, None, "{name}");
        }
    }

    pub async fn generators_rest_sealed(server: Server) {
        let ann = ann_id(&server).await;
        let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
        let otp = |recovery: &str| NewOtp {
            user: ann,
            secret: Secret::new(secret),
            recovery: Some(Secret::new(recovery)),
        };
        let mut cx = admin(&server).await;
        for recovery in ["abcd-efgh", "ijkl-mnop"] {
            factors::import(&mut cx, &[otp(recovery)]).await.unwrap();
        }
        let error = factors::import(&mut cx, &[otp("ijkl-mnop"), otp("x")]).await.unwrap_err();
        assert_eq!(error.field_name(), Some("list[1].otp.recoveryCode"));
        cx.rollback().await.unwrap();
        let result = factors::import(&mut cx, &[otp("ijkl-mnop")]).await;
        done(&mut cx, result).await.unwrap();
        let kept = stored(&mut cx, ann).await;
        let kinds: Vec<&str> = kept.iter().map(|(kind, ..)| kind.as_str()).collect();
        assert_eq!(kinds, ["password", "recovery", "totp"]);
        assert!(kept.iter().all(|row| !format!("{row:?}").contains(secret)));
        assert!(factors::enrolled(&mut cx, ann).await.unwrap().totp);
        let hidden = factors::reveal_secret(&mut cx, ann).await.unwrap_err();
        assert_eq!(hidden.code(), Code::SecretHidden);
        assert!(server.events().await.contains(&"factor.imported".to_owned()));
    }

    pub async fn groups_of_a_user(server: Server) {
        let ann = ann_id(&server).await;
        let mut cx = admin(&server).await;
        for (code, status) in [("staff", "enabled"), ("old", "off"), ("empty", "enabled")] {
            let id = cx.id::<keystead_model::Id>().unwrap();
            let group = "INSERT INTO groups (pool_id, id, code, name, status, created_at,
                updated_at) VALUES ($1, $2, $3, $3, $4, 1, 1)";
            let values = [Value::from(id), code.into(), status.into()];
            cx.store().execute(group, &values).await.unwrap();
            if code != "empty" {
                let member = "INSERT INTO group_members (pool_id, group_id, user_id, created_at)
                    VALUES ($1, $2, $3, 1)";
                let values = [Value::from(id), ann.into()];
                cx.store().execute(member, &values).await.unwrap();
            }
        }
        let found = groups::of_user(&mut cx, ann).await.unwrap();
        assert_eq!(found.iter().map(|group| group.code.as_str()).collect::<Vec<_>>(), ["staff"]);
        cx.settle().await.unwrap();
        let mut cx = Server::cx_on(&server.core, server.other_pool().await).await;
        cx.principal = Principal::System;
        assert!(groups::of_user(&mut cx, ann).await.unwrap().is_empty());
    }

    pub async fn a_change_is_a_patch(server: Server) {
        let id = ann_id(&server).await;
        let text = |text: &str| Some(text.to_owned());
        let verified = UserChange { email_verified: Some(true), ..UserChange::default() };
        assert!(change(&server, id, verified).await.unwrap().user.email_verified);
        let view =
            change(&server, id, UserChange { nickname: text("Annie"), ..UserChange::default() })
                .await
                .unwrap();
        assert_eq!(view.user.nickname.as_deref(), Some("Annie"));
        assert_eq!(view.user.username.as_deref(), Some("ann"));
        assert!(view.user.email_verified);
        let moved = UserChange { email: text("Ann2@Example.com"), ..UserChange::default() };
        let view = change(&server, id, moved).await.unwrap();
        assert_eq!(view.user.email.as_deref(), Some("ann2@example.com"));
        assert!(!view.user.email_verified);
        let bare = UserChange { username: text(""), email: text(""), ..UserChange::default() };
        let error = change(&server, id, bare).await.unwrap_err();
        assert_eq!(error.code(), Code::UserIdentifierMissing);
        let wrong = UserChange { gender: text("X"), ..UserChange::default() };
        let error = change(&server, id, wrong).await.unwrap_err();
        assert_eq!((error.code(), error.field_name()), (Code::FieldInvalid, Some("gender")));
        let view = users::by(&mut admin(&server).await, KeyKind::UserId, &id.to_string()).await;
        assert_eq!(view.unwrap().user.username.as_deref(), Some("ann"));
    }

    pub async fn changes_at_once_both_stay(server: Server) {
        let id = ann_id(&server).await;
        let mut calls = Vec::new();
        for n in 0..8 {
            let mut cx = admin(&server).await;
            calls.push(tokio::spawn(async move {
                let mut change = UserChange::default();
                change.profile.insert(format!("field{n}"), n.to_string().into());
                let result = users::update(&mut cx, id, change, Writer::Administrator).await;
                done(&mut cx, result).await.unwrap();
            }));
        }
        for call in calls {
            call.await.unwrap();
        }
        let view = users::by(&mut admin(&server).await, KeyKind::UserId, &id.to_string()).await;
        assert_eq!(view.unwrap().user.profile.as_object().unwrap().len(), 8);
    }

    pub async fn attack_37_ended_users_are_out(server: Server) {
        let text = |text: &str| Some(text.to_owned());
        let suspend = || UserChange { status: text("suspended"), ..UserChange::default() };
        let (done_signin, set) = server.ann().await;
        let (id, token) = (done_signin.user.user.id, set.access_token.clone());
        assert!(server.takes(&token).await);
        change(&server, id, suspend()).await.unwrap();
        assert!(!server.takes(&token).await);
        let back = UserChange { status: text("activated"), ..UserChange::default() };
        change(&server, id, back).await.unwrap();
        assert!(!server.takes(&token).await, "what ended does not come back");

        let (_, set) = server.ann().await;
        let mut cx = admin(&server).await;
        let kicked = users::kick(&mut cx, id, &[CLIENT.into()], Writer::Administrator).await;
        done(&mut cx, kicked).await.unwrap();
        assert!(!server.takes(&set.access_token).await);
        let refresh = set.refresh_token.unwrap();
        let (mut cx, app) = (server.cx().await, server.app().await);
        let offer = tokens::refresh::Offer {
            token: refresh.expose(),
            scope: None,
            issuer: keystead_model::IssuerKind::Oidc,
        };
        let refreshed = tokens::refresh::refresh(&mut cx, &app, offer);
        assert!(refreshed.await.is_err());

        let (_, set) = server.ann().await;
        let new = UserChange {
            password: Some(Secret::new("another good passphrase")),
            ..UserChange::default()
        };
        change(&server, id, new).await.unwrap();
        assert!(!server.takes(&set.access_token).await);

        let old = UserChange { password: Some(Secret::new(PASSWORD)), ..UserChange::default() };
        change(&server, id, old).await.unwrap();
        let (_, set) = server.ann().await;
        let mut cx = admin(&server).await;
        let gone = users::delete(&mut cx, &[id], Writer::Administrator).await;
        done(&mut cx, gone).await.unwrap();
        assert!(!server.takes(&set.access_token).await);
        let error = users::by(&mut admin(&server).await, KeyKind::UserId, &id.to_string()).await;
        assert_eq!(error.unwrap_err().code(), Code::UserUnknown);
    }

    pub async fn one_session_may_be_kept(server: Server) {
        let ((kept, own), (_, other)) = (server.ann().await, server.ann().await);
        let mut cx = server.cx().await;
        let user = kept.user.user.id;
        let ended = users::end_sessions(&mut cx, user, Some(kept.session.id), "test").await;
        done(&mut cx, ended).await.unwrap();
        assert!(server.takes(&own.access_token).await);
        assert!(!server.takes(&other.access_token).await);
        let mut cx = server.cx().await;
        let ended = users::end_sessions(&mut cx, user, None, "test").await;
        done(&mut cx, ended).await.unwrap();
        assert!(!server.takes(&own.access_token).await);
    }

    pub async fn a_batch_is_all_or_nothing(server: Server) {
        let mut cx = admin(&server).await;
        let made = users::create_all(
            &mut cx,
            vec![named("b1@example.com"), named("b2@example.com"), named("ann@example.com")],
        )
        .await;
        let error = done(&mut cx, made).await.unwrap_err();
        assert_eq!((error.code(), error.field_name()), (Code::EmailTaken, Some("list[2].email")));
        let made =
            users::create_all(&mut cx, vec![named("b1@example.com"), named("b2@example.com")]);
        let made = made.await;
        let made = done(&mut cx, made).await.unwrap();
        let ids: Vec<UserId> = made.iter().map(|view| view.user.id).collect();

        let rename =
            |email: &str| UserChange { email: Some(email.into()), ..UserChange::default() };
        let list = vec![(ids[0], rename("c1@example.com")), (ids[1], rename("no address"))];
        let changed = users::update_all(&mut cx, list).await;
        let error = done(&mut cx, changed).await.unwrap_err();
        assert_eq!(error.field_name(), Some("list[1].email"));
        let view = users::by(&mut cx, KeyKind::UserId, &ids[0].to_string()).await.unwrap();
        assert_eq!(view.user.email.as_deref(), Some("b1@example.com"));

        let mut doomed = ids.clone();
        doomed.push(UserId::from(cx.id::<keystead_model::Id>().unwrap()));
        let gone = users::delete(&mut cx, &doomed, Writer::Administrator).await;
        let error = done(&mut cx, gone).await.unwrap_err();
        assert_eq!((error.code(), error.field_name()), (Code::UserUnknown, Some("userIds[2]")));
        let keys: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let there = users::several(&mut cx, KeyKind::UserId, &keys).await.unwrap();
        assert_eq!(there.len(), 2);
        let hashed = (0..51).map(|n| NewUser {
            password: Some(Secret::new("some good passphrase")),
            ..named(&format!("p{n}@example.com"))
        });
        let made = users::create_all(&mut cx, hashed.collect()).await;
        assert_eq!(done(&mut cx, made).await.unwrap_err().code(), Code::BatchTooLarge);
    }

    pub async fn batches_at_once_all_succeed(server: Server) {
        let server = &server;
        let one = |n: usize| async move {
            let list = (0..20).map(|row| named(&format!("b{n}-{row}@batch.example"))).collect();
            let mut cx = admin(server).await;
            let made = users::batch::create_all(&mut cx, list).await;
            let made = done(&mut cx, made).await.unwrap();
            let ids: Vec<UserId> = made.iter().map(|one| one.user.id).collect();
            let mut cx = admin(server).await;
            let gone = users::delete(&mut cx, &ids, Writer::Administrator).await;
            done(&mut cx, gone).await.unwrap();
        };
        futures_util::future::join_all((0..8).map(one)).await;
        let mut cx = admin(server).await;
        let page = PageRequest::new(None, None).unwrap();
        let everybody = users::list::ListQuery::of_keyword(&cx, None, page);
        let left = users::list(&mut cx, everybody).await.unwrap();
        assert_eq!(left.total, 1, "the one of the seed");
    }

    pub async fn the_last_administrator_stays(server: Server) {
        let ann = ann_id(&server).await;
        let mut cx = admin(&server).await;
        let second = users::create(&mut cx, named("second@example.com")).await.unwrap().user.id;
        setup::appoint(&mut cx, ann).await.unwrap();
        let appointed = setup::appoint(&mut cx, second).await;
        done(&mut cx, appointed).await.unwrap();
        let gone = users::delete(&mut cx, &[ann, second], Writer::Administrator).await;
        assert_eq!(done(&mut cx, gone).await.unwrap_err().code(), Code::AdministratorLast);
        let gone = users::delete(&mut cx, &[ann, ann], Writer::Administrator).await;
        done(&mut cx, gone).await.unwrap();
        let gone = users::delete(&mut cx, &[second], Writer::Myself).await;
        assert_eq!(done(&mut cx, gone).await.unwrap_err().code(), Code::AdministratorLast);
    }

    pub async fn what_cannot_be_a_key_is_told_from_one_that_nobody_has(server: Server) {
        let mut cx = admin(&server).await;
        for (kind, key, code) in [
            (KeyKind::Email, "test#x.com", Code::FieldInvalid),
            (KeyKind::Phone, "1234567890#", Code::FieldInvalid),
            (KeyKind::Email, "nobody@example.com", Code::UserUnknown),
            (KeyKind::Phone, "212-456-1111", Code::UserUnknown),
            (KeyKind::UserId, "test", Code::UserUnknown),
        ] {
            let error = users::by(&mut cx, kind, key).await.unwrap_err();
            assert_eq!((error.code(), error.field_name()), (code, Some("userId")), "{key}");
        }
    }

    pub async fn attack_41_ids_of_another_pool(server: Server) {
        let mut other = Server::cx_on(&server.core, server.other_pool().await).await;
        other.principal = Principal::PoolKey(None);
        let foreign =
            users::by(&mut other, KeyKind::Email, "ann@example.com").await.unwrap().user.id;
        let nick = || UserChange { nickname: Some("x".into()), ..UserChange::default() };
        let error = change(&server, foreign, nick()).await.unwrap_err();
        assert_eq!(error.code(), Code::UserUnknown);
        let mut cx = admin(&server).await;
        let gone = users::delete(&mut cx, &[foreign], Writer::Administrator).await;
        assert_eq!(done(&mut cx, gone).await.unwrap_err().code(), Code::UserUnknown);
        let ended = users::end_sessions(&mut cx, foreign, None, "test").await;
        assert_eq!(done(&mut cx, ended).await.unwrap_err().code(), Code::UserUnknown);
        let view = users::by(&mut other, KeyKind::UserId, &foreign.to_string()).await.unwrap();
        assert_eq!(view.user.nickname, None);
    }
}
