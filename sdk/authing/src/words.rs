//! `words!`: closed sets of texts on the wire as enums.

/// Makes an enum from rows `Name = "text"`; another text is refused, naming those allowed.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$meta:meta])* $variant:ident = $text:literal),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize,
        )]
        #[cfg_attr(feature = "schema", derive(::schemars::JsonSchema))]
        pub enum $name {
            $(
                $(#[$meta])*
                #[doc = concat!("`", $text, "`")]
                #[serde(rename = $text)]
                $variant
            ),+
        }

        impl $name {
            /// Every word.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as the wire spells it.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

pub(crate) use words;
