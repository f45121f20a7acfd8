//! The verdict record: one target, one snapshot, as other programs read it.
//!
//! Enters: the model and a judgement. Leaves: the fields of the record, by name or by serde. The
//! one idea: one table of names and one function from a name to its value, which JSON, CSV and
//! chosen fields share. Invariant: every field is always there; unknown is null, empty is `[]`.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Cell;
use super::figures::{
    ATTAINMENT_PLACES, PLACES, decimal, fraction, measured, sides, threshold, unrounded,
};
use crate::check::model::{Model, Programme, Target, Version};
use crate::diagnostic::Lang;
use crate::number::Rational;
use crate::verdict::{Judgement, Measured, Progress, Reason};

/// All fields in their order; those that end in `_exact` are written only when asked for.
const NAMES: [&str; 31] = [
    "programme",
    "group",
    "target",
    "name",
    "entity",
    "as_of",
    "verdict",
    "reason",
    "progress",
    "measured",
    "unit",
    "threshold",
    "due",
    "legal_basis",
    "margin",
    "attainment",
    "measured_exact",
    "margin_exact",
    "attainment_exact",
    "numerator",
    "denominator",
    "rounding_sensitive",
    "estimate",
    "step",
    "stretch",
    "parts",
    "failing",
    "unreported",
    "missing",
    "sources",
    "message",
];

/// How records are written.
///
/// ```
/// use chitieu::report::Options;
///
/// assert!(!Options::default().exact);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// The language of `message`; all other fields are the same in every language.
    pub lang: Lang,
    /// Whether the exact fractions stand beside the decimal strings.
    pub exact: bool,
}

/// A name that is no field of the record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown field `{0}`")]
pub struct UnknownField(
    /// What was asked for.
    pub String,
);

/// Which fields are written, and in which order.
///
/// ```
/// use chitieu::report::Fields;
///
/// let fields = Fields::named(&["entity", "verdict"])?;
/// assert_eq!(fields.names(), ["entity", "verdict"]);
/// assert_eq!(Fields::named(&["verdikt"]).unwrap_err().0, "verdikt");
/// # Ok::<(), chitieu::report::UnknownField>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(Vec<&'static str>);

impl Fields {
    /// All fields in the order of the record; with `exact` the three exact fractions too.
    pub fn all(exact: bool) -> Self {
        Self(field_names(exact).collect())
    }

    /// These fields, in this order.
    ///
    /// # Errors
    /// One of the names is no field.
    pub fn named<T: AsRef<str>>(names: &[T]) -> Result<Self, UnknownField> {
        let known = |name: &str| NAMES.iter().find(|known| **known == name).copied();
        let find = |name: &T| known(name.as_ref()).ok_or(UnknownField(name.as_ref().to_owned()));
        Ok(Self(names.iter().map(find).collect::<Result<_, _>>()?))
    }

    /// The names.
    pub fn names(&self) -> &[&'static str] {
        &self.0
    }
}

/// The names of the fields, in the order of the record.
///
/// ```
/// let names: Vec<_> = chitieu::report::field_names(false).collect();
/// assert_eq!(names.first(), Some(&"programme"));
/// assert!(!names.contains(&"margin_exact"));
/// ```
pub fn field_names(exact: bool) -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().filter(move |name| exact || !name.ends_with("_exact"))
}

/// One judgement as a row: a view that makes the text of a field when it is asked for.
///
/// It serialises as the verdict record, with the fields of [`field_names`].
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    model: &'a Model,
    judgement: &'a Judgement,
    target: Option<&'a Target>,
    version: Option<&'a Version>,
    options: Options,
}

impl<'a> Record<'a> {
    /// The record of a judgement that was made under `model`.
    pub fn new(model: &'a Model, judgement: &'a Judgement, options: Options) -> Self {
        let target = model.target(judgement.target);
        let version = target.and_then(|target| target.version(judgement.as_of));
        Self { model, judgement, target, version, options }
    }

