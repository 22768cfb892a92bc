//! What the app does about files when it is asked, and when a thread reports.

use super::export::Contents;
use super::{Asked, Chooser, Export, FileCommand, Purpose, Report, Stretch, dialog, export};
use crate::app::compare::Compare;
use crate::app::messages::MessageId;
use crate::app::still::{Canvas, Part, Picture};
use crate::app::view::View;
use crate::app::{App, Command};
use crate::session::Session;
use crate::trace::file::is_same_file;
use egui::{ColorImage, Vec2, vec2};
use std::path::{Path, PathBuf};

/// Pixels in a point of a picture, at least: slides are large.
const SHARP: f32 = 2.0;
/// No picture is higher, in points: nobody reads a thousand lanes at once.
const HIGHEST: f32 = 40_000.0;

impl App {
    pub(in crate::app) fn obey_file(&mut self, command: FileCommand) {
        match command {
            FileCommand::Choose(purpose) if self.files.chooser == Chooser::Own => self.type_path(purpose),
            FileCommand::Choose(purpose) => self.ask_desktop(purpose),
            FileCommand::TypePath(purpose) => {
                self.ask_no_more();
                self.type_path(purpose);
            }
            FileCommand::Take(purpose, path) => {
                self.ask_no_more();
                self.files.typing = None;
                self.files.folder = path.parent().map(Path::to_owned);
                match purpose {
                    Purpose::Open | Purpose::Compare => self.open(purpose, path),
                    Purpose::Save | Purpose::Export(_) => self.write(purpose, path),
                    Purpose::OpenPlan => self.open_plan(&path),
                    Purpose::SavePlan => self.save_plan(&path),
                }
            }
            FileCommand::GiveUp => self.files.typing = None,
            FileCommand::Copy(part) => self.copy_picture(part),
            FileCommand::ForgetRecent => self.files.recent.clear(),
        }
    }

    /// Takes what the threads report.
    pub(in crate::app) fn take_reports(&mut self) {
        while let Ok(report) = self.files.reports.try_recv() {
            self.take_report(report);
        }
    }

    fn take_report(&mut self, report: Report) {
        match report {
            Report::Chosen { number, purpose, answer } => {
                if self.files.asked.as_ref().is_none_or(|asked| asked.number != number) {
                    return; // it was typed meanwhile
                }
                self.ask_no_more();
                match answer {
                    dialog::Answer::None => {}
                    dialog::Answer::NoDialog => {
                        self.files.chooser = Chooser::Own;
                        self.type_path(purpose);
                    }
                    dialog::Answer::Path(path) => {
                        let with_ending = purpose.with_ending(&path);
                        if with_ending != path && with_ending.exists() {
                            // The desktop has asked about another name.
                            self.files.typing = Some((purpose, with_ending));
                        } else {
                            self.obey_file(FileCommand::Take(purpose, with_ending));
                        }
                    }
                }
            }
            Report::Opened { purpose, path, message, result } => {
                self.messages.dismiss(message);
                match result {
                    Ok(session) => {
                        self.files.recent.add(&path);
                        match purpose {
                            Purpose::Compare => self.compare_with(*session),
                            _ => self.show_session(*session),
                        }
                    }
                    Err(error) => {
                        if !path.exists() {
                            self.files.recent.forget(&path);
                        }
                        self.messages.problem(format!("Cannot open the run. {error}."));
                    }
                }
            }
            Report::Written { purpose, path, message, result } => {
                self.messages.dismiss(message);
                self.files.writing.retain(|other| *other != path);
                match result {
                    Ok(()) => {
                        if purpose == Purpose::Save {
                            self.files.recent.add(&path);
                        }
                        self.messages.news(format!("Saved to {}", path.display()), self.window_time());
                    }
                    Err(error) => self.messages.problem(format!(
                        "Cannot write {}: {error}. Choose another place, or free some space there.",
                        path.display()
                    )),
                }
            }
            Report::Drawn { picture, message } => {
                self.messages.dismiss(message);
                let [width, height] = [picture.width(), picture.height()].map(|side| side as usize);
                self.ctx.copy_image(ColorImage::from_rgba_unmultiplied([width, height], picture.as_raw()));
                self.messages.news("The picture is in the clipboard", self.window_time());
            }
        }
    }

    /// Takes what stands at the end of the file that is shown, once that has been read: what is marked in the record, and what
    /// is wrong with it.
    pub(in crate::app) fn take_end(&mut self) {
        let Some(session) = self.session.as_mut().filter(|session| session.has_all()) else { return };
        self.tools.bookmarks.add(session.take_bookmarks());
        if let Some(damage) = session.damage().filter(|_| !self.is_damage_told) {
            self.is_damage_told = true;
            self.messages.problem(format!("Not all of the file could be read: {damage}."));
        }
    }

    /// Asks in our own dialog.
    fn type_path(&mut self, purpose: Purpose) {
        if !self.can_be_written(purpose) {
            return;
        }
        let folder = self.files.folder.clone().or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        self.files.typing = Some((purpose, folder.join(purpose.file_name(self.plan.scenario.id))));
    }

