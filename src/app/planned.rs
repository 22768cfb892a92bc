//! The course plan that is made in the window, or was opened: what is done with it. Its file is `session::CoursePlan`'s
//! affair, its look that of a panel.

use super::App;
use super::command::Command;
use super::panels::PlanPanel;
use crate::session::{CoursePlan, PlannedLesson};
use egui::Context;
use std::path::Path;

/// The plan, and what is to be said about it.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    pub(crate) plan: CoursePlan,
    /// What its file names that is not known here.
    pub(crate) words: Vec<String>,
    /// Whether its window is open.
    pub(crate) is_open: bool,
}

/// What is asked for that is about the course plan.
#[derive(Debug, Clone)]
pub(crate) enum PlanCommand {
    /// Open its window, or close it.
    Toggle,
    /// Add the lesson that is loaded, as it is set up.
    AddLoaded,
    /// Have this plan instead.
    Change(CoursePlan),
    /// Present it from its first lesson on.
    Present,
}

impl From<PlanCommand> for Command {
    fn from(command: PlanCommand) -> Self {
        Self::Plan(command)
    }
}

impl App {
    pub(super) fn obey_plan(&mut self, command: PlanCommand) {
        match command {
            PlanCommand::Toggle => self.planned.is_open = !self.planned.is_open,
            PlanCommand::AddLoaded => {
                if self.plan.scenario.chapter().is_some() {
                    self.planned.plan.lessons.push(PlannedLesson::of(&self.plan));
                }
                self.planned.is_open = true;
            }
            PlanCommand::Change(plan) => self.planned.plan = plan,
            PlanCommand::Present => {
                let plans = self.planned.plan.plans();
                if plans.is_empty() {
                    self.messages.problem("The plan has no lesson to present. Add one first.");
                } else {
                    self.planned.is_open = false;
                    self.present_course(plans);
                }
            }
        }
    }

    /// Shows a plan that was read, with what is to be said about it.
    pub(super) fn show_plan(&mut self, (plan, words): (CoursePlan, Vec<String>)) {
        self.planned = Planned { plan, words, is_open: true };
    }

    /// Opens the plan of a file.
    pub(super) fn open_plan(&mut self, path: &Path) {
        match CoursePlan::read(path) {
            Ok(read) => self.show_plan(read),
            Err(error) => self.messages.problem(format!("Cannot open the course plan. {error}.")),
        }
    }

    /// Writes the plan into a file.
    pub(super) fn save_plan(&mut self, path: &Path) {
        match self.planned.plan.write(path) {
            Ok(()) => self.messages.news(format!("Saved to {}", path.display()), self.window_time()),
            Err(error) => {
                let words = format!("Cannot write {}: {error}. Choose another place.", path.display());
                self.messages.problem(words);
            }
        }
    }

    /// The window of the plan, while it is open.
    pub(super) fn plan_window(&self, ctx: &Context) -> Vec<Command> {
        if !self.planned.is_open || self.presents.is_some() {
            return Vec::new();
        }
        let loaded = self.plan.scenario.chapter().map(|_| self.plan.scenario);
        PlanPanel { planned: &self.planned, loaded }.show(ctx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Show;
    use crate::app::deck::Page;
    use crate::app::present::{TalkCommand, Turn};
    use crate::scenarios;

    #[test]
    fn a_plan_is_presented_in_its_order_with_its_values_and_ends_after_its_last_lesson() {
        let mut app = App::new(&Context::default(), Show::Nothing);
        for (id, set) in [("semaphore", "permits=5"), ("say-hello", "")] {
            app.obey(Command::Load(scenarios::find(id).unwrap()));
            drop(app.plan.params.assign(set));
            app.obey(PlanCommand::AddLoaded.into());
        }
        app.obey(PlanCommand::Present.into());
        let mut lessons = Vec::new();
        loop {
            app.look();
            let lectern = app.lectern.as_ref().unwrap();
            if lectern.deck().page() == Page::Title {
                lessons.push((app.plan.scenario.id, app.plan.params.count("permits"), lectern.place()));
            }
            if lectern.deck().page() == Page::Next && lectern.next().is_none() {
                break;
            }
            app.obey(TalkCommand::Turn(Turn::Forward).into());
        }
        assert_eq!(lessons, [("semaphore", 5, Some((1, 2))), ("say-hello", 0, Some((2, 2)))]);
    }

    #[test]
    fn a_file_that_is_no_plan_is_told_with_its_line_and_one_that_names_what_is_gone_opens() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("course.toml");
        let mut app = App::new(&Context::default(), Show::Nothing);
        std::fs::write(&path, "loopscope-plan = 1\ntitle = 3\n").unwrap();
        app.open_plan(&path);
        assert!(!app.planned.is_open, "nothing is opened");
        std::fs::write(&path, "loopscope-plan = 1\n[[lesson]]\nid = \"gone\"\n[[lesson]]\nid = \"queue\"\n").unwrap();
        app.open_plan(&path);
        assert_eq!((app.planned.plan.lessons.len(), app.planned.words.len()), (2, 1));
        app.save_plan(&path);
        assert!(std::fs::read_to_string(&path).unwrap().contains("gone"), "nothing is lost");
    }
}
