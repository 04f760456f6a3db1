//! The closed sets of texts around users.

use crate::words::words;

words! {
    /// What a user may do now.
    #[derive(Default)]
    UserStatus {
        Suspended = "Suspended",
        Resigned = "Resigned",
        #[default]
        Activated = "Activated",
        Archived = "Archived",
        Deactivated = "Deactivated",
    }
}

words! {
    /// Whether a user works here.
    #[derive(Default)]
    WorkStatus {
        Closed = "Closed",
        #[default]
        Active = "Active",
    }
}

words! {
    /// Gender.
    #[derive(Default)]
    Gender {
        /// Male.
        M = "M",
        /// Female.
        F = "F",
        /// Not known.
        #[default]
        U = "U",
    }
}

words! {
    /// Where a user came from.
    #[derive(Default)]
    UserSourceType {
        Excel = "excel",
        Register = "register",
        #[default]
        AdminCreated = "adminCreated",
        Sync = "sync",
    }
}

words! {
    /// What a `userId` is.
    #[derive(Default)]
    UserIdType {
        #[default]
        UserId = "user_id",
        ExternalId = "external_id",
        Phone = "phone",
        Email = "email",
        Username = "username",
        Identity = "identity",
        SyncRelation = "sync_relation",
        CustomField = "custom_field",
    }
}

words! {
    /// What a department's id is.
    DepartmentIdType {
        DepartmentId = "department_id",
        OpenDepartmentId = "open_department_id",
        SyncRelation = "sync_relation",
        CustomField = "custom_field",
        Code = "code",
    }
}

words! {
    /// An upstream identity provider.
    Provider {
        Oidc = "oidc",
        OAuth2 = "oauth2",
        Saml = "saml",
        Ldap = "ldap",
        Ad = "ad",
        Cas = "cas",
        AzureAd = "azure-ad",
        Wechat = "wechat",
        Google = "google",
        Qq = "qq",
        WechatWork = "wechatwork",
        DingTalk = "dingtalk",
        Weibo = "weibo",
        GitHub = "github",
        Alipay = "alipay",
        Apple = "apple",
        Baidu = "baidu",
        Lark = "lark",
        GitLab = "gitlab",
        Twitter = "twitter",
        Facebook = "facebook",
        Slack = "slack",
        LinkedIn = "linkedin",
        Yidun = "yidun",
        QingCloud = "qingcloud",
        Gitee = "gitee",
        Instagram = "instagram",
        Welink = "welink",
        Huawei = "huawei",
        Honor = "honor",
        Xiaomi = "xiaomi",
        Oppo = "oppo",
        Aws = "aws",
        Amazon = "amazon",
        Douyin = "douyin",
        Kuaishou = "kuaishou",
        Line = "line",
        Sdbz = "sdbz",
        Zjzwfw = "zjzwfw",
        Zzding = "zzding",
        SeeyonA8V5 = "seeyona8v5",
    }
}

words! {
    /// What users are sorted by.
    UserSortField {
        Id = "id",
        CreatedAt = "createdAt",
        UpdatedAt = "updatedAt",
        Email = "email",
        Username = "username",
        ExternalId = "externalId",
        Phone = "phone",
        Status = "status",
        StatusChangedAt = "statusChangedAt",
        PasswordLastSetAt = "passwordLastSetAt",
        LoginsCount = "loginsCount",
        Gender = "gender",
        LastLogin = "lastLogin",
        UserSourceType = "userSourceType",
        LastMfaTime = "lastMfaTime",
        PasswordSecurityLevel = "passwordSecurityLevel",
        PhoneCountryCode = "phoneCountryCode",
        LastIp = "lastIp",
    }
}

words! {
    /// Which way a list is sorted.
    SortOrder {
        Desc = "desc",
        Asc = "asc",
    }
}

words! {
    /// A field that keywords are looked for in.
    FuzzyField {
        Id = "id",
        Phone = "phone",
        Email = "email",
        Name = "name",
        Username = "username",
        ExternalId = "externalId",
        Nickname = "nickname",
        Company = "company",
        GivenName = "givenName",
        FamilyName = "familyName",
        MiddleName = "middleName",
        Profile = "profile",
        PreferredUsername = "preferredUsername",
        Website = "website",
        Address = "address",
        Formatted = "formatted",
        StreetAddress = "streetAddress",
        PostalCode = "postalCode",
        IdentityNumber = "identityNumber",
    }
}

words! {
    /// How a condition compares.
    Operator {
        Equal = "EQUAL",
        NotEqual = "NOT_EQUAL",
        Contains = "CONTAINS",
        NotContains = "NOT_CONTAINS",
        IsNull = "IS_NULL",
        NotNull = "NOT_NULL",
        In = "IN",
        Greater = "GREATER",
        Lesser = "LESSER",
        Between = "BETWEEN",
    }
}
