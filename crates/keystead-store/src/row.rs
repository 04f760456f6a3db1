//! Rows: decoded by position, their column list made by `row!`.

mod column;

use crate::{Error, Result};
pub use column::{Cell, FromColumn, Stored};

/// What a driver's row offers.
pub(crate) trait Cells {
    /// How many columns.
    fn len(&self) -> usize;
    /// The value of a column.
    fn cell(&self, index: usize) -> Result<Cell<'_>>;
    /// The name of a column, for messages.
    fn name(&self, index: usize) -> String;
}

/// The columns of one row, taken from left to right.
pub struct Columns<'r> {
    cells: &'r dyn Cells,
    at: usize,
}

impl<'r> Columns<'r> {
    /// The columns of this row.
    pub(crate) fn new(cells: &'r dyn Cells) -> Self {
        Self { cells, at: 0 }
    }

    /// The next column.
    ///
    /// # Errors
    /// There is none, or it does not hold what the type takes.
    pub fn take<T: FromColumn>(&mut self) -> Result<T> {
        let at = self.at;
        if at >= self.cells.len() {
            return Err(Error::other(format!("the text returns {at} columns, its row takes more")));
        }
        self.at += 1;
        T::from_cell(self.cells.cell(at)?).map_err(|found| {
            let name = self.cells.name(at);
            Error::other(format!("column {name} holds {found}, not {}", std::any::type_name::<T>()))
        })
    }

    /// The whole row, which must use every column.
    pub(crate) fn decode<T: FromRow>(mut self) -> Result<T> {
        let row = T::from_row(&mut self)?;
        let (taken, there) = (self.at, self.cells.len());
        if taken == there {
            return Ok(row);
        }
        Err(Error::other(format!("the text returns {there} columns, its row takes {taken}")))
    }
}

/// A type that is decoded from a row. Made by `row!`; tuples of columns have it too.
pub trait FromRow: Sized + Send {
    /// The columns, in the order of decoding, as `sql!` writes them; none for tuples.
    const COLUMNS: &'static [&'static str];

    /// Takes its columns.
    ///
    /// # Errors
    /// A column is missing or holds something else.
    fn from_row(columns: &mut Columns<'_>) -> Result<Self>;
}

/// Facts about a row of `row!`, which tests hold against the migrated table.
#[derive(Clone, Copy, Debug)]
pub struct RowFacts {
    /// The type's name, as `sql!` is given it.
    pub name: &'static str,
    /// The table it stands for; `None` for the result of a join.
    pub table: Option<&'static str>,
    /// Its columns: name, what is stored there, whether NULL is taken.
    pub columns: &'static [(&'static str, Stored, bool)],
}

/// Defines a row: `row! { roles; /// A role. pub struct Role { pub id: RoleId, .. } }`.
///
/// The table's name is left out for the result of a join.
#[macro_export]
macro_rules! row {
    ($table:ident; $($rest:tt)*) => { $crate::row_of! { Some(stringify!($table)); $($rest)* } };
    ($($rest:tt)*) => { $crate::row_of! { None; $($rest)* } };
}

