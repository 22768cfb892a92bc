//! The answer to a lesson's question before the lesson is run: that of an instant run of the same program, which nobody
//! sees.
//!
//! Only on the virtual clock, where it is the answer that the visible run will give. It knows nothing of guesses.

use crate::event::ClockKind;
use crate::runtime::Speed;
use crate::scenarios::Answer;
use crate::session::{Plan, Session, Start, outline};

/// What such a run may keep in memory: enough for any lesson with parameters that one would choose.
const MEMORY: usize = 256 << 20;

#[derive(Debug, Default)]
pub(crate) struct Foresight {
    /// What the answer is to: the scenario and its parameters.
    of: String,
    run: Option<Session>,
    answer: Option<Answer>,
}

impl Foresight {
    /// The answer, if it is known by now.
    pub(crate) fn answer(&self) -> Option<&Answer> {
        self.answer.as_ref()
    }

    /// Asks for the answer to what `plan` will run, and takes what is there of it.
    pub(crate) fn look(&mut self, plan: &Plan, ctx: &egui::Context) {
        let of = format!("{} {} {}", plan.scenario.id, plan.params, plan.seed);
        if of != self.of {
            (self.of, self.answer, self.run) = (of, None, None);
            if plan.scenario.clock == ClockKind::Virtual {
                let (clock, speed, memory) = (ClockKind::Virtual, Speed::MAX, Some(MEMORY));
                let ctx = ctx.clone();
                let plan = Plan { clock, speed, memory, ..plan.clone() };
                // Where the system gives no thread, the visible run will say so.
                self.run = Session::start(plan, Start::Running, move || ctx.request_repaint()).ok();
            }
        }
        if let Some(run) = &mut self.run {
            run.pump();
            if run.is_over() {
                self.answer = Some((plan.scenario.predict.answer)(&outline(run.record())));
                self.run = None;
            }
        }
    }
}
