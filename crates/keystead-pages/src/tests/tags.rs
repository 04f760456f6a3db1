//! A reader of tags, enough for our own templates: values never hold a raw `<` or `>`.

/// A start tag.
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute, as it stands in the page.
    pub fn get(&self, attribute: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| name == attribute);
        found.map(|(_, value)| value.as_str())
    }

    pub fn is(&self, attribute: &str, value: &str) -> bool {
        self.get(attribute) == Some(value)
    }
}

/// What stands between `<` and `>`, in order.
fn raw(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).map(|rest| rest.split_once('>').expect("a tag is closed").0)
}

/// Every start tag.
pub fn read(html: &str) -> Vec<Tag> {
    raw(html).filter(|tag| !tag.starts_with(['/', '!'])).map(tag).collect()
}

fn tag(raw: &str) -> Tag {
    let (name, mut rest) = raw.split_once(char::is_whitespace).unwrap_or((raw, ""));
    let mut attributes = Vec::new();
    while !rest.trim().is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let attribute = rest[..end].trim_end_matches('/').to_owned();
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"').expect("a value is closed");
                rest = after;
                value.to_owned()
            }
            None => String::new(),
        };
        rest = rest.trim_start();
        if !attribute.is_empty() {
            attributes.push((attribute, value));
        }
        assert!(!rest.starts_with('='), "an attribute without quotes: <{raw}>");
    }
    Tag { name: name.trim_end_matches('/').to_owned(), attributes }
}

/// The text in the first element of this name, its tags left out.
pub fn text_of(html: &str, name: &str) -> String {
    let from = html.find(&format!("<{name}")).map_or("", |at| &html[at..]);
    let inside = from.split_once('>').map_or("", |(_, rest)| rest);
    let inside = inside.split_once(&format!("</{name}>")).map_or("", |(inside, _)| inside);
    let parts = inside.split('<').enumerate();
    parts.map(|(at, p)| if at == 0 { p } else { p.split_once('>').unwrap().1 }).collect()
}

/// Every element that is opened is closed, in order.
pub fn assert_balanced(page: &str, html: &str) {
    const VOID: &[&str] = &["meta", "link", "input", "img", "br"];
    let mut open: Vec<&str> = Vec::new();
    for tag in raw(html).filter(|tag| !tag.starts_with('!')) {
        let name = tag.split([' ', '\n']).next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{page}"),
            None if VOID.contains(&name) || tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{page}: left open: {open:?}");
}
