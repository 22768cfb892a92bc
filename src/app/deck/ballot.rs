//! What an audience guesses: each guess with the hands that were shown for it.

/// A guess, and how many share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vote {
    pub(crate) guess: String,
    pub(crate) hands: u32,
}

/// All that was guessed, in the order in which it is offered or was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ballot {
    votes: Vec<Vote>,
}

/// No hall has more seats.
const MOST_HANDS: u32 = 9_999;
/// More guesses than this cannot be read on one page.
const MOST_GUESSES: usize = 6;

impl Ballot {
    /// With these choices, and no hand shown yet.
    pub(crate) fn among(choices: &[String]) -> Self {
        Self { votes: choices.iter().map(|choice| Vote { guess: choice.clone(), hands: 0 }).collect() }
    }

    pub(crate) fn votes(&self) -> &[Vote] {
        &self.votes
    }

    /// Adds hands to a guess, or takes some away; a guess that is new stands at the end.
    pub(crate) fn show_hands(&mut self, guess: &str, by: i32) {
        let place = self.votes.iter().position(|vote| vote.guess == guess);
        let place = match place {
            Some(place) => place,
            None if by > 0 && self.votes.len() < MOST_GUESSES => {
                self.votes.push(Vote { guess: guess.to_owned(), hands: 0 });
                self.votes.len() - 1
            }
            None => return,
        };
        let hands = &mut self.votes[place].hands;
        *hands = hands.saturating_add_signed(by).min(MOST_HANDS);
    }

    /// Whether there is room for one more guess.
    pub(crate) fn has_room(&self) -> bool {
        self.votes.len() < MOST_GUESSES
    }

    /// What most think; the first of those that share a place. None while no hand was shown.
    pub(crate) fn leading(&self) -> Option<&str> {
        let most = self.votes.iter().map(|vote| vote.hands).max().filter(|most| *most > 0)?;
        self.votes.iter().find(|vote| vote.hands == most).map(|vote| vote.guess.as_str())
    }

    /// How many hands were shown.
    pub(crate) fn hands(&self) -> u32 {
        self.votes.iter().map(|vote| vote.hands).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_are_counted_for_each_guess_and_the_most_lead() {
        let mut ballot = Ballot::among(&["yes".to_owned(), "no".to_owned()]);
        assert_eq!((ballot.leading(), ballot.hands()), (None, 0));
        ballot.show_hands("no", 1);
        ballot.show_hands("no", 1);
        ballot.show_hands("yes", 1);
        assert_eq!((ballot.leading(), ballot.hands()), (Some("no"), 3));
        ballot.show_hands("no", -1);
        assert_eq!(ballot.leading(), Some("yes"), "the first of those that share a place");
        ballot.show_hands("yes", -5);
        assert_eq!((ballot.leading(), ballot.hands()), (Some("no"), 1), "never fewer than none");
    }

    #[test]
    fn a_guess_that_was_typed_joins_the_others() {
        let mut ballot = Ballot::default();
        for guess in ["6 s", "3 s", "6 s"] {
            ballot.show_hands(guess, 1);
        }
        let votes: Vec<_> = ballot.votes().iter().map(|vote| (vote.guess.as_str(), vote.hands)).collect();
        assert_eq!(votes, [("6 s", 2), ("3 s", 1)]);
        ballot.show_hands("9 s", -1);
        assert_eq!(ballot.votes().len(), 2, "nothing is taken from what nobody said");
        (0..20).for_each(|number| ballot.show_hands(&number.to_string(), 1));
        assert!(!ballot.has_room() && ballot.votes().len() == MOST_GUESSES);
    }
}
