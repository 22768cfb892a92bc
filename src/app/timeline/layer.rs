//! Something drawn on the plot: a plot item that only paints.

use egui::{Color32, Shape, Ui};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};
use std::ops::RangeInclusive;

/// What a layer paints, given the plot's transform.
pub(super) trait Paint {
    fn paint(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>);
}

/// A plot item without geometry: it takes no part in egui_plot's own fitting, hovering and legend.
pub(super) struct Layer<P> {
    base: PlotItemBase,
    paint: P,
}

impl<P: Paint> Layer<P> {
    pub(super) fn new(name: &str, paint: P) -> Self {
        Self { base: PlotItemBase::new(name.to_owned()), paint }
    }
}

impl<P: Paint> PlotItem for Layer<P> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        self.paint.paint(ui, transform, shapes);
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::PLACEHOLDER // asked for by legends only
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::NOTHING
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}
