//! Lists that are compiled in and closed.

/// An enumeration whose entries have a word that is stored, a name in French and in English, and,
/// where people write them freely, their usual spellings (folded, `|` between them).
macro_rules! closed_list {
    ($(#[$doc:meta])* $list:ident {
        $($name:ident $word:literal $french:literal $english:literal $($spellings:literal)?)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $list { $(#[doc = $french] $name,)* }

        impl $list {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word that is stored and asked for.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The name in French and English.
            pub const fn names(self) -> [&'static str; 2] {
                match self { $(Self::$name => [$french, $english],)* }
            }

            /// The one of that word.
            pub fn by_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.word() == word)
            }

            $crate::school::list::spellings! { $($name $($spellings)?)* }
        }
    };
}

/// Nothing where a list has no spellings.
macro_rules! spellings {
    ($($name:ident)*) => {};
    ($($name:ident $spellings:literal)*) => {
        const fn spellings(self) -> &'static str {
            match self { $(Self::$name => $spellings,)* }
        }
    };
}

pub(super) use {closed_list, spellings};
