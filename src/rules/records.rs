//! Verdict records of many cases, as lines.
//!
//! Enters: cases of gathered data. Leaves: lines of JSON or CSV. The one idea: what plain figures
//! decide is told by integers and written by pattern; all else is judged by the reference evaluator
//! and written as any record. Invariant: the bytes are those of the reference evaluator's
//! judgements.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::days::{Day, KNOWN};
use super::{Judging, Rules};
use crate::calendar::Date;
use crate::check::model::TargetId;
use crate::eval::Plain;
use crate::reference::Reference;
use crate::report::pattern::{Head, Patterns};
use crate::report::{Fields, Lines, Options, Record};
use crate::snapshot::Case;
use crate::verdict::{Judgement, Told, Verdict};

/// Writes verdict records of cases as lines. Each thread has its own.
///
/// ```
/// use chitieu::reference::Reference;
/// use chitieu::report::{Fields, Lines, Options};
/// use chitieu::snapshot::{Cases, Data};
/// use chitieu::{Measurement, Rules, Snapshot};
///
/// let rules = Rules::parse("tỷ lệ a >= 40%").unwrap();
/// let mut data = Data::new();
/// data.push(Snapshot::new("x").on("2023")?.measure("tỷ lệ a", Measurement::number(38)), None);
/// let reference = Reference::named(rules.model(), rules.names(), &data);
/// let cases = Cases::each_snapshot(&data);
/// let fields = Fields::named(&["entity", "verdict", "margin"])?;
/// let mut records = rules.records(Lines::Csv, fields, Options::default());
/// let mut lines = Vec::new();
/// for case in (0..cases.len()).filter_map(|place| cases.get(&data, place)) {
///     records.write(&reference, &case, &mut |_, _| true, &mut lines)?;
/// }
/// assert_eq!(lines, b"x,not_met,-2\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Records<'r> {
    rules: &'r Rules,
    judging: Judging<'r>,
    patterns: Patterns,
    /// Where patterns stand, by target, version, milestone and the next one.
    places: HashMap<(TargetId, [usize; 3]), usize>,
    days: HashMap<Date, Arc<Known>>,
}

/// What is known of a day, and where the patterns of each target stand.
#[derive(Debug)]
struct Known {
    day: Day,
    places: Vec<usize>,
}

impl<'r> Records<'r> {
    pub(super) fn new(rules: &'r Rules, lines: Lines, fields: Fields, options: Options) -> Self {
        let patterns = Patterns::new(lines, fields, options);
        let (places, days) = (HashMap::new(), HashMap::new());
        Self { rules, judging: Judging::new(rules), patterns, places, days }
    }

    /// Judges a case by all its targets, in rule order, and appends the records of those that are
    /// `wanted`, which is asked once of each. `reference` judges by the same rules.
    ///
    /// # Errors
    /// None: memory takes every line.
    pub fn write(
        &mut self,
        reference: &Reference<'_>,
        case: &Case<'_>,
        wanted: &mut dyn FnMut(TargetId, Verdict) -> bool,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        let Some((snapshot, id)) = self.judging.begin(reference, case) else {
            for judgement in reference.judge(case) {
                if wanted(judgement.target, judgement.verdict) {
                    let record = self.record(&judgement);
                    self.patterns.whole(out, &record)?;
                }
            }
            return Ok(());
        };
        let head = Head::new(self.patterns.lines, id, reference.data(), snapshot)?;
        let known = self.known(case.as_of);
        let judge = reference.judging(case);
        for ((plain, place), target) in known.day.iter().zip(&known.places).zip(0_u32..) {
            let target = TargetId(target);
            let told = plain.as_ref();
            let told = told.and_then(|plain| self.judging.tell(plain, reference, case));
            if let Some(told) = &told {
                if !wanted(target, told.verdict) {
                    continue;
                }
                if self.patterns.write(out, *place, &head, told).is_some() {
                    continue;
                }
            }
            let Some(judgement) = judge(target) else { continue };
            if told.is_none() && !wanted(target, judgement.verdict) {
                continue;
            }
            self.whole(out, (*place, &head, told.as_ref()), &judgement)?;
        }
        Ok(())
    }

