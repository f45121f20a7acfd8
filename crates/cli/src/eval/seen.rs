//! Which entities and days came before.
//!
//! Enters: pieces, in order. Leaves: whether an entity and day came again. The one idea: what
//! ascends, by day or by entity, repeats nothing, so that a list of keys is enough as long as it
//! does; only then a set is made of it. Invariant: equal entities and days have equal keys.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use chitieu::calendar::Date;
use chitieu_io::Piece;

/// The keys of a piece, which any thread makes.
#[derive(Debug, Default)]
pub(super) struct Keys {
    hashes: Vec<u64>,
    /// Whether each row stands behind the one before it by entity and day, and by day and entity.
    ascend: [bool; 2],
}

impl Keys {
    pub(super) fn of(piece: &Piece, hash: &RandomState) -> Self {
        let (mut ascend, mut before) = ([true; 2], None);
        let rows = (0..piece.batch.len()).filter_map(|row| piece.key(row));
        let hashes = rows.map(|(id, day)| {
            if let Some(before) = before.replace((id, day)) {
                narrow(&mut ascend, before, (id, day));
            }
            hash.hash_one((id, day.days()))
        });
        Self { hashes: hashes.collect(), ascend }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

/// Keeps the orders in which the second stands behind the first.
fn narrow(ascend: &mut [bool; 2], first: (&str, Date), second: (&str, Date)) {
    let [by_entity, by_day] = ascend;
    *by_entity &= first < second;
    *by_day &= (first.1, first.0) < (second.1, second.0);
}

/// All entities and days so far.
#[derive(Debug)]
pub(super) struct Seen {
    /// Orders in which all ascended.
    ascend: [bool; 2],
    last: Option<(String, Date)>,
    /// Their keys, as long as they ascend.
    list: Vec<u64>,
    /// Their keys after that.
    set: HashSet<u64, BuildHasherDefault<Hashed>>,
}

impl Default for Seen {
    fn default() -> Self {
        Self { ascend: [true; 2], last: None, list: Vec::new(), set: HashSet::default() }
    }
}

impl Seen {
    /// Adds those of a piece; whether one came again.
    pub(super) fn add(&mut self, keys: &Keys, piece: &Piece) -> bool {
        let end = piece.batch.len().checked_sub(1);
        let (Some(first), Some(last)) = (piece.key(0), end.and_then(|end| piece.key(end))) else {
            return false;
        };
        if let Some((id, day)) = &self.last {
            narrow(&mut self.ascend, (id, *day), first);
        }
        for (all, some) in self.ascend.iter_mut().zip(keys.ascend) {
            *all &= some;
        }
        if self.ascend.contains(&true) {
            self.list.extend_from_slice(&keys.hashes);
            self.last = Some((last.0.to_owned(), last.1));
            return false;
        }
        self.set.extend(std::mem::take(&mut self.list));
        self.set.reserve(keys.hashes.len());
        !keys.hashes.iter().all(|key| self.set.insert(*key))
    }

    /// For how many keys memory is set aside.
    pub(super) fn held(&self) -> usize {
        self.list.capacity() + self.set.capacity()
    }
}

/// The hash of a key that is a hash already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        // Keys are whole words. Other bytes are hashed badly, and never wrongly.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet as Plain;
    use std::fmt::Write;

    use chitieu::Rules;
    use chitieu_io::{Keep, Options, Pieces, Worker};

    use super::*;

    /// Whether an entity and day came again among rows, seven rows a piece or more.
    fn found(rows: &[(u32, u32)], name: &str) -> bool {
        let mut text = String::new();
        for (entity, day) in rows {
            writeln!(
                text,
                "{{\"entity\":\"x{entity:03}\",\"as_of\":\"2023-01-{:02}\",\
                 \"measurements\":{{\"tỷ lệ a\":1}}}}",
                day + 1
            )
            .unwrap();
        }
        let path = std::env::temp_dir().join(format!("{name}-{}.ndjson", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let rules = Rules::parse("tỷ lệ a >= 1%").unwrap();
        let options = Options::default();
        let mut pieces = Pieces::open(std::slice::from_ref(&path), options).unwrap().of_most(7);
        let mut worker = Worker::new(&rules, Keep::Figures, options);
        let (hash, mut seen, mut again) = (RandomState::new(), Seen::default(), false);
        while let Some(block) = pieces.next().unwrap() {
            let piece = worker.read(block);
            assert!(piece.fault.is_none());
            again |= seen.add(&Keys::of(&piece, &hash), &piece);
        }
        std::fs::remove_file(&path).unwrap();
        again
    }

    #[test]
    fn what_came_again_is_found_in_every_order() {
        let mut seed = 11_u64;
        let mut next = |most: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            u32::try_from((seed >> 33) % most).unwrap()
        };
        let mut repeated = 0;
        for round in 0..60 {
            let mut rows: Vec<(u32, u32)> = (0..40).map(|at| (at / 4, at % 4)).collect();
            match round % 4 {
                0 => {}
                1 => rows.sort_by_key(|(entity, day)| (*day, *entity)),
                2 => rows.rotate_left(next(40) as usize),
                _ => (0..20).for_each(|_| rows.swap(next(40) as usize, next(40) as usize)),
            }
            if next(2) == 0 {
                let (from, to) = (next(40) as usize, next(41) as usize);
                rows.insert(to, rows[from]);
            }
            let expected = rows.iter().collect::<Plain<_>>().len() < rows.len();
            repeated += usize::from(expected);
            assert_eq!(found(&rows, "chitieu-seen"), expected, "{rows:?}");
        }
        assert!((10..50).contains(&repeated), "{repeated}");
    }
}
