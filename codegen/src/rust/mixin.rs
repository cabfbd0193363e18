//! A mixin: a trait that the rows of all models have which include it.

use std::fmt::Write as _;

use purlin_schema::model::{Mixin, MixinId};

use super::layout;
use super::names::{FieldNames, Names};

pub(super) fn write(out: &mut String, names: &Names<'_>, index: usize, mixin: &Mixin) {
    let including: Vec<_> = names.models.iter().filter(|model| model.schema.mixins.contains(&MixinId(index))).collect();
    let (Some(first), Some(name)) = (including.first(), names.mixins.get(index)) else { return };
    out.push('\n');
    match &mixin.documentation {
        Some(text) => layout::docs(out, "", text),
        None => {
            let _ = writeln!(out, "/// What rows have by the mixin {}.", mixin.name);
        }
    }
    let _ = writeln!(out, "pub trait {name} {{");
    for (field, column) in first.shown().filter(|(field, _)| is_of(mixin, field)) {
        layout::docs(out, "    ", field.documentation.unwrap_or_default());
        let _ = writeln!(out, "    fn {}(&self) -> &{};", field.name, names.column_type(column));
    }
    out.push_str("}\n");
    for model in &including {
        let _ = writeln!(out, "\nimpl {name} for {} {{", model.row);
        for (getter, column) in first.shown().filter(|(field, _)| is_of(mixin, field)) {
            // The field has another name where this model has one of the same name besides.
            let field = model.fields.iter().find(|field| field.field.name == getter.field.name);
            let (getter, field) = (&getter.name, field.map_or("", |field| field.name.as_str()));
            let _ = writeln!(out, "    fn {getter}(&self) -> &{} {{", names.column_type(column));
            let _ = writeln!(out, "        &self.{field}\n    }}");
        }
        out.push_str("}\n");
    }
}

fn is_of(mixin: &Mixin, field: &FieldNames<'_>) -> bool {
    mixin.fields.iter().any(|name| *name == field.field.name)
}
