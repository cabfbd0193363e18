//! One trip: a nested read as one statement, for a database that is far away.
//!
//! Each step of a read waits for the keys of the step above it. Where the way to the database takes longer than its work, a
//! statement that reads all levels is quicker: it finds the rows of a level by the keys of another within itself, and says
//! of each row which level it is of. docs/decisions/0023 has the figures and the alternatives.

use crate::catalog::{Catalog, Column, Type};
use crate::dialect::{Dialect, Rendered};
use crate::error::Error;
use crate::plan::{FrameColumn, OneTrip, Run};
use crate::statement::{Condition, KeysOf, LevelRows, Levels, Select, Statement};

/// The slots that a level may leave unused at most. 20 cost 19 percent of the time of a read, and 60 cost 59.
const MOST_UNUSED: usize = 20;

/// The levels of a read, as far as they are planned.
#[derive(Default)]
pub(super) struct ReadLevels<'a> {
    levels: Vec<ReadLevel<'a>>,
}

struct ReadLevel<'a> {
    select: Select<'a>,
    columns: Vec<FrameColumn>,
    has_children: bool,
}

impl<'a> ReadLevels<'a> {
    /// Adds a level: the statement of a step, its columns, and the frame whose keys it is run for.
    pub(super) fn add(&mut self, select: &Select<'a>, columns: &[FrameColumn], run: &Run) {
        let mut select = select.clone();
        if let Run::Keys(keys) = run {
            if let Some(parent) = self.levels.get_mut(keys.frame) {
                parent.has_children = true;
            }
            for condition in &mut select.conditions {
                if let Condition::InKeys(in_keys) = condition {
                    in_keys.keys = KeysOf::Level { level: keys.frame, outputs: keys.columns.clone() };
                }
            }
        }
        self.levels.push(ReadLevel { select, columns: columns.to_vec(), has_children: false });
    }

    /// The statement that reads all levels; none where there is one, or where they have too little in common.
    pub(super) fn together(self, catalog: &'a Catalog, dialect: Dialect) -> Result<Option<OneTrip>, Error> {
        if self.levels.len() < 2 {
            return Ok(None);
        }
        let mut slots: Vec<(Type, Option<&'a Column>)> = Vec::new();
        let mut places = Vec::new();
        for level in &self.levels {
            let mut taken: Vec<usize> = Vec::new();
            for column in &level.columns {
                let source = column.source.map(|(model, field)| catalog.column_at(model, field)).transpose()?;
                let is_free = |place: &usize, slot: &(Type, Option<&Column>)| {
                    !taken.contains(place) && slot.0 == column.ty && has_type_of(slot.1, source)
                };
                let place = slots.iter().enumerate().position(|(place, slot)| is_free(&place, slot));
                taken.push(place.unwrap_or_else(|| {
                    slots.push((column.ty, source));
                    slots.len() - 1
                }));
            }
            places.push(taken);
        }
        let unused = places.iter().map(|taken| slots.len() - taken.len()).max();
        if unused > Some(MOST_UNUSED) || slots.len() >= dialect.capabilities().columns {
            return Ok(None);
        }
        let level = |(level, taken): (ReadLevel<'a>, &Vec<usize>)| LevelRows {
            select: level.select,
            has_children: level.has_children,
            slots: (0..slots.len()).map(|slot| taken.iter().position(|place| *place == slot)).collect(),
        };
        let levels = self.levels.into_iter().zip(&places).map(level).collect();
        let levels = Levels { levels, slots: slots.iter().map(|(_, column)| *column).collect() };
        let Rendered { sql, params, types, .. } = dialect.render(catalog, &Statement::Levels(levels));
        // The number of the level comes first.
        let frames = places.into_iter().map(|taken| taken.into_iter().map(|place| place + 1).collect()).collect();
        Ok(Some(OneTrip { sql, params, types, frames }))
    }
}

/// Returns whether values of two columns may share a slot.
fn has_type_of(slot: Option<&Column>, other: Option<&Column>) -> bool {
    match (slot, other) {
        (Some(slot), Some(other)) => slot.native == other.native && slot.list == other.list,
        (None, None) => true,
        _ => false,
    }
}
