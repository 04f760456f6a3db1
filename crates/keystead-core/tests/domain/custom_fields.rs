//! Custom fields: declared keys, fitting types, unique values, gone with their declaration.

use crate::on_both;

on_both! {
    values_must_fit_their_declaration; a_unique_value_is_given_once; uniqueness_comes_later;
    parallel_writes_lose_nothing; users_write_what_they_may; sealed_values_rest_sealed;
    a_deleted_field_takes_its_values; attack_41_values_of_another_pool;
}

mod story {
    use crate::server::Server;
    use futures_util::future::join_all;
    use keystead_core::custom_fields::{
        self as fields, DataType, FieldPatch, Owner, Target, Writer,
    };
    use keystead_core::users::{self, KeyKind};
    use keystead_core::{Cx, Principal};
    use keystead_model::{Code, Error, Id, PoolId};
    use keystead_store::{custom_data, search_values};
    use serde_json::{Map, Value, json};

    async fn admin(server: &Server, pool: PoolId) -> Cx {
        let mut cx = Server::cx_on(&server.core, pool).await;
        cx.principal = Principal::System;
        cx
    }

    async fn save(mut cx: Cx) {
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
    }

    async fn ann(cx: &mut Cx) -> Id {
        users::by(cx, KeyKind::Email, "ann@example.com").await.unwrap().user.id.0
    }

    fn field(key: &str, kind: DataType) -> FieldPatch {
        FieldPatch {
            target: Target::User,
            key: key.to_owned(),
            data_type: Some(kind),
            label: None,
            description: None,
            is_encrypted: None,
            is_unique: None,
            is_masked: None,
            user_editable: None,
            in_console: None,
            in_account: None,
            options: None,
            rules: None,
            i18n: None,
            application_ids: None,
        }
    }

    fn told(error: Error) -> (Code, String) {
        (error.code(), error.field_name().unwrap_or_default().to_owned())
    }

    fn map(json: Value) -> Map<String, Value> {
        json.as_object().unwrap().clone()
    }

