//! A small web site to fetch: numbered pages that link to each other.

use super::web_server::{Server, serve};
use crate::runtime::sleep;
use std::io;
use std::time::Duration;

/// A site of `/page-1`, `/page-2` and so on. The first page takes its time, each further one less.
#[derive(Debug)]
pub(super) struct Site {
    url: String,
    /// None where it is down.
    _server: Option<Server>,
}

impl Site {
    /// Opens a site of that many pages, the slowest of which takes `slowest`. It may have a fault: `server-down`,
    /// `bad-url` or `dead-link`.
    ///
    /// # Errors
    /// Names the address where it cannot listen.
    pub(super) async fn open(pages: u32, slowest: Duration, fault: &str) -> io::Result<Self> {
        let has_dead_link = fault == "dead-link";
        let server = serve(move |path| page(path, pages, slowest, has_dead_link)).await?;
        let url = server.url();
        Ok(match fault {
            "server-down" => {
                server.close().await;
                Self { url, _server: None }
            }
            "bad-url" => Self { url: url.replace("http:", "htp:"), _server: Some(server) },
            _ => Self { url, _server: Some(server) },
        })
    }

    /// The address that its pages' names follow.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

/// The text of a page, after the time that it takes.
async fn page(path: String, pages: u32, slowest: Duration, has_dead_link: bool) -> Option<String> {
    let number = path.strip_prefix("/page-")?.parse().ok().filter(|number| (1..=pages).contains(number))?;
    sleep(slowest * (pages + 1 - number) / pages).await;
    Some(text(number, pages, has_dead_link))
}

/// A page links to the first one, and to two that only it links to.
fn text(number: u32, pages: u32, has_dead_link: bool) -> String {
    let further = [2 * number, 2 * number + 1].into_iter().filter(|link| *link <= pages);
    let dead = (has_dead_link && number == pages).then_some(pages + 1);
    let links = [1].into_iter().chain(further).chain(dead);
    let items: String = links.map(|link| format!("<li><a href=\"/page-{link}\">Page {link}</a></li>\n")).collect();
    format!("<h1>Page {number}</h1>\n<ul>\n{items}</ul>\n")
}

/// What a page links to, in order.
pub(super) fn links(text: &str) -> Vec<String> {
    let starts = text.split("href=\"").skip(1);
    starts.filter_map(|rest| rest.split_once('"')).map(|(link, _)| link.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_from_the_first() {
        let mut found = vec!["/page-1".to_owned()];
        for number in 1..=20 {
            found.extend(links(&text(number, 20, false)).into_iter().skip(1));
        }
        let all: Vec<String> = (1..=20).map(|number| format!("/page-{number}")).collect();
        assert_eq!(found, all);
        assert_eq!(links(&text(20, 20, true)), ["/page-1", "/page-21"]);
    }
}
