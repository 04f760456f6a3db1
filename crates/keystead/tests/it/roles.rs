//! Roles: created, assigned, listed, revoked, deleted through the Rust SDK.

use crate::database::Engine;
use crate::on_both;
use crate::server::{OTHER, TestServer};
use keystead_authing::v3::moment::Moment;
use keystead_authing::v3::roles::{
    AssignRole, CreateRole, CreateRolesBatch, DeleteRolesBatch, GetRole, ListRoleAssignments,
    ListRoleMembers, ListRoles, RevokeRole, RoleListItem, RoleStatus, Target, UpdateRole,
};
use keystead_authing::v3::users::CreateUser;

on_both!(a_role_from_creation_to_deletion, refusals_name_what_is_wrong);

async fn a_role_from_creation_to_deletion(engine: Engine) {
    let admin = TestServer::shared(engine).admin();
    let role = admin
        .create_role(&CreateRole {
            code: "editor".into(),
            description: Some("Edits".into()),
            ..CreateRole::default()
        })
        .await
        .unwrap();
    assert_eq!((role.name.as_str(), role.namespace.as_str()), ("editor", "default"));
    assert_eq!((role.status, role.disable_time), (RoleStatus::Enable, None));

    let name = Some("role-ann".to_owned());
    let user = CreateUser { username: name, ..CreateUser::default() };
    let user = admin.create_user(&user).await.unwrap().user_id;
    let targets = vec![Target::user(&user)];
    let assign =
        AssignRole { targets: targets.clone(), code: "editor".into(), ..Default::default() };
    for _ in 0..2 {
        assert!(admin.assign_role(&assign).await.unwrap().success);
    }
    let members = ListRoleMembers { code: "editor".into(), ..ListRoleMembers::default() };
    let found = admin.list_role_members(&members).await.unwrap();
    assert_eq!((found.total_count, found.list[0].user_id.as_str()), (1, user.as_str()));
    let rows = ListRoleAssignments { role_code: "editor".into(), ..Default::default() };
    let rows = admin.list_role_assignments(&rows).await.unwrap();
    assert_eq!((rows.total_count, rows.data[0].status), (1, RoleStatus::Enable));

    let patch = UpdateRole {
        code: "editor".into(),
        new_code: Some("writer".into()),
        status: Some(RoleStatus::Disable),
        disable_time: Some(Some(Moment(4_000_000_000_000))),
        ..UpdateRole::default()
    };
    admin.update_role(&patch).await.unwrap();
    let changed = admin.get_role(&GetRole::by_code("writer")).await.unwrap();
    assert_eq!((changed.id.as_str(), changed.status), (role.id.as_str(), RoleStatus::Disable));
    assert_eq!(changed.disable_time, Some(4_000_000_000_000));
    assert_eq!(changed.description.as_deref(), Some("Edits"), "what is left out stays");

    let revoke = RevokeRole { targets, code: "writer".into(), namespace: None };
    admin.revoke_role(&revoke).await.unwrap();
    let members = ListRoleMembers { code: "writer".into(), ..ListRoleMembers::default() };
    assert_eq!(admin.list_role_members(&members).await.unwrap().total_count, 0);
    let delete = DeleteRolesBatch { code_list: vec!["writer".into()], namespace: None };
    admin.delete_roles_batch(&delete).await.unwrap();
    let gone = admin.get_role(&GetRole::by_code("writer")).await.unwrap_err();
    assert_eq!(gone.status_code(), Some(404));
}

async fn refusals_name_what_is_wrong(engine: Engine) {
    let server = TestServer::shared(engine);
    let admin = server.admin();
    let new = |code: &str| CreateRole { code: code.into(), ..CreateRole::default() };
    admin.create_role(&new("twice")).await.unwrap();
    let error = admin.create_role(&new("twice")).await.unwrap_err();
    assert_eq!(error.status_code(), Some(409));
    assert!(error.message().contains("code"), "{}", error.message());

    let item = |code: &str| RoleListItem { code: code.into(), ..RoleListItem::default() };
    let batch = CreateRolesBatch { list: vec![item("fresh-1"), item("twice")] };
    let error = admin.create_roles_batch(&batch).await.unwrap_err();
    assert_eq!(error.status_code(), Some(409));
    assert!(error.message().contains("list[1].code"), "{}", error.message());
    let fresh = admin.get_role(&GetRole::by_code("fresh-1")).await;
    assert_eq!(fresh.unwrap_err().status_code(), Some(404), "nothing of the list is there");

    for (page, limit) in [(Some(0), None), (None, Some(51)), (Some(1_000_000_000), None)] {
        let list = ListRoles { page, limit, ..ListRoles::default() };
        assert_eq!(admin.list_roles(&list).await.unwrap_err().status_code(), Some(400));
    }
    // A user of another pool is nobody here, and our role is nothing there.
    for id in [OTHER.user_id, "0123456789abcdef01234567"] {
        let targets = vec![Target::user(id)];
        let assign = AssignRole { targets, code: "twice".into(), ..AssignRole::default() };
        let error = admin.assign_role(&assign).await.unwrap_err();
        assert_eq!((error.status_code(), error.code()), (Some(404), Some(2004)));
        assert!(error.message().contains("targets[0]"), "{}", error.message());
    }
    let theirs = server.other().admin().get_role(&GetRole::by_code("twice")).await;
    assert_eq!(theirs.unwrap_err().status_code(), Some(404));
    let quoted = ListRoles { keywords: Some("' OR 1=1 --".into()), ..ListRoles::default() };
    assert_eq!(admin.list_roles(&quoted).await.unwrap().total_count, 0);
}