    fn ask_desktop(&mut self, purpose: Purpose) {
        if !self.can_be_written(purpose) {
            return;
        }
        self.ask_no_more();
        self.files.count += 1;
        let number = self.files.count;
        let type_path = Command::File(FileCommand::TypePath(purpose));
        let text = format!("{}: choose a file in the desktop's dialog", purpose.title());
        let message = self.messages.busy(text, Some(("Type a path instead", type_path)));
        self.files.asked = Some(Asked { number, message });
        let (folder, name) = (self.files.folder.clone(), purpose.file_name(self.plan.scenario.id));
        self.on_a_thread(message, move || {
            let answer = dialog::ask(purpose, folder.as_deref(), &name);
            Report::Chosen { number, purpose, answer }
        });
    }

    /// Says so where there is nothing to write yet.
    fn can_be_written(&mut self, purpose: Purpose) -> bool {
        let is_picture = matches!(purpose, Purpose::Export(Export::Picture(_)));
        let can = !purpose.writes() || is_picture || purpose == Purpose::SavePlan || !self.record().log().is_empty();
        if !can {
            self.messages.problem("There is no run to save yet: press Space to run the lesson, then save it.");
        }
        can
    }

    fn ask_no_more(&mut self) {
        if let Some(asked) = self.files.asked.take() {
            self.messages.dismiss(asked.message);
        }
    }

    fn open(&mut self, purpose: Purpose, path: PathBuf) {
        let message = self.messages.busy(format!("Opening {}…", name_of(&path)), None);
        self.on_a_thread(message, move || {
            let result = Session::open(&path).map(Box::new);
            Report::Opened { purpose, path, message, result }
        });
    }

    fn write(&mut self, purpose: Purpose, path: PathBuf) {
        if self.files.writing.contains(&path) {
            self.messages.problem(format!("{} is already being written. Wait until that is done.", path.display()));
            return;
        }
        if let Some(problem) = self.would_be_lost(purpose, &path) {
            self.messages.problem(problem);
            return;
        }
        self.files.writing.push(path.clone());
        let message = self.messages.busy(format!("Saving {}…", name_of(&path)), None);
        if let Some(picture) = self.picture_for(purpose) {
            self.on_a_thread(message, move || {
                let result = export::write_picture(purpose, &picture, &path);
                Report::Written { purpose, path, message, result }
            });
        } else if let Some(record) = self.session.as_ref().map(Session::share) {
            let bookmarks = self.tools.bookmarks.list().to_vec();
            let contents = Contents { record, bookmarks };
            self.on_a_thread(message, move || {
                let result = export::write(purpose, &contents, &path);
                drop(contents); // so that it can grow again when this is told
                Report::Written { purpose, path, message, result }
            });
        }
    }

    /// Why a file is not to be replaced: an opened run may only be saved over itself, and only once all of it is there.
    fn would_be_lost(&self, purpose: Purpose, path: &Path) -> Option<String> {
        let shown = self.session.as_ref().filter(|session| purpose != Purpose::Save || !session.has_all());
        let compared = self.compare.iter().flat_map(Compare::files);
        let is_read = shown.and_then(Session::file).into_iter().chain(compared).any(|file| is_same_file(file, path));
        is_read.then(|| format!("{} is the run that is open: it would be lost. Choose another name.", path.display()))
    }

    fn copy_picture(&mut self, part: Part) {
        let message = self.messages.busy("Drawing the picture…", None);
        let picture = self.picture_as_shown(part);
        self.on_a_thread(message, move || Report::Drawn { picture: picture.pixels(), message });
    }

    /// The picture that is asked for, if one is.
    fn picture_for(&mut self, purpose: Purpose) -> Option<Picture> {
        let Purpose::Export(export) = purpose else { return None };
        match export {
            Export::Picture(part) => Some(self.picture_as_shown(part)),
            Export::Svg(Stretch::Shown) => {
                Some(self.picture(Part::Timeline, Canvas { size: self.usual_size(), scale: 1.0 }))
            }
            Export::Svg(Stretch::Whole) => Some(self.picture_of_all_lanes()),
            Export::Chrome | Export::Csv => None,
        }
    }

    /// The size of the window, in points of the usual size.
    fn usual_size(&self) -> Vec2 {
        self.ctx.content_rect().size() * self.ctx.zoom_factor()
    }

    /// A picture as large as the window.
    fn picture_as_shown(&mut self, part: Part) -> Picture {
        let scale = self.ctx.native_pixels_per_point().unwrap_or(1.0).max(SHARP);
        self.picture(part, Canvas { size: self.usual_size(), scale })
    }

    /// A picture of all of the run, on the axis in use, as high as its lanes.
    fn picture_of_all_lanes(&mut self) -> Picture {
        let whole = View::on(self.view.axis);
        let shown = std::mem::replace(&mut self.view, whole);
        let size = vec2(self.usual_size().x, HIGHEST);
        let picture = self.picture(Part::Timeline, Canvas { size, scale: 1.0 });
        self.view = shown;
        picture
    }

    /// Does something that may take long, and has its report taken once it is there.
    fn on_a_thread(&mut self, message: MessageId, work: impl FnOnce() -> Report + Send + 'static) {
        let (sender, ctx) = (self.files.sender.clone(), self.ctx.clone());
        let started = std::thread::Builder::new().name("files".into()).spawn(move || {
            // Where the window has gone meanwhile, nobody waits for the report.
            drop(sender.send(work()));
            ctx.request_repaint();
        });
        if let Err(error) = started {
            self.files.writing.clear();
            self.messages.dismiss(message);
            self.messages.problem(format!("Cannot start a thread: {error}. Close other programs and try again."));
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
