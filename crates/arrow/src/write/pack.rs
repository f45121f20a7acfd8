//! Small codes as the runs and packed bits of Parquet.
//!
//! Enters: codes, a byte each. Leaves: Parquet's hybrid of runs and packed bits. The one idea:
//! eight codes are one word, so that a run is seen by one comparison and eight codes are packed by
//! three shifts. Invariant: a run begins and ends at a multiple of eight, only the last part may
//! be shorter, and its packed bits are filled up with zeros.

/// How many bits a code takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// Whether a value is there.
    One,
    /// One of eight verdicts.
    Three,
}

/// So many equal words are written as a run: fewer take no more room packed.
const RUN: usize = 3;

impl Width {
    /// How many bits.
    pub(super) const fn bits(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Three => 3,
        }
    }

    /// Packs eight codes; what of a code is wider is cut off.
    fn pack(self, word: u64, out: &mut Vec<u8>) {
        match self {
            Self::One => {
                let ones = word & 0x0101_0101_0101_0101;
                let [.., bits] = ones.wrapping_mul(0x0102_0408_1020_4080).to_le_bytes();
                out.push(bits);
            }
            Self::Three => {
                let codes = word & 0x0707_0707_0707_0707;
                let pairs =
                    (codes & 0x0007_0007_0007_0007) | ((codes >> 5) & 0x0038_0038_0038_0038);
                let fours =
                    (pairs & 0x0000_003F_0000_003F) | ((pairs >> 10) & 0x0000_0FC0_0000_0FC0);
                let [low, middle, high, ..] = ((fours & 0xFFF) | (fours >> 20)).to_le_bytes();
                out.extend_from_slice(&[low, middle, high]);
            }
        }
    }
}

/// Appends codes, each smaller than two to the width.
pub(super) fn encode(codes: &[u8], width: Width, out: &mut Vec<u8>) {
    let (words, rest) = codes.as_chunks::<8>();
    // Words that wait to be packed.
    let mut waiting = words.get(..0).unwrap_or_default();
    let mut at = words;
    while let Some((first, behind)) = at.split_first() {
        let [code, ..] = *first;
        let same = if *first == [code; 8] {
            1 + behind.iter().take_while(|word| *word == first).count()
        } else {
            1
        };
        let is_run = same >= RUN && *first == [code; 8];
        if is_run {
            literal(waiting, &[], width, out);
            run(code, same * 8, out);
        }
        at = at.get(same..).unwrap_or_default();
        let done = words.len() - at.len();
        let from = if is_run { done } else { done - same - waiting.len() };
        waiting = words.get(from..done).unwrap_or_default();
    }
    literal(waiting, rest, width, out);
}

/// Appends one code so many times.
pub(super) fn run(code: u8, times: usize, out: &mut Vec<u8>) {
    varint(times * 2, out);
    out.push(code);
}

/// Appends codes as packed bits.
fn literal(words: &[[u8; 8]], rest: &[u8], width: Width, out: &mut Vec<u8>) {
    let count = words.len() + usize::from(!rest.is_empty());
    if count == 0 {
        return;
    }
    varint(count * 2 + 1, out);
    for word in words {
        width.pack(u64::from_le_bytes(*word), out);
    }
    if !rest.is_empty() {
        let mut last = [0; 8];
        for (code, place) in rest.iter().zip(&mut last) {
            *place = *code;
        }
        width.pack(u64::from_le_bytes(last), out);
    }
}

fn varint(mut number: usize, out: &mut Vec<u8>) {
    loop {
        let [low, ..] = (number & 0x7F).to_le_bytes();
        number >>= 7;
        if number == 0 {
            return out.push(low);
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the hybrid back, one bit after the other.
    fn decode(bytes: &[u8], width: Width, count: usize) -> Vec<u8> {
        let bits = usize::from(width.bits());
        let (mut codes, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let (mut header, mut shift) = (0, 0);
            loop {
                let byte = bytes[at];
                at += 1;
                header |= usize::from(byte & 0x7F) << shift;
                shift += 7;
                if byte < 0x80 {
                    break;
                }
            }
            if header & 1 == 0 {
                codes.extend(std::iter::repeat_n(bytes[at], header >> 1));
                at += 1;
                continue;
            }
            let groups = header >> 1;
            for code in 0..groups * 8 {
                let bit = |place: usize| (bytes[at + place / 8] >> (place % 8)) & 1;
                codes.push((0..bits).map(|it| bit(code * bits + it) << it).sum());
            }
            at += groups * bits;
        }
        assert!(codes.len() >= count && codes.len() < count + 8, "{} {count}", codes.len());
        codes.truncate(count);
        codes
    }

    #[test]
    fn codes_come_back() {
        // Lengths of runs from 1 to 99 in every place of a word, and rests of every length.
        for (width, most) in [(Width::One, 2), (Width::Three, 8)] {
            for count in (0..70).chain([1_000, 4_095, 20_000]) {
                for step in [1_u32, 7, 30, 99] {
                    let mut state = step.wrapping_mul(2_654_435_761);
                    let mut codes = Vec::new();
                    while codes.len() < count {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        let run = 1 + (state >> 8) % step;
                        let code = u8::try_from((state >> 20) % most).unwrap();
                        codes.extend(std::iter::repeat_n(code, run as usize));
                    }
                    codes.truncate(count);
                    let mut bytes = Vec::new();
                    encode(&codes, width, &mut bytes);
                    assert!(decode(&bytes, width, count) == codes, "{width:?} {count} {step}");
                }
            }
        }
    }

    #[test]
    fn a_run_is_three_bytes() {
        let mut bytes = Vec::new();
        encode(&[5; 800], Width::Three, &mut bytes);
        assert_eq!(bytes, [0xC0, 0x0C, 5]);
        bytes.clear();
        encode(&[1, 0, 1], Width::One, &mut bytes);
        assert_eq!(bytes, [3, 0b101]);
        bytes.clear();
        encode(&[], Width::Three, &mut bytes);
        assert!(bytes.is_empty());
    }
}
