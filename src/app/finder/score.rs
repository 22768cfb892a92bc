//! How well a few typed letters fit a name.
//!
//! Each typed word must be found in the name, letter by letter in order, with gaps. A letter at the beginning of a word
//! counts more, one right behind the letter before as well, and a name that is fitted nearer to its beginning or wholly
//! comes before a longer one. Case counts nothing. It knows nothing of what the names stand for.

/// A letter that is found at all.
const FOUND: i32 = 4;
/// At the beginning of a word of the name.
const WORD_START: i32 = 12;
/// At the beginning of the name.
const NAME_START: i32 = 6;
/// Right behind the letter before.
const NEXT: i32 = 10;
/// What a gap costs at most, a point for each letter left out.
const MOST_GAP: usize = 6;

/// How well a name is fitted, and by which of its letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fit {
    /// More is better.
    pub(super) score: i32,
    /// The places of the fitted letters in the name, in letters, in order.
    pub(super) letters: Vec<usize>,
}

/// Fits what is typed to a name; nothing where a letter is not found.
pub(super) fn fit(typed: &str, name: &str) -> Option<Fit> {
    let name: Vec<char> = name.chars().flat_map(|letter| letter.to_lowercase().next()).collect();
    let mut fit = Fit { score: 0, letters: Vec::new() };
    for word in typed.split_whitespace() {
        let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        let (score, letters) = fit_word(&word, &name)?;
        fit.score += score;
        fit.letters.extend(letters);
    }
    fit.letters.sort_unstable();
    fit.letters.dedup();
    // Of two names that fit as well, the shorter one.
    fit.score -= (name.len() / 8) as i32;
    Some(fit)
}

/// The best way to find the letters of `word` in `name`.
fn fit_word(word: &[char], name: &[char]) -> Option<(i32, Vec<usize>)> {
    // For each letter of the word and each place where it may stand: the best score up to there, and the place before.
    let mut best: Vec<Vec<Option<(i32, usize)>>> = Vec::with_capacity(word.len());
    for (number, letter) in word.iter().enumerate() {
        let row = (0..name.len()).map(|place| {
            if name[place] != *letter {
                return None;
            }
            let own = FOUND + bonus(name, place);
            let Some(before) = number.checked_sub(1) else { return Some((own, place)) };
            let reached = best[before][..place].iter().enumerate();
            let scores = reached.filter_map(|(earlier, known)| {
                let (score, _) = (*known)?;
                let gap = place - earlier - 1;
                Some((score + if gap == 0 { NEXT } else { -(gap.min(MOST_GAP) as i32) } + own, earlier))
            });
            // Of equals the later one, which is the nearer.
            scores.max()
        });
        let row: Vec<_> = row.collect();
        best.push(row);
    }
    let last = best.last()?.iter().enumerate();
    let (mut place, score) = last
        .filter_map(|(place, known)| Some((place, (*known)?.0)))
        .max_by_key(|(place, score)| (*score, usize::MAX - place))?;
    let mut letters = vec![place];
    for row in best.iter().skip(1).rev() {
        place = row[place].map_or(place, |(_, before)| before);
        letters.push(place);
    }
    letters.reverse();
    Some((score, letters))
}

fn bonus(name: &[char], place: usize) -> i32 {
    match place.checked_sub(1) {
        None => WORD_START + NAME_START,
        Some(before) if !name[before].is_alphanumeric() => WORD_START,
        Some(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first<'a>(typed: &str, names: &[&'a str]) -> &'a str {
        names.iter().max_by_key(|name| fit(typed, name).map_or(i32::MIN, |fit| fit.score)).unwrap()
    }

    #[test]
    fn letters_are_found_in_order_or_the_name_does_not_fit() {
        assert_eq!(fit("rst", "Restart").unwrap().letters, [0, 2, 3]);
        assert_eq!(fit("zin", "Zoom in").unwrap().letters, [0, 5, 6]);
        assert!(fit("tsr", "Stop").is_none() && fit("x", "").is_none());
        assert!(fit("", "anything").unwrap().letters.is_empty());
    }

    #[test]
    fn words_may_come_in_any_order_and_in_any_case() {
        assert!(fit("contrast HIGH", "High contrast").is_some());
        assert!(fit("high low", "High contrast").is_none());
    }

    #[test]
    fn beginnings_of_words_and_runs_of_letters_come_first() {
        assert_eq!(first("se", &["Undo a pause", "Select the task above", "Close"]), "Select the task above");
        assert_eq!(first("ll", &["Select the lane of the loop", "Follow", "Leave the loop"]), "Leave the loop");
        assert_eq!(
            first("lock", &["A lock and its line", "Run on the virtual clock", "Lots of cork"]),
            "A lock and its line"
        );
        assert_eq!(first("zoom", &["Zoom out of everything", "Zoom in"]), "Zoom in");
    }

    #[test]
    fn a_long_name_and_many_letters_take_no_time_to_speak_of() {
        let name = "ab".repeat(200);
        assert!(fit(&"ab".repeat(40), &name).is_some());
    }
}
