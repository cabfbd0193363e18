//! The keys of rows and fragments by a rule of the generator: here `json_names = "snake_case"`.

#[rustfmt::skip]
#[path = "../json_names/db.rs"]
mod db;

use db::{Item, Parcel, ParcelState};
use purlin::{DateTime, Decimal, Select};
use serde_json::json;

use crate::Project;

#[derive(Select)]
#[select(Parcel, json)]
struct ParcelCard {
    id: i32,
    #[select(flatten)]
    label: Label,
    items: Vec<ItemCard>,
    #[select(count(items))]
    items_count: i64,
}

#[derive(Select)]
#[select(Parcel, json)]
struct Label {
    tracking_no: i64,
    sent_at: DateTime,
    sent_at_: Option<i32>,
    r#type: ParcelState,
}

#[derive(Select)]
#[select(Item, json)]
struct ItemCard {
    unit_name: String,
    weight_kg: Option<Decimal>,
    photo: Option<Vec<u8>>,
    parcel: Parcel,
}

fn parcel() -> Parcel {
    let sent_at = "2024-01-02T03:04:05.678Z".parse().expect("an instant");
    Parcel { id: 7, tracking_no: i64::MAX, sent_at, sent_at_: None, r#type: ParcelState::UnderWay }
}

#[test]
fn rows_and_fragments_have_keys_by_the_rule_of_the_generator() {
    let row = parcel();
    let expected = json!({
        "id": 7,
        "tracking_no": "9223372036854775807",
        "sent_at": "2024-01-02T03:04:05.678Z",
        "sent_at_": null,
        "type": "underWay",
    });
    assert_eq!(serde_json::to_value(&row).expect("it serializes"), expected);

    let Parcel { id, tracking_no, sent_at, sent_at_, r#type } = row;
    let label = Label { tracking_no, sent_at, sent_at_, r#type };
    let item = ItemCard {
        unit_name: "Beam".into(),
        weight_kg: Some("12.50".parse().expect("a decimal")),
        photo: Some(vec![1, 2]),
        parcel: parcel(),
    };
    let card = ParcelCard { id, label, items: vec![item], items_count: 1 };
    let mut fragment = expected.clone();
    fragment["items"] = json!([{ "unit_name": "Beam", "weight_kg": "12.5", "photo": "AQI=", "parcel": expected }]);
    fragment["items_count"] = json!(1);
    assert_eq!(serde_json::to_value(&card).expect("it serializes"), fragment);

    let json = serde_json::to_string(&card).expect("it serializes");
    let project = Project::new("keys");
    assert_eq!(project.errors::<ParcelCard>("rust.ParcelCard", &json), "");
    let errors = project.errors::<ParcelCard>("rust.ParcelCard", &json.replace("unit_name", "unitName"));
    assert!(errors.contains("'\"unitName\"' does not exist in type 'ItemCard'"), "{errors}");
}

#[test]
fn the_exported_keys_follow_the_same_rule() {
    let text = purlin::typescript::to_string::<(Item, Label)>().expect("the types have names of their own");
    let item = "export type Item = {\n  id: number\n  unit_name: string\n  weight_kg: string | null\n  photo: string | null\n  parcel_id: number\n}\n";
    let label = "export type Label = {\n  tracking_no: string\n  sent_at: string\n  sent_at_: number | null\n  type: ParcelState\n}\n";
    let state = "export type ParcelState = 'underWay' | 'DELIVERED'\n";
    for expected in [item, label, state] {
        assert!(text.contains(expected), "{text}");
    }
}