/// What `row!` writes, with the table as an expression.
#[doc(hidden)]
#[macro_export]
macro_rules! row_of {
    ($table:expr; $(#[$about:meta])* $vis:vis struct $name:ident {
        $($(#[$field_about:meta])* $field_vis:vis $field:ident: $type:ty),* $(,)?
    }) => {
        $(#[$about])*
        #[derive(Clone, Debug)]
        $vis struct $name {
            $($(#[$field_about])* #[allow(missing_docs)] $field_vis $field: $type),*
        }

        impl $name {
            /// What a test holds against the migrated table.
            #[allow(dead_code)]
            pub const FACTS: $crate::row::RowFacts = $crate::row::RowFacts {
                name: stringify!($name),
                table: $table,
                columns: &[$((
                    $crate::row::column_name(stringify!($field)),
                    <$type as $crate::FromColumn>::STORED,
                    <$type as $crate::FromColumn>::NULLABLE,
                )),*],
            };
        }

        impl $crate::FromRow for $name {
            const COLUMNS: &'static [&'static str] =
                &[$($crate::row::column_name(stringify!($field))),*];

            fn from_row(columns: &mut $crate::row::Columns<'_>) -> $crate::Result<Self> {
                Ok(Self { $($field: columns.take()?),* })
            }
        }
    };
}

/// The column of a field: `r#use` is the column `use`.
#[must_use]
pub const fn column_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// Two rows of a join, side by side.
#[derive(Clone, Debug)]
pub struct Join<A, B>(pub A, pub B);

impl<A: FromRow, B: FromRow> FromRow for Join<A, B> {
    const COLUMNS: &'static [&'static str] = &[];

    fn from_row(columns: &mut Columns<'_>) -> Result<Self> {
        Ok(Self(A::from_row(columns)?, B::from_row(columns)?))
    }
}

/// Three rows of a join, side by side.
#[derive(Clone, Debug)]
pub struct Join3<A, B, C>(pub A, pub B, pub C);

impl<A: FromRow, B: FromRow, C: FromRow> FromRow for Join3<A, B, C> {
    const COLUMNS: &'static [&'static str] = &[];

    fn from_row(columns: &mut Columns<'_>) -> Result<Self> {
        Ok(Self(A::from_row(columns)?, B::from_row(columns)?, C::from_row(columns)?))
    }
}

/// Tuples of columns, for texts without a row of their own.
macro_rules! tuples {
    ($(($($name:ident),*);)*) => {$(
        impl<$($name: FromColumn + Send),*> FromRow for ($($name,)*) {
            const COLUMNS: &'static [&'static str] = &[];

            fn from_row(columns: &mut Columns<'_>) -> Result<Self> {
                Ok(($(columns.take::<$name>()?,)*))
            }
        }
    )*};
}

tuples! {
    (A);
    (A, B);
    (A, B, C);
    (A, B, C, D);
    (A, B, C, D, E);
    (A, B, C, D, E, F);
}

#[cfg(test)]
mod tests {
    use super::*;

    row! { things;
        /// A thing.
        #[derive(PartialEq)]
        pub struct Thing {
            /// Documented.
            pub r#use: String,
            pub n: Option<i64>,
        }
    }

    struct Given(Vec<Cell<'static>>);

    impl Cells for Given {
        fn len(&self) -> usize {
            self.0.len()
        }
        fn cell(&self, index: usize) -> Result<Cell<'_>> {
            Ok(self.0[index])
        }
        fn name(&self, index: usize) -> String {
            format!("c{index}")
        }
    }

    fn decode<T: FromRow>(cells: &[Cell<'static>]) -> Result<T> {
        Columns::new(&Given(cells.to_vec())).decode()
    }

    #[test]
    fn a_row_knows_its_columns() {
        assert_eq!(Thing::COLUMNS, ["use", "n"]);
        let facts = Thing::FACTS;
        assert_eq!((facts.name, facts.table), ("Thing", Some("things")));
        assert_eq!(facts.columns, [("use", Stored::Text, false), ("n", Stored::Int, true)]);
    }

    #[test]
    fn rows_are_decoded_by_position() {
        let thing: Thing = decode(&[Cell::Text("sig"), Cell::Null]).unwrap();
        assert_eq!(thing, Thing { r#use: "sig".into(), n: None });
        let Join(pair, thing) = decode::<Join<(bool, i64), Thing>>(&[
            Cell::Int(1),
            Cell::Int(5),
            Cell::Text("enc"),
            Cell::Int(2),
        ])
        .unwrap();
        assert_eq!((pair, thing.n), ((true, 5), Some(2)));
    }

    #[test]
    fn a_row_that_does_not_fit_says_so() {
        for (cells, why) in [
            (&[Cell::Text("sig")][..], "returns 1 columns, its row takes more"),
            (&[Cell::Text("a"), Cell::Null, Cell::Null], "returns 3 columns, its row takes 2"),
            (&[Cell::Null, Cell::Null], "column c0 holds NULL"),
            (&[Cell::Text("a"), Cell::Text("b")], "column c1 holds a text"),
        ] {
            let error = decode::<Thing>(cells).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
