//! The built-in fields of users, as declarations show them.

use crate::Locale;

/// A built-in field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseField {
    /// Its key, in lower snake case.
    pub key: &'static str,
    /// The type of its values.
    pub data_type: &'static str,
    /// Whether no two users may have the same value.
    pub is_unique: bool,
    /// Whether users may edit their own, unless the pool says otherwise.
    pub user_editable: bool,
    /// Its label in English, simplified and traditional Chinese, and Japanese.
    pub labels: [&'static str; 4],
}

impl BaseField {
    /// Its label in a language.
    #[must_use]
    pub const fn label(&self, locale: Locale) -> &'static str {
        let [english, simplified, traditional, japanese] = self.labels;
        match locale {
            Locale::EnUs => english,
            Locale::ZhCn => simplified,
            Locale::ZhTw => traditional,
            Locale::JaJp => japanese,
        }
    }
}

/// Makes rows of `key type flags labels;`, the flags being `u` for unique and `e` for editable.
macro_rules! base_fields {
    ($($key:literal $kind:literal $flags:literal [$($label:literal),+];)+) => {
        /// Every built-in field, in the order of lists.
        pub const BASE_FIELDS: &[BaseField] = &[$(BaseField {
            key: $key,
            data_type: $kind,
            is_unique: has($flags, b'u'),
            user_editable: has($flags, b'e'),
            labels: [$($label),+],
        }),+];
    };
}

/// Whether a flag stands in a text of at most two.
const fn has(flags: &str, flag: u8) -> bool {
    match flags.as_bytes() {
        [a] => *a == flag,
        [a, b] => *a == flag || *b == flag,
        _ => false,
    }
}

base_fields! {
    "username" "string" "ue" ["User name", "用户名", "使用者名稱", "ユーザー名"];
    "name" "string" "e" ["Name", "姓名", "姓名", "氏名"];
    "nickname" "string" "e" ["Nickname", "昵称", "暱稱", "ニックネーム"];
    "photo" "string" "e" ["Picture", "头像", "頭像", "写真"];
    "email" "string" "ue" ["Email", "邮箱", "電子郵件", "メールアドレス"];
    "phone" "string" "ue" ["Phone", "手机号", "手機號碼", "電話番号"];
    "external_id" "string" "u" ["External id", "外部 ID", "外部 ID", "外部 ID"];
    "gender" "enum" "e" ["Gender", "性别", "性別", "性別"];
    "birthdate" "datetime" "e" ["Date of birth", "生日", "生日", "生年月日"];
    "given_name" "string" "e" ["Given name", "名", "名", "名"];
    "family_name" "string" "e" ["Family name", "姓", "姓", "姓"];
    "middle_name" "string" "e" ["Middle name", "中间名", "中間名", "ミドルネーム"];
    "preferred_username" "string" "e" ["Preferred name", "偏好称呼", "偏好稱呼", "希望する呼び名"];
    "profile" "string" "e" ["Profile page", "个人主页", "個人頁面", "プロフィールページ"];
    "website" "string" "e" ["Web site", "个人网站", "個人網站", "ウェブサイト"];
    "company" "string" "e" ["Company", "公司", "公司", "会社"];
    "country" "string" "e" ["Country", "国家", "國家", "国"];
    "province" "string" "e" ["Province", "省份", "省份", "都道府県"];
    "region" "string" "e" ["Region", "区域", "區域", "地域"];
    "city" "string" "e" ["City", "城市", "城市", "市区町村"];
    "address" "string" "e" ["Address", "地址", "地址", "住所"];
    "street_address" "string" "e" ["Street", "街道地址", "街道地址", "番地"];
    "postal_code" "string" "e" ["Postal code", "邮政编码", "郵遞區號", "郵便番号"];
    "formatted" "string" "e" ["Full address", "完整地址", "完整地址", "住所（全体）"];
    "zoneinfo" "string" "e" ["Time zone", "时区", "時區", "タイムゾーン"];
    "locale" "string" "e" ["Language", "语言", "語言", "言語"];
    "identity_number" "string" "" ["Number of identity document", "证件号码", "證件號碼", "身分証番号"];
}

/// Names of a user's answer that no custom field may take, beside those of [`BASE_FIELDS`].
pub const RESERVED: &[&str] = &[
    "id",
    "user_id",
    "created_at",
    "updated_at",
    "status",
    "work_status",
    "password",
    "email_verified",
    "phone_verified",
    "phone_country_code",
    "custom_data",
    "identities",
    "department_ids",
    "main_department_id",
    "tenant_id",
    "roles",
];

/// The built-in field of this key, in lower snake case.
#[must_use]
pub fn base_field(key: &str) -> Option<&'static BaseField> {
    BASE_FIELDS.iter().find(|field| field.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_are_distinct_and_labelled() {
        let keys: HashSet<_> =
            BASE_FIELDS.iter().map(|field| field.key).chain(RESERVED.iter().copied()).collect();
        assert_eq!(keys.len(), BASE_FIELDS.len() + RESERVED.len());
        for field in BASE_FIELDS {
            assert!(field.labels.iter().all(|label| !label.is_empty()), "{}", field.key);
            assert!(field.key.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        }
        assert!(base_field("email").unwrap().is_unique && !base_field("name").unwrap().is_unique);
        assert!(!base_field("external_id").unwrap().user_editable);
    }
}
