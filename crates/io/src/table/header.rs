//! The header of a table: what its columns hold.
//!
//! Enters: the cells of the first row. Leaves: a [`Column`] for each, or what keeps the table from
//! being read. The one idea: names are compared in normal form, in both languages; a column that
//! names both an indicator and its value makes the table long. Invariant: no column is dropped
//! unless it has no name.

use chitieu::diagnostic::Message;
use chitieu::text;

/// More attributes than this are no description of an entity.
const ATTRIBUTES: usize = 1_000;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    /// A field of the record.
    Field(Field),
    /// An attribute of the entity, by its name.
    Attribute(String),
    /// The figures of an indicator, by its name: in wide tables.
    Figure(String),
    /// Nothing: a column without a name, in which no cell may stand.
    Nameless,
}

/// A column that both languages have a name for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Entity,
    AsOf,
    Name,
    Parent,
    Source,
    Indicator,
    Value,
    Numerator,
    Denominator,
    Reported,
    Unit,
}

impl Field {
    /// Whether its cells hold figures.
    pub(crate) const fn is_figure(self) -> bool {
        matches!(self, Self::Value | Self::Numerator | Self::Denominator | Self::Reported)
    }
}

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Entities: all columns but the known ones are attributes.
    Entities,
    /// A row a snapshot, or a row a measurement, as the header says.
    Records,
}

/// What a header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) columns: Vec<Column>,
    /// A row holds one measurement.
    pub(crate) is_long: bool,
}

/// Why a header cannot be read: its column, from 1, where it is about one.
pub(crate) type HeaderFault = (Option<u32>, Message);

/// Names of fields in normal form. The first of a field is the one that messages show.
const FIELDS: [(&str, Field); 26] = [
    ("entity", Field::Entity),
    ("đơn vị", Field::Entity),
    ("mã đơn vị", Field::Entity),
    ("as_of", Field::AsOf),
    ("as of", Field::AsOf),
    ("ngày", Field::AsOf),
    ("name", Field::Name),
    ("tên", Field::Name),
    ("tên đơn vị", Field::Name),
    ("parent", Field::Parent),
    ("thuộc", Field::Parent),
    ("source", Field::Source),
    ("nguồn", Field::Source),
    ("indicator", Field::Indicator),
    ("chỉ số", Field::Indicator),
    ("value", Field::Value),
    ("giá trị", Field::Value),
    ("numerator", Field::Numerator),
    ("tử số", Field::Numerator),
    ("denominator", Field::Denominator),
    ("mẫu số", Field::Denominator),
    ("reported", Field::Reported),
    ("số báo cáo", Field::Reported),
    ("unit", Field::Unit),
    ("đơn vị tính", Field::Unit),
    ("đvt", Field::Unit),
];

/// Attributes that wide tables may hold too; any other column there is an indicator.
const ATTRIBUTE_NAMES: [(&str, &str); 4] =
    [("cấp", "cấp"), ("type", "cấp"), ("vùng", "vùng"), ("region", "vùng")];

/// The field that a name in normal form means.
pub(crate) fn field(normal: &str) -> Option<Field> {
    FIELDS.iter().find(|(name, _)| *name == normal).map(|(_, field)| *field)
}

/// The attribute that a name in normal form means in every table.
pub(crate) fn attribute(normal: &str) -> Option<&'static str> {
    ATTRIBUTE_NAMES.iter().find(|(name, _)| *name == normal).map(|(_, attribute)| *attribute)
}

/// Whether a row holds the column without which there is no header.
pub(crate) fn names_entity(cells: &[&str]) -> bool {
    cells.iter().any(|cell| field(&text::normal(cell)) == Some(Field::Entity))
}

