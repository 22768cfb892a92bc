//! Who can reach a scenario's server: read from the system's own table of sockets, for this process alone.
//!
//! One test and a process of its own, because sockets belong to the process.
#![cfg(target_os = "linux")]

mod support;

use loopscope::runtime::Speed;
use loopscope::scenarios::{self, Scenario};
use loopscope::session::{Plan, Session, Start};
use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The state `TCP_LISTEN` in `/proc/net/tcp`, see proc(5).
const LISTENS: &str = "0A";

/// The sockets of this process, by their numbers in the system's tables.
fn own_sockets() -> BTreeSet<String> {
    let files = fs::read_dir("/proc/self/fd").unwrap().flatten();
    let names = files.filter_map(|file| fs::read_link(file.path()).ok()?.into_os_string().into_string().ok());
    names.filter_map(|name| Some(name.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())).collect()
}

/// An address as the table has it: words of four bytes in the machine's order, a colon, the port.
fn address(text: &str) -> SocketAddr {
    let (ip, port) = text.split_once(':').unwrap();
    let words =
        ip.as_bytes().chunks(8).map(|word| u32::from_str_radix(std::str::from_utf8(word).unwrap(), 16).unwrap());
    let bytes: Vec<u8> = words.flat_map(u32::to_ne_bytes).collect();
    let ip = match <[u8; 4]>::try_from(bytes.as_slice()) {
        Ok(bytes) => IpAddr::from(Ipv4Addr::from(bytes)),
        Err(_) => IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(bytes.as_slice()).unwrap())),
    };
    SocketAddr::new(ip, u16::from_str_radix(port, 16).unwrap())
}

/// Where this process listens.
fn listeners() -> BTreeSet<SocketAddr> {
    let own = own_sockets();
    let tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"].map(|path| fs::read_to_string(path).unwrap_or_default());
    let rows =
        tables.iter().flat_map(|table| table.lines().skip(1)).map(|row| row.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row[3] == LISTENS && own.contains(row[9])).map(|row| address(row[1])).collect()
}

/// Where a run of the scenario listens, at any time until `stop` says that it is to be stopped.
fn listens(
    scenario: &'static Scenario,
    set: &[&str],
    stop: impl Fn(&BTreeSet<SocketAddr>) -> bool,
) -> BTreeSet<SocketAddr> {
    let mut plan = Plan { speed: Speed::MAX, ..Plan::new(scenario) };
    set.iter().for_each(|assignment| plan.params.assign(assignment).unwrap());
    let mut session = Session::start(plan, Start::Running, || {}).unwrap();
    session.end_input();
    let mut seen = BTreeSet::new();
    while session.pump_wait() {
        let now = listeners();
        if stop(&now) {
            seen.extend(now);
            session.stop();
            break;
        }
        seen.extend(now);
    }
    drop(session);
    assert_eq!(listeners(), BTreeSet::new(), "{} is over and listens", scenario.id);
    seen
}

#[test]
fn servers_listen_on_the_loopback_interface_at_a_free_port_and_only_while_they_run() {
    // That the table is read rightly: a listener of our own is seen.
    let own = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    assert_eq!(listeners(), BTreeSet::from([own.local_addr().unwrap()]));
    drop(own);

    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap();
    let range: Vec<u16> = range.split_whitespace().map(|port| port.parse().unwrap()).collect();
    let mut with_server = Vec::new();
    for scenario in scenarios::all() {
        let seen = listens(scenario, &[], |_| false);
        for address in &seen {
            assert!(address.ip().is_loopback(), "{} listens at {address}", scenario.id);
            assert!((range[0]..=range[1]).contains(&address.port()), "{}: the port of {address}", scenario.id);
        }
        if !seen.is_empty() {
            with_server.push(scenario.id);
        }
    }
    assert_eq!(with_server, ["http-client", "scrape", "http-server"]);

    for id in with_server {
        let scenario = scenarios::find(id).unwrap();
        let seen = listens(scenario, &[], |now| !now.is_empty());
        assert_eq!(seen.len(), 1, "{id}, stopped in the middle: {seen:?}");
    }
}
