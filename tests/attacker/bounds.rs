//! From what to what each figure can be, by each line in turn until nothing changes.

/// At least and at most.
pub(crate) type Bounds = (f64, f64);

pub(crate) const ANYTHING: Bounds = (0.0, f64::INFINITY);

/// A line: a figure and the parts that come to it.
pub(crate) struct Line {
    pub(crate) total: usize,
    pub(crate) parts: Vec<usize>,
    /// The parts may come to more, but none is more than the total: people of several months.
    pub(crate) overlapping: bool,
}

impl Line {
    /// The same line of figures that stand further on.
    pub(crate) fn moved(mut self, by: usize) -> Self {
        self.total += by;
        for part in &mut self.parts {
            *part += by;
        }
        self
    }
}

/// What a published figure that was rounded may have been.
pub(crate) fn rounded(figure: u64) -> Bounds {
    match padoqe::secrecy::round(figure) {
        0 => (0.0, 0.0),
        10 => (1.0, 14.0),
        shown => (shown as f64 - 5.0, shown as f64 + 4.0),
    }
}

pub(crate) fn narrow(bounds: &mut [Bounds], lines: &[Line]) {
    for _ in 0..200 {
        let mut changed = false;
        for line in lines {
            changed |= one(bounds, line);
        }
        if !changed {
            break;
        }
    }
}

fn one(bounds: &mut [Bounds], line: &Line) -> bool {
    let total = bounds[line.total];
    let least: f64 = line.parts.iter().map(|it| bounds[*it].0).sum();
    let unbounded = line.parts.iter().filter(|it| bounds[**it].1.is_infinite()).count();
    let most: f64 = line.parts.iter().map(|it| bounds[*it].1).filter(|it| it.is_finite()).sum();
    let least_of_total = if line.overlapping {
        line.parts.iter().map(|it| bounds[*it].0).fold(0.0, f64::max)
    } else {
        least
    };
    let most_of_total = if unbounded > 0 { f64::INFINITY } else { most };
    let mut changed = set(&mut bounds[line.total], (least_of_total, most_of_total));
    for part in &line.parts {
        let (low, high) = bounds[*part];
        let others = match (unbounded, high.is_infinite()) {
            (0, _) => most - high,
            (1, true) => most,
            _ => f64::INFINITY,
        };
        let at_most = if line.overlapping { total.1 } else { total.1 - (least - low) };
        changed |= set(&mut bounds[*part], (total.0 - others, at_most));
    }
    changed
}

fn set(bounds: &mut Bounds, to: Bounds) -> bool {
    let new = (bounds.0.max(to.0), bounds.1.min(to.1));
    let changed = new.0 > bounds.0 + 1e-6 || new.1 < bounds.1 - 1e-6;
    if changed {
        *bounds = new;
    }
    changed
}
