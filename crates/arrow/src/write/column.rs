//! The columns of records.
//!
//! Enters: records, one after the other. Leaves: an array a field. The one idea: the name of a
//! field says how its values are held, and nothing else does. Invariant: a column has a value or a
//! null for each record.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Int32Builder, Int64Builder, ListBuilder, StringBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, ListArray, StringArray, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields};
use chitieu::check::model::Model;
use chitieu::report::{Cell, PartRow, Record, StepRow, StretchRow};
use chitieu::{Progress, Reason, Verdict};

/// All values of a field, where they are known before the first record.
#[derive(Debug)]
pub(super) struct Dictionary {
    keys: HashMap<String, i32>,
    values: ArrayRef,
}

impl Dictionary {
    /// The values of a field that the contract or the model names.
    pub(super) fn of(model: &Model, field: &str) -> Option<Arc<Self>> {
        let versions = || model.targets.iter().flat_map(|target| &target.versions);
        let values: Vec<&str> = match field {
            "verdict" => Verdict::ALL.map(Verdict::code).to_vec(),
            "reason" => Reason::ALL.map(Reason::code).to_vec(),
            "progress" => Progress::ALL.map(Progress::code).to_vec(),
            "programme" => model.programmes.iter().map(|it| it.code.as_str()).collect(),
            "target" => model.targets.iter().map(|it| it.code.as_str()).collect(),
            "group" => versions().filter_map(|it| it.group.as_deref()).collect(),
            "name" => versions().map(|it| it.name.as_str()).collect(),
            "legal_basis" => versions().filter_map(|it| it.legal_basis.as_deref()).collect(),
            _ => return None,
        };
        let (mut keys, mut texts) = (HashMap::new(), Vec::new());
        for value in values {
            let Ok(next) = i32::try_from(texts.len()) else { return None };
            keys.entry(value.to_owned()).or_insert_with(|| {
                texts.push(value);
                next
            });
        }
        Some(Arc::new(Self { keys, values: Arc::new(StringArray::from_iter_values(texts)) }))
    }
}

/// The values of a field.
#[derive(Debug)]
pub(super) enum Column {
    Known(Arc<Dictionary>, Int32Builder),
    Text(StringBuilder),
    Day(Date32Builder),
    Flag(BooleanBuilder),
    List(ListBuilder<StringBuilder>),
    Step(Box<Steps>),
    Stretch(Box<Texts<2>>),
    Parts(Vec<usize>, Box<Texts<4>>),
}

impl Column {
    pub(super) fn new(field: &str, dictionary: Option<&Arc<Dictionary>>) -> Self {
        if let Some(dictionary) = dictionary {
            return Self::Known(Arc::clone(dictionary), Int32Builder::new());
        }
        match field {
            "as_of" | "due" => Self::Day(Date32Builder::new()),
            "rounding_sensitive" | "estimate" => Self::Flag(BooleanBuilder::new()),
            "failing" | "unreported" | "missing" | "sources" => Self::List(
                ListBuilder::new(StringBuilder::new()).with_field(element(DataType::Utf8)),
            ),
            "step" => Self::Step(Box::default()),
            "stretch" => Self::Stretch(Box::new(Texts::new(["threshold", "verdict"]))),
            "parts" => Self::Parts(
                Vec::new(),
                Box::new(Texts::new(["text", "verdict", "measured", "threshold"])),
            ),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    /// The type of its array.
    pub(super) fn kind(&self) -> DataType {
        match self {
            Self::Known(..) => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            Self::Text(_) => DataType::Utf8,
            Self::Day(_) => DataType::Date32,
            Self::Flag(_) => DataType::Boolean,
            Self::List(_) => DataType::List(element(DataType::Utf8)),
            Self::Step(_) => DataType::Struct(Steps::fields()),
            Self::Stretch(texts) => DataType::Struct(texts.fields()),
            Self::Parts(_, texts) => DataType::List(element(DataType::Struct(texts.fields()))),
        }
    }

    /// Adds the value of a record; about how many bytes it takes.
    pub(super) fn push(&mut self, record: &Record<'_>, field: &str) -> Result<usize, ArrowError> {
        let judgement = record.judgement();
        if let Self::Day(days) = self {
            let day = if field == "due" { judgement.due } else { Some(judgement.as_of) };
            days.append_option(day.map(chitieu::calendar::Date::days));
            return Ok(4);
        }
        let size = match (self, record.get(field).unwrap_or(Cell::Null)) {
            (Self::Known(_, keys), Cell::Null) => {
                keys.append_null();
                4
            }
            (Self::Known(dictionary, keys), Cell::Text(text)) => {
                let key = dictionary.keys.get(text.as_ref());
                keys.append_value(*key.ok_or_else(|| unexpected(field))?);
                4
            }
            (Self::Text(texts), Cell::Null) => {
                texts.append_null();
                4
            }
            (Self::Text(texts), Cell::Text(text)) => {
                texts.append_value(&text);
                4 + text.len()
            }
            (Self::Flag(flags), Cell::Flag(flag)) => {
                flags.append_value(flag);
                1
            }
            (Self::List(lists), Cell::List(texts)) => {
                lists.append_value(texts.iter().map(Some));
                texts.iter().fold(4, |size, text| size + 4 + text.len())
            }
            (Self::Step(steps), Cell::Null) => steps.push(None),
            (Self::Step(steps), Cell::Step(step)) => steps.push(Some(&StepRow::new(step))),
            (Self::Stretch(texts), Cell::Null) => texts.push(None),
            (Self::Stretch(texts), Cell::Stretch(stretch)) => {
                let StretchRow { threshold, verdict } = StretchRow::new(stretch);
                texts.push(Some([Some(&threshold), Some(verdict)]))
            }
            (Self::Parts(lengths, texts), Cell::Parts(parts)) => {
                lengths.push(parts.len());
                let rows = parts.iter().map(PartRow::new);
                rows.fold(4, |size, PartRow { text, verdict, measured, threshold }| {
                    let part =
                        [Some(text), Some(verdict), measured.as_deref(), threshold.as_deref()];
                    size + texts.push(Some(part))
                })
            }
            _ => return Err(unexpected(field)),
        };
        Ok(size)
    }

    /// The array of all values, which are taken out.
    pub(super) fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Known(dictionary, keys) => {
                let values = Arc::clone(&dictionary.values);
                Arc::new(DictionaryArray::<Int32Type>::try_new(keys.finish(), values)?)
            }
            Self::Text(texts) => Arc::new(texts.finish()),
            Self::Day(days) => Arc::new(days.finish()),
            Self::Flag(flags) => Arc::new(flags.finish()),
            Self::List(lists) => Arc::new(lists.finish()),
            Self::Step(steps) => Arc::new(steps.finish()?),
            Self::Stretch(texts) => Arc::new(texts.finish()?),
            Self::Parts(lengths, texts) => {
                let offsets = OffsetBuffer::from_lengths(lengths.drain(..));
                let field = element(DataType::Struct(texts.fields()));
                Arc::new(ListArray::try_new(field, offsets, Arc::new(texts.finish()?), None)?)
            }
        })
    }
}

