//! The heads of Parquet's pages.
//!
//! Enters: bytes of a column. Leaves: what the next page is, and how long. The one idea: a head is
//! a struct of numbers in Thrift's compact form; what else stands in it is walked over. Invariant:
//! nothing is set aside for what a head claims.

/// What a page holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Dictionary(Values),
    /// Levels that say which rows have a value stand before the values, packed with them.
    Data(Values, Encoding),
    /// Levels stand before the values as they are, in so many bytes.
    Data2 {
        values: Values,
        /// Of repeated values.
        repeats: usize,
        levels: usize,
        is_packed: bool,
    },
    /// Some other page, which holds no values.
    Other,
}

/// Values of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Values {
    pub(super) count: usize,
    pub(super) encoding: Encoding,
}

/// How values or levels are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Plain,
    /// Codes of a dictionary.
    Codes,
    /// Runs, as levels are written.
    Runs,
    Other,
}

/// The head of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) page: Page,
    /// How many bytes the page has behind its head.
    pub(super) packed: usize,
    /// How many it claims to have unpacked.
    pub(super) unpacked: usize,
    /// How many the head has.
    pub(super) length: usize,
}

impl Head {
    /// The head at the beginning of some bytes; nothing where they hold none or end before it.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut thrift = Thrift(bytes);
        let (mut data, mut dictionary, mut data2) = (None, None, None);
        let own: Fields = thrift.fields(0, &mut |thrift, id| {
            let slot = match id {
                5 => &mut data,
                7 => &mut dictionary,
                8 => &mut data2,
                _ => return Some(false),
            };
            *slot = Some(thrift.fields(1, &mut |_, _| Some(false))?);
            Some(true)
        })?;
        let page = match own.number(1)? {
            0 => {
                let fields: Fields = data?;
                Page::Data(values(&fields, 1, 2)?, encoding(fields.number(3)?))
            }
            2 => Page::Dictionary(values(&dictionary?, 1, 2)?),
            3 => {
                let fields: Fields = data2?;
                Page::Data2 {
                    values: values(&fields, 1, 4)?,
                    levels: fields.size(5)?,
                    repeats: fields.size(6)?,
                    is_packed: fields.number(7) != Some(0),
                }
            }
            _ => Page::Other,
        };
        let length = bytes.len() - thrift.0.len();
        Some(Self { page, packed: own.size(3)?, unpacked: own.size(2)?, length })
    }
}

fn values(fields: &Fields, count: usize, kind: usize) -> Option<Values> {
    Some(Values { count: fields.size(count)?, encoding: encoding(fields.number(kind)?) })
}

const fn encoding(number: i64) -> Encoding {
    match number {
        0 => Encoding::Plain,
        2 | 8 => Encoding::Codes,
        3 => Encoding::Runs,
        _ => Encoding::Other,
    }
}

/// The numbers of a struct, by the numbers of its fields.
#[derive(Debug, Clone, Copy, Default)]
struct Fields([Option<i64>; 9]);

impl Fields {
    fn number(&self, id: usize) -> Option<i64> {
        self.0.get(id).copied().flatten()
    }

    fn size(&self, id: usize) -> Option<usize> {
        // A size has 32 bits.
        i32::try_from(self.number(id)?).ok().and_then(|size| usize::try_from(size).ok())
    }
}

/// Bytes of Thrift's compact form that were not read yet.
struct Thrift<'b>(&'b [u8]);

/// Structs and lists stand no deeper within each other.
const DEEPEST: u8 = 8;

