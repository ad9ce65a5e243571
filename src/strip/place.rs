//! Address → country; the address is cut before it is looked up, and gone afterwards.
#![expect(clippy::disallowed_types, reason = "addresses die here")]

use std::net::{IpAddr, Ipv6Addr};

use maxminddb::Reader;
use serde::Deserialize;

use super::{Text, pseudonym::masked};

/// A database of countries by address, or none.
#[derive(Default)]
pub struct Countries(Option<Reader<Vec<u8>>>);

/// The shapes that free country databases come in.
#[derive(Deserialize)]
struct Record {
    country_code: Option<String>,
    country: Option<Country>,
}

#[derive(Deserialize)]
struct Country {
    iso_code: Option<String>,
}

impl Countries {
    /// Reads an mmdb file's bytes.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(bytes: Vec<u8>) -> Result<Self, String> {
        Reader::from_source(bytes)
            .map(|reader| Self(Some(reader)))
            .map_err(|error| error.to_string())
    }

    /// The two small letters of the country; `None` where it is not known.
    pub(super) fn of(&self, address: IpAddr, masked_bytes: u8) -> Option<Text> {
        let reader = self.0.as_ref()?;
        let address = IpAddr::V6(Ipv6Addr::from(masked(address, masked_bytes))).to_canonical();
        let record: Record = reader.lookup(address).ok()?.decode().ok()??;
        let code = record.country_code.or_else(|| record.country?.iso_code)?;
        (code.len() == 2).then(|| Text::new(&code.to_lowercase()))
    }
}
