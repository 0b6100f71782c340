//! A loopback address of one's own. Nothing else may be known here but addresses and ports.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::{IpAddr, Ipv4Addr, TcpListener};

use super::SandboxError;

/// The port that is listened on to claim an address; nothing is ever said there.
const CLAIM_PORT: u16 = 7197;

/// How many addresses are tried before a port counts as taken on all of them.
const ATTEMPTS: usize = 8;

/// An address in 127.0.0.0/8 that no other sandbox gets while this value lives, in this process or another.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) ip: IpAddr,
    _claim: TcpListener,
}

impl Address {
    /// Claims a random address on which all of `ports` are free.
    ///
    /// # Errors
    /// A port is taken on all addresses, or addresses other than 127.0.0.1 cannot be used on this system.
    pub(super) fn claim(ports: &[u16]) -> Result<Self, SandboxError> {
        let mut refused = None;
        for _ in 0..ATTEMPTS {
            let ip = random_loopback();
            match Self::claim_this(ip, ports) {
                Ok(claimed) => return Ok(claimed),
                Err(why) => refused = Some(why),
            }
        }
        Err(match refused {
            Some((port, error)) if error.kind() == io::ErrorKind::AddrInUse => SandboxError::PortTaken(port),
            Some((_, error)) => SandboxError::NoAddress(error),
            None => SandboxError::NoAddress(io::ErrorKind::AddrNotAvailable.into()),
        })
    }

    fn claim_this(ip: IpAddr, ports: &[u16]) -> Result<Self, (u16, io::Error)> {
        let listen = |port| TcpListener::bind((ip, port)).map_err(|error| (port, error));
        let claim = listen(CLAIM_PORT)?;
        for &port in ports {
            listen(port)?;
        }
        Ok(Self { ip, _claim: claim })
    }
}

/// An address far from 127.0.0.x and 127.0.1.1, where people put nodes and resolvers of their own.
fn random_loopback() -> IpAddr {
    let random = RandomState::new().build_hasher().finish().to_le_bytes();
    let between = |byte: u8, low: u8, high: u8| low + byte % (high - low + 1);
    Ipv4Addr::new(127, between(random[0], 16, 250), between(random[1], 1, 250), between(random[2], 2, 250)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_address_cannot_be_claimed_again_until_it_is_given_back() {
        let first = Address::claim(&[]).unwrap();
        let ip = first.ip;
        let (port, error) = Address::claim_this(ip, &[]).unwrap_err();
        assert_eq!((port, error.kind()), (CLAIM_PORT, io::ErrorKind::AddrInUse));
        drop(first);
        assert!(Address::claim_this(ip, &[]).is_ok());
    }

    #[test]
    fn addresses_are_loopback_and_away_from_the_usual_ones() {
        for _ in 0..1000 {
            let IpAddr::V4(ip) = random_loopback() else { panic!("not IPv4") };
            let [first, second, third, fourth] = ip.octets();
            assert!(first == 127 && second >= 16 && third >= 1 && (2..=250).contains(&fourth), "{ip}");
        }
    }

    #[test]
    fn a_port_that_is_taken_on_all_addresses_is_named() {
        let taken = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = Address::claim(&[port]).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "Port {port} is taken on every loopback address: stop the program that listens on it on all addresses."
            )
        );
    }
}