impl Thrift<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    /// A number of seven bits a byte, the lowest first.
    fn varint(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A number whose sign is its lowest bit.
    fn zigzag(&mut self) -> Option<i64> {
        let number = self.varint()?;
        let half = i64::try_from(number >> 1).ok()?;
        Some(if number & 1 == 0 { half } else { -1 - half })
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    /// Reads a struct; `nested` may read the structs in it, and says whether it did.
    fn fields(
        &mut self,
        depth: u8,
        nested: &mut dyn FnMut(&mut Self, i64) -> Option<bool>,
    ) -> Option<Fields> {
        let (mut fields, mut id) = (Fields::default(), 0_i64);
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(fields);
            }
            let (step, kind) = (i64::from(head >> 4), head & 0xf);
            id = if step == 0 { self.zigzag()? } else { id.checked_add(step)? };
            let number = match kind {
                1 | 2 => Some(i64::from(kind == 1)),
                4..=6 => Some(self.zigzag()?),
                12 if nested(self, id)? => None,
                _ => {
                    self.skip(kind, depth)?;
                    None
                }
            };
            let slot = usize::try_from(id).ok().and_then(|id| fields.0.get_mut(id));
            if let (Some(slot), Some(number)) = (slot, number) {
                *slot = Some(number);
            }
        }
    }

    /// Walks over a value that is no field with its value in its head.
    fn skip(&mut self, kind: u8, depth: u8) -> Option<()> {
        if depth >= DEEPEST {
            return None;
        }
        match kind {
            1..=3 => self.pass(1),
            4..=6 => self.varint().map(drop),
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.varint()? } else { (head >> 4).into() };
                self.skip_all(&[head & 0xf], count, depth)
            }
            11 => {
                let count = self.varint()?;
                let kinds = if count == 0 { 0 } else { self.byte()? };
                self.skip_all(&[kinds >> 4, kinds & 0xf], count, depth)
            }
            12 => self.fields(depth + 1, &mut |_, _| Some(false)).map(drop),
            _ => None,
        }
    }

    fn skip_all(&mut self, kinds: &[u8], count: u64, depth: u8) -> Option<()> {
        // Each of them has a byte at least, so that bytes end before time does.
        (0..count).try_for_each(|_| kinds.iter().try_for_each(|kind| self.skip(*kind, depth + 1)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn zigzag(number: i64) -> Vec<u8> {
        let mut left = (number << 1 ^ number >> 63).cast_unsigned();
        let mut bytes = Vec::new();
        while left >= 0x80 {
            bytes.push(u8::try_from(left & 0x7f).unwrap() | 0x80);
            left >>= 7;
        }
        bytes.push(u8::try_from(left).unwrap());
        bytes
    }

    /// A struct of numbers; a nested one is `Err`.
    pub(in super::super) fn written(fields: &[(u8, Result<i64, Vec<u8>>)]) -> Vec<u8> {
        let (mut bytes, mut before) = (Vec::new(), 0);
        for (id, value) in fields {
            let kind = if value.is_ok() { 5 } else { 12 };
            bytes.push((id - before) << 4 | kind);
            bytes.extend(value.as_ref().map_or_else(Clone::clone, |number| zigzag(*number)));
            before = *id;
        }
        bytes.push(0);
        bytes
    }

    #[test]
    fn heads_say_what_their_pages_hold() {
        // Statistics, which nobody asks for: texts, a long count, a list, a map and a truth.
        let statistics = [
            &[0x18, 2, 7, 7, 0x16, 200, 1][..],
            &[0x19, 0x35, 1, 2, 3, 0x1b, 1, 0x58, 9, 1, b'x', 0x11, 0x17],
            &[0; 8],
            &[0],
        ]
        .concat();
        let data = written(&[(1, Ok(8)), (2, Ok(8)), (3, Ok(3)), (4, Ok(3)), (5, Err(statistics))]);
        let head = |kind, id, of: Vec<u8>| {
            let ends = [(1, Ok(kind)), (2, Ok(300)), (3, Ok(20)), (4, Ok(-9)), (id, Err(of))];
            written(&ends)
        };
        let codes = Values { count: 8, encoding: Encoding::Codes };
        let plain = Values { count: 9, encoding: Encoding::Plain };
        let levels = [(1, Ok(8)), (2, Ok(1)), (3, Ok(8)), (4, Ok(8)), (5, Ok(2)), (6, Ok(0))];
        let mut data2 = written(&levels);
        data2.pop();
        data2.extend([0x12, 0]);
        let page = Page::Data2 { values: codes, repeats: 0, levels: 2, is_packed: false };
        let cases = [
            (head(0, 5, data), Page::Data(codes, Encoding::Runs)),
            (head(2, 7, written(&[(1, Ok(9)), (2, Ok(0))])), Page::Dictionary(plain)),
            (head(3, 8, data2), page),
            (head(1, 6, vec![0]), Page::Other),
        ];
        for (mut bytes, page) in cases {
            let length = bytes.len();
            let expected = Head { page, packed: 20, unpacked: 300, length };
            for end in 0..length {
                assert_eq!(Head::read(&bytes[..end]), None, "{page:?} {end}");
            }
            bytes.extend([1, 2, 3]);
            assert_eq!(Head::read(&bytes), Some(expected));
        }
    }

    #[test]
    fn no_bytes_take_long_or_go_deep() {
        let mut seed = 7_u64;
        for length in 0..2_000 {
            let bytes: Vec<u8> = (0..length % 60)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    u8::try_from(seed >> 56).unwrap()
                })
                .collect();
            let _: Option<Head> = Head::read(&bytes);
        }
        assert_eq!(Head::read(&[0x1c; 10_000]), None);
        assert_eq!(Head::read(&[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), None);
        // A list of very many truths, of which none is there.
        assert_eq!(Head::read(&[0x19, 0xf1, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), None);
        let negative = written(&[(1, Ok(1)), (2, Ok(-5)), (3, Ok(1))]);
        assert_eq!(Head::read(&negative), None);
    }
}
