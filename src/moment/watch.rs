//! A moment followed event by event. It learns names from the events themselves, so that it works on a run under way and over
//! a record alike; it never looks ahead.

use super::Moment;
use super::ledger::{Keeps, Ledger};
use super::names::{Marks, Names};
use super::statement::Statement;
use super::tree::Cond;
use crate::event::{Event, EventKind, TaskId, kinds};

/// What moments have to know of the events before, kept once for all that are followed together.
#[derive(Debug, Default)]
struct Past {
    names: Names,
    ledger: Ledger,
    /// The kinds of events to learn from.
    learns: u64,
}

impl Past {
    /// Takes in an event, before the moments look at it.
    fn before(&mut self, kind: u64, event: &Event) {
        if self.learns & kind != 0 {
            self.names.learn(event);
            self.ledger.before(event);
        }
    }

    /// Forgets what is over, after they have looked.
    fn after(&mut self, kind: u64, event: &Event) {
        if self.learns & kind != 0 {
            self.ledger.after(event);
        }
    }
}

/// A moment with what it has seen. Its names and what came before are in the past that it was made with.
#[derive(Debug)]
struct Followed {
    /// The kinds of events that its statements look at.
    kinds: u64,
    statements: Vec<Statement>,
    root: Node,
    /// Whether it is about timers, so that it asks whose they are.
    has_timers: bool,
    /// The task that the last event that came was about.
    subject: Option<TaskId>,
}

/// What follows a moment through the events of a run.
///
/// ```
/// use loopscope::event::{Event, EventKind, Nanos, WorkerId};
/// use loopscope::moment::{Marks, Moment, Watch};
///
/// let moment: Moment = "idle".parse()?;
/// let mut watch = Watch::new(&moment, &Marks::default());
/// let event = Event { at: Nanos::ZERO, worker: WorkerId(0), kind: EventKind::LoopIdle { until: None } };
/// assert!(watch.push(&event));
/// # Ok::<(), loopscope::moment::MomentError>(())
/// ```
#[derive(Debug)]
pub struct Watch {
    kinds: u64,
    past: Past,
    moment: Followed,
}

/// A condition with what it has seen.
#[derive(Debug)]
enum Node {
    Statement(usize),
    /// A statement that is a state: it comes when it begins to hold.
    State(usize, bool),
    Not(Box<Node>, bool),
    /// All at once; where they are all states, whether they held.
    All(Vec<Node>, Option<bool>),
    Any(Vec<Node>, Option<bool>),
    /// One after another, and which is next.
    Then(Vec<Node>, usize),
}

/// How a condition stands at an event.
#[derive(Debug, Clone, Copy, Default)]
struct Now {
    happens: bool,
    holds: bool,
}

impl Followed {
    fn new(moment: &Moment, past: &mut Past) -> Self {
        let mut statements = Vec::new();
        let mut root = compile(moment.cond(), false, &mut past.names, &mut statements);
        let keeps = statements.iter().map(Statement::keeps).fold(Keeps::default(), Keeps::and);
        past.ledger.keep(keeps);
        past.learns = past.names.kinds() | past.ledger.kinds();
        let kinds = statements.iter().fold(0, |kinds, statement| kinds | statement.kinds);
        // What holds of nothing at all does not begin to hold.
        eval(&mut root, &statements, true);
        Self { kinds, statements, root, has_timers: keeps.timers, subject: None }
    }

    /// Looks at an event of its kinds; whether the moment comes at it.
    fn look(&mut self, kind: u64, event: &Event, past: &Past) -> bool {
        let mut is_different = false;
        for statement in &mut self.statements {
            statement.happens = false;
            if statement.kinds & kind != 0 {
                is_different |= statement.look(event, &past.names, &past.ledger);
            }
        }
        // A thing that comes into being does not become empty by it.
        let is_quiet = kind == kinds::THING;
        let comes = is_different && eval(&mut self.root, &self.statements, is_quiet).happens;
        if comes {
            self.subject = event.kind.task().or_else(|| match &event.kind {
                EventKind::TimerFired { timer } | EventKind::TimerCancelled { timer } if self.has_timers => {
                    past.ledger.timer(*timer).map(|timer| timer.task)
                }
                _ => None,
            });
        }
        comes
    }
}

impl Watch {
    /// Follows a moment from the first event of a run, whose source has these marks.
    #[must_use]
    pub fn new(moment: &Moment, marks: &Marks) -> Self {
        let mut past = Past { names: Names::new(marks.clone()), ..Past::default() };
        let moment = Followed::new(moment, &mut past);
        Self { kinds: past.learns | moment.kinds, past, moment }
    }

    /// Takes the next event; whether the moment comes at it.
    #[inline]
    pub fn push(&mut self, event: &Event) -> bool {
        let kind = event.kind.bit();
        self.kinds & kind != 0 && self.look(kind, event)
    }

    fn look(&mut self, kind: u64, event: &Event) -> bool {
        self.past.before(kind, event);
        let comes = self.moment.kinds & kind != 0 && self.moment.look(kind, event, &self.past);
        self.past.after(kind, event);
        comes
    }

    /// Takes an event that tells how things stood before the events that are left: a moment does not come at it.
    pub fn learn(&mut self, event: &Event) {
        self.push(event);
    }

    /// The task that the moment was about when it came last.
    #[must_use]
    pub fn subject(&self) -> Option<TaskId> {
        self.moment.subject
    }
}

