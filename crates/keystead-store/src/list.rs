//! Texts of lists, put together from an allow-list of fragments: conditions, orders, pages.
//!
//! Only constants of this crate become part of a text; whatever a caller sends is bound.

pub mod people;

use crate::Value;

/// A text and its values; the pool is `$1`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Built {
    text: String,
    values: Vec<Value<'static>>,
}

impl Built {
    /// A text that starts like this.
    pub fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds a constant.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value, as `CAST($n AS BIGINT)` where it is a number.
    pub fn bind(&mut self, value: impl Into<Value<'static>>) -> &mut Self {
        let value = value.into();
        let n = self.values.len() + 2;
        match value {
            Value::Int(_) => self.text.push_str(&format!("CAST(${n} AS BIGINT)")),
            _ => self.text.push_str(&format!("${n}")),
        }
        self.values.push(value);
        self
    }

    /// Adds `(a, b, ..)`; no value at all is `(NULL)`, which nothing equals.
    pub fn bind_list(&mut self, values: impl IntoIterator<Item = Value<'static>>) -> &mut Self {
        let mut open = "(";
        for value in values {
            self.push(open).bind(value);
            open = ", ";
        }
        if open == "(" {
            self.push("(NULL");
        }
        self.push(")")
    }

    /// Asks for the plan instead.
    #[cfg(test)]
    pub fn explain(&mut self, how: &str) {
        self.text.insert_str(0, how);
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its values, from `$2` on.
    pub fn values(&self) -> &[Value<'static>] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bound_never_written() {
        let mut built = Built::new("SELECT id FROM users WHERE pool_id = $1");
        built.push(" AND name = ").bind("x' OR 1=1".to_owned());
        built.push(" AND logins >= ").bind(3_i64).push(" AND id IN ");
        built.bind_list(["a".to_owned().into(), "b".to_owned().into()]);
        built.push(" AND id IN ").bind_list([]);
        assert_eq!(
            built.text(),
            "SELECT id FROM users WHERE pool_id = $1 AND name = $2 AND logins >= \
             CAST($3 AS BIGINT) AND id IN ($4, $5) AND id IN (NULL)"
        );
        assert_eq!(built.values().len(), 4);
    }
}
