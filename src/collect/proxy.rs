//! Which of the peer and the forwarding headers is the client.
#![expect(clippy::disallowed_types, reason = "addresses live here and die in strip")]

use std::{net::IpAddr, str::FromStr};

/// The proxies whose word is taken: addresses or networks such as `10.0.0.0/8`.
#[derive(Clone, Default)]
pub struct Trust(Vec<Network>);

#[derive(Clone)]
struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Trust {
    /// Reads a list of addresses and networks.
    ///
    /// # Errors
    /// The first entry that is neither.
    pub fn parse(entries: &[String]) -> Result<Self, String> {
        entries.iter().map(|entry| entry.parse::<Network>()).collect::<Result<_, _>>().map(Self)
    }

    fn holds(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.holds(address))
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is neither an address nor a network such as 10.0.0.0/8");
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(widest), |p| p.trim().parse().map_err(|_| wrong()))?;
        if prefix > widest { Err(wrong()) } else { Ok(Self { address, prefix }) }
    }
}

impl Network {
    fn holds(&self, address: IpAddr) -> bool {
        let (ours, theirs) = (bits(self.address), bits(address.to_canonical()));
        if self.address.is_ipv4() != address.to_canonical().is_ipv4() {
            return false;
        }
        let width = if self.address.is_ipv4() { 32 } else { 128 };
        let shift = width - u32::from(self.prefix);
        shift >= 128 || ours >> shift == theirs >> shift
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

/// The client's address: the peer, or, where the peer is a trusted proxy, the last address of
/// `X-Forwarded-For` that is not one itself.
pub fn client_address(peer: IpAddr, forwarded_for: Option<&str>, trust: &Trust) -> IpAddr {
    let peer = peer.to_canonical();
    if !trust.holds(peer) {
        return peer;
    }
    let listed = forwarded_for.unwrap_or_default().rsplit(',').map_while(|part| one(part.trim()));
    let mut last = peer;
    for address in listed {
        last = address;
        if !trust.holds(address) {
            break;
        }
    }
    last
}

/// An address, with or without a port or brackets.
fn one(text: &str) -> Option<IpAddr> {
    let plain = text.parse().ok();
    let socket = || text.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    plain.or_else(socket).or_else(bracketed).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn client(peer: &str, header: Option<&str>, trust: &[&str]) -> String {
        let trust: Vec<String> = trust.iter().map(|&it| it.to_owned()).collect();
        client_address(peer.parse().unwrap(), header, &Trust::parse(&trust).unwrap()).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        for (peer, header, trust, want) in [
            ("192.0.2.1", Some("198.51.100.7"), vec![], "192.0.2.1"),
            ("192.0.2.1", Some("198.51.100.7"), vec!["192.0.2.0/24"], "198.51.100.7"),
            (
                "192.0.2.1",
                Some("1.1.1.1, 198.51.100.7, 192.0.2.9"),
                vec!["192.0.2.0/24"],
                "198.51.100.7",
            ),
            ("::ffff:192.0.2.1", Some("198.51.100.7:4433"), vec!["192.0.2.1"], "198.51.100.7"),
            ("192.0.2.1", Some("[2001:db8::1]"), vec!["192.0.2.1"], "2001:db8::1"),
            ("192.0.2.1", Some("unknown"), vec!["192.0.2.1"], "192.0.2.1"),
            ("192.0.2.1", None, vec!["0.0.0.0/0"], "192.0.2.1"),
        ] {
            assert_eq!(client(peer, header, &trust), want, "{peer} {header:?}");
        }
    }

    #[test]
    fn a_wrong_network_is_named() {
        for wrong in ["x", "10.0.0.0/33", "10.0.0.0/", "/8", ""] {
            assert!(Trust::parse(&[wrong.to_owned()]).err().unwrap().contains(wrong));
        }
    }

    proptest! {
        #[test]
        fn any_header_gives_an_address(header in "\\PC{0,80}") {
            let trust = Trust::parse(&["0.0.0.0/0".to_owned(), "::/0".to_owned()]).unwrap();
            client_address("192.0.2.1".parse().unwrap(), Some(&header), &trust);
        }
    }
}
