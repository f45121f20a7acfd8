//! Which rows of a column have no value, gathered from levels.
//!
//! Enters: Parquet's levels of a page, each nought or one. Leaves: the rows without a value, and
//! bits in Arrow's order. The one idea: few values are missing, so that holes cost something and
//! all else costs nothing. Invariant: holes are sorted, and no hole is behind the last row.

use super::runs::{Run, Runs};

/// Adds the rows without a value of a page whose first row has this number.
pub(super) fn holes(
    levels: &[u8],
    rows: usize,
    first: u32,
    holes: &mut Vec<u32>,
) -> Result<(), &'static str> {
    let mut runs = Runs::new(levels, 1, rows);
    let mut row = first;
    while let Some(run) = runs.next()? {
        let (Run::Repeated(_, count) | Run::Packed(_, count)) = run;
        let count = u32::try_from(count).map_err(|_| "too many rows")?;
        let end = row.checked_add(count).ok_or("too many rows")?;
        match run {
            Run::Repeated(level, _) if level & 1 == 1 => {}
            Run::Repeated(..) => holes.extend(row..end),
            Run::Packed(bytes, _) => packed(bytes, row..end, holes),
        }
        row = end;
    }
    Ok(())
}

#[inline]
fn packed(bytes: &[u8], rows: std::ops::Range<u32>, holes: &mut Vec<u32>) {
    for (first, byte) in rows.clone().step_by(8).zip(bytes) {
        let mut missing = !byte;
        while missing != 0 {
            let row = first + missing.trailing_zeros();
            if row < rows.end {
                holes.push(row);
            }
            missing &= missing - 1;
        }
    }
}

/// Moves values, which stand at the end of the room for all rows, to their places; a row without
/// one gets `filler`.
pub(super) fn spread<T: Copy>(room: &mut [T], first: u32, holes: &[u32], filler: T) {
    let (mut from, mut to) = (holes.len(), 0);
    for hole in holes {
        let hole = (*hole - first) as usize;
        let count = hole.saturating_sub(to);
        // Values move forward only, since fewer holes are behind them than before.
        if let Some(moving) = room.get_mut(to..from.saturating_add(count)) {
            moving.copy_within(from - to.., 0);
        }
        if let Some(place) = room.get_mut(hole) {
            *place = filler;
        }
        (from, to) = (from + count, hole + 1);
    }
}

/// A bit a row, unset for holes.
pub(super) fn bits(bytes: &mut [u8], first: u32, holes: &[u32]) {
    bytes.fill(u8::MAX);
    for hole in holes.iter().filter_map(|hole| hole.checked_sub(first)) {
        if let Some(byte) = bytes.get_mut(hole as usize / 8) {
            *byte &= !(1 << (hole % 8));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A level a row, and how they are written.
    fn written(seed: &mut u64) -> (Vec<bool>, Vec<u8>) {
        let (mut levels, mut bytes) = (Vec::new(), Vec::new());
        for _ in 0..6 {
            *seed ^= *seed << 13;
            *seed ^= *seed >> 7;
            *seed ^= *seed << 17;
            let (count, kind) = ((*seed >> 8) as usize % 21, *seed % 4);
            if kind < 2 {
                let count = count + 1;
                bytes.extend([u8::try_from(count * 2).unwrap(), u8::from(kind == 1)]);
                levels.extend(std::iter::repeat_n(kind == 1, count));
            } else {
                let groups = count % 4 + 1;
                let packed = &(*seed | if kind == 2 { 0 } else { 0xff00_ffff }).to_le_bytes();
                bytes.push(u8::try_from(groups * 2 + 1).unwrap());
                bytes.extend(&packed[..groups]);
                levels.extend((0..groups * 8).map(|bit| packed[bit / 8] >> (bit % 8) & 1 == 1));
            }
        }
        (levels, bytes)
    }

    #[test]
    fn holes_are_the_rows_whose_level_is_nought() {
        let mut seed = 88_172_645_463_325_252_u64;
        for round in 0..500_u32 {
            let (levels, bytes) = written(&mut seed);
            for rows in [levels.len(), levels.len() - 3] {
                let first = round % 3 * 1_000;
                let mut found = vec![7];
                holes(&bytes, rows, first, &mut found).unwrap();
                let there = levels[..rows].iter().zip(first..);
                let expected = there.filter(|(level, _)| !**level).map(|(_, row)| row);
                let expected: Vec<u32> = std::iter::once(7).chain(expected).collect();
                assert_eq!(found, expected);
                let missing = &found[1..];
                let mut room = vec![0; missing.len()];
                room.extend(1..=rows - missing.len());
                spread(&mut room, first, missing, 999);
                let mut next = 0;
                for (value, level) in room.iter().zip(&levels) {
                    next += usize::from(*level);
                    assert_eq!(*value, if *level { next } else { 999 });
                }
                let mut found = vec![0; rows.div_ceil(8)];
                bits(&mut found, first, missing);
                for (row, level) in levels[..rows].iter().enumerate() {
                    assert_eq!(found[row / 8] >> (row % 8) & 1 == 1, *level);
                }
            }
            assert!(holes(&bytes, levels.len() + 1, 0, &mut Vec::new()).is_err());
            assert!(holes(&bytes, levels.len(), u32::MAX - 5, &mut Vec::new()).is_err());
        }
    }
}