    fn owner(id: &str) -> Owner<'_> {
        Owner { target: Target::User, text: id, namespace: None }
    }

    async fn declare(server: &Server, list: Vec<FieldPatch>) -> Id {
        let mut cx = admin(server, server.pool).await;
        fields::set(&mut cx, list).await.unwrap();
        let ann = ann(&mut cx).await;
        save(cx).await;
        ann
    }

    async fn set(server: &Server, id: Id, values: Value) -> Result<(), (Code, String)> {
        let mut cx = admin(server, server.pool).await;
        fields::set_data(&mut cx, owner(&id.to_string()), &map(values)).await.map_err(told)?;
        save(cx).await;
        Ok(())
    }

    async fn get(server: &Server, id: Id) -> Value {
        let mut cx = admin(server, server.pool).await;
        Value::Object(fields::get_data(&mut cx, owner(&id.to_string())).await.unwrap())
    }

    /// A second user of the pool.
    async fn ben(server: &Server) -> Id {
        let mut cx = admin(server, server.pool).await;
        let name = Some("ben".to_owned());
        let new = users::NewUser { username: name, ..users::NewUser::default() };
        let ben = users::create(&mut cx, new).await.unwrap().user.id.0;
        save(cx).await;
        ben
    }

    pub async fn values_must_fit_their_declaration(server: Server) {
        let school = FieldPatch {
            options: Some(json!([{"value": "pku", "label": "北京大学"}])),
            ..field("school", DataType::Enum)
        };
        let age = field("age", DataType::Number);
        let ann = declare(&server, vec![field("intro", DataType::String), school, age]).await;
        let good = json!({"intro": "hello", "school": "pku", "age": 30});
        set(&server, ann, good.clone()).await.unwrap();
        assert_eq!(get(&server, ann).await, good);
        for (values, code, name) in [
            (json!({"age": "30"}), Code::FieldInvalid, "customData.age"),
            (json!({"school": "mit"}), Code::FieldInvalid, "customData.school"),
            (json!({"intro": "x".repeat(1025)}), Code::CustomValueTooLong, "customData.intro"),
            (json!({"age": 31, "shoe": 42}), Code::CustomFieldUnknown, "customData.shoe"),
        ] {
            let refused = set(&server, ann, values.clone()).await.unwrap_err();
            assert_eq!(refused, (code, name.to_owned()), "{values}");
        }
        assert_eq!(get(&server, ann).await, good, "a refused call changes nothing");
        set(&server, ann, json!({"intro": null, "age": 31.5})).await.unwrap();
        assert_eq!(get(&server, ann).await, json!({"school": "pku", "age": 31.5}));
        let mut cx = admin(&server, server.pool).await;
        for (patch, code, name) in [
            (field("9lives", DataType::String), Code::CustomFieldKey, "list[0].key"),
            (field("a b", DataType::String), Code::CustomFieldKey, "list[0].key"),
            (field("email", DataType::String), Code::CustomFieldKey, "list[0].key"),
            (field("age", DataType::String), Code::CustomFieldFixed, "list[0].dataType"),
            (field("kind", DataType::Enum), Code::FieldInvalid, "list[0].options"),
        ] {
            let error = fields::set(&mut cx, vec![patch]).await.unwrap_err();
            assert_eq!(told(error), (code, name.to_owned()));
        }
    }

    pub async fn a_unique_value_is_given_once(server: Server) {
        let badge = FieldPatch { is_unique: Some(true), ..field("badge", DataType::String) };
        let ann = declare(&server, vec![badge]).await;
        let ben = ben(&server).await;
        let both = [ann, ben].map(|id| set(&server, id, json!({"badge": "A-1"})));
        let done = join_all(both).await;
        assert_eq!(done.iter().filter(|set| set.is_ok()).count(), 1, "{done:?}");
        let taken = (Code::CustomValueTaken, "customData.badge".to_owned());
        assert!(done.iter().any(|set| set.as_ref().err() == Some(&taken)), "{done:?}");
        let loser = if done[0].is_err() { ann } else { ben };
        assert_eq!(set(&server, loser, json!({"badge": " a-1 "})).await.unwrap_err(), taken);
        set(&server, loser, json!({"badge": "A-2"})).await.unwrap();
        let mut cx = admin(&server, server.pool).await;
        let found = fields::find(&mut cx, "badge:A-2").await.unwrap();
        assert_eq!(found.map(|id| id.0), Some(loser));
        assert_eq!(fields::find(&mut cx, "badge:A-3").await.unwrap(), None);
        assert_eq!(fields::find(&mut cx, "name:A-2").await.unwrap(), None);
    }

    pub async fn uniqueness_comes_later(server: Server) {
        let ann = declare(&server, vec![field("badge", DataType::String)]).await;
        let ben = ben(&server).await;
        for id in [ann, ben] {
            set(&server, id, json!({"badge": "same"})).await.unwrap();
        }
        let unique = FieldPatch { is_unique: Some(true), ..field("badge", DataType::String) };
        let mut cx = admin(&server, server.pool).await;
        let error = fields::set(&mut cx, vec![unique.clone()]).await.unwrap_err();
        let values = error.args().into_iter().find(|(name, _)| *name == "values").unwrap().1;
        assert!(values.contains(&ann.to_string()) && values.contains(&ben.to_string()));
        assert_eq!(told(error), (Code::CustomFieldDoubles, "list[0].isUnique".to_owned()));
        drop(cx);
        set(&server, ben, json!({"badge": "other"})).await.unwrap();
        declare(&server, vec![unique]).await;
        let refused = set(&server, ben, json!({"badge": "same"})).await.unwrap_err();
        assert_eq!(refused.0, Code::CustomValueTaken);
    }

    pub async fn parallel_writes_lose_nothing(server: Server) {
        let keys: Vec<String> = (0..12).map(|n| format!("k{n}")).collect();
        let list = keys.iter().map(|key| field(key, DataType::String)).collect();
        let ann = declare(&server, list).await;
        let one = |key: String| {
            let server = &server;
            async move { set(server, ann, json!({ key: "x" })).await.unwrap() }
        };
        join_all(keys.iter().cloned().map(one)).await;
        assert_eq!(get(&server, ann).await.as_object().unwrap().len(), 12);
    }

    pub async fn users_write_what_they_may(server: Server) {
        let mine = FieldPatch { user_editable: Some(true), ..field("motto", DataType::String) };
        let ann = declare(&server, vec![mine.clone(), field("grade", DataType::Number)]).await;
        let by = async |values: Value| {
            let mut cx = admin(&server, server.pool).await;
            let values = map(values);
            fields::write(&mut cx, Target::User, ann, &values, Writer::Myself).await.map_err(told)
        };
        let (user, admin_data) = by(json!({"motto": "on"})).await.unwrap();
        assert_eq!((user, admin_data), (json!({"motto": "on"}), json!({})));
        let refused = by(json!({"motto": "on", "grade": 1})).await.unwrap_err();
        assert_eq!(refused, (Code::CustomFieldReadOnly, "customData.grade".to_owned()));
        // A value follows its field into the other document.
        set(&server, ann, json!({"motto": "on"})).await.unwrap();
        let fixed = FieldPatch { user_editable: Some(false), ..mine };
        declare(&server, vec![fixed]).await;
        set(&server, ann, json!({"motto": "off"})).await.unwrap();
        let mut cx = admin(&server, server.pool).await;
        let documents = custom_data::of_user(&mut cx.store(), ann).await.unwrap().unwrap();
        assert_eq!(documents, (json!({}), json!({"motto": "off"})));
    }

    pub async fn sealed_values_rest_sealed(server: Server) {
        let card = FieldPatch { is_encrypted: Some(true), ..field("card", DataType::String) };
        let ann = declare(&server, vec![card]).await;
        set(&server, ann, json!({"card": "431225 3414"})).await.unwrap();
        assert_eq!(get(&server, ann).await, json!({"card": "431225 3414"}));
        let mut cx = admin(&server, server.pool).await;
        let (_, stored) = custom_data::of_user(&mut cx.store(), ann).await.unwrap().unwrap();
        assert!(!stored.to_string().contains("3414"), "{stored}");
        let found = search_values::find(&mut cx.store(), "user", "card", "s:431225 3414").await;
        assert_eq!(found.unwrap(), None);
        // Moved to another user it does not open.
        drop(cx);
        let ben = ben(&server).await;
        let mut cx = admin(&server, server.pool).await;
        let now = cx.now;
        custom_data::set_of_user(&mut cx.store(), ben, (&json!({}), &stored), now).await.unwrap();
        save(cx).await;
        let mut cx = admin(&server, server.pool).await;
        let error = fields::get_data(&mut cx, owner(&ben.to_string())).await.unwrap_err();
        assert_eq!(error.code(), Code::Internal);
    }

    pub async fn a_deleted_field_takes_its_values(server: Server) {
        let list = vec![field("gone", DataType::String), field("kept", DataType::String)];
        let ann = declare(&server, list).await;
        set(&server, ann, json!({"gone": "secret", "kept": "x"})).await.unwrap();
        let mut cx = admin(&server, server.pool).await;
        let both = [(Target::User, "gone".to_owned()), (Target::User, "nothing".to_owned())];
        let error = fields::delete(&mut cx, &both).await.unwrap_err();
        assert_eq!(told(error), (Code::CustomFieldUnknown, "list[1].key".to_owned()));
        drop(cx);
        let mut cx = admin(&server, server.pool).await;
        fields::delete(&mut cx, &both[..1]).await.unwrap();
        save(cx).await;
        assert_eq!(get(&server, ann).await, json!({"kept": "x"}), "out of sight at once");
        let refused = set(&server, ann, json!({"gone": "y"})).await.unwrap_err();
        assert_eq!(refused.0, Code::CustomFieldUnknown);
        // Until the job has removed the values the key cannot come back.
        let mut cx = admin(&server, server.pool).await;
        let again = vec![field("gone", DataType::Number)];
        let error = fields::set(&mut cx, again.clone()).await.unwrap_err();
        assert_eq!(error.code(), Code::CustomFieldGoing);
        drop(cx);
        let work = keystead_core::jobs::run(server.core.clone(), Default::default());
        let work = tokio::spawn(work);
        for _ in 0..600 {
            let mut cx = admin(&server, server.pool).await;
            if fields::set(&mut cx, again.clone()).await.is_ok() {
                save(cx).await;
                break;
            }
            drop(cx);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        work.abort();
        let mut cx = admin(&server, server.pool).await;
        let documents = custom_data::of_user(&mut cx.store(), ann).await.unwrap().unwrap();
        assert_eq!(documents, (json!({}), json!({"kept": "x"})));
        drop(cx);
        set(&server, ann, json!({"gone": 7})).await.unwrap();
    }

    pub async fn attack_41_values_of_another_pool(server: Server) {
        let ann = declare(&server, vec![field("motto", DataType::String)]).await;
        set(&server, ann, json!({"motto": "ours"})).await.unwrap();
        let mut cx = admin(&server, server.other_pool().await).await;
        for id in [ann.to_string(), "0123456789abcdef01234567".to_owned(), String::new()] {
            let error = fields::get_data(&mut cx, owner(&id)).await.unwrap_err();
            assert_eq!(told(error), (Code::UserUnknown, "targetIdentifier".to_owned()), "{id}");
        }
        assert!(fields::fields(&mut cx, Target::User).await.unwrap().is_empty());
        let theirs = self::ann(&mut cx).await.to_string();
        let values = map(json!({"motto": "theirs"}));
        let error = fields::set_data(&mut cx, owner(&theirs), &values).await.unwrap_err();
        assert_eq!(error.code(), Code::CustomFieldUnknown);
    }
}
