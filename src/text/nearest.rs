//! "Did you mean": the names that are near to one that is not known.
//!
//! Enters: the wanted name and the known ones. Leaves: a few of these, the nearest first.
//! The one idea: names are compared without diacritics, since these are what is missing or wrong
//! most often; digits are compared apart, since another number is another name.
//! Invariant: the answer depends on the order of the candidates only where they are equally near.

use std::cmp::Ordering;

use strsim::generic_damerau_levenshtein;

use super::{bare_of, normal};

/// How many characters of a name are looked at; behind them names count as equal.
const LOOKED_AT: usize = 200;
/// How many characters as typed are normalised for that: a letter may come with several marks.
const READ: usize = 4 * LOOKED_AT;

/// How a candidate is near, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// It is the same without diacritics.
    Bare,
    /// So many letters are wrong, missing, too many or exchanged.
    Letters(usize),
    /// It has the same words in another order.
    Words,
    /// It is the same but for the digits.
    Digits,
}

/// At most `most` of the candidates that are near to `wanted`, the nearest first, equally near ones
/// in the order in which they came: first what is the same without diacritics; then what differs in
/// few letters, fewer first (one, or a quarter of the length from 8 letters on; none in names of
/// one or two); then the same words in another order. Names whose numbers differ (`mức độ 3`,
/// `mức độ 4`) come last, and only if their normal forms are the same but for the digits.
/// The first 200 characters of a name are looked at, and no name is offered twice.
///
/// ```
/// use chitieu::text::nearest;
/// let known = ["mã", "hạn", "tỷ lệ hộ nghèo"];
/// assert_eq!(nearest("han", known.into_iter(), 3), ["hạn"]);
/// assert_eq!(nearest("ty lê hộ ngheo", known.into_iter(), 3), ["tỷ lệ hộ nghèo"]);
/// ```
pub fn nearest<'a>(
    wanted: &str,
    candidates: impl Iterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let wanted = Probe::new(wanted);
    let nearness = |name: &'a str| Some((wanted.nearness(&Probe::new(name))?, name));
    let mut near: Vec<_> = candidates.filter_map(nearness).collect();
    near.sort_by_key(|&(nearness, _)| nearness);
    let mut offered = Vec::new();
    for (_, name) in near {
        if offered.len() >= most {
            break;
        }
        if !offered.contains(&name) {
            offered.push(name);
        }
    }
    offered
}

/// A name in the forms in which it is compared.
struct Probe {
    normal: String,
    bare: Vec<char>,
    /// The same characters in ascending order.
    sorted: Vec<char>,
}

impl Probe {
    fn new(name: &str) -> Probe {
        let end = name.char_indices().nth(READ).map_or(name.len(), |(at, _)| at);
        let normal = normal(name.get(..end).unwrap_or(name));
        let bare: Vec<char> = bare_of(&normal).chars().take(LOOKED_AT).collect();
        let mut sorted = bare.clone();
        sorted.sort_unstable();
        Probe { normal, bare, sorted }
    }

    fn nearness(&self, other: &Probe) -> Option<Nearness> {
        if !digits(&self.normal).eq(digits(&other.normal)) {
            let same = without_digits(&self.normal).eq(without_digits(&other.normal));
            return same.then_some(Nearness::Digits);
        }
        if self.bare == other.bare {
            return Some(Nearness::Bare);
        }
        let allowed = match self.bare.len() {
            0..=2 => 0,
            length => (length / 4).max(1),
        };
        // The distance costs the product of the lengths; this bound from below only their sum.
        if letters_apart(&self.sorted, &other.sorted) <= allowed {
            let distance = generic_damerau_levenshtein(&self.bare, &other.bare);
            if distance <= allowed {
                return Some(Nearness::Letters(distance));
            }
        }
        let same = self.sorted == other.sorted && words(&self.bare) == words(&other.bare);
        same.then_some(Nearness::Words)
    }
}

/// The numbers of a name in order, each as its digits.
fn digits(normal: &str) -> impl Iterator<Item = &str> {
    normal.split(|c: char| !c.is_numeric()).filter(|run| !run.is_empty())
}

/// The name with one zero for each of its numbers.
fn without_digits(normal: &str) -> impl Iterator<Item = char> {
    let mut before = false;
    normal.chars().filter_map(move |c| {
        let repeated = std::mem::replace(&mut before, c.is_numeric()) && before;
        let c = if before { '0' } else { c };
        (!repeated).then_some(c)
    })
}

/// How many letters at least one of two sorted names has that the other lacks.
fn letters_apart(a: &[char], b: &[char]) -> usize {
    let (mut only_a, mut only_b) = (0, 0);
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) => match x.cmp(y) {
                Ordering::Less => {
                    only_a += 1;
                    a.next();
                }
                Ordering::Greater => {
                    only_b += 1;
                    b.next();
                }
                Ordering::Equal => {
                    a.next();
                    b.next();
                }
            },
            _ => return usize::max(only_a + a.count(), only_b + b.count()),
        }
    }
}

/// The words of a name in ascending order.
fn words(bare: &[char]) -> Vec<&[char]> {
    let mut words: Vec<_> = bare.split(|&c| c == ' ').collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &str, candidates: &[&str], expected: &[&str]) {
        assert_eq!(nearest(wanted, candidates.iter().copied(), 5), expected, "{wanted}");
    }

    #[test]
    fn the_nearest_come_first() {
        check("han", &["bản", "hạn", "hãn", "khan", "hna"], &["hạn", "hãn", "bản", "khan", "hna"]);
        check("Luy ke", &["lũy kế", "lủy kế"], &["lũy kế", "lủy kế"]);
        check("áp dung cho", &["áp dụng cho", "áp dụng"], &["áp dụng cho"]);
        check("hộ nghèo tỷ lệ", &["tỷ lệ hộ", "tỷ lệ hộ nghèo"], &["tỷ lệ hộ nghèo"]);
        check("tỷ lệ hồ sơ đúng hạn", &["tỷ lệ hồ sơ quá hạn"], &["tỷ lệ hồ sơ quá hạn"]);
        check("tỷ lệ hồ sơ đúng hạn", &["số xã", ""], &[]);
    }

    #[test]
    fn short_names_are_near_only_without_diacritics() {
        check("co", &["có", "cho", "no"], &["có"]);
        check("", &["a", "ab"], &[]);
        check("", &[" "], &[" "]);
    }

    #[test]
    fn numbers_differ_only_alone() {
        check("mức độ 3", &["mức độ 4", "mức độ 34", "mức độ"], &["mức độ 4", "mức độ 34"]);
        check("muc do 3", &["mức độ 4", "mức độ 3"], &["mức độ 3"]);
        check("mức 3 độ 4", &["mức 4 độ 3", "mức độ 4 3"], &["mức 4 độ 3"]);
        check("số 1", &["số 2", "sô 1"], &["sô 1", "số 2"]);
    }

    #[test]
    fn at_most_so_many_in_order() {
        let known = ["bạn", "bạn", "bàn", "bản"];
        assert_eq!(nearest("ban", known.into_iter(), 2), ["bạn", "bàn"]);
        assert!(nearest("ban", known.into_iter(), 0).is_empty());
    }

    #[test]
    fn long_names_are_cut() {
        let long = "á".repeat(1_000_000);
        let other = format!("{long}b");
        check(&long, &[&other, "a"], &[&other]);
    }
}
