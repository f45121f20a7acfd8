//! Totals and ranks, as other programs read them.
//!
//! Enters: the model and totals. Leaves: objects by serde, rows of CSV. The one idea: worst and
//! best always stand beside each other, equal where the data decide. Invariant: every field is
//! always there; points are decimal strings, never floats.

use std::io::{self, Write};

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::Options;
use super::csv::write_row;
use super::figures::{PLACES, decimal, fraction};
use crate::check::model::Model;
use crate::score::Total;
use crate::verdict::Points;

/// One total as a row: it serialises as an object with the fields of the contract.
#[derive(Debug, Clone, Copy)]
pub struct ScoreRecord<'a> {
    model: &'a Model,
    total: &'a Total,
    options: Options,
}

/// The columns of CSV.
const COLUMNS: [&str; 11] = [
    "programme",
    "entity",
    "as_of",
    "type",
    "points_worst",
    "points_best",
    "maximum",
    "rank_best",
    "rank_worst",
    "field",
    "groups",
];

impl<'a> ScoreRecord<'a> {
    /// The row of a total that was made under `model`.
    pub const fn new(model: &'a Model, total: &'a Total, options: Options) -> Self {
        Self { model, total, options }
    }

    fn programme(&self) -> &'a str {
        self.model.programme(self.total.programme).map_or("", |it| it.code.as_str())
    }
}

/// Writes the header of a table of totals.
///
/// # Errors
/// The writer's own.
pub fn write_header<W: Write>(out: W) -> io::Result<()> {
    write_row(out, COLUMNS.into_iter())
}

/// Writes one total as a row of CSV; groups as `name: worst..best/maximum`, joined by `; `.
///
/// # Errors
/// The writer's own.
pub fn write_csv<W: Write>(out: W, record: &ScoreRecord<'_>) -> io::Result<()> {
    let Total { entity, kind, as_of, points, groups, rank, .. } = record.total;
    let [worst, best, maximum] = figures(points);
    let group = |name: Option<&str>, points: &Points| {
        let [worst, best, maximum] = figures(points);
        format!("{}: {worst}..{best}/{maximum}", name.unwrap_or_default())
    };
    let groups: Vec<String> =
        groups.iter().map(|it| group(it.name.as_deref(), &it.points)).collect();
    let place = |of: Option<u64>| of.map(|it| it.to_string()).unwrap_or_default();
    let cells = [
        record.programme().to_owned(),
        entity.clone().unwrap_or_default(),
        as_of.to_string(),
        kind.clone().unwrap_or_default(),
        worst,
        best,
        maximum,
        place(rank.map(|rank| rank.best)),
        place(rank.map(|rank| rank.worst)),
        place(rank.map(|rank| rank.field)),
        groups.join("; "),
    ];
    write_row(out, cells.iter())
}

fn figures(points: &Points) -> [String; 3] {
    [&points.worst, &points.best, &points.maximum].map(|it| decimal(it, PLACES, &[]))
}

impl Serialize for ScoreRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Total { entity, kind, as_of, points, rank, .. } = self.total;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("programme", self.programme())?;
        map.serialize_entry("entity", entity)?;
        map.serialize_entry("as_of", &as_of.to_string())?;
        map.serialize_entry("type", kind)?;
        write_points(&mut map, points)?;
        if self.options.exact {
            map.serialize_entry("points_worst_exact", &fraction(&points.worst))?;
            map.serialize_entry("points_best_exact", &fraction(&points.best))?;
            map.serialize_entry("maximum_exact", &fraction(&points.maximum))?;
        }
        map.serialize_entry("rank_best", &rank.map(|rank| rank.best))?;
        map.serialize_entry("rank_worst", &rank.map(|rank| rank.worst))?;
        map.serialize_entry("field", &rank.map(|rank| rank.field))?;
        map.serialize_entry("groups", &Groups(self))?;
        map.serialize_entry("targets", &Targets(self))?;
        map.end()
    }
}

