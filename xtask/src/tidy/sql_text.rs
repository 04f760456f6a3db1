//! One SQL text: its tables, and how often it binds the pool.

/// Words that follow a table and are no alias of it.
const NOT_ALIAS: &[&str] = &[
    "WHERE",
    "SET",
    "JOIN",
    "LEFT",
    "INNER",
    "CROSS",
    "ON",
    "ORDER",
    "GROUP",
    "LIMIT",
    "VALUES",
    "UNION",
    "RETURNING",
    "SELECT",
    "USING",
    "HAVING",
    "AS",
    "DEFAULT",
];

/// An SQL text cut into words, marks and literals.
pub struct Sql {
    words: Vec<String>,
}

impl Sql {
    /// Cuts a text.
    pub fn new(text: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let mut word = c.to_string();
            if c == '\'' {
                // A literal is one word; nothing in it is a table.
                word.extend(chars.by_ref().take_while(|c| *c != '\''));
            } else if is_word(c) {
                while let Some(next) = chars.next_if(|c| is_word(*c)) {
                    word.push(next);
                }
            } else if c.is_whitespace() {
                continue;
            }
            words.push(word);
        }
        Self { words }
    }

    fn at(&self, index: usize) -> &str {
        self.words.get(index).map_or("", String::as_str)
    }

    fn is(&self, index: usize, word: &str) -> bool {
        self.at(index).eq_ignore_ascii_case(word)
    }

    /// Whether a word stands in it.
    pub fn names(&self, word: &str) -> bool {
        self.words.iter().any(|w| w.eq_ignore_ascii_case(word))
    }

    /// Every place where a table is named, as often as it is.
    ///
    /// A table joined by `ON a.b = c.d` hangs on a row that is named elsewhere: it is left out.
    pub fn tables(&self) -> Vec<&str> {
        let mut tables = Vec::new();
        for index in 0..self.words.len() {
            let names = ["FROM", "INTO"].iter().any(|w| self.is(index, w))
                || (self.is(index, "JOIN") && !self.hangs(index + 2))
                || (self.is(index, "UPDATE") && !self.is(index.wrapping_sub(1), "DO"));
            if names && !self.is(index + 1, "(") {
                tables.push(self.at(index + 1));
                tables.extend(self.listed(index + 2));
            }
        }
        tables
    }

    /// Whether `[AS] [alias] ON a.b = c.d` stands here.
    fn hangs(&self, index: usize) -> bool {
        let on = (index..index + 3).find(|i| self.is(*i, "ON"));
        on.is_some_and(|on| self.is(on + 2, ".") && self.is(on + 4, "=") && self.is(on + 6, "."))
    }

    /// Further tables of a list `a x, b y`.
    fn listed(&self, mut index: usize) -> Vec<&str> {
        let mut tables = Vec::new();
        loop {
            if self.is(index, "AS") {
                index += 1;
            }
            let alias = self.at(index).starts_with(char::is_alphabetic)
                && !NOT_ALIAS.iter().any(|w| self.is(index, w));
            index += usize::from(alias);
            if !self.is(index, ",") || !self.at(index + 1).starts_with(char::is_alphabetic) {
                return tables;
            }
            tables.push(self.at(index + 1));
            index += 2;
        }
    }

    /// How often the pool is bound: `pool_id = $1`, `a.pool_id = b.pool_id`, or a row put into $1.
    pub fn pools_bound(&self) -> usize {
        let mut bound = 0;
        for index in 0..self.words.len() {
            if self.is(index, "pool_id") && self.is(index + 1, "=") {
                let column = self.is(index + 3, ".") && self.is(index + 4, "pool_id");
                bound += usize::from(self.at(index + 2) == "$1" || column);
            }
            bound += usize::from(self.is(index, "INTO") && self.inserts_pool(index + 2));
        }
        bound
    }

    /// Whether the column list at `open` and the values after it put $1 into `pool_id`.
    fn inserts_pool(&self, open: usize) -> bool {
        let columns = self.list_from(open + 1, ")");
        let Some(place) = columns.iter().position(|c| *c == ["pool_id"]) else { return false };
        let close = open + 1 + columns.iter().map(|c| c.len() + 1).sum::<usize>();
        let values = match () {
            () if self.is(close, "VALUES") => self.list_from(close + 2, ")"),
            () if self.is(close, "SELECT") => self.list_from(close + 1, "FROM"),
            () => return false,
        };
        values.get(place).is_some_and(|v| *v == ["$1"])
    }

    /// Words up to `end`, cut at the commas outside parentheses.
    fn list_from(&self, start: usize, end: &str) -> Vec<Vec<&str>> {
        let (mut items, mut item, mut depth) = (Vec::new(), Vec::new(), 0_usize);
        for index in start..self.words.len() {
            let word = self.at(index);
            match word {
                _ if depth == 0 && word.eq_ignore_ascii_case(end) => break,
                "," if depth == 0 => items.push(std::mem::take(&mut item)),
                _ => {
                    depth = if word == "(" { depth + 1 } else { depth };
                    depth = if word == ")" { depth.saturating_sub(1) } else { depth };
                    item.push(word);
                }
            }
        }
        items.push(item);
        items
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_wherever_they_stand() {
        let cases: &[(&str, &[&str])] = &[
            ("SELECT {User} FROM users WHERE id = $2", &["users"]),
            ("SELECT 1 FROM users u JOIN roles AS r ON r.id = u.id", &["users"]),
            ("SELECT 1 FROM users u JOIN roles AS r ON r.code = $2", &["users", "roles"]),
            ("SELECT 1 FROM users JOIN roles ON roles.id = users.role", &["users"]),
            ("SELECT 1 FROM users u CROSS JOIN roles", &["users", "roles"]),
            ("SELECT 1 FROM users u, roles r WHERE 'FROM x' = $2", &["users", "roles"]),
            ("INSERT INTO a (b) SELECT b FROM c", &["a", "c"]),
            ("INSERT INTO a (b) VALUES ($1) ON CONFLICT (b) DO UPDATE SET b = 1", &["a"]),
            ("UPDATE a SET b = (SELECT c FROM d)", &["a", "d"]),
            ("DELETE FROM a WHERE b IN (SELECT b FROM (SELECT 1))", &["a"]),
        ];
        for (text, tables) in cases {
            assert_eq!(Sql::new(text).tables(), *tables, "{text}");
        }
    }

    #[test]
    fn bindings_of_the_pool_are_counted() {
        let cases = [
            ("SELECT 1 FROM a WHERE pool_id = $1", 1),
            ("SELECT 1 FROM a WHERE pool_id = $2 AND b = $1", 0),
            ("SELECT 1 FROM a x JOIN b y ON y.pool_id = x.pool_id WHERE x.pool_id = $1", 2),
            ("INSERT INTO a (pool_id, id) VALUES ($1, coalesce($2, '')) ", 1),
            ("INSERT INTO a (id, pool_id) VALUES ($1, $2)", 0),
            ("INSERT INTO a (id, pool_id) VALUES (coalesce($2, $3), $1)", 1),
            ("INSERT INTO a (pool_id, id) SELECT $1, id FROM b WHERE pool_id = $1", 2),
            ("INSERT INTO a (id) VALUES ($1)", 0),
        ];
        for (text, bound) in cases {
            assert_eq!(Sql::new(text).pools_bound(), bound, "{text}");
        }
    }
}
