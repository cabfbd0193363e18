//! A read that tells whether a database can be reached.

use crate::catalog::Catalog;
use crate::dialect::{Dialect, Rendered};
use crate::plan::{Access, Plan, ResultKind, Returns, Run, Step};
use crate::planner::count_column;
use crate::statement::{Alias, Expression, From, Output, Select, Source, Statement, TableName};

/// A read of no model, which opens a connection and fails where there is no database. Its result is a number.
pub fn connection_check(catalog: &Catalog, dialect: Dialect) -> Plan {
    let mut select = Select { outputs: vec![Output::of(Expression::CountRows)], ..Select::default() };
    if let Some(name) = dialect.capabilities().read_to_connect {
        let table = TableName { schema: None, name };
        select.from = Some(From::Table(Source { table, alias: Alias::Table(0) }));
    }
    let Rendered { sql, params, types, .. } = dialect.render(catalog, &Statement::Select(Box::new(select)));
    let step = Step {
        when: Vec::new(),
        sql,
        params,
        types,
        date_forms: None,
        columns: vec![count_column()],
        returns: Returns::Rows,
        run: Run::Single,
        require: None,
        least: 1,
        write: None,
    };
    Plan {
        model: 0,
        access: Access::Read,
        inputs: Vec::new(),
        steps: vec![step],
        result: ResultKind::Counts(0),
        order: None,
        take: None,
        point_read: false,
        one_trip: None,
        canonical: None,
        text_keys: Vec::new(),
    }
}
