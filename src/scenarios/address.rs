//! Addresses that may hold a secret, such as a database's. What is shown of one never has it.
//!
//! One rule: whatever may be a password is shown as `***`. That is what stands between the first colon and the last `@`, and
//! the value of every `name=value` whose name speaks of a secret. An address can be ambiguous; then more is hidden, not less.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Text from the user that may hold a secret. It is shown without it, also by `Debug`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address(Arc<str>);

/// Stands for a secret.
const HIDDEN: &str = "***";
/// Parts of a name that speak of a secret.
const SECRET: [&str; 8] = ["pass", "pwd", "secret", "token", "key", "credential", "auth", "signature"];
/// Whole names that do.
const SECRET_NAMES: [&str; 2] = ["pw", "sig"];
/// A shorter secret may be a part of any word: it is not looked for in other texts.
const SHORTEST: usize = 3;

impl Address {
    /// The text itself, with its secret: only for whoever connects, and for the field in which it is typed.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether nothing was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it holds what may be a secret.
    #[must_use]
    pub fn has_secret(&self) -> bool {
        !secrets(&self.0).is_empty()
    }

    /// A message about this address without its secrets: who wrote it may have repeated them, as they are or decoded.
    #[must_use]
    pub fn hide_in(&self, message: &str) -> String {
        let mut hidden = message.replace(&*self.0, &self.to_string());
        for range in secrets(&self.0) {
            let raw = &self.0[range];
            for secret in [raw, &decoded(raw), raw.trim_matches(['\'', '"'])] {
                if secret.len() >= SHORTEST {
                    hidden = hidden.replace(secret, HIDDEN);
                }
            }
        }
        hidden
    }
}

impl<T: Into<Arc<str>>> From<T> for Address {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = 0;
        for range in secrets(&self.0) {
            write!(f, "{}{HIDDEN}", &self.0[shown..range.start])?;
            shown = range.end;
        }
        f.write_str(&self.0[shown..])
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// A text without what may be a secret in it, for a message that repeats what the user wrote.
#[must_use]
pub fn hide(text: &str) -> String {
    Address::from(text).to_string()
}

/// Where the secrets stand, in order and apart.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = assigned(text);
    found.extend(after_the_user(text));
    found.retain(|range| !range.is_empty());
    found.sort_by_key(|range| range.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for range in found {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// The password of `scheme://user:password@host`, where the scheme may be left out. It may hold any sign, `@` and `/` too.
fn after_the_user(text: &str) -> Option<Range<usize>> {
    let start = text.find("://").map_or(0, |scheme| scheme + 3);
    // A port has digits only; then what follows a question mark is no part of a password.
    let whole = &text[start..];
    let query = whole.find('?').filter(|query| {
        let before = &whole[..*query];
        let named = whole[query + 1..].split(['&', ';']).next().is_some_and(|part| part.contains('='));
        let port = before.rsplit_once(':').map(|(_, port)| port.split('/').next().unwrap_or_default());
        named
            && !before.contains('@')
            && port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit() || byte == b']'))
    });
    let lowered = text.to_ascii_lowercase();
    let region = &lowered[start..query.map_or(text.len(), |query| start + query)];
    let end = start + region.rfind('@').max(region.rfind("%40"))?;
    let before = &lowered[start..end];
    let colon = [before.find(':').map(|at| at + 1), before.find("%3a").map(|at| at + 3)].into_iter().flatten().min()?;
    Some(start + colon..end)
}

/// The values of names that speak of a secret, in a query or in a list of `name=value`.
fn assigned(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(sign) = text[from..].find('=').map(|sign| from + sign) {
        from = sign + 1;
        if !speaks_of_a_secret(name_before(text, sign)) {
            continue;
        }
        let value = sign + 1 + text[sign + 1..].bytes().take_while(u8::is_ascii_whitespace).count();
        let end = value_end(text, value);
        found.push(value..end);
        from = end;
    }
    found
}

/// The name that ends before an equals sign.
fn name_before(text: &str, sign: usize) -> &str {
    let before = text[..sign].trim_ascii_end();
    let start = before
        .rfind(|sign: char| !is_in_a_name(sign))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    &before[start..]
}

fn is_in_a_name(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '_' | '-' | '.' | '%' | '[' | ']')
}

fn speaks_of_a_secret(name: &str) -> bool {
    let name: String = decoded(name).to_lowercase().chars().filter(|sign| sign.is_alphanumeric()).collect();
    SECRET.iter().any(|part| name.contains(part)) || SECRET_NAMES.contains(&name.as_str())
}

