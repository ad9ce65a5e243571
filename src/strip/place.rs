//! Address → country; the address is cut before it is looked up, and gone afterwards.
#![expect(clippy::disallowed_types, reason = "addresses die here")]

use std::net::{IpAddr, Ipv6Addr};

use maxminddb::Reader;
use serde::Deserialize;

use super::{Text, pseudonym::masked};

/// A database of countries by address, or none.
#[derive(Default)]
pub struct Countries(Option<Known>);

struct Known {
    reader: Reader<Vec<u8>>,
    /// Every pair of letters as a text, so that no hit has to make one.
    codes: Vec<Text>,
}

/// The shapes that free country databases come in.
#[derive(Deserialize)]
struct Record<'a> {
    country_code: Option<&'a str>,
    #[serde(borrow)]
    country: Option<Country<'a>>,
}

#[derive(Deserialize)]
struct Country<'a> {
    iso_code: Option<&'a str>,
}

impl Countries {
    /// Reads an mmdb file's bytes.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(bytes: Vec<u8>) -> Result<Self, String> {
        let reader = Reader::from_source(bytes).map_err(|error| error.to_string())?;
        let letters = || 'a'..='z';
        let pairs = letters().flat_map(|first| letters().map(move |second| [first, second]));
        let codes = pairs.map(|pair| Text::new(&String::from_iter(pair))).collect();
        Ok(Self(Some(Known { reader, codes })))
    }

    /// The two small letters of the country; `None` where it is not known.
    pub(super) fn of(&self, address: IpAddr, masked_bytes: u8) -> Option<Text> {
        let known = self.0.as_ref()?;
        let address = IpAddr::V6(Ipv6Addr::from(masked(address, masked_bytes))).to_canonical();
        let record: Record<'_> = known.reader.lookup(address).ok()?.decode().ok()??;
        let code = record.country_code.or_else(|| record.country?.iso_code)?;
        let &[first, second] = code.as_bytes() else { return None };
        let place =
            |letter: u8| letter.to_ascii_lowercase().checked_sub(b'a').filter(|it| *it < 26);
        let (first, second) = (place(first)?, place(second)?);
        known.codes.get(usize::from(first) * 26 + usize::from(second)).cloned()
    }
}
