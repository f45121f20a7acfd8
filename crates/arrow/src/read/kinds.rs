//! What the kinds of Arrow's columns mean as cells of a table.
//!
//! Enters: an array. Leaves: its cells, or why it has none. The one idea: integers, decimals, days,
//! yes and no, and texts are exact and read; binary floating point is not exact and refused.
//! Invariant: no digit is lost; a number that our numbers cannot hold is an unreadable cell.

use std::cell::Cell as Memo;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayAccessor};
use arrow_schema::{DataType, TimeUnit};
use chitieu::calendar::Date;
use chitieu::diagnostic::Message;
use chitieu::number::Decimal;
use chitieu::snapshot::Raw;
use chitieu_io::Cell;

/// What reads the cell of a row.
pub(super) type Cells<'a> = Box<dyn Fn(usize) -> Cell<'a> + 'a>;

const NOTHING: Cell<'static> = Cell::Value(Raw::Missing);
const SECONDS: i64 = 86_400;

/// Why a column is not read, where its kind says so.
pub(super) fn refusal(column: &str, kind: &DataType) -> Option<Message> {
    match kind {
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Some(Message::new(
            format!(
                "cột `{column}` là số thực nhị phân ({kind}), không giữ đúng được số thập phân; \
                 hãy ghi cột này bằng số thập phân (decimal), số nguyên hoặc chữ (string)"
            ),
            format!(
                "column `{column}` is binary floating point ({kind}), which does not keep decimal \
                 numbers exactly; write it as decimals, integers or strings"
            ),
        )),
        DataType::Dictionary(_, values) => refusal(column, values),
        kind if is_read(kind) => None,
        kind => Some(Message::new(
            format!(
                "cột `{column}` có kiểu {kind}, không phải số liệu; hãy ghi bằng số thập phân, số \
                 nguyên, chữ, ngày hoặc có/không (boolean)"
            ),
            format!(
                "column `{column}` is of the kind {kind}, which holds no figures; write decimals, \
                 integers, strings, dates or booleans"
            ),
        )),
    }
}

fn is_read(kind: &DataType) -> bool {
    kind.is_integer()
        || is_text(kind)
        || matches!(kind, DataType::Null | DataType::Boolean | DataType::Timestamp(..))
        || matches!(kind, DataType::Date32 | DataType::Date64)
        || matches!(kind, DataType::Decimal32(..) | DataType::Decimal64(..))
        || matches!(kind, DataType::Decimal128(..) | DataType::Decimal256(..))
}

/// Whether the cells of a kind are texts.
pub(super) fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        kind => {
            matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
                || matches!(kind, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
        }
    }
}

/// What reads the cells of an array.
pub(super) fn cells(array: &dyn Array) -> Cells<'_> {
    match array.data_type() {
        DataType::Boolean => known(array.as_boolean_opt(), |truth| Cell::Value(Raw::Truth(truth))),
        DataType::Int8 => whole::<Int8Type>(array),
        DataType::Int16 => whole::<Int16Type>(array),
        DataType::Int32 => whole::<Int32Type>(array),
        DataType::Int64 => whole::<Int64Type>(array),
        DataType::UInt8 => whole::<UInt8Type>(array),
        DataType::UInt16 => whole::<UInt16Type>(array),
        DataType::UInt32 => whole::<UInt32Type>(array),
        DataType::UInt64 => whole::<UInt64Type>(array),
        DataType::Decimal32(_, scale) => decimals::<Decimal32Type>(array, *scale),
        DataType::Decimal64(_, scale) => decimals::<Decimal64Type>(array, *scale),
        DataType::Decimal128(_, scale) => decimals::<Decimal128Type>(array, *scale),
        DataType::Decimal256(_, scale) => {
            let scale = *scale;
            known(array.as_primitive_opt::<Decimal256Type>(), move |value| {
                let number = value.to_i128().map(|mantissa| number(mantissa, scale));
                Cell::Value(number.unwrap_or_else(|| Raw::Unreadable(value.to_string())))
            })
        }
        DataType::Utf8 => known(array.as_string_opt::<i32>(), Cell::Text),
        DataType::LargeUtf8 => known(array.as_string_opt::<i64>(), Cell::Text),
        DataType::Utf8View => known(array.as_string_view_opt(), Cell::Text),
        DataType::Binary => known(array.as_binary_opt::<i32>(), text),
        DataType::LargeBinary => known(array.as_binary_opt::<i64>(), text),
        DataType::BinaryView => known(array.as_binary_view_opt(), text),
        DataType::Date32 => {
            // Rows repeat their day.
            let last = Memo::new(None);
            known(array.as_primitive_opt::<Date32Type>(), move |days| match last.get() {
                Some((known, day)) if known == days => Cell::Day(day),
                _ => {
                    let cell = day(days.into(), 0);
                    if let Cell::Day(day) = cell {
                        last.set(Some((days, day)));
                    }
                    cell
                }
            })
        }
        DataType::Date64 => times::<Date64Type>(array, 1_000, None),
        DataType::Timestamp(unit, zone) => {
            let zone = zone.as_deref();
            match unit {
                TimeUnit::Second => times::<TimestampSecondType>(array, 1, zone),
                TimeUnit::Millisecond => times::<TimestampMillisecondType>(array, 1_000, zone),
                TimeUnit::Microsecond => times::<TimestampMicrosecondType>(array, 1_000_000, zone),
                TimeUnit::Nanosecond => {
                    times::<TimestampNanosecondType>(array, 1_000_000_000, zone)
                }
            }
        }
        DataType::Dictionary(..) => coded(array),
        _ => Box::new(|_| NOTHING),
    }
}

