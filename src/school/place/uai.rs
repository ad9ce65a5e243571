//! The code of an establishment (UAI, formerly RNE): seven digits and the letter that checks them.

use std::{fmt, str};

use super::{Academy, Department};
use crate::site::check_letter;

/// A code whose letter was checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uai([u8; 8]);

/// Why a text is no such code. What was written is not repeated: it may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UaiFault {
    /// So many characters in place of eight.
    Length(usize),
    /// Not seven digits and a letter.
    Form,
    /// The letter that the digits ask for, and the one that stood there.
    Letter { right: char, found: char },
}

impl fmt::Display for UaiFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(0) => write!(f, "no UAI: write seven digits and a letter"),
            Self::Length(found) => {
                write!(f, "a UAI has 8 characters (seven digits and a letter), not {found}")
            }
            Self::Form => write!(f, "a UAI is seven digits and a letter, such as 0751234J"),
            Self::Letter { right, found } => {
                write!(
                    f,
                    "the letter of the UAI is {found}, its digits ask for {right}: one of them is mistyped"
                )
            }
        }
    }
}

impl std::error::Error for UaiFault {}

impl Uai {
    /// Reads a code; small letters and spaces around it do not matter.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, UaiFault> {
        let text = text.trim();
        let code: [u8; 8] =
            text.as_bytes().try_into().map_err(|_| UaiFault::Length(text.chars().count()))?;
        let code = code.map(|it| it.to_ascii_uppercase());
        let [digits @ .., letter] = code;
        if !digits.iter().all(u8::is_ascii_digit) || !letter.is_ascii_uppercase() {
            return Err(UaiFault::Form);
        }
        let right = check_letter(&digits);
        if letter == right {
            Ok(Self(code))
        } else {
            Err(UaiFault::Letter { right: char::from(right), found: char::from(letter) })
        }
    }

    /// The code, as it is written.
    pub fn as_str(&self) -> &str {
        // Digits and a letter, checked when it was read.
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The département that the code tells; none abroad.
    pub fn department(&self) -> Option<&'static Department> {
        Department::of(self)
    }

    /// The académie that the code tells; none abroad.
    pub fn academy(&self) -> Option<&'static Academy> {
        Some(self.department()?.academy())
    }

    #[cfg(test)]
    pub(super) fn of_number(number: u32) -> Self {
        let digits = format!("{number:07}");
        let letter = char::from(check_letter(digits.as_bytes()));
        Self::parse(&format!("{digits}{letter}")).unwrap()
    }
}

impl fmt::Display for Uai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Uai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uai({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_of_real_schools_are_right() {
        for code in [
            "0700585F", "0711989B", "0210100V", "0210109E", "0210118P", "0750360J", "0750362L",
            "0750387N", "0750484U", "0750680G", "0750693W", "0750652B", "9741324W", "9750001C",
            "9760127J", "9830002K", "9830507J", "9830557N", "9870026P", "0040533H",
        ] {
            assert_eq!(Uai::parse(code).unwrap().as_str(), code);
        }
        assert_eq!(Uai::parse(" 0700585f ").unwrap().to_string(), "0700585F");
    }

    #[test]
    fn a_fault_says_what_is_wrong() {
        for (text, fault) in [
            ("", UaiFault::Length(0)),
            ("700585F", UaiFault::Length(7)),
            ("É700585", UaiFault::Form),
            ("élève", UaiFault::Length(5)),
            ("070058FF", UaiFault::Form),
            ("07005851", UaiFault::Form),
            ("0700585G", UaiFault::Letter { right: 'F', found: 'G' }),
            ("0700585O", UaiFault::Letter { right: 'F', found: 'O' }),
            ("0700586F", UaiFault::Letter { right: 'G', found: 'F' }),
        ] {
            assert_eq!(Uai::parse(text), Err(fault), "{text}");
        }
        let said = UaiFault::Letter { right: 'F', found: 'G' }.to_string();
        assert!(said.contains("is G") && said.contains("ask for F"), "{said}");
    }

    proptest! {
        #[test]
        fn one_wrong_digit_or_two_that_changed_places_are_found(
            number in 0_u32..10_000_000, at in 0_usize..7, digit in 0_u8..10,
        ) {
            let code = Uai::of_number(number);
            let mut one = code.0;
            one[at] = b'0' + digit;
            let same = one == code.0;
            prop_assert_eq!(Uai::parse(str::from_utf8(&one).unwrap()).is_ok(), same);
            let mut swapped = code.0;
            swapped.swap(at.min(5), at.min(5) + 1);
            let same = swapped == code.0;
            prop_assert_eq!(Uai::parse(str::from_utf8(&swapped).unwrap()).is_ok(), same);
        }

        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            if let Ok(uai) = Uai::parse(&text) {
                prop_assert_eq!(uai.as_str(), text.trim().to_ascii_uppercase());
            }
        }
    }
}
