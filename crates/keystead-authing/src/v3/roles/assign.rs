//! Giving roles to somebody and taking them.

use super::DONE;
use super::read::kind;
use keystead_authing::v3::IsSuccess;
use keystead_authing::v3::roles::{
    AssignRole, AssignRoleBatch, CheckMutualExclusion, RevokeRole, RevokeRoleBatch, RoleCode,
    RoleExclusionDto, Target,
};
use keystead_core::Cx;
use keystead_core::roles::{self, Dates, RoleName};
use keystead_core::subjects::Named;
use keystead_model::{Millis, Result};

/// Assigns a role.
pub(super) async fn assign_role(cx: &mut Cx, request: AssignRole) -> Result<IsSuccess> {
    let role = [RoleName { namespace: request.namespace, code: request.code, listed: false }];
    let dates =
        Dates { starts_at: request.enable_time.map(Millis), ends_at: request.end_time.map(Millis) };
    roles::assign(cx, &role, &named(request.targets), dates).await?;
    Ok(DONE)
}

/// Assigns several roles.
pub(super) async fn assign_role_batch(cx: &mut Cx, request: AssignRoleBatch) -> Result<IsSuccess> {
    let targets = named(request.targets);
    roles::assign(cx, &names(request.roles), &targets, Dates::default()).await?;
    Ok(DONE)
}

/// Revokes a role.
pub(super) async fn revoke_role(cx: &mut Cx, request: RevokeRole) -> Result<IsSuccess> {
    let role = [RoleName { namespace: request.namespace, code: request.code, listed: false }];
    roles::revoke(cx, &role, &named(request.targets)).await?;
    Ok(DONE)
}

/// Revokes several roles.
pub(super) async fn revoke_role_batch(cx: &mut Cx, request: RevokeRoleBatch) -> Result<IsSuccess> {
    roles::revoke(cx, &names(request.roles), &named(request.targets)).await?;
    Ok(DONE)
}

/// Says whether two of these roles exclude each other.
pub(super) async fn check_mutual_exclusion(
    cx: &mut Cx,
    request: CheckMutualExclusion,
) -> Result<RoleExclusionDto> {
    let exist_mutually_exclusive = roles::exclusive(cx, &names(request.roles)).await?;
    Ok(RoleExclusionDto { exist_mutually_exclusive })
}

fn names(roles: Vec<RoleCode>) -> Vec<RoleName> {
    let name =
        |role: RoleCode| RoleName { namespace: role.namespace, code: role.code, listed: true };
    roles.into_iter().map(name).collect()
}

fn named(targets: Vec<Target>) -> Vec<Named> {
    let name = |t: Target| Named { kind: kind(t.target_type), text: t.target_identifier };
    targets.into_iter().map(name).collect()
}