fn compile(cond: &Cond, is_state: bool, names: &mut Names, statements: &mut Vec<Statement>) -> Node {
    let held = cond.is_state().then_some(false);
    match cond {
        Cond::Atom(atom) => {
            statements.push(Statement::new(atom, is_state, names));
            let place = statements.len() - 1;
            if held.is_some() { Node::State(place, false) } else { Node::Statement(place) }
        }
        Cond::Not(inner) => Node::Not(Box::new(compile(inner, true, names, statements)), false),
        Cond::All(parts) => Node::All(parts.iter().map(|part| compile(part, true, names, statements)).collect(), held),
        Cond::Any(parts) => {
            Node::Any(parts.iter().map(|part| compile(part, is_state, names, statements)).collect(), held)
        }
        Cond::Then(parts) => Node::Then(parts.iter().map(|part| compile(part, false, names, statements)).collect(), 0),
    }
}

/// How a condition stands now. While it is quiet nothing happens, and what holds is noted.
fn eval(node: &mut Node, statements: &[Statement], quiet: bool) -> Now {
    /// What is a state comes when it begins to hold.
    fn begins(held: &mut bool, holds: bool, quiet: bool) -> Now {
        let has_held = std::mem::replace(held, holds);
        Now { happens: holds && !has_held && !quiet, holds }
    }
    match node {
        Node::Statement(place) => statements.get(*place).map_or_else(Now::default, |statement| Now {
            happens: statement.happens && !quiet,
            holds: statement.holds,
        }),
        Node::State(place, held) => {
            let holds = statements.get(*place).is_some_and(|statement| statement.holds);
            begins(held, holds, quiet)
        }
        Node::Not(inner, held) => {
            let holds = !eval(inner, statements, quiet).holds;
            begins(held, holds, quiet)
        }
        Node::All(parts, held) => {
            let (mut happens, mut all_holds, mut all) = (false, true, true);
            for part in parts {
                let now = eval(part, statements, quiet);
                happens |= now.happens;
                all_holds &= now.holds;
                all &= now.holds || now.happens;
            }
            match held {
                Some(held) => begins(held, all_holds, quiet),
                None => Now { happens: happens && all, holds: all_holds },
            }
        }
        Node::Any(parts, held) => {
            let mut any = Now::default();
            for part in parts {
                let now = eval(part, statements, quiet);
                any = Now { happens: any.happens | now.happens, holds: any.holds | now.holds };
            }
            match held {
                Some(held) => begins(held, any.holds, quiet),
                None => any,
            }
        }
        Node::Then(parts, next) => {
            let (mut comes, count) = (false, parts.len());
            let waits_for = *next;
            for (place, part) in parts.iter_mut().enumerate() {
                comes |= eval(part, statements, quiet).happens && place == waits_for;
            }
            if comes {
                *next = (waits_for + 1) % count.max(1);
            }
            Now { happens: comes && *next == 0, holds: false }
        }
    }
}

/// Several moments of one run followed together. What came before is kept once for all of them, and an event is shown to those
/// that it concerns; one that concerns none takes one look.
#[derive(Debug, Default)]
pub struct Watches {
    kinds: u64,
    past: Past,
    list: Vec<Followed>,
    /// The places of the moments that look at each kind of event, by the number of its bit.
    concerned: [Vec<usize>; kinds::COUNT],
}

impl Watches {
    /// Follows nothing yet, in a run whose source has these marks.
    #[must_use]
    pub fn new(marks: &Marks) -> Self {
        Self { past: Past { names: Names::new(marks.clone()), ..Past::default() }, ..Self::default() }
    }

    /// Follows one more moment, before the first event; its place.
    pub fn add(&mut self, moment: &Moment) -> usize {
        let (place, moment) = (self.list.len(), Followed::new(moment, &mut self.past));
        self.kinds |= self.past.learns | moment.kinds;
        for (number, concerned) in self.concerned.iter_mut().enumerate() {
            if moment.kinds & (1 << number) != 0 {
                concerned.push(place);
            }
        }
        self.list.push(moment);
        place
    }

    /// Takes the next event. Calls `comes` with the place of each moment that comes at it, and the task that it is about.
    #[inline]
    pub fn push(&mut self, event: &Event, comes: impl FnMut(usize, Option<TaskId>)) {
        let kind = event.kind.bit();
        if self.kinds & kind != 0 {
            self.look(kind, event, comes);
        }
    }

    fn look(&mut self, kind: u64, event: &Event, mut comes: impl FnMut(usize, Option<TaskId>)) {
        self.past.before(kind, event);
        let concerned = self.concerned.get(kind.trailing_zeros() as usize);
        for place in concerned.into_iter().flatten() {
            if let Some(moment) = self.list.get_mut(*place)
                && moment.look(kind, event, &self.past)
            {
                comes(*place, moment.subject);
            }
        }
        self.past.after(kind, event);
    }

    /// Takes an event that tells how things stood before the events that are left: no moment comes at it.
    pub fn learn(&mut self, event: &Event) {
        self.push(event, |_, _| ());
    }

    /// The kinds of events that concern any of them: the set of their [bits](EventKind::bit). It stays the same while events
    /// come.
    #[must_use]
    pub fn kinds(&self) -> u64 {
        self.kinds
    }
}
