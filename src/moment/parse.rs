//! The grammar of moments. What the words mean stands in the module's documentation.

use super::error::{MomentError, nearest};
use super::lex::TokenKind;
use super::parser::Parser;
use super::pattern::Pattern;
use super::tree::{Atom, By, Cond, Counted, Deed, For, Measure, ThingIs, Which, Who};

/// Reads a moment, all of the text.
pub(super) fn moment(text: &str) -> Result<Cond, MomentError> {
    let mut parser = Parser::new(text, &[])?;
    if parser.peek().is_none() {
        return Err(parser.wrong("a moment is missing, such as `any task done`"));
    }
    let cond = parser.moment()?;
    parser.end()?;
    Ok(cond)
}

/// What a task can do, as one says it: for proposals.
const DEEDS: [&str; 20] = [
    "spawned",
    "ready",
    "runs",
    "suspends",
    "yields",
    "returns",
    "done",
    "failed",
    "panicked",
    "cancelled",
    "waits",
    "goes",
    "wakes",
    "woken",
    "spawns",
    "prints",
    "timer",
    "waited",
    "ran",
    "computes",
];
/// What can be said of other things.
const STATES: [&str; 13] = [
    "full", "empty", "free", "set", "open", "closed", "held", "changes", "length", "waiting", "value", "entered", "job",
];
/// Moments that stand alone.
const ALONE: [&str; 11] =
    ["printed", "idle", "deadlock", "run ends", "clean-up", "late", "iteration", "at", "after", "any task", "each"];

