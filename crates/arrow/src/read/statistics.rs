//! What the statistics of a group of rows say of a column before it is read.
//!
//! Enters: the statistics that a writer left. Leaves: a column, where no page need be read for it.
//! The one idea: numbers of which verdicts ask nothing but the side of thresholds on which all of
//! them stand may be read as any of them. Invariant: statistics that are absent, of an older kind,
//! broken, or do not decide change nothing: the pages are read.

use std::sync::Arc;

use chitieu::snapshot::Column;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::statistics::Statistics;

use super::chunk::{Alike, Kind, constant};
use super::numbers::Digits;
use super::spare::Spare;

/// The column of some rows of a group, where statistics decide what is asked of it.
pub(super) fn decided(
    (group, leaf): (&RowGroupMetaData, usize),
    kind: Kind,
    rows: usize,
    (alike, spare): (&Alike<'_>, &Arc<Spare>),
) -> Option<Column> {
    let chunk = group.columns().get(leaf)?;
    if chunk.num_values() != group.num_rows() {
        return None;
    }
    if nulls(chunk) == Some(chunk.num_values()) {
        return Some(Column::missing(rows));
    }
    let (min, max) = ends(chunk, kind)?;
    if !alike((min, max), kind.scale) {
        return None;
    }
    Column::within(constant(min, rows, spare), kind.scale, None, (min, min))
}

fn nulls(chunk: &ColumnChunkMetaData) -> Option<i64> {
    i64::try_from(chunk.statistics()?.null_count_opt()?).ok()
}

/// Two numbers between which those of all rows stand, where every row has one.
fn ends(chunk: &ColumnChunkMetaData, kind: Kind) -> Option<(i128, i128)> {
    let statistics = chunk.statistics()?;
    // The older kind does not say in which order numbers were compared.
    if nulls(chunk) != Some(0) || statistics.is_min_max_deprecated() {
        return None;
    }
    let (min, max) = match (statistics, kind.digits) {
        (Statistics::Int32(it), Digits::Signed32) => {
            (i128::from(*it.min_opt()?), i128::from(*it.max_opt()?))
        }
        (Statistics::Int32(it), Digits::Unsigned32) => {
            let unsigned = |end: &i32| i128::from(end.cast_unsigned());
            (unsigned(it.min_opt()?), unsigned(it.max_opt()?))
        }
        (Statistics::Int64(it), Digits::Signed64) => {
            (i128::from(*it.min_opt()?), i128::from(*it.max_opt()?))
        }
        (Statistics::Int64(it), Digits::Unsigned64) => {
            let unsigned = |end: &i64| i128::from(end.cast_unsigned());
            (unsigned(it.min_opt()?), unsigned(it.max_opt()?))
        }
        (Statistics::FixedLenByteArray(it), Digits::Bytes(width)) => {
            let (min, max) = (it.min_opt()?.data(), it.max_opt()?.data());
            // One that was cut short is of another length, and its sign says nothing.
            if min.len() != width || max.len() != width {
                return None;
            }
            (super::numbers::signed(min), super::numbers::signed(max))
        }
        _ => return None,
    };
    (min <= max).then_some((min, max))
}

#[cfg(test)]
mod tests {
    use parquet::basic::Type as Physical;
    use parquet::data_type::{ByteArray, FixedLenByteArray};
    use parquet::file::statistics::ValueStatistics;
    use parquet::schema::types::{ColumnDescriptor, ColumnPath, Type};

    use super::*;

    fn chunk(physical: Physical, statistics: Option<Statistics>) -> (ColumnChunkMetaData, Kind) {
        let kind = match physical {
            Physical::FIXED_LEN_BYTE_ARRAY => arrow_schema::DataType::Decimal128(20, 0),
            _ => arrow_schema::DataType::Int64,
        };
        let length = if physical == Physical::FIXED_LEN_BYTE_ARRAY { 9 } else { -1 };
        let leaf = Type::primitive_type_builder("a", physical).with_length(length);
        let leaf = Arc::new(leaf.build().unwrap());
        let column = Arc::new(ColumnDescriptor::new(leaf, 1, 0, ColumnPath::from("a")));
        let kind = Kind::of(&kind, &column).unwrap();
        let chunk = ColumnChunkMetaData::builder(column).set_num_values(5);
        let chunk = match statistics {
            Some(statistics) => chunk.set_statistics(statistics),
            None => chunk,
        };
        (chunk.build().unwrap(), kind)
    }

    fn fixed(bytes: &[u8]) -> FixedLenByteArray {
        ByteArray::from(bytes.to_vec()).into()
    }

    #[test]
    fn only_sound_statistics_are_believed() {
        let long = |min, max, nulls| Statistics::int64(min, max, None, nulls, false);
        let cut = ValueStatistics::new(Some(-5_i64), Some(9), None, Some(0), false)
            .with_max_is_exact(false)
            .with_min_is_exact(false);
        let cases = [
            (None, None),
            (Some(long(Some(-5), Some(9), Some(0))), Some((-5, 9))),
            // Ends that are not exact lie outside of all numbers.
            (Some(Statistics::Int64(cut)), Some((-5, 9))),
            (Some(long(Some(-5), Some(9), Some(1))), None),
            (Some(long(Some(-5), Some(9), None)), None),
            (Some(long(None, Some(9), Some(0))), None),
            (Some(long(Some(-5), None, Some(0))), None),
            (Some(long(Some(10), Some(9), Some(0))), None),
            (Some(Statistics::int64(Some(-5), Some(9), None, Some(0), true)), None),
            (Some(Statistics::int32(Some(-5), Some(9), None, Some(0), false)), None),
        ];
        for (statistics, expected) in cases {
            let (chunk, kind) = chunk(Physical::INT64, statistics);
            assert_eq!(ends(&chunk, kind), expected, "{chunk:?}");
        }
        let bytes = |min, max| {
            Statistics::fixed_len_byte_array(
                Some(fixed(min)),
                Some(fixed(max)),
                None,
                Some(0),
                false,
            )
        };
        let negative = [255, 255, 255, 255, 255, 255, 255, 255, 0];
        for (statistics, expected) in [
            (bytes(&negative, &[0, 0, 0, 0, 0, 0, 0, 1, 0]), Some((-256, 256))),
            (bytes(&[255], &[0, 0, 0, 0, 0, 0, 0, 1, 0]), None),
            (bytes(&negative, &[1]), None),
            (bytes(&[0; 9], &negative), None),
        ] {
            let (chunk, kind) = chunk(Physical::FIXED_LEN_BYTE_ARRAY, Some(statistics));
            assert_eq!(ends(&chunk, kind), expected, "{chunk:?}");
        }
        let whole = Statistics::int64(None, None, None, Some(5), false);
        assert_eq!(nulls(&chunk(Physical::INT64, Some(whole)).0), Some(5));
    }
}