    /// The model that it was made under.
    pub(super) const fn model(&self) -> &'a Model {
        self.model
    }

    /// The judgement itself.
    pub fn judgement(&self) -> &'a Judgement {
        self.judgement
    }

    /// The value of a field; nothing where there is no field of that name.
    pub fn get(&self, name: &str) -> Option<Cell<'a>> {
        let judgement = self.judgement;
        let cell = match name {
            "programme" => known(self.programme().map(|programme| programme.code.as_str())),
            "group" => known(self.version.and_then(|version| version.group.as_deref())),
            "target" => known(self.target.map(|target| target.code.as_str())),
            "name" => known(self.version.map(|version| version.name.as_str())),
            "entity" => known(judgement.entity.as_deref()),
            "as_of" => made(judgement.as_of.to_string()),
            "verdict" => known(Some(judgement.verdict.code())),
            "reason" => known(judgement.reason.map(Reason::code)),
            "progress" => known(judgement.progress.map(Progress::code)),
            "unit" => maybe(self.unit()),
            "threshold" => maybe(judgement.threshold.as_ref().map(threshold)),
            "due" => maybe(judgement.due.map(|day| day.to_string())),
            "legal_basis" => known(self.version.and_then(|version| version.legal_basis.as_deref())),
            "numerator" => maybe(judgement.fraction.as_ref().map(|(top, _)| unrounded(top))),
            "denominator" => maybe(judgement.fraction.as_ref().map(|(_, below)| unrounded(below))),
            "rounding_sensitive" => Cell::Flag(judgement.rounding_sensitive),
            "estimate" => Cell::Flag(judgement.estimate),
            "step" => judgement.step.as_ref().map_or(Cell::Null, Cell::Step),
            "stretch" => judgement.stretch.as_ref().map_or(Cell::Null, Cell::Stretch),
            "parts" => Cell::Parts(&judgement.parts),
            "failing" => Cell::List(&judgement.failing),
            "unreported" => Cell::List(&judgement.unreported),
            "missing" => Cell::List(&judgement.missing),
            "sources" => Cell::List(&judgement.sources),
            "message" => made(super::message(self.model, judgement, self.options.lang)),
            figure => self.figure(figure)?,
        };
        Some(cell)
    }

    /// The text of a field as a CSV cell holds it: empty for null, lists joined by `; `. Nothing
    /// where there is no field of that name.
    pub fn field(&self, name: &str) -> Option<String> {
        self.get(name).map(|cell| cell.text())
    }

    /// A view of this record that serialises only these fields, in their order.
    pub fn only(&self, fields: &'a Fields) -> impl Serialize + use<'a> {
        Chosen { record: *self, names: fields.names() }
    }

    fn programme(&self) -> Option<&'a Programme> {
        self.model.programme(self.target?.programme)
    }

    /// The unit in the language of the rules, so that it is the same for every reader.
    fn unit(&self) -> Option<String> {
        let unit = self.judgement.unit.as_ref()?;
        if *unit == crate::unit::Unit::YesNo {
            return None;
        }
        let label = super::words::label(unit, self.programme()?.lang);
        (!label.is_empty()).then_some(label)
    }

    /// The fields that hold computed figures; nothing where `name` is none of them.
    fn figure(&self, name: &str) -> Option<Cell<'a>> {
        let judgement = self.judgement;
        let margin = judgement.margin.as_ref();
        let attainment = judgement.attainment.as_ref();
        let text = match name {
            "measured" => {
                let sides = judgement.threshold.as_ref().map(sides).unwrap_or_default();
                measured(&judgement.measured, &|value| decimal(value, PLACES, &sides))
            }
            "margin" => margin.map(|value| decimal(value, PLACES, &[Rational::zero()])),
            "attainment" => {
                let whole = [Rational::from(1_i64)];
                attainment.map(|value| decimal(value, ATTAINMENT_PLACES, &whole))
            }
            "measured_exact" => match &judgement.measured {
                Measured::Truth(_) => None,
                figure => measured(figure, &fraction),
            },
            "margin_exact" => margin.map(fraction),
            "attainment_exact" => attainment.map(fraction),
            _ => return None,
        };
        Some(maybe(text))
    }
}

fn known(text: Option<&str>) -> Cell<'_> {
    text.map_or(Cell::Null, |text| Cell::Text(Cow::Borrowed(text)))
}

fn made<'a>(text: String) -> Cell<'a> {
    Cell::Text(Cow::Owned(text))
}

fn maybe<'a>(text: Option<String>) -> Cell<'a> {
    text.map_or(Cell::Null, made)
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = Fields::all(self.options.exact);
        Chosen { record: *self, names: fields.names() }.serialize(serializer)
    }
}

/// A record and the fields of it that are written.
struct Chosen<'a, 'n> {
    record: Record<'a>,
    names: &'n [&'static str],
}