impl Parser<'_> {
    pub(super) fn moment(&mut self) -> Result<Cond, MomentError> {
        let parts = self.list("then", Self::either)?;
        Ok(one_or(parts, Cond::Then))
    }

    fn either(&mut self) -> Result<Cond, MomentError> {
        let parts = self.list("or", Self::both)?;
        Ok(one_or(parts, Cond::Any))
    }

    fn both(&mut self) -> Result<Cond, MomentError> {
        let start = self.at;
        let parts = self.list("and", Self::negated)?;
        // Two happenings are two events; where both words tell of one, they are one statement.
        let has_sequence = parts.len() > 1 && parts.iter().any(|part| matches!(part, Cond::Then(_)));
        if has_sequence {
            let message = "`then` makes a moment of several events, which is no part of an `and`";
            return Err(MomentError::new(self.text, self.span_from(start), message));
        }
        Ok(one_or(parts, Cond::All))
    }

    fn list(
        &mut self,
        between: &str,
        part: impl Fn(&mut Self) -> Result<Cond, MomentError>,
    ) -> Result<Vec<Cond>, MomentError> {
        let mut parts = vec![part(self)?];
        while self.take(&[between]) {
            parts.push(part(self)?);
        }
        Ok(parts)
    }

    fn negated(&mut self) -> Result<Cond, MomentError> {
        if self.take(&["not"]) {
            let start = self.at;
            let cond = self.deeper(Self::negated)?;
            if cond.can_hold() {
                return Ok(Cond::Not(Box::new(cond)));
            }
            let span = self.span_from(start);
            let message = "`not` needs what holds for a while; this happens at an instant, so that it mostly does not";
            let proposal = instead_of(&cond);
            return Err(MomentError::new(self.text, span, message).proposing(proposal));
        }
        if self.take_sign("(") {
            let cond = self.deeper(Self::moment)?;
            self.expect_sign(")")?;
            return Ok(cond);
        }
        self.atom().map(Cond::Atom)
    }

    fn atom(&mut self) -> Result<Atom, MomentError> {
        if self.peek().is_none() {
            return Err(self.wrong("here something is missing: a name, or `any task`"));
        }
        let is_compared = matches!(self.ahead(1), Some(TokenKind::Sign(sign)) if *sign != "(" && *sign != ")");
        let counted = [
            ("ready", Counted::Ready),
            ("running", Counted::Running),
            ("waiting", Counted::Waiting),
            ("iteration", Counted::Iteration),
        ];
        if is_compared && let Some(counted) = self.take_one(&counted) {
            return Ok(Atom::Count(counted, self.compare()?, self.number()?));
        }
        // Unless a task has that name.
        let says_more =
            |parser: &Self| parser.word_ahead(1).is_some_and(|next| DEEDS.contains(&next) || STATES.contains(&next));
        if !says_more(self) && self.take_one(&[("printed", ()), ("prints", ())]).is_some() {
            return Ok(Atom::Printed(self.line()?));
        }
        if matches!(self.ahead(1), Some(TokenKind::Time(_) | TokenKind::Number(_)))
            && self.take_one(&[("at", ()), ("after", ())]).is_some()
        {
            return Ok(Atom::At(self.time()?));
        }
        if self.take(&["late", "by"]) {
            let who = Who { which: Which::Any, name: Pattern::anything() };
            return Ok(Atom::Task(who, Deed::TimerFires(Some((self.compare()?, self.time()?)))));
        }
        if self.take(&["run", "ends"]) {
            return Ok(Atom::RunEnds);
        }
        if !says_more(self) {
            match self.word() {
                Some("idle") => return self.alone(Atom::Idle),
                Some("deadlock") => return self.alone(Atom::Deadlock),
                Some("clean-up") => return self.alone(Atom::CleanUp),
                _ => {}
            }
        }
        self.statement()
    }

    fn alone(&mut self, atom: Atom) -> Result<Atom, MomentError> {
        self.at += 1;
        Ok(atom)
    }

    /// A line that is printed.
    fn line(&mut self) -> Result<Pattern, MomentError> {
        match self.take_quoted() {
            Some(line) => Ok(Pattern::new(&line)),
            None => {
                let proposal = self.word().map(|word| format!("\"{word}*\""));
                Err(self.wrong("the line that is printed goes in quotes").proposing(proposal))
            }
        }
    }

    /// Of which tasks, and of which name.
    fn who(&mut self) -> Result<Who, MomentError> {
        let which = match self.word() {
            Some("any") => Some(Which::Any),
            Some("each" | "last") => Some(Which::Each),
            Some("first") => Some(Which::Nth(1)),
            Some("the") => match self.ahead(1) {
                Some(TokenKind::Ordinal(0)) => {
                    self.at += 1;
                    return Err(self.wrong("tasks are counted from the first").proposing(Some("1st")));
                }
                Some(TokenKind::Ordinal(number)) => Some(Which::Nth(*number)),
                Some(TokenKind::Word(word)) if word == "first" => Some(Which::Nth(1)),
                Some(TokenKind::Word(word)) if word == "last" => Some(Which::Each),
                Some(TokenKind::Word(word)) if word == "second" => Some(Which::Nth(2)),
                Some(TokenKind::Word(word)) if word == "third" => Some(Which::Nth(3)),
                _ => {
                    self.at += 1;
                    return Err(self.wrong("here comes which one, such as `4th`"));
                }
            },
            _ => None,
        };
        if which.is_some() {
            self.at += if self.word() == Some("the") { 2 } else { 1 };
        }
        let is_quoted = matches!(self.peek(), Some(TokenKind::Quoted(_)));
        let name = self.name("a name, or `task`")?;
        let is_any = which.is_some() && !is_quoted && (name == "task" || name == "tasks");
        let name = if is_any { Pattern::anything() } else { Pattern::new(&name) };
        Ok(Who { which: which.unwrap_or(Which::Any), name })
    }

    fn statement(&mut self) -> Result<Atom, MomentError> {
        let start = self.at;
        let is_chosen = matches!(self.word(), Some("any" | "each" | "first" | "last" | "the"));
        let who = self.who()?;
        let said = self.at;
        if self.take(&["to"]) {
            self.take_one(&[("be", ()), ("become", ())]);
        } else {
            self.take_one(&[("is", ()), ("are", ()), ("becomes", ()), ("become", ())]);
        }
        if let Some(deed) = self.deed()? {
            return Ok(Atom::Task(who, deed));
        }
        if let Some(atom) = self.thing(&who)? {
            if is_chosen {
                let message = "`any`, `each`, `first` and `the 2nd` choose among tasks, and this is none";
                return Err(MomentError::new(self.text, self.span_from(start), message));
            }
            return Ok(atom);
        }
        self.at = self.at.max(said);
        let Some(word) = self.word() else {
            return Err(self.alone_proposal(start, said));
        };
        let proposal = nearest(word, DEEDS.into_iter().chain(STATES));
        let message = format!("`{word}` is nothing that happens to a task or a shared thing");
        Err(self.wrong(message).proposing(proposal))
    }

    /// A name has nothing said of it: it may be a word that stands alone, misspelt.
    fn alone_proposal(&self, start: usize, said: usize) -> MomentError {
        if self.at > said || self.peek().is_some() {
            return self.wrong("here comes what happens, such as `runs`, `waits` or `full`");
        }
        let span = self.span_from(start);
        let name = self.text.get(span.clone()).unwrap_or_default();
        let message = format!("nothing is said of {name}: add what happens, such as `{name} runs` or `{name} full`");
        MomentError::new(self.text, span, message).proposing(nearest(name, ALONE))
    }

    fn deed(&mut self) -> Result<Option<Deed>, MomentError> {
        // Words that say the same of a shared thing.
        if self.word() == Some("waiting") {
            return Ok(None);
        }
        let Some(word) = self.word() else { return Ok(None) };
        let simple = match word {
            "spawned" => Deed::Spawned,
            "ready" => Deed::Ready,
            "runs" | "run" => Deed::Runs,
            "suspends" | "suspend" | "suspended" => Deed::Suspends,
            "yields" | "yield" => Deed::Yields,
            "returns" | "return" | "returned" => Deed::Returns,
            "done" | "ends" | "end" => Deed::Done,
            "failed" | "fails" | "fail" => Deed::Failed,
            "panicked" | "panics" | "panic" => Deed::Panicked,
            "cancelled" | "canceled" | "dropped" => Deed::Cancelled,
            "computes" | "compute" => Deed::Computes,
            _ => return self.longer_deed(),
        };
        self.at += 1;
        Ok(Some(simple))
    }

    fn longer_deed(&mut self) -> Result<Option<Deed>, MomentError> {
        if self.take(&["asked", "to", "end"]) {
            return Ok(Some(Deed::AskedToEnd));
        }
        if self.take(&["waits"]) || self.take(&["wait"]) {
            let waits_for = if self.take(&["for"]) { Some(self.waits_for()?) } else { None };
            return Ok(Some(Deed::Waits(waits_for, self.place()?)));
        }
        if self.take(&["goes", "on"]) || self.take(&["go", "on"]) {
            return Ok(Some(Deed::GoesOn(self.place()?)));
        }
        if self.take(&["wakes"]) || self.take(&["wake"]) {
            return Ok(Some(Deed::Wakes(self.other()?)));
        }
        if self.take(&["woken", "by"]) {
            return Ok(Some(Deed::Woken(self.by()?)));
        }
        if self.take(&["spawns"]) || self.take(&["spawn"]) {
            return Ok(Some(Deed::Spawns(self.other()?)));
        }
        if self.take(&["prints"]) || self.take(&["print"]) || self.take(&["printed"]) {
            return Ok(Some(Deed::Prints(self.line()?)));
        }
        if self.word() == Some("timer") {
            return self.timer().map(Some);
        }
        if self.take(&["waited"]) || self.take(&["have", "waited"]) {
            return Ok(Some(Deed::Waited(self.compare()?, self.time()?)));
        }
        if self.take(&["ran"]) || self.take(&["have", "run"]) {
            return Ok(Some(Deed::Ran(self.compare()?, self.time()?)));
        }
        if self.take(&["was", "ready"]) {
            return Ok(Some(Deed::WasReady(self.compare()?, self.time()?)));
        }
        Ok(None)
    }

    fn timer(&mut self) -> Result<Deed, MomentError> {
        self.at += 1;
        if self.take(&["cancelled"]) || self.take(&["canceled"]) {
            return Ok(Deed::TimerCancelled);
        }
        let fires = self.take(&["fires"]) || self.take(&["fire"]);
        if self.take(&["late"]) {
            let late = if self.take(&["by"]) { (self.compare()?, self.time()?) } else { LATE };
            return Ok(Deed::TimerFires(Some(late)));
        }
        if fires {
            return Ok(Deed::TimerFires(None));
        }
        let proposal = self.word().and_then(|word| nearest(word, ["fires", "late", "cancelled"]));
        Err(self.wrong("a timer `fires`, `fires late` or is `cancelled`").proposing(proposal))
    }

    fn waits_for(&mut self) -> Result<For, MomentError> {
        let kinds = [
            ("timer", 0),
            ("job", 1),
            ("tasks", 2),
            ("task", 2),
            ("io", 3),
            ("input", 4),
            ("stream", 5),
            ("library", 6),
        ];
        Ok(match self.take_one(&kinds) {
            Some(0) => For::Timer,
            Some(1) => For::Job,
            Some(2) => For::Tasks,
            Some(3) => For::Io,
            Some(4) => For::Input,
            Some(5) => For::Stream,
            Some(_) => For::Library,
            None => For::Named(Pattern::new(
                &self.name("what it waits for: a name, or `timer`, `job`, `tasks`, `io`, `input`")?,
            )),
        })
    }

    fn place(&mut self) -> Result<Option<Pattern>, MomentError> {
        if !self.take(&["at"]) {
            return Ok(None);
        }
        if let Some(TokenKind::Number(line)) = self.peek() {
            let place = format!("*:{line}");
            self.at += 1;
            return Ok(Some(Pattern::new(&place)));
        }
        Ok(Some(Pattern::new(&self.name("a place: the mark of a line, its number, or `file.rs:12`")?)))
    }

    /// The other task of a statement.
    fn other(&mut self) -> Result<Pattern, MomentError> {
        if self.take(&["any", "task"]) {
            return Ok(Pattern::anything());
        }
        Ok(Pattern::new(&self.name("the name of a task")?))
    }

    fn by(&mut self) -> Result<By, MomentError> {
        if self.take(&["another", "thread"]) || self.take(&["a", "thread"]) {
            return Ok(By::Thread);
        }
        let kinds = [("thread", 0), ("timer", 1), ("io", 2), ("job", 3), ("user", 4)];
        Ok(match self.take_one(&kinds) {
            Some(0) => By::Thread,
            Some(1) => By::Timer,
            Some(2) => By::Io,
            Some(3) => By::Job,
            Some(_) => By::User,
            None => By::Task(self.other()?),
        })
    }

    /// What is said of something that is no task.
    fn thing(&mut self, who: &Who) -> Result<Option<Atom>, MomentError> {
        let name = who.name.clone();
        if self.take(&["entered"]) {
            return Ok(Some(Atom::Entered(name)));
        }
        if self.take(&["job", "starts"]) {
            return Ok(Some(Atom::JobStarts(name)));
        }
        if self.take(&["job", "done"]) {
            return Ok(Some(Atom::JobDone(name)));
        }
        let measures = [
            ("length", Measure::Length),
            ("free", Measure::Free),
            ("waiting", Measure::Waiting),
            ("value", Measure::Value),
        ];
        let is_compared = matches!(self.ahead(1), Some(TokenKind::Sign(sign)) if *sign != "(" && *sign != ")");
        if (is_compared || self.word() != Some("free"))
            && let Some(measure) = self.take_one(&measures)
        {
            return Ok(Some(Atom::Thing(name, ThingIs::Measure(measure, self.compare()?, self.number()?))));
        }
        let Some(word) = self.word() else { return Ok(None) };
        let is = match word {
            "full" => ThingIs::Full,
            "empty" => ThingIs::Empty,
            "free" => ThingIs::Free,
            "set" => ThingIs::Set,
            "open" => ThingIs::Open,
            "closed" => ThingIs::Closed,
            "changes" => ThingIs::Changing,
            "held" => {
                self.at += 1;
                let by = if self.take(&["by"]) { Some(self.other()?) } else { None };
                return Ok(Some(Atom::Thing(name, ThingIs::Held(by))));
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(Atom::Thing(name, is)))
    }
}

/// `late` without a length: later than it was due.
const LATE: (super::tree::Compare, crate::event::Nanos) = (super::tree::Compare::More, crate::event::Nanos::ZERO);

fn one_or(mut parts: Vec<Cond>, several: impl FnOnce(Vec<Cond>) -> Cond) -> Cond {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            several(parts)
        }
    }
}

/// A state near to a happening.
fn instead_of(cond: &Cond) -> Option<&'static str> {
    Some(match cond {
        Cond::Atom(Atom::Task(_, Deed::Suspends | Deed::GoesOn(_))) => "waits",
        Cond::Atom(Atom::Task(_, Deed::Woken(_))) => "ready",
        Cond::Atom(Atom::Task(_, Deed::Prints(_) | Deed::AskedToEnd)) => "done",
        Cond::Atom(Atom::Thing(..)) => "full",
        Cond::Atom(Atom::Printed(_)) => "not (NAME done)",
        _ => return None,
    })
}