impl Header {
    /// Reads a header.
    pub(crate) fn read(cells: &[&str], kind: Kind) -> Result<Self, HeaderFault> {
        let normals: Vec<String> = cells.iter().map(|cell| text::normal(cell)).collect();
        let fields: Vec<Option<Field>> = normals.iter().map(|normal| field(normal)).collect();
        let has = |field| fields.contains(&Some(field));
        if !has(Field::Entity) {
            return Err(no_entity(&normals));
        }
        let is_long = kind == Kind::Records && has(Field::Indicator);
        if is_long && !has(Field::Value) && !has(Field::Numerator) {
            let vi = "có cột `chỉ số` mà không có cột `giá trị` hoặc `tử số`";
            let en = "there is a column `indicator` and none `value` or `numerator`";
            return Err((None, Message::new(vi, en)));
        }
        let mut columns: Vec<Column> = Vec::with_capacity(cells.len());
        let mut attributes = 0;
        for ((cell, normal), (known, number)) in
            cells.iter().zip(&normals).zip(fields.into_iter().zip(1_u32..))
        {
            let column = column(cell, normal, known, kind, is_long)
                .map_err(|message| (Some(number), message))?;
            let repeats = matches!(column, Column::Field(_) | Column::Attribute(_))
                && attributes <= ATTRIBUTES
                && columns.iter().any(|other| same(other, &column));
            if repeats {
                let cell = shown(cell);
                let vi = format!("hai cột cùng là `{cell}`");
                return Err((Some(number), Message::new(vi, format!("two columns are `{cell}`"))));
            }
            attributes += usize::from(matches!(column, Column::Attribute(_)));
            if attributes > ATTRIBUTES {
                let vi = format!("hơn {ATTRIBUTES} cột thuộc tính");
                let en = format!("more than {ATTRIBUTES} columns of attributes");
                return Err((Some(number), Message::new(vi, en)));
            }
            columns.push(column);
        }
        Ok(Self { columns, is_long })
    }

    /// The place of a field among the columns.
    pub(crate) fn find(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| *column == Column::Field(field))
    }

    /// Whether a column holds figures.
    pub(crate) fn holds_figures(&self, place: usize) -> bool {
        match self.columns.get(place) {
            Some(Column::Figure(_)) => true,
            Some(Column::Field(field)) => self.is_long && field.is_figure(),
            _ => false,
        }
    }
}

fn same(a: &Column, b: &Column) -> bool {
    match (a, b) {
        (Column::Attribute(a), Column::Attribute(b)) => text::normal(a) == text::normal(b),
        (a, b) => a == b,
    }
}

/// What one column holds.
fn column(
    cell: &str,
    normal: &str,
    known: Option<Field>,
    kind: Kind,
    is_long: bool,
) -> Result<Column, Message> {
    if normal.is_empty() {
        return Ok(Column::Nameless);
    }
    let everywhere = matches!(known, Some(Field::Entity | Field::Name | Field::Parent));
    let in_records = matches!(known, Some(Field::AsOf | Field::Source)) && kind == Kind::Records;
    match known {
        Some(field) if everywhere || in_records || is_long => return Ok(Column::Field(field)),
        _ => {}
    }
    let name = text::composed(cell);
    if let Some(attribute) = attribute(normal) {
        return Ok(Column::Attribute(attribute.to_owned()));
    }
    if kind == Kind::Records && !is_long {
        return Ok(Column::Figure(name));
    }
    if is_long && let Some(near) = text::nearest(&name, FIELDS.iter().map(|it| it.0), 1).first() {
        let name = shown(&name);
        return Err(Message::new(
            format!("không có cột `{name}`; có phải là `{near}`?"),
            format!("there is no column `{name}`; did you mean `{near}`?"),
        ));
    }
    Ok(Column::Attribute(name))
}