    /// Writes a record as any other; from one that integers could have told a pattern is learnt.
    fn whole(
        &mut self,
        out: &mut Vec<u8>,
        (place, head, told): (usize, &Head, Option<&Told>),
        judgement: &Judgement,
    ) -> io::Result<()> {
        let start = out.len();
        let record = self.record(judgement);
        self.patterns.whole(out, &record)?;
        if let Some(told) = told {
            let line = out.get(start..).unwrap_or_default();
            self.patterns.learn(place, (head, told), &record, line);
        }
        Ok(())
    }

    fn record<'a>(&self, judgement: &'a Judgement) -> Record<'a>
    where
        'r: 'a,
    {
        Record::new(self.rules.model(), judgement, self.patterns.options())
    }

    /// What is known of all targets on a day.
    fn known(&mut self, day: Date) -> Arc<Known> {
        if let Some(known) = self.days.get(&day) {
            return Arc::clone(known);
        }
        if self.days.len().saturating_mul(self.rules.model().targets.len()) >= KNOWN {
            self.days.clear();
        }
        let (as_of, day) = (day, self.rules.day(day));
        let (places, patterns) = (&mut self.places, &mut self.patterns);
        let place = |(plain, target): (&Option<Plain>, u32)| match plain {
            Some(plain) => {
                let place = places.entry((TargetId(target), plain.place));
                *place.or_insert_with(|| patterns.place())
            }
            None => 0,
        };
        let places = day.iter().zip(0_u32..).map(place).collect();
        let known = Arc::new(Known { day, places });
        self.days.insert(as_of, Arc::clone(&known));
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Decimal;
    use crate::snapshot::{Cases, Data};
    use crate::{Measurement, Snapshot};

    /// What is fast must not quietly become slow: every wording of plain figures has a pattern.
    #[test]
    fn plain_records_have_patterns() {
        let text = "tỷ lệ a >= 40%\n\"số b\" / \"số c\" < 99,9%\ntỷ lệ d trong khoảng 5% đến 10%\n\
                    ban hành e = có\nsố f >= 3 hồ sơ\n  hạn: 2024\n\
                    tỷ lệ g\n  mốc 2022: 10%\n  đến 2023: >= 20%\n  đến 2025: >= 50%\n";
        let rules = Rules::parse(text).unwrap();
        let mut data = Data::new();
        for (at, value) in ["0", "5.5", "40", "39.99", "41", "99.9", "100"].iter().enumerate() {
            let mut record = Snapshot::new(format!("e{at}")).on("30/06/2024").unwrap();
            let number = |text: &str| Measurement::number(Decimal::parse(text).unwrap());
            for name in ["tỷ lệ a", "tỷ lệ d", "tỷ lệ g"] {
                record = record.measure(name, number(value));
            }
            let count = i64::try_from(at).unwrap();
            record = record.measure("số b", Measurement::number(count));
            record = record.measure("số c", Measurement::number(count / 2));
            record = record.measure("số f", Measurement::number(count));
            record = record.measure("ban hành e", Measurement::truth(at % 2 == 0));
            data.push(record, None);
        }
        let reference = Reference::named(rules.model(), rules.names(), &data);
        let cases = Cases::each_snapshot(&data);
        for lines in [Lines::Ndjson, Lines::Csv] {
            let mut records = rules.records(
                lines,
                Fields::all(true),
                Options { lang: crate::diagnostic::Lang::En, exact: true },
            );
            let mut out = Vec::new();
            for case in (0..cases.len()).filter_map(|place| cases.get(&data, place)) {
                records.write(&reference, &case, &mut |_, _| true, &mut out).unwrap();
            }
            let day = data.snapshots[0].as_of;
            assert!(rules.day(day).iter().all(Option::is_some));
            let (with, without) = records.patterns.counts();
            assert!(with >= 18 && without == 0, "{with} {without}");
        }
    }
}
