//! The tree of pages: what was counted per address, added up per folder.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use super::columns::{self, Counted};
use crate::report::{
    modules::rows::below,
    need::{Figures, Row, merge},
    scene::Scene,
    table::{Cell, Record, Table},
};
use crate::rollup::Shape;

/// A folder or a page.
#[derive(Default)]
struct Node {
    children: BTreeMap<String, Self>,
    counted: Counted,
    /// The address with the most hits, and its hits.
    address: Option<(Arc<str>, i64)>,
}

/// The conditions that tell a page and a folder.
pub(super) struct Segments {
    pub(super) page: &'static str,
    pub(super) folder: &'static str,
}

/// How a kind of action is shown.
pub(super) struct Style {
    /// Labels from the outermost folder to the page; empty when the text is not set.
    pub(super) path: fn(&str) -> Vec<String>,
    /// The label of what has no text.
    pub(super) absent: String,
    pub(super) segment: Segments,
    pub(super) has_address: bool,
    pub(super) columns: columns::Columns,
    /// Which rows of the first level are shown, each with all that is under it, as in Matomo: a
    /// page without entries stands in a folder that has some.
    pub(super) keep: fn(&Counted) -> bool,
}

/// How the rows of a need come to a page.
type Add = fn(&mut Counted, &Row);

/// The table of pages with their folders.
pub(super) fn table(scene: &Scene<'_>, style: &Style) -> Table {
    let beside: [(usize, Add); 3] =
        [(1, Counted::add_load), (2, Counted::add_bounds), (3, Counted::add_goal)];
    let mut root = Node::default();
    let mut places: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for row in scene.rows(0) {
        let path = path_of(row, style);
        if beside.iter().any(|(need, _)| !scene.rows(*need).is_empty()) {
            places.insert(row.value.id, path.clone());
        }
        let page = root.descend(path);
        page.counted.add(row);
        page.note_address(row);
    }
    for (need, add) in beside {
        for row in scene.rows(need) {
            if let Some(path) = places.get(&row.value.id) {
                add(&mut root.descend(path.clone()).counted, row);
            }
        }
    }
    root.sum();
    let writer = Writer { scene, style, conversions: conversions(scene) };
    writer.table(root, &mut Vec::new(), "")
}

fn path_of(row: &Row, style: &Style) -> Vec<String> {
    match row.value.as_str() {
        "" => vec![style.absent.clone()],
        text => {
            let path = (style.path)(text);
            if path.is_empty() { vec![style.absent.clone()] } else { path }
        }
    }
}

/// Conversions of each goal in all, which rates of pages are measured by.
fn conversions(scene: &Scene<'_>) -> BTreeMap<i64, i64> {
    let mut goals: BTreeMap<i64, Figures> = BTreeMap::new();
    for row in scene.rows(4) {
        merge(Shape::Goal, goals.entry(row.leaf.id).or_default(), &row.figures);
    }
    let count = |figures: &Figures| figures[Shape::Goal.at("conversions")];
    goals.iter().map(|(goal, figures)| (*goal, count(figures))).collect()
}

impl Node {
    fn descend(&mut self, path: Vec<String>) -> &mut Self {
        path.into_iter().fold(self, |node, label| node.children.entry(label).or_default())
    }

    /// Addresses that are one page: the one with the most hits stands for it, else the shortest.
    fn note_address(&mut self, row: &Row) {
        let hits = row.figures[Shape::Action.at("hits")];
        let address = row.value.as_str();
        let is_better = self.address.as_ref().is_none_or(|(known, most)| {
            (Reverse(hits), address.len(), address) < (Reverse(*most), known.len(), known.as_ref())
        });
        if is_better {
            self.address = Some((row.value.text.clone().unwrap_or_default(), hits));
        }
    }

    /// Gives every folder the sum of its pages, and an address to tell its own from.
    fn sum(&mut self) {
        for child in self.children.values_mut() {
            child.sum();
            self.counted.merge(&child.counted);
            if self.address.is_none() {
                self.address.clone_from(&child.address);
            }
        }
    }
}

struct Writer<'a> {
    scene: &'a Scene<'a>,
    style: &'a Style,
    conversions: BTreeMap<i64, i64>,
}

impl Writer<'_> {
    fn table(&self, node: Node, above: &mut Vec<String>, folder: &str) -> Table {
        let mut rows = Vec::with_capacity(node.children.len());
        for (label, child) in node.children {
            if above.is_empty() && !(self.style.keep)(&child.counted) {
                continue;
            }
            above.push(label);
            if child.children.is_empty() {
                rows.push(self.page(above, &child));
            } else {
                rows.extend(self.folder(above, child, folder));
            }
            above.pop();
        }
        Table::of(rows)
    }

    fn page(&self, path: &[String], node: &Node) -> Record {
        let is_root = path.len() == 1;
        let columns = self.columns(&node.counted, false, is_root);
        let mut record = Record::new(path.last().cloned().unwrap_or_default(), columns);
        let address = node.address.as_ref().map(|(address, _)| Arc::clone(address));
        let address = address.unwrap_or_default();
        if self.style.has_address {
            record.tell("url", Cell::Text(Arc::clone(&address)));
        }
        record.tell("segment", Cell::segment(self.style.segment.page, address));
        record
    }

    fn folder(&self, path: &mut Vec<String>, node: Node, above: &str) -> Option<Record> {
        let label = path.last().cloned().unwrap_or_default();
        let address = node.address.as_ref().map_or("", |(address, _)| address);
        let start =
            if above.is_empty() { super::path::origin(address) } else { format!("{above}/") };
        // A host is the whole start of its links already.
        let folder = if start.ends_with(&format!("{label}/")) && above.is_empty() {
            start.trim_end_matches('/').to_owned()
        } else {
            format!("{start}{label}")
        };
        let is_root = path.len() == 1;
        let columns = self.columns(&node.counted, true, is_root);
        let table = self.table(node, path, &folder);
        if table.rows.is_empty() {
            return None;
        }
        let mut record = Record::new(label, columns);
        let segment = Cell::segment(self.style.segment.folder, folder.as_str().into());
        record.tell("segment", segment);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        record.below = below(&path, table);
        Some(record)
    }

    /// Rates by conversions are worked out on the first level only.
    fn columns(
        &self,
        counted: &Counted,
        is_folder: bool,
        is_root: bool,
    ) -> crate::report::table::Fields {
        let conversions = is_root.then_some(&self.conversions);
        (self.style.columns)(counted, self.scene.period.is_day(), is_folder, conversions)
    }
}
