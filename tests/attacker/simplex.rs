//! The best there is: the least and the most a figure can be, with all that is published at once.

/// Sums of unknowns, none of them negative, with their values; and where one of their solutions is.
pub(crate) struct Program {
    /// Rows in the form: basic unknown + others = value.
    rows: Vec<Vec<f64>>,
    basis: Vec<usize>,
    unknowns: usize,
}

const TINY: f64 = 1e-7;

impl Program {
    /// Sums that have a solution.
    pub(crate) fn new(unknowns: usize, sums: &[(Vec<usize>, f64)]) -> Self {
        let height = sums.len();
        let width = unknowns + height + 1;
        let mut rows = vec![vec![0.0; width]; height];
        for (at, (sum, value)) in sums.iter().enumerate() {
            for unknown in sum {
                rows[at][*unknown] = 1.0;
            }
            rows[at][unknowns + at] = 1.0;
            rows[at][width - 1] = *value;
        }
        let mut program = Self { rows, basis: (unknowns..unknowns + height).collect(), unknowns };
        // What stands in for a solution is driven to nothing, then out.
        let mut goal = vec![0.0; width];
        for it in goal.iter_mut().skip(unknowns).take(height) {
            *it = 1.0;
        }
        let left = program.least(&goal, width - 1);
        assert!(left < 1e-3, "the published figures contradict each other by {left}");
        for at in (0..program.rows.len()).rev() {
            if program.basis[at] >= unknowns {
                match (0..unknowns).find(|it| program.rows[at][*it].abs() > TINY) {
                    Some(column) => program.pivot(at, column, None),
                    None => {
                        program.rows.swap_remove(at);
                        program.basis.swap_remove(at);
                    }
                }
            }
        }
        for row in &mut program.rows {
            row.drain(unknowns..unknowns + height);
        }
        program
    }

    /// From what to what a sum of unknowns can be.
    pub(crate) fn bounds(&mut self, sum: &[usize]) -> (f64, f64) {
        let goal = |sign: f64| {
            let mut goal = vec![0.0; self.unknowns + 1];
            for unknown in sum {
                goal[*unknown] = sign;
            }
            goal
        };
        let (least, most) = (goal(1.0), goal(-1.0));
        (self.least(&least, self.unknowns), -self.least(&most, self.unknowns))
    }

    /// The least that a weighted sum can be, from where the program stands.
    fn least(&mut self, goal: &[f64], columns: usize) -> f64 {
        let mut cost = goal.to_vec();
        for (row, basic) in self.rows.iter().zip(&self.basis) {
            let factor = cost[*basic];
            if factor != 0.0 {
                for (it, value) in cost.iter_mut().zip(row) {
                    *it -= factor * value;
                }
            }
        }
        for turn in 0..20_000 {
            let below = (0..columns).filter(|it| cost[*it] < -TINY);
            // The steepest first; in order when that goes round in circles.
            let column = if turn < 5_000 {
                below.min_by(|a, b| cost[*a].total_cmp(&cost[*b]))
            } else {
                below.min()
            };
            let Some(column) = column else { return -cost[columns] };
            let ratios = self.rows.iter().enumerate().filter(|(_, row)| row[column] > TINY);
            let row = ratios.min_by(|(a, one), (b, other)| {
                let ratio = |it: &[f64]| it[columns] / it[column];
                ratio(one).total_cmp(&ratio(other)).then(self.basis[*a].cmp(&self.basis[*b]))
            });
            match row.map(|it| it.0) {
                Some(row) => self.pivot(row, column, Some(&mut cost)),
                None => return f64::NEG_INFINITY,
            }
        }
        f64::NEG_INFINITY
    }

    fn pivot(&mut self, at: usize, column: usize, cost: Option<&mut Vec<f64>>) {
        let by = self.rows[at][column];
        for value in &mut self.rows[at] {
            *value /= by;
        }
        let pivot = self.rows[at].clone();
        let rows = self.rows.iter_mut().enumerate().filter(|(it, _)| *it != at);
        for row in rows.map(|it| it.1).chain(cost) {
            let factor = row[column];
            if factor != 0.0 {
                for (value, of_pivot) in row.iter_mut().zip(&pivot) {
                    *value -= factor * of_pivot;
                }
            }
        }
        self.basis[at] = column;
    }
}

#[test]
fn bounds_of_a_small_table_are_those_of_frechet() {
    // Two by two: rows 12 and 20, columns 10 and 22.
    let sums = [(vec![0, 1], 12.0), (vec![2, 3], 20.0), (vec![0, 2], 10.0), (vec![1, 3], 22.0)];
    let mut program = Program::new(4, &sums);
    assert_eq!(program.bounds(&[0]), (0.0, 10.0));
    assert_eq!(program.bounds(&[1]), (2.0, 12.0));
    assert_eq!(program.bounds(&[0, 1]), (12.0, 12.0));
}
