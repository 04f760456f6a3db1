//! The requests that ask for lists, by where their page numbers stand.

use super::users::Pagination;
use super::{access_keys, audit_logs, custom_fields, mine, roles, system, users};
use keystead_endpoint::{Endpoint, EndpointRow, Paged};

/// How many items a page has unless the request says otherwise: as many as a server gives.
const MOST: i64 = 50;

/// Ties each request to its place of page numbers, and makes the list of them all.
macro_rules! lists {
    (
        own: $($own:ty),+;
        inner: $($inner:ty),+;
        pagination: $($pagination:ty),+;
        options: $($options:ty),+;
        whole: $($whole:ty),+;
    ) => {
        $(impl Paged for $own {
            fn turn_to(&mut self, page: u32) -> bool {
                turn(&mut self.page, &mut self.limit, page)
            }
        })+
        $(impl Paged for $inner {
            fn turn_to(&mut self, page: u32) -> bool {
                turn(&mut self.0.page, &mut self.0.limit, page)
            }
        })+
        $(impl Paged for $pagination {
            fn turn_to(&mut self, page: u32) -> bool {
                let Pagination { page: number, limit } = self.pagination.get_or_insert_default();
                turn(number, limit, page)
            }
        })+
        $(impl Paged for $options {
            fn turn_to(&mut self, page: u32) -> bool {
                let options = self.options.get_or_insert_default();
                let Pagination { page: number, limit } = options.pagination.get_or_insert_default();
                turn(number, limit, page)
            }
        })+
        $(impl Paged for $whole {
            fn turn_to(&mut self, page: u32) -> bool {
                page == 1
            }
        })+

        /// The rows that the clients' `pages` walks.
        pub const LISTS: &[&EndpointRow] = &[
            $(<$own as Endpoint>::ROW,)+
            $(<$inner as Endpoint>::ROW,)+
            $(<$pagination as Endpoint>::ROW,)+
            $(<$options as Endpoint>::ROW,)+
            $(<$whole as Endpoint>::ROW,)+
        ];
    };
}

lists! {
    own:
        custom_fields::ListCustomFields,
        mine::GetDepartmentList,
        mine::GetLoginHistory,
        roles::ListRoleAssignments,
        roles::ListRoleDepartments,
        roles::ListRoleMembers,
        roles::ListRoles,
        users::GetUserDepartments,
        users::GetUserLoginHistory,
        users::ListArchivedUsers,
        users::ListUsersLegacy;
    inner:
        custom_fields::ListUserBaseFields;
    pagination:
        audit_logs::GetAdminAuditLogs,
        audit_logs::GetUserActionLogs;
    options:
        users::ListUsers;
    whole:
        access_keys::ListAccessKey,
        custom_fields::GetCustomFields,
        custom_fields::GetUserBaseFields,
        mine::GetAccessibleApps,
        mine::GetAuthorizedResources,
        mine::GetGroupList,
        mine::GetIdentities,
        mine::GetLoggedInApps,
        mine::GetRoleList,
        mine::GetTenantList,
        roles::GetRoleAuthorizedResources,
        system::GetCountryList,
        users::GetUserAccessibleApps,
        users::GetUserAuthorizedApps,
        users::GetUserAuthorizedResources,
        users::GetUserGroups,
        users::GetUserIdentities,
        users::GetUserLoggedinApps,
        users::GetUserLoggedinIdentities,
        users::GetUserPrincipalAuthenticationInfo,
        users::GetUserRoles,
        users::GetUserSyncRelations;
}

fn turn(page: &mut Option<i64>, limit: &mut Option<i64>, number: u32) -> bool {
    *page = Some(i64::from(number));
    limit.get_or_insert(MOST);
    true
}

#[cfg(test)]
mod tests;
