//! `system`: keys for encrypting passwords, versions, countries.

use keystead_authing::v3::system::{
    CountryInfo, GetCountryList, GetSystemInfo, Name, Names, PublicKey, SystemInfo, Version,
};
use keystead_core::{Cx, passwords};
use keystead_model::countries::{self, Country};
use keystead_model::{Locale, Result};

/// What a client may know before it signs in.
pub(super) async fn system(cx: &mut Cx, _: GetSystemInfo) -> Result<SystemInfo> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Ok(SystemInfo {
        rsa: PublicKey { public_key: passwords::transport_key(cx)? },
        // SM2 is not offered: a password encrypted under it is refused by name.
        sm2: PublicKey { public_key: String::new() },
        version: Version { server: version.clone(), console: version.clone(), login: version },
        public_ips: Vec::new(),
    })
}

/// The countries that a phone number can be of.
pub(super) async fn country_list(_: &mut Cx, _: GetCountryList) -> Result<Vec<CountryInfo>> {
    Ok(countries::all().map(country).collect())
}

fn country(country: Country) -> CountryInfo {
    let name = |locale| Name { enabled: true, value: country.name(locale).to_owned() };
    CountryInfo {
        alpha2: country.alpha2.to_owned(),
        alpha3: country.alpha3.to_owned(),
        phone_country_code: country.calling_code.to_owned(),
        flag: country.flag(),
        name: Names {
            zh_cn: name(Locale::ZhCn),
            en_us: name(Locale::EnUs),
            zh_tw: name(Locale::ZhTw),
            ja_jp: name(Locale::JaJp),
        },
    }
}
