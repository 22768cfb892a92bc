//! How a comparison is opened and closed: where its runs come from, and what is kept for it.

use super::{Ask, Compare, PAIRS, PastRun, Run, Side};
use crate::app::App;
use crate::app::cursor::Cursor;
use crate::app::view::Axis;
use crate::event::Nanos;
use crate::session::{Plan, Session, Start, StartError};
use crate::trace::{Record, RunPhase, Shift};

/// The run before is kept for comparing if its record takes no more bytes than this.
const KEPT: usize = 64 << 20;

impl App {
    /// Does what is asked for about comparing.
    pub(in crate::app) fn compare(&mut self, ask: Ask) {
        match ask {
            Ask::Toggle if self.compare.is_some() => self.close_compare(),
            Ask::Toggle => self.compare(self.fitting()),
            Ask::In(..) => {} // it was closed meanwhile
            Ask::Pair(pair) => {
                let Some([first, second]) = pair.plans() else { return }; // a test holds that every pair has them
                match self.start(first).and_then(|first| Ok([first, self.start(second)?])) {
                    Ok(runs) => self.open_compare(runs),
                    Err(error) => self.messages.problem(error.to_string()),
                }
            }
            Ask::WithLast => match (self.before.clone(), self.shown()) {
                (Some(before), Some(shown)) => self.open_compare([Run::Past(before), Run::Past(shown)]),
                _ => self.messages.problem(
                    "There is no other run of this lesson to compare with. Run it, change a parameter and run it again.",
                ),
            },
        }
    }

    /// Compares the run that is shown with one that was opened.
    pub(in crate::app) fn compare_with(&mut self, saved: Session) {
        match self.shown() {
            Some(shown) => self.open_compare([Run::Own(Box::new(saved)), Run::Past(shown)]),
            None => {
                self.messages.problem("Run the lesson to its end first: a saved run is compared with the one shown.")
            }
        }
    }

    /// Compares two runs that are over, with the cursor at a time, or at the end.
    pub(in crate::app) fn show_compared(&mut self, runs: [Session; 2], axis: Axis, at: Option<Nanos>) {
        self.open_compare(runs.map(|session| Run::Own(Box::new(session))));
        if let Some(compare) = &mut self.compare {
            compare.view.axis = axis;
            compare.lead = compare.longer();
            compare.cursor = at.map_or(Cursor::Live, Cursor::Time);
        }
    }

    fn open_compare(&mut self, runs: [Run; 2]) {
        self.close_compare();
        let [first, second] = runs.map(|run| Side::new(run, &self.ctx));
        let mut compare = Compare::new(first, second);
        compare.is_to_go_on = self.is_running();
        self.tools.playback = None;
        if let Some(session) = &self.session {
            session.pause();
        }
        self.compare = Some(compare);
    }

    /// Back to the run, as it was.
    pub(in crate::app) fn close_compare(&mut self) {
        let goes_on = self.compare.take().is_some_and(|compare| compare.is_to_go_on);
        if let Some(session) = self.session.as_ref().filter(|_| goes_on) {
            session.resume();
        }
    }

    /// What is most likely meant: what was changed, or else a pair with the loaded scenario.
    fn fitting(&self) -> Ask {
        if self.can_compare_last() {
            return Ask::WithLast;
        }
        let pair = PAIRS.iter().find(|pair| pair.is_about(self.plan.scenario)).or(PAIRS.first());
        pair.map_or(Ask::WithLast, Ask::Pair)
    }

    fn start(&self, plan: Plan) -> Result<Run, StartError> {
        let ctx = self.ctx.clone();
        let session = Session::start(plan, Start::Running, move || ctx.request_repaint())?;
        Ok(Run::Own(Box::new(session)))
    }

    /// The run that is shown, once it is over.
    fn shown(&self) -> Option<PastRun> {
        let session = self.session.as_ref().filter(|session| session.has_all())?;
        Some(PastRun { plan: session.plan().clone(), record: session.share() })
    }

    /// Keeps the run that is shown, if it is over, where the next one will be another of the same scenario.
    pub(in crate::app) fn keep_before(&mut self) {
        let next = &self.plan;
        self.before = self.before.take().filter(|before| before.plan.scenario.id == next.scenario.id);
        let over =
            self.shown().filter(|over| over.plan.scenario.id == next.scenario.id && is_changed(&over.plan, next));
        if let Some(over) = over.filter(|over| over.record.size() <= KEPT) {
            self.before = Some(over);
        }
    }

    /// Whether there is a run before the one that is shown, both are over, and something was changed between them.
    pub(in crate::app) fn can_compare_last(&self) -> bool {
        match (&self.before, &self.session) {
            (Some(before), Some(shown)) => shown.has_all() && is_changed(&before.plan, shown.plan()),
            _ => false,
        }
    }

    /// By how much the run that is shown ends at another time than the one before, where both came to their end.
    pub(in crate::app) fn change(&self) -> Option<Shift> {
        let (before, shown) = (&*self.before.as_ref()?.record, self.session.as_ref()?.record());
        let has_ended = |record: &Record| matches!(record.edge().phase, RunPhase::Ended(_));
        let is_comparable = self.can_compare_last() && has_ended(before) && has_ended(shown);
        is_comparable.then(|| Shift::between(before.log().end(), shown.log().end()))
    }
}

/// Whether two runs of a scenario are to be different.
fn is_changed(one: &Plan, two: &Plan) -> bool {
    one.params != two.params || one.clock != two.clock || one.seed != two.seed
}
