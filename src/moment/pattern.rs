//! Names and lines with `*` in them, which stands for anything. It knows no events.

/// A name or a line, in which each `*` stands for any text, also for none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    /// What stands between the stars; one part where there is no star.
    parts: Vec<String>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self { parts: text.split('*').map(str::to_owned).collect() }
    }

    /// What matches any name.
    pub(super) fn anything() -> Self {
        Self::new("*")
    }

    pub(super) fn is_anything(&self) -> bool {
        self.parts.len() > 1 && self.parts.iter().all(String::is_empty)
    }

    /// A text that it matches: each star stands for this.
    pub(super) fn filled(&self, star: &str) -> String {
        self.parts.join(star)
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        self.stars(name).is_some()
    }

    /// What each star stands for in `name`; none where it does not match. Each star but the last takes as little as it can.
    pub(super) fn stars<'a>(&self, name: &'a str) -> Option<Vec<&'a str>> {
        let (first, rest) = self.parts.split_first()?;
        let mut left = name.strip_prefix(first.as_str())?;
        let Some((last, middle)) = rest.split_last() else {
            return left.is_empty().then(Vec::new);
        };
        let mut stars = Vec::new();
        for part in middle {
            let (star, after) = left.split_once(part.as_str())?;
            stars.push(star);
            left = after;
        }
        stars.push(left.strip_suffix(last.as_str())?);
        Some(stars)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_star_stands_for_anything_anywhere() {
        for (pattern, name, stars) in [
            ("fetch-1", "fetch-1", Some(vec![])),
            ("fetch-1", "fetch-12", None),
            ("fetch-*", "fetch-12", Some(vec!["12"])),
            ("*served", "customer is served", Some(vec!["customer is "])),
            ("/page-*: * bytes", "/page-3: 12 bytes", Some(vec!["3", "12"])),
            ("a*a", "a", None),
            ("*", "", Some(vec![""])),
            ("**", "x", Some(vec!["", "x"])),
            ("", "x", None),
            ("é*", "éa", Some(vec!["a"])),
        ] {
            assert_eq!(Pattern::new(pattern).stars(name), stars, "{pattern} on {name}");
            assert!(Pattern::new(pattern).matches(&Pattern::new(pattern).filled("1")), "{pattern}");
        }
    }
}
