//! Columns: what an engine gives, and what a field takes from it.

use keystead_model::{
    AccessHandleId, AccessKeyId, ApplicationId, AuditEventId, ConnectionId, ConsentId,
    CredentialId, CustomFieldId, DataKeyId, FamilyId, GrantId, Id, Millis, NamespaceId,
    OneTimeSecretId, OutboxId, PoolId, RoleAssignmentId, RoleId, Secret, SessionId, SigninId,
    SigningKeyId, UserId,
};

/// A value as the engine gives it. SQLite gives 0 and 1 for BOOLEAN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// NULL.
    Null,
    /// A number.
    Int(i64),
    /// True or false.
    Bool(bool),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// Which type of the portable subset a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// TEXT.
    Text,
    /// BIGINT.
    Int,
    /// BOOLEAN.
    Bool,
    /// BYTEA.
    Bytes,
}

/// A type that is decoded from one column.
pub trait FromColumn: Sized {
    /// The type of the column.
    const STORED: Stored;
    /// Whether NULL is taken.
    const NULLABLE: bool = false;

    /// Takes the value.
    ///
    /// # Errors
    /// Says what the cell holds instead; never its content.
    fn from_cell(cell: Cell<'_>) -> Result<Self, &'static str>;
}

/// What a cell holds, for messages.
const fn found(cell: Cell<'_>) -> &'static str {
    match cell {
        Cell::Null => "NULL",
        Cell::Int(_) => "a number",
        Cell::Bool(_) => "a truth value",
        Cell::Text(_) => "a text",
        Cell::Bytes(_) => "bytes",
    }
}

fn text(cell: Cell<'_>) -> Result<&str, &'static str> {
    match cell {
        Cell::Text(text) => Ok(text),
        other => Err(found(other)),
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    const STORED: Stored = T::STORED;
    const NULLABLE: bool = true;

    fn from_cell(cell: Cell<'_>) -> Result<Self, &'static str> {
        if cell == Cell::Null { Ok(None) } else { T::from_cell(cell).map(Some) }
    }
}

impl FromColumn for i64 {
    const STORED: Stored = Stored::Int;

    fn from_cell(cell: Cell<'_>) -> Result<Self, &'static str> {
        match cell {
            Cell::Int(n) => Ok(n),
            other => Err(found(other)),
        }
    }
}

impl FromColumn for u32 {
    const STORED: Stored = Stored::Int;

    fn from_cell(cell: Cell<'_>) -> Result<Self, &'static str> {
        Self::try_from(i64::from_cell(cell)?).map_err(|_| "a number out of range")
    }
}

impl FromColumn for Millis {
    const STORED: Stored = Stored::Int;

    fn from_cell(cell: Cell<'_>) -> Result<Self, &'static str> {
        i64::from_cell(cell).map(Self)
    }
}

impl FromColumn for bool {
    const STORED: Stored = Stored::Bool;

    fn from_cell(cell: Cell<'_>) -> Result<Self, &'static str> {
        match cell {
            Cell::Bool(b) => Ok(b),
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            other => Err(found(other)),
        }
    }
}

impl FromColumn for Vec<u8> {
    const STORED: Stored = Stored::Bytes;

    fn from_cell(cell: Cell<'_>) -> Result<Self, &'static str> {
        match cell {
            Cell::Bytes(bytes) => Ok(bytes.to_vec()),
            other => Err(found(other)),
        }
    }
}

/// Types made from a text.
macro_rules! texts {
    ($($to:ty => |$name:ident| $make:expr;)*) => {$(
        impl FromColumn for $to {
            const STORED: Stored = Stored::Text;

            fn from_cell(cell: Cell<'_>) -> Result<Self, &'static str> {
                let $name = text(cell)?;
                $make
            }
        }
    )*};
}

texts! {
    String => |text| Ok(text.to_owned());
    Secret => |text| Ok(Self::new(text));
    serde_json::Value => |text| serde_json::from_str(text).map_err(|_| "a text that is not JSON");
    Vec<String> => |text|
        serde_json::from_str(text).map_err(|_| "a text that is not a JSON list of texts");
}

/// Ids are stored as their text.
macro_rules! ids {
    ($($id:ty),* $(,)?) => {
        texts! { $($id => |text| text.parse().map_err(|_| "a text that is not an id");)* }
    };
}

ids! {
    Id, PoolId, UserId, ApplicationId, ConnectionId, CredentialId, OneTimeSecretId, SigninId,
    SessionId, GrantId, FamilyId, SigningKeyId, AccessKeyId, AuditEventId, OutboxId, RoleId,
    NamespaceId, DataKeyId, ConsentId, RoleAssignmentId, CustomFieldId,
    AccessHandleId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_takes_its_cell_and_no_other() {
        assert_eq!(u32::from_cell(Cell::Int(-1)), Err("a number out of range"));
        assert_eq!(bool::from_cell(Cell::Int(2)), Err("a number"));
        assert_eq!(bool::from_cell(Cell::Bool(true)), Ok(true));
        assert_eq!(UserId::from_cell(Cell::Text("x")).unwrap_err(), "a text that is not an id");
        assert_eq!(Option::<Millis>::from_cell(Cell::Null), Ok(None));
        assert_eq!(Vec::<u8>::from_cell(Cell::Bytes(b"a")), Ok(b"a".to_vec()));
        let list = Vec::<String>::from_cell(Cell::Text(r#"["a"]"#));
        assert_eq!(list, Ok(vec!["a".to_owned()]));
        assert!(serde_json::Value::from_cell(Cell::Text("{")).is_err());
        assert!(Secret::from_cell(Cell::Text("s")).unwrap().same_as("s"));
    }
}
