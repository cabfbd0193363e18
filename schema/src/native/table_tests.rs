//! The content of the tables.

use super::{Indexing, NativeType, default_for, definitions, find};
use crate::model::{Provider, Scalar};

const BOTH: [Provider; 2] = [Provider::Postgres, Provider::Mysql];

fn native(provider: Provider, name: &str, scalar: Scalar, arguments: &[u32]) -> NativeType {
    NativeType { definition: find(provider, name, scalar).unwrap(), arguments: arguments.to_vec() }
}

#[test]
fn every_scalar_has_a_default_type_that_fits() {
    for provider in BOTH {
        for scalar in Scalar::ALL {
            let native = default_for(provider, scalar).unwrap();
            assert!(native.definition.parameters.accept(native.arguments.len()), "{native} of {scalar:?}");
            for (argument, parameter) in native.arguments.iter().zip(native.definition.parameters.all) {
                assert!((parameter.least..=parameter.most).contains(argument), "{native} of {scalar:?}");
            }
        }
    }
    assert_eq!(default_for(Provider::Sqlite, Scalar::Int), None);
}

#[test]
fn default_types_are_those_of_prisma() {
    let sql = |provider| Scalar::ALL.map(|scalar| default_for(provider, scalar).unwrap().sql());
    // String, Boolean, Int, BigInt, Float, Decimal, DateTime, Json, Bytes
    assert_eq!(
        sql(Provider::Postgres),
        [
            "TEXT",
            "BOOLEAN",
            "INTEGER",
            "BIGINT",
            "DOUBLE PRECISION",
            "DECIMAL(65,30)",
            "TIMESTAMP(3)",
            "JSONB",
            "BYTEA"
        ]
    );
    assert_eq!(
        sql(Provider::Mysql),
        ["VARCHAR(191)", "TINYINT(1)", "INT", "BIGINT", "DOUBLE", "DECIMAL(65,30)", "DATETIME(3)", "JSON", "LONGBLOB"]
    );
}

#[test]
fn a_name_and_a_scalar_mean_one_type() {
    for provider in BOTH {
        for definition in definitions(provider) {
            for scalar in definition.scalars {
                let same = definitions(provider).iter().filter(|it| it.name == definition.name && it.fits(*scalar));
                assert_eq!(same.count(), 1, "{} of {scalar:?}", definition.name);
            }
            let parameters = &definition.parameters;
            assert!(parameters.implied.is_empty() || parameters.optional, "{}", definition.name);
            assert!(parameters.implied.is_empty() || parameters.accept(parameters.implied.len()));
        }
    }
}

#[test]
fn types_are_spelled_for_the_schema_and_for_the_database() {
    let name = native(Provider::Postgres, "VarChar", Scalar::String, &[40]);
    assert_eq!((name.to_string(), name.sql()), ("VarChar(40)".into(), "VARCHAR(40)".into()));
    let time = native(Provider::Postgres, "Timestamptz", Scalar::DateTime, &[3]);
    assert_eq!((time.to_string(), time.sql()), ("Timestamptz(3)".into(), "TIMESTAMPTZ(3)".into()));
    let price = native(Provider::Mysql, "Decimal", Scalar::Decimal, &[10, 2]);
    assert_eq!((price.to_string(), price.sql()), ("Decimal(10, 2)".into(), "DECIMAL(10,2)".into()));
    assert_eq!(native(Provider::Mysql, "UnsignedInt", Scalar::Int, &[]).sql(), "INT UNSIGNED");
    assert_eq!(native(Provider::Mysql, "TinyInt", Scalar::Int, &[]).sql(), "TINYINT");
    assert_eq!(native(Provider::Mysql, "TinyInt", Scalar::Boolean, &[]).sql(), "TINYINT(1)");
}

#[test]
fn arguments_left_out_are_those_of_the_database() {
    let char = |arguments| native(Provider::Postgres, "Char", Scalar::String, arguments).with_implied_arguments();
    assert_eq!(char(&[]), char(&[1]));
    assert_ne!(char(&[]), char(&[2]));
    let text = |arguments| native(Provider::Postgres, "VarChar", Scalar::String, arguments).with_implied_arguments();
    assert_ne!(text(&[]), text(&[1]));
}

#[test]
fn only_texts_and_blobs_of_mysql_need_a_length_in_an_index() {
    let with = |provider, indexing| -> Vec<&str> {
        let all = definitions(provider).iter();
        all.filter(|definition| definition.indexing == indexing).map(|definition| definition.name).collect()
    };
    assert_eq!(
        with(Provider::Mysql, Indexing::Prefix),
        ["TinyBlob", "Blob", "MediumBlob", "LongBlob", "TinyText", "Text", "MediumText", "LongText"]
    );
    assert_eq!(with(Provider::Postgres, Indexing::Prefix), [""; 0]);
    assert_eq!(with(Provider::Postgres, Indexing::Never), ["Xml"]);
}