impl Serialize for Chosen<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.names.len()))?;
        for name in self.names {
            map.serialize_entry(name, &self.record.get(name).unwrap_or(Cell::Null))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{
        asked_of, compare, judgement, measured as figure_of, model, number, truth,
    };
    use crate::unit::Unit;
    use crate::verdict::{Part, Step, Verdict};

    fn percent(threshold: &str) -> Model {
        let name = "tỷ lệ thanh toán trực tuyến trên Cổng DVCQG";
        model(vec![(name, compare(threshold, Unit::Percent))])
    }

    #[test]
    fn the_record_of_the_contract() {
        let mut model = percent(">= 30");
        model.targets[0].versions[0].legal_basis = Some("…".to_owned());
        let mut judgement = judgement(&model, 0, Verdict::Exceeded, "52.3");
        judgement.progress = Some(Progress::Unknown);
        judgement.margin = Some(number("22.3"));
        judgement.attainment = Some(number("523/300"));
        judgement.sources = vec!["snapshots.json#/0".to_owned()];
        let plain = Record::new(&model, &judgement, Options::default());
        let expected = concat!(
            r#"{"programme":"KH-CDS-2023","group":"Chính quyền số","target":"CQS-01","#,
            r#""name":"tỷ lệ thanh toán trực tuyến trên Cổng DVCQG","entity":"br-vt","#,
            r#""as_of":"2023-06-30","verdict":"exceeded","reason":null,"progress":"unknown","#,
            r#""measured":"52.3","unit":"%","threshold":">= 30","due":"2023-12-31","#,
            r#""legal_basis":"…","margin":"22.3","attainment":"1.7433","#,
            r#""numerator":null,"denominator":null,"rounding_sensitive":false,"estimate":false,"#,
            r#""step":null,"stretch":null,"parts":[],"failing":[],"unreported":[],"missing":[],"#,
            r#""sources":["snapshots.json#/0"],"#,
            r#""message":"52,3 % so với yêu cầu >= 30 %: vượt 22,3 điểm phần trăm"}"#,
        );
        assert_eq!(serde_json::to_string(&plain).unwrap(), expected);
        let exact = Record::new(&model, &judgement, Options { lang: Lang::Vi, exact: true });
        let added = concat!(
            r#""attainment":"1.7433","measured_exact":"523/10","#,
            r#""margin_exact":"223/10","attainment_exact":"523/300","#
        );
        let expected = expected.replace(r#""attainment":"1.7433","#, added);
        assert_eq!(serde_json::to_string(&exact).unwrap(), expected);
    }

    #[test]
    fn figures_are_rounded_on_their_side() {
        let cases = [
            // Figure, margin, attainment: then as the record prints them.
            (
                "39.99999996",
                "-0.00000004",
                "0.999999999",
                "39.99999996",
                "-0.00000004",
                "0.999999999",
            ),
            ("100/3", "-20/3", "5/6", "33.333333", "-6.666667", "0.8333"),
            ("40", "0", "1", "40", "0", "1"),
            ("40.0000004", "0.0000004", "1.00000001", "40.0000004", "0.0000004", "1.00000001"),
            ("> 80", "40", "2", "> 80", "40", "2"),
            ("< 39.99999999", "-0.00000001", "", "< 39.99999999", "-0.00000001", ""),
        ];
        let model = percent(">= 40");
        for (figure, margin, attainment, measured, margin_text, attainment_text) in cases {
            let mut judgement = judgement(&model, 0, Verdict::NotMet, figure);
            judgement.margin = Some(number(margin));
            judgement.attainment = (!attainment.is_empty()).then(|| number(attainment));
            let record = Record::new(&model, &judgement, Options::default());
            let field = |name: &str| record.field(name).unwrap();
            assert_eq!(field("measured"), measured);
            assert_eq!(field("margin"), margin_text);
            assert_eq!(field("attainment"), attainment_text);
        }
    }

    #[test]
    fn lists_steps_and_parts() {
        let model = model(vec![("kế hoạch", truth(true))]);
        let mut judgement = judgement(&model, 0, Verdict::NotMet, "no");
        let indicator = "số hồ sơ".to_owned();
        judgement.step =
            Some(Step::Figure { indicator, add: number("37"), unit: "hồ sơ".to_owned() });
        judgement.fraction = Some((number("12"), number("14.5")));
        judgement.missing = vec!["a".to_owned(), "b".to_owned()];
        judgement.parts = vec![Part {
            text: "A >= 40%".to_owned(),
            verdict: Verdict::NotDue,
            measured: figure_of("39.99999996"),
            threshold: asked_of(&compare(">= 40", Unit::Percent)),
        }];
        let record = Record::new(&model, &judgement, Options::default());
        let json = |name| serde_json::to_string(&record.get(name).unwrap()).unwrap();
        let cases = [
            ("measured", r#""false""#, "false"),
            ("measured_exact", "null", ""),
            ("unit", "null", ""),
            ("threshold", r#""= true""#, "= true"),
            ("numerator", r#""12""#, "12"),
            ("denominator", r#""14.5""#, "14.5"),
            ("estimate", "false", "false"),
            ("missing", r#"["a","b"]"#, "a; b"),
            (
                "step",
                r#"{"indicator":"số hồ sơ","add":"37","unit":"hồ sơ"}"#,
                "số hồ sơ: +37 hồ sơ",
            ),
            (
                "parts",
                concat!(
                    r#"[{"text":"A >= 40%","verdict":"not_due","#,
                    r#""measured":"39.99999996","threshold":">= 40"}]"#
                ),
                "A >= 40%: not_due",
            ),
        ];
        for (name, expected, text) in cases {
            assert_eq!(json(name), expected, "{name}");
            assert_eq!(record.field(name).unwrap(), text, "{name}");
        }
        assert_eq!(record.get("nothing"), None);
    }

    #[test]
    fn every_name_is_a_field_and_language_touches_only_the_message() {
        let model = model(vec![("điểm", compare(">= 5", Unit::PercentPoint))]);
        let judgement = judgement(&model, 0, Verdict::Met, "5");
        let record = |lang| Record::new(&model, &judgement, Options { lang, exact: true });
        for name in NAMES {
            let vi = record(Lang::Vi).get(name);
            assert!(vi.is_some(), "{name}");
            assert_eq!(vi == record(Lang::En).get(name), name != "message", "{name}");
        }
        let unknown = self::judgement(&model, 7, Verdict::Met, "5");
        let record = Record::new(&model, &unknown, Options::default());
        assert_eq!(record.get("target"), Some(Cell::Null));
    }

    /// The fields of the first target's record that concern what is asked.
    fn asked_fields(rules: &str, measurements: &str) -> String {
        let rules = crate::Rules::parse(rules).unwrap();
        let text =
            format!(r#"{{"entity":"x","as_of":"2023-06-30","measurements":{{{measurements}}}}}"#);
        let report = rules.evaluate(&crate::Snapshot::from_json(&text).unwrap());
        let fields = ["verdict", "measured", "unit", "threshold", "margin", "stretch", "parts"];
        let fields = Fields::named(&fields).unwrap();
        let record = Record::new(rules.model(), &report.verdicts()[0], Options::default());
        serde_json::to_string(&record.only(&fields)).unwrap()
    }

    #[test]
    fn what_is_asked_stands_in_every_form() {
        let cases = [
            (
                "tỷ lệ a >= 5%\n  phấn đấu: 7%",
                r#""tỷ lệ a":"6%""#,
                concat!(
                    r#"{"verdict":"exceeded","measured":"6","unit":"%","threshold":">= 5","#,
                    r#""margin":"1","stretch":{"threshold":">= 7","verdict":"not_met"},"parts":[]}"#
                ),
            ),
            (
                "tỷ lệ a >= chưa rõ",
                r#""tỷ lệ a":"100%""#,
                concat!(
                    r#"{"verdict":"met","measured":"100","unit":"%","threshold":">= ?","#,
                    r#""margin":null,"stretch":null,"parts":[]}"#
                ),
            ),
            (
                "a >= b / 3",
                r#""a":3,"b":"hơn 1""#,
                concat!(
                    r#"{"verdict":"undetermined","measured":"3","unit":null,"#,
                    r#""threshold":">= > 1/3","margin":null,"stretch":null,"parts":[]}"#
                ),
            ),
            (
                "a >= b / 3",
                r#""a":3"#,
                concat!(
                    r#"{"verdict":"no_data","measured":null,"unit":null,"#,
                    r#""threshold":null,"margin":null,"stretch":null,"parts":[]}"#
                ),
            ),
            (
                "a >= 5% và k = có",
                r#""a":"6%""#,
                concat!(
                    r#"{"verdict":"no_data","measured":null,"unit":null,"threshold":null,"#,
                    r#""margin":null,"stretch":null,"parts":[{"text":"a >= 5%","#,
                    r#""verdict":"exceeded","measured":"6","threshold":">= 5"},"#,
                    r#"{"text":"k = có","verdict":"no_data","measured":null,"#,
                    r#""threshold":"= true"}]}"#
                ),
            ),
        ];
        for (rules, measurements, expected) in cases {
            assert_eq!(asked_fields(rules, measurements), expected);
        }
    }

    #[test]
    fn chosen_fields_keep_their_order() {
        let model = percent(">= 5");
        let judgement = judgement(&model, 0, Verdict::Met, "5");
        let fields = Fields::named(&["verdict", "entity"]).unwrap();
        let record = Record::new(&model, &judgement, Options::default());
        let text = serde_json::to_string(&record.only(&fields)).unwrap();
        assert_eq!(text, r#"{"verdict":"met","entity":"br-vt"}"#);
        assert_eq!(Fields::named(&["x"]), Err(UnknownField("x".to_owned())));
    }
}
