//! A batch of Arrow as a batch to judge, whose numbers are lent.
//!
//! Enters: a `RecordBatch` that somebody holds. Leaves: a [`Batch`] of the library. The one idea:
//! both keep whole numbers of one width with validity bits beside them, so that a column of
//! integers or decimals is judged where it lies. Invariant: it says what the same table in a file
//! says.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Int16Type, Int32Type,
    Int64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use chitieu::check::model::{IndicatorId, Model};
use chitieu::snapshot::{
    Batch, Bits, Buffer, Column, ColumnBuilder, Data, Entity, Mantissas, Row, Values, composed_id,
};
use chitieu::{Measurement, Rules};
use chitieu_io::{Asked, InputFormat, IoError, Item, Keep, Options, Prover, Role};

use super::kinds;
use super::rows::{items, keys};
use super::table::Table;

/// What messages call a table that is no file.
const NAME: &str = "-";

/// Makes a batch to judge of a batch of Arrow, wide (`entity, as_of`, then a column an indicator)
/// or long, as of a file with these columns.
///
/// Integers of 16, 32 and 64 bits and decimals of 32, 64 and 128 bits are lent, not copied, where
/// the rules take bare numbers of the indicator; the arrays live as long as the batch. All other
/// kinds are read cell by cell. Each row is judged by itself; rows of a long table that stand for
/// one entity and day are joined.
///
/// # Errors
/// The columns make no table, one that the rules ask for is of a kind that is not exact, or a row
/// has no entity or no day.
///
/// ```
/// use std::sync::Arc;
/// use arrow_array::{Date32Array, Decimal128Array, RecordBatch, StringArray};
/// use chitieu::Rules;
/// use chitieu_io::Options;
///
/// let rules = Rules::parse("tỷ lệ hồ sơ đúng hạn >= 96%").unwrap();
/// let share = Decimal128Array::from(vec![Some(9_610), Some(9_590), None]);
/// let table = RecordBatch::try_from_iter([
///     ("đơn vị", Arc::new(StringArray::from(vec!["a", "b", "c"])) as _),
///     ("ngày", Arc::new(Date32Array::from(vec![19_538; 3])) as _),
///     ("tỷ lệ hồ sơ đúng hạn", Arc::new(share.with_precision_and_scale(5, 2)?) as _),
/// ])?;
/// let batch = chitieu_arrow::batch(&rules, &table, Options::default())?;
/// let verdicts = rules.evaluate_batch(&batch);
/// let codes: Vec<&str> =
///     (0..3).filter_map(|row| verdicts.verdict(row, 0)).map(|verdict| verdict.code()).collect();
/// assert_eq!(codes, ["exceeded", "not_met", "no_data"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn batch(rules: &Rules, table: &RecordBatch, options: Options) -> Result<Batch, IoError> {
    let asked =
        Asked { options, keep: Keep::Figures, rules: Some(rules.clone()), most: usize::MAX };
    let mut known = Table::new(NAME, InputFormat::Arrow, &table.schema(), &asked)?;
    let project = |places: &[usize]| {
        let projected = table.project(places);
        projected.map_err(|why| super::broken::broken(NAME, InputFormat::Arrow, why))
    };
    if known.needs_proof() {
        let mut prover = Prover::default();
        known.prove(&mut prover, &project(&known.texts)?, 1)?;
        known = known.proven(prover)?;
    }
    let read = project(&known.read)?;
    let cells = known.cells(&read);
    let rows = if known.sheet.is_long() { None } else { keys(&known, &cells, read.num_rows()) };
    let (Some(rows), Some(places)) = (rows, places(&known, rules)) else {
        return gathered(rules, &known, &read);
    };
    let (mut data, mut by_id, mut made) = (Data::new(), HashMap::new(), Vec::new());
    for (id, as_of) in rows {
        let id = composed_id(&id).into_owned();
        let next = u32::try_from(by_id.len()).unwrap_or(u32::MAX);
        let entity = *by_id.entry(id).or_insert_with_key(|id| {
            let mut entity = Entity::default();
            entity.id.clone_from(id);
            data.entities.push(entity);
            next
        });
        made.push(Row { entity, record: None, as_of });
    }
    let len = made.len();
    let columns = rules.model().indicators.iter().zip(places).zip(0_u32..);
    let columns = columns.map(|((_, place), id)| {
        let slot = place.and_then(|place| known.slots.get(place).copied().flatten());
        let array = slot.and_then(|slot| read.columns().get(slot));
        array.map_or_else(
            || Column::missing(len),
            |array| column(rules.model(), IndicatorId(id), array, &known),
        )
    });
    let columns = columns.collect();
    Batch::of_columns(Arc::new(data), Buffer::from(made), columns)
        .ok_or_else(|| super::broken::broken(NAME, InputFormat::Arrow, "columns differ"))
}