/// The cells of rows that are not null.
fn known<'a, A: ArrayAccessor + 'a>(
    array: Option<A>,
    cell: impl Fn(A::Item) -> Cell<'a> + 'a,
) -> Cells<'a> {
    match array {
        None => Box::new(|_| NOTHING),
        Some(array) => Box::new(move |row| {
            if row >= array.len() || array.is_null(row) {
                return NOTHING;
            }
            cell(array.value(row))
        }),
    }
}

fn whole<T: ArrowPrimitiveType<Native: Into<i128>>>(array: &dyn Array) -> Cells<'_> {
    decimals::<T>(array, 0)
}

fn decimals<T: ArrowPrimitiveType<Native: Into<i128>>>(array: &dyn Array, scale: i8) -> Cells<'_> {
    known(array.as_primitive_opt::<T>(), move |value| Cell::Value(number(value.into(), scale)))
}

/// The number `mantissa · 10^-scale`, as far as our numbers reach.
pub(super) fn number(mantissa: i128, scale: i8) -> Raw {
    let places = u32::from(scale.unsigned_abs());
    let mut parts = (Some(mantissa), places);
    if scale < 0 {
        let power = 10_i128.checked_pow(places);
        parts = (power.and_then(|power| mantissa.checked_mul(power)), 0);
    }
    while let (Some(digits), places) = parts {
        if let Some(number) = Decimal::from_parts(digits, places) {
            return Raw::Number(number);
        }
        // Zeros at the end say nothing that is lost without them.
        if places == 0 || digits % 10 != 0 {
            break;
        }
        parts = (Some(digits / 10), places - 1);
    }
    Raw::Unreadable(format!("{mantissa}e{}", -i16::from(scale)))
}

/// Bytes that are text: older programs write it so.
fn text(bytes: &[u8]) -> Cell<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cell::Text(text),
        Err(_) => Cell::Value(Raw::Unreadable(String::from_utf8_lossy(bytes).into_owned())),
    }
}

fn times<'a, T: ArrowPrimitiveType<Native = i64>>(
    array: &'a dyn Array,
    per_second: i64,
    zone: Option<&'a str>,
) -> Cells<'a> {
    let offset = zone.map_or(Some(0), offset);
    known(array.as_primitive_opt::<T>(), move |value| {
        let (seconds, part) = (value.div_euclid(per_second), value.rem_euclid(per_second));
        let local = offset.and_then(|offset| seconds.checked_add(offset)).filter(|_| part == 0);
        if let Some(local) = local {
            return day(local.div_euclid(SECONDS), local.rem_euclid(SECONDS));
        }
        let zone = zone.unwrap_or_default();
        Cell::Value(Raw::Unreadable(format!("{value}/{per_second} s {zone}")))
    })
}

/// The seconds by which a zone is ahead of UTC; Vietnam has no summer time.
fn offset(zone: &str) -> Option<i64> {
    match zone {
        "" | "UTC" | "Z" | "Etc/UTC" | "GMT" => return Some(0),
        "Asia/Ho_Chi_Minh" | "Asia/Saigon" | "Asia/Bangkok" => return Some(7 * 3_600),
        _ => {}
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').or_else(|| rest.split_at_checked(2))?;
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then(|| sign * (i64::from(hours) * 60 + i64::from(minutes)) * 60)
}

/// A day, or the text of a time within it.
fn day<'a>(days: i64, seconds: i64) -> Cell<'a> {
    match i32::try_from(days).ok().and_then(Date::from_days) {
        None => Cell::Value(Raw::Unreadable(format!("1970-01-01 + {days}"))),
        Some(day) if seconds == 0 => Cell::Day(day),
        Some(day) => {
            let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
            let text = format!("{day}T{hour:02}:{minute:02}:{second:02}");
            Cell::Value(Raw::Unreadable(text))
        }
    }
}

/// The cells of codes that stand for values.
fn coded(array: &dyn Array) -> Cells<'_> {
    let Some(dictionary) = array.as_any_dictionary_opt() else { return Box::new(|_| NOTHING) };
    if dictionary.values().is_empty() {
        return Box::new(|_| NOTHING);
    }
    let (codes, values) = (dictionary.normalized_keys(), cells(dictionary.values().as_ref()));
    Box::new(move |row| match codes.get(row) {
        Some(code) if !dictionary.is_null(row) => values(*code),
        _ => NOTHING,
    })
}