fn write_points<M: SerializeMap>(map: &mut M, points: &Points) -> Result<(), M::Error> {
    let [worst, best, maximum] = figures(points);
    map.serialize_entry("points_worst", &worst)?;
    map.serialize_entry("points_best", &best)?;
    map.serialize_entry("maximum", &maximum)
}

/// The points of something by its name.
struct Named<'a> {
    key: &'static str,
    name: Option<&'a str>,
    points: &'a Points,
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry(self.key, &self.name)?;
        write_points(&mut map, self.points)?;
        map.end()
    }
}

struct Groups<'r, 'a>(&'r ScoreRecord<'a>);

impl Serialize for Groups<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let groups = &self.0.total.groups;
        let mut list = serializer.serialize_seq(Some(groups.len()))?;
        for group in groups {
            let (name, points) = (group.name.as_deref(), &group.points);
            list.serialize_element(&Named { key: "group", name, points })?;
        }
        list.end()
    }
}

struct Targets<'r, 'a>(&'r ScoreRecord<'a>);

impl Serialize for Targets<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let targets = &self.0.total.targets;
        let mut list = serializer.serialize_seq(Some(targets.len()))?;
        for (id, points) in targets {
            let name = self.0.model.target(*id).map(|target| target.code.as_str());
            list.serialize_element(&Named { key: "target", name, points })?;
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Reference;
    use crate::score::{Scores, rank};
    use crate::snapshot::{Cases, Data};
    use crate::{Measurement, Rules, Snapshot};

    #[test]
    fn objects_and_rows_of_the_contract() {
        let rules = "chương trình: P\nmã: K\nnhóm: Một\n  điểm: 15\n[A] tỷ lệ a >= 50%\n  \
                     điểm: 20\n[B] b = có\n  điểm: 1/3";
        let rules = Rules::parse(rules).unwrap();
        let mut data = Data::new();
        let snapshot = Snapshot::new("x").on("30/06/2023").unwrap();
        data.push(snapshot.measure("b", Measurement::truth(true)), None);
        let reference = Reference::new(rules.model(), &data);
        let cases = Cases::each_snapshot(&data);
        let case = cases.get(&data, 0).unwrap();
        let scores = Scores::new(rules.model());
        let mut totals = scores.of_case(&reference, &case, &reference.judge(&case));
        rank(&mut totals);
        let record = |exact| {
            let options = Options { exact, ..Options::default() };
            ScoreRecord::new(rules.model(), &totals[0], options)
        };
        let head = concat!(
            r#"{"programme":"K","entity":"x","as_of":"2023-06-30","type":null,"#,
            r#""points_worst":"0.333333","points_best":"15","maximum":"15","#,
        );
        let tail = concat!(
            r#""rank_best":1,"rank_worst":1,"field":1,"#,
            r#""groups":[{"group":"Một","points_worst":"0.333333","points_best":"15","#,
            r#""maximum":"15"}],"#,
            r#""targets":[{"target":"A","points_worst":"0","points_best":"20","maximum":"20"},"#,
            r#"{"target":"B","points_worst":"0.333333","points_best":"0.333333","#,
            r#""maximum":"0.333333"}]}"#,
        );
        let json = |exact| serde_json::to_string(&record(exact)).unwrap();
        assert_eq!(json(false), format!("{head}{tail}"));
        let exact =
            r#""points_worst_exact":"1/3","points_best_exact":"15/1","maximum_exact":"15/1","#;
        assert_eq!(json(true), format!("{head}{exact}{tail}"));
        let mut out = Vec::new();
        write_header(&mut out).unwrap();
        write_csv(&mut out, &record(false)).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "programme,entity,as_of,type,points_worst,points_best,maximum,rank_best,rank_worst,\
             field,groups\r\n\
             K,x,2023-06-30,,0.333333,15,15,1,1,1,Một: 0.333333..15/15\r\n"
        );
    }
}