fn no_entity(normals: &[String]) -> HeaderFault {
    const OFFERED: [&str; 2] = ["entity", "đơn vị"];
    let near = normals.iter().zip(1_u32..).take(1_000).find_map(|(normal, number)| {
        let near = text::nearest(normal, OFFERED.into_iter(), 1);
        near.first().map(|near| (number, shown(normal), (*near).to_owned()))
    });
    let (place, vi, en) = match near {
        Some((number, cell, near)) => (
            Some(number),
            format!("; cột `{cell}` có phải là `{near}`?"),
            format!("; is column `{cell}` perhaps `{near}`?"),
        ),
        None => (None, String::new(), String::new()),
    };
    let vi = format!("hàng tiêu đề không có cột `đơn vị` (`entity`){vi}");
    (place, Message::new(vi, format!("the header has no column `entity`{en}")))
}

/// A name for a message.
fn shown(text: &str) -> String {
    text.chars().take(100).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns in short: a letter for a field, `@` before attributes, `#` before indicators.
    fn check(cells: &str, kind: Kind, expected: &str) {
        let cells: Vec<&str> = cells.split('|').collect();
        let shown = match Header::read(&cells, kind) {
            Err((column, message)) => format!("{column:?} {}", message.vi),
            Ok(header) => {
                let one = |column: &Column| match column {
                    Column::Field(field) => format!("{field:?}"),
                    Column::Attribute(name) => format!("@{name}"),
                    Column::Figure(name) => format!("#{name}"),
                    Column::Nameless => "-".to_owned(),
                };
                let columns: Vec<String> = header.columns.iter().map(one).collect();
                format!("{} {}", if header.is_long { "long" } else { "wide" }, columns.join(" "))
            }
        };
        assert_eq!(shown, expected, "{cells:?}");
    }

    #[test]
    fn headers_tell_the_shape() {
        let records = |cells, expected| check(cells, Kind::Records, expected);
        records("entity|as_of|x|y", "wide Entity AsOf #x #y");
        records("ĐƠN VỊ|Ngày|tên|Cấp|tỷ  lệ a|", "wide Entity AsOf Name @cấp #tỷ lệ a -");
        records("entity|as_of|giá trị", "wide Entity AsOf #giá trị");
        records("entity|đơn vị tính|nguồn", "wide Entity #đơn vị tính Source");
        records(
            "đơn vị|ngày|chỉ số|giá trị|tử số|mẫu số|số báo cáo|đơn vị tính|nguồn|ngành",
            "long Entity AsOf Indicator Value Numerator Denominator Reported Unit Source @ngành",
        );
        records("indicator|value|entity|region", "long Indicator Value Entity @vùng");
        check("entity|ngày|vùng|Ngành nghề", Kind::Entities, "wide Entity @ngày @vùng @Ngành nghề");
    }

    #[test]
    fn headers_that_cannot_be_read_say_why() {
        let records = |cells, expected| check(cells, Kind::Records, expected);
        records("a|b", "None hàng tiêu đề không có cột `đơn vị` (`entity`)");
        records(
            "don vi|b",
            "Some(1) hàng tiêu đề không có cột `đơn vị` (`entity`); cột `don vi` có phải là `đơn \
             vị`?",
        );
        records("entity|x|đơn vị", "Some(3) hai cột cùng là `đơn vị`");
        records("entity|vùng|Region", "Some(3) hai cột cùng là `Region`");
        records("entity|chỉ số", "None có cột `chỉ số` mà không có cột `giá trị` hoặc `tử số`");
        records(
            "entity|indicator|value|numertor",
            "Some(4) không có cột `numertor`; có phải là `numerator`?",
        );
        let many: Vec<String> = (0..2_000).map(|i| format!("a{i}")).collect();
        check(
            &format!("entity|{}", many.join("|")),
            Kind::Entities,
            "Some(1002) hơn 1000 cột thuộc tính",
        );
    }

    #[test]
    fn many_columns_are_read() {
        let names: Vec<String> = (0..100_000).map(|i| format!("chỉ tiêu {i}")).collect();
        let cells: Vec<&str> =
            std::iter::once("entity").chain(names.iter().map(String::as_str)).collect();
        assert_eq!(Header::read(&cells, Kind::Records).unwrap().columns.len(), 100_001);
    }
}