/// Where a value ends: behind its closing quote, or where another name with a value follows, or with the text.
fn value_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    if let Some(quote @ (b'\'' | b'"')) = bytes.get(start) {
        at += 1;
        while at < bytes.len() && bytes[at] != *quote {
            at += if bytes[at] == b'\\' { 2 } else { 1 };
        }
    }
    let at = at.min(text.len());
    let separators = text
        .bytes()
        .enumerate()
        .skip(at)
        .filter(|(_, byte)| matches!(byte, b'&' | b';' | b',') || byte.is_ascii_whitespace());
    separators.map(|(at, _)| at).find(|at| begins_with_a_name(text[at + 1..].trim_ascii_start())).unwrap_or(text.len())
}

fn begins_with_a_name(text: &str) -> bool {
    let rest = text.trim_start_matches(is_in_a_name);
    rest.len() < text.len() && rest.trim_ascii_start().starts_with('=')
}

/// A text with what is written as `%40` in it read.
fn decoded(text: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let (bytes, mut read, mut at) = (text.as_bytes(), Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                read.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                read.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&read).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_of_an_address_shows_its_secret() {
        for (text, shown) in [
            ("postgres://me:geheim@host:5432/db", "postgres://me:***@host:5432/db"),
            ("postgres://me:geheim:@geheim@host/db", "postgres://me:***@host/db"),
            ("postgres://me:ge/geheim@host/db", "postgres://me:***@host/db"),
            ("postgres://me:ge?geheim@host/db", "postgres://me:***@host/db"),
            ("postgres://me:ge?a=geheim@host/db", "postgres://me:***@host/db"),
            ("postgres://me:ge#geheim@host/db", "postgres://me:***@host/db"),
            ("postgres://me:%40geheim@host/db", "postgres://me:***@host/db"),
            ("postgres://me:geheim%40host/db", "postgres://me:***%40host/db"),
            ("postgres://me%3Ageheim@host/db", "postgres://me%3A***@host/db"),
            ("postgres://me:geheim@[::1]:5432/db", "postgres://me:***@[::1]:5432/db"),
            ("postgres://me:geheim@one:1,two:2/db?a=b", "postgres://me:***@one:1,two:2/db?a=b"),
            ("postgres://me:geheim@one,you:geheim@two/db", "postgres://me:***@two/db"),
            ("me:geheim@host", "me:***@host"),
            (":geheim@host", ":***@host"),
            ("jdbc:postgresql://me:geheim@host", "jdbc:postgresql://me:***@host"),
            ("postgres://h:1/db?user=me&password=geheim", "postgres://h:1/db?user=me&password=***"),
            ("postgres://h:1/db?PassWord=geheim&user=me@x", "postgres://h:1/db?PassWord=***&user=me@x"),
            ("postgres://h/db?p%61ssword=geheim", "postgres://h/db?p%61ssword=***"),
            ("postgres://h/db?password=ge&geheim#geheim", "postgres://h/db?password=***"),
            ("postgres://[::1]:1/db?sslpassword=geheim;geheim", "postgres://[::1]:1/db?sslpassword=***"),
            ("sqlite:/tmp/x.db?key=geheim", "sqlite:/tmp/x.db?key=***"),
            ("host=h password='ge \\' geheim' user=me", "host=h password=*** user=me"),
            ("host=h password = \"a geheim\" user=me", "host=h password = *** user=me"),
            ("password=geheim,host=h", "password=***,host=h"),
            (
                "https://h/?apikey=geheim&access_token=geheim&pwd=geheim",
                "https://h/?apikey=***&access_token=***&pwd=***",
            ),
            ("a://h?pass=geheim&secret=geheim&pw=geheim", "a://h?pass=***&secret=***&pw=***"),
            ("a://h?password='geheim", "a://h?password=***"),
        ] {
            let address = Address::from(text);
            assert_eq!(address.to_string(), shown);
            assert!(!format!("{address:?}").contains("geheim") && address.has_secret(), "{address:?}");
            let echo = format!("cannot use '{text}'");
            assert!(!address.hide_in(&echo).contains("geheim"), "{}", address.hide_in(&echo));
            assert_eq!(address.reveal(), text);
        }
        for plain in
            ["", "x", "http://host/", "http://host:80/a/b", "http://me@host", "sqlite:/tmp/me.db", "me@[::1]:80"]
        {
            assert_eq!(Address::from(plain).to_string(), plain);
            assert!(!Address::from(plain).has_secret());
        }
    }

    #[test]
    fn a_secret_that_another_repeats_is_hidden_as_it_is_and_decoded() {
        let address = Address::from("postgres://me:ge%40heim@host/db?token=abc%20def");
        assert_eq!(address.hide_in("no ge@heim, ge%40heim, abc def"), "no ***, ***, ***");
    }
}
