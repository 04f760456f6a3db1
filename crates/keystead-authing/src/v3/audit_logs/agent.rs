//! What a `User-Agent` header means, in three words.

use keystead_authing::v3::audit_logs::ParsedUserAgent;

/// Programs by the mark they leave; the first that is found counts, since most claim to be others.
const NAMES: &[(&str, &str)] = &[
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Lark", "Lark"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("MSIE", "Internet Explorer"),
    ("Trident", "Internet Explorer"),
    ("authing-", "authing SDK"),
    ("axios", "axios"),
    ("curl", "curl"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

const DEVICES: &[(&str, &str)] = &[
    ("iPad", "Tablet"),
    ("Tablet", "Tablet"),
    ("Mobile", "Mobile"),
    ("iPhone", "Mobile"),
    ("Android", "Tablet"),
    ("Windows", "Desktop"),
    ("Mac OS X", "Desktop"),
    ("CrOS", "Desktop"),
    ("Linux", "Desktop"),
];

/// Device, program and system of a header; `Unknown` where it does not say.
pub(in crate::v3) fn parse(header: &str) -> ParsedUserAgent {
    let find = |words: &[(&str, &str)]| {
        let found = words.iter().find(|(mark, _)| header.contains(mark)).map(|(_, word)| *word);
        found.unwrap_or("Unknown").to_owned()
    };
    ParsedUserAgent { device: find(DEVICES), name: find(NAMES), os: find(SYSTEMS) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_headers_are_read() {
        for (header, device, name, os) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                "Desktop",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                "Mobile",
                "Safari",
                "iOS",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
                "Desktop",
                "Firefox",
                "Linux",
            ),
            ("axios/1.7.9", "Unknown", "axios", "Unknown"),
            ("", "Unknown", "Unknown", "Unknown"),
        ] {
            let parsed = parse(header);
            assert_eq!((&*parsed.device, &*parsed.name, &*parsed.os), (device, name, os));
        }
    }
}
