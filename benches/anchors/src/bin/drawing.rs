//! What puffin_egui takes to draw a frame of 300,000 scopes: what `cargo bench --bench frame` is held against.

use puffin_egui::puffin;
use std::hint::black_box;
use std::time::{Duration, Instant};

const SCOPES: usize = 300_000;

fn main() {
    puffin::set_scopes_on(true);
    let mut profiler = puffin_egui::GlobalProfilerUi::default();
    puffin::GlobalProfiler::lock().new_frame();
    for _ in 0..SCOPES {
        puffin::profile_scope!("poll");
        black_box(());
    }
    puffin::GlobalProfiler::lock().new_frame();
    let ctx = egui::Context::default();
    let size = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1440.0, 900.0));
    let mut times: Vec<Duration> = (0..20)
        .map(|_| {
            let input = egui::RawInput { screen_rect: Some(size), ..Default::default() };
            let start = Instant::now();
            let output = ctx.run(input, |ctx| {
                egui::CentralPanel::default().show(ctx, |ui| profiler.ui(ui));
            });
            let meshes = ctx.tessellate(output.shapes, output.pixels_per_point);
            black_box(meshes.len());
            start.elapsed()
        })
        .collect();
    times.sort();
    println!("puffin_egui, {SCOPES} scopes in a frame: median {:?}, 95 % below {:?}", times[10], times[18]);
}
