//! Lines whose columns are aligned.

use super::INDENT;

/// Cells that are wider neither widen their column nor line up with it: without a limit a single long name would cost
/// its length once per line.
const WIDEST: usize = 200;

/// Lines of a block that are aligned with each other.
#[derive(Debug, Default)]
pub(super) struct Rows(Vec<Row>);

#[derive(Debug)]
enum Row {
    /// Columns, and what follows them without a column of its own: comments.
    Cells(Vec<String>, String),
    /// A line that the columns do not concern.
    Line(String),
}

impl Rows {
    /// A line with columns.
    pub(super) fn cells(&mut self, mut cells: Vec<String>, suffix: String) {
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        self.0.push(Row::Cells(cells, suffix));
    }

    /// A line of its own.
    pub(super) fn line(&mut self, text: String) {
        self.0.push(Row::Line(text));
    }

    /// Writes the lines, each with its line break, and starts again.
    pub(super) fn write(&mut self, out: &mut String) {
        let rows = std::mem::take(&mut self.0);
        let mut widths: Vec<usize> = Vec::new();
        for row in &rows {
            let Row::Cells(cells, _) = row else { continue };
            widths.resize(widths.len().max(cells.len()), 0);
            for (width, cell) in widths.iter_mut().zip(cells) {
                let own = width_of(cell);
                if own <= WIDEST {
                    *width = own.max(*width);
                }
            }
        }
        for row in rows {
            out.extend(std::iter::repeat_n(' ', INDENT));
            match row {
                Row::Line(text) => out.push_str(&text),
                Row::Cells(cells, suffix) => {
                    let mut padding = 0;
                    for (cell, width) in cells.iter().zip(&widths) {
                        out.extend(std::iter::repeat_n(' ', padding));
                        out.push_str(cell);
                        padding = width.saturating_sub(width_of(cell)) + 1;
                    }
                    if !suffix.is_empty() {
                        out.push(' ');
                        out.push_str(&suffix);
                    }
                }
            }
            out.push('\n');
        }
    }
}

/// The width of a cell: its bytes, as Prisma counts, so that two formatters of one file do not undo each other's work.
/// In ASCII that is what is seen.
fn width_of(cell: &str) -> usize {
    cell.len()
}
