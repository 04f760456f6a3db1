//! The fields of a user that no index needs: each is a claim of the same name.

use serde_json::{Map, Value};

/// Names of claims and what a request gives of each.
macro_rules! claims {
    ($request:expr) => {
        $crate::v3::users::claims::given([
            ("birthdate", &$request.birthdate),
            ("country", &$request.country),
            ("province", &$request.province),
            ("city", &$request.city),
            ("address", &$request.address),
            ("street_address", &$request.street_address),
            ("postal_code", &$request.postal_code),
            ("company", &$request.company),
            ("browser", &$request.browser),
            ("device", &$request.device),
            ("middle_name", &$request.middle_name),
            ("profile", &$request.profile),
            ("preferred_username", &$request.preferred_username),
            ("website", &$request.website),
            ("zoneinfo", &$request.zoneinfo),
            ("formatted", &$request.formatted),
            ("region", &$request.region),
        ])
    };
}

pub(super) use claims;

/// The claims that were given, by their names.
pub(super) fn given<const N: usize>(fields: [(&str, &Option<String>); N]) -> Map<String, Value> {
    let given = fields.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?)));
    given.map(|(name, text)| (name.to_owned(), Value::from(text))).collect()
}