/// What a list holds; it is never null.
fn element(kind: DataType) -> Arc<Field> {
    Arc::new(Field::new("element", kind, false))
}

fn unexpected(field: &str) -> ArrowError {
    ArrowError::SchemaError(format!("a value that the column `{field}` cannot hold"))
}

/// Structures of texts, or nulls.
#[derive(Debug)]
pub(super) struct Texts<const N: usize> {
    names: [&'static str; N],
    columns: [StringBuilder; N],
    are_there: NullBufferBuilder,
}

impl<const N: usize> Texts<N> {
    fn new(names: [&'static str; N]) -> Self {
        let columns = std::array::from_fn(|_| StringBuilder::new());
        Self { names, columns, are_there: NullBufferBuilder::new(0) }
    }

    fn fields(&self) -> Fields {
        self.names.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect()
    }

    fn push(&mut self, row: Option<[Option<&str>; N]>) -> usize {
        self.are_there.append(row.is_some());
        let mut size = 1;
        for (column, text) in self.columns.iter_mut().zip(row.unwrap_or([None; N])) {
            column.append_option(text);
            size += 4 + text.map_or(0, str::len);
        }
        size
    }

    fn finish(&mut self) -> Result<StructArray, ArrowError> {
        let arrays = self.columns.iter_mut().map(|it| Arc::new(it.finish()) as ArrayRef).collect();
        StructArray::try_new(self.fields(), arrays, self.are_there.finish())
    }
}

/// Steps: of an indicator, or a number of units.
#[derive(Debug)]
pub(super) struct Steps {
    texts: Texts<3>,
    units: Int64Builder,
}

impl Default for Steps {
    fn default() -> Self {
        Self { texts: Texts::new(["indicator", "add", "unit"]), units: Int64Builder::new() }
    }
}

impl Steps {
    fn fields() -> Fields {
        let texts = ["indicator", "add", "unit"].map(|name| Field::new(name, DataType::Utf8, true));
        texts.into_iter().chain([Field::new("units", DataType::Int64, true)]).collect()
    }

    fn push(&mut self, step: Option<&StepRow<'_>>) -> usize {
        let texts = step.map(|it| [it.indicator, it.add.as_deref(), it.unit]);
        // There are never more units than records.
        let units = step.and_then(|it| i64::try_from(it.units?).ok());
        self.units.append_option(units);
        self.texts.push(texts) + 8
    }

    fn finish(&mut self) -> Result<StructArray, ArrowError> {
        let (_, mut arrays, nulls) = self.texts.finish()?.into_parts();
        arrays.push(Arc::new(self.units.finish()));
        StructArray::try_new(Self::fields(), arrays, nulls)
    }
}