/// By indicator: its column; nothing where one has two.
fn places(table: &Table, rules: &Rules) -> Option<Vec<Option<usize>>> {
    let model = rules.model();
    let mut places = vec![None; model.indicators.len()];
    for place in &table.read {
        let Role::Figure(name) = table.sheet.role(*place) else { continue };
        for id in rules.names().find(model, name).iter() {
            let of_one = places.get_mut(id.0 as usize)?;
            if of_one.replace(*place).is_some() {
                return None;
            }
        }
    }
    Some(places)
}

/// The rows as records; one that is none ends it.
fn gathered(rules: &Rules, table: &Table, batch: &RecordBatch) -> Result<Batch, IoError> {
    let mut data = Data::new();
    items(table, batch, 1, &mut |item| match item {
        Item::Record(record) => {
            data.push(*record, table.sheet.fallback());
            Ok(())
        }
        Item::Reject(reject) => {
            let place = table.sheet.place(reject.row, Some(reject.column));
            Err(IoError::Table { place, message: reject.reason })
        }
    })?;
    Ok(Batch::named(rules.model(), rules.names(), &Arc::new(data)))
}

/// The figures of an indicator.
fn column(model: &Model, id: IndicatorId, array: &dyn Array, table: &Table) -> Column {
    let Some(indicator) = model.indicator(id) else { return Column::missing(array.len()) };
    if indicator.takes_bare_numbers()
        && let Some(lent) = lent(array)
    {
        return lent;
    }
    let (cells, mut column) = (kinds::cells(array), ColumnBuilder::default());
    let (format, by_rules) = (table.sheet.format(), indicator.number_format(model));
    for row in 0..array.len() {
        let value = cells(row).raw(format);
        let given = Measurement { value, format, ..Measurement::default() };
        let given: &[&Measurement] = if given.is_missing() { &[] } else { &[&given] };
        column.measured(given, indicator, by_rules);
    }
    column.finish()
}

/// A column that the array lends, where all its numbers are ours.
pub(super) fn lent(array: &dyn Array) -> Option<Column> {
    let column = match array.data_type() {
        DataType::Int16 => of::<Int16Type>(array, 0, Mantissas::I16),
        DataType::Int32 => of::<Int32Type>(array, 0, Mantissas::I32),
        DataType::Int64 => of::<Int64Type>(array, 0, Mantissas::I64),
        DataType::Decimal32(_, scale) => of::<Decimal32Type>(array, *scale, Mantissas::I32),
        DataType::Decimal64(_, scale) => of::<Decimal64Type>(array, *scale, Mantissas::I64),
        DataType::Decimal128(_, scale) => of::<Decimal128Type>(array, *scale, Mantissas::I128),
        _ => None,
    }?;
    let Values::Numbers { scale, min, max, .. } = column.values() else { return None };
    // Beyond these only zeros at the end make a number ours, which is asked cell by cell.
    let digits = min.unsigned_abs().max(max.unsigned_abs());
    (*scale <= 28 && digits < 10_u128.pow(28)).then_some(column)
}

fn of<T: ArrowPrimitiveType>(
    array: &dyn Array,
    scale: i8,
    width: impl Fn(Buffer<T::Native>) -> Mantissas,
) -> Option<Column> {
    let array = array.as_primitive_opt::<T>()?;
    let values = Buffer::lent(Arc::new(array.values().clone()));
    let validity = match array.nulls() {
        None => None,
        Some(nulls) => {
            let bits = nulls.inner();
            let bytes = Buffer::lent(Arc::new(ScalarBuffer::<u8>::from(bits.inner().clone())));
            Some(Bits::new(bytes, bits.offset(), bits.len())?)
        }
    };
    Column::numbers(width(values), u32::try_from(scale).ok()?, validity)
}
