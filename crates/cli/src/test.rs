//! `chitieu test`: the tests that stand in the rules.
//!
//! Enters: rule files. Leaves: what failed, with how its verdict came about, on standard output.

use std::fmt::Write as _;

use chitieu::Rules;
use chitieu::check::model::TargetId;
use chitieu::diagnostic::Lang;
use chitieu::number::Rational;
use chitieu::trial::{self, Shown, Trial};

use crate::Status;
use crate::args::{Findings, Test};
use crate::console::{Console, Failure};
use crate::explain::{as_json, steps};
use crate::json::{Json, object};
use crate::load;

/// Runs the command.
pub(crate) fn run(args: &Test, mut console: Console) -> Result<Status, Failure> {
    let rules = load::rules(&args.rules, args.words.lang, &mut console)?;
    if args.boundaries {
        load::print(&trial::boundaries(rules.model()))?;
        return Ok(Status::Clean);
    }
    let trials = trial::run(rules.model());
    let format = args.format.unwrap_or(Findings::Human);
    let teller = Teller { rules: &rules, lang: console.lang, format };
    let mut out = String::new();
    let failed: Vec<&Trial<'_>> = trials.iter().filter(|trial| !trial.holds).collect();
    for trial in &failed {
        out.push_str(&teller.failed(trial));
    }
    if args.coverage {
        for shown in trial::coverage(rules.model(), &trials) {
            out.push_str(&teller.uncovered(shown));
        }
    }
    if format == Findings::Human {
        out.push_str(&teller.summary(trials.len(), failed.len()));
    }
    load::print(&out)?;
    Ok(if failed.is_empty() { Status::Clean } else { Status::Found })
}

struct Teller<'a> {
    rules: &'a Rules,
    lang: Lang,
    format: Findings,
}

impl Teller<'_> {
    fn pick(&self, vi: &'static str, en: &'static str) -> &'static str {
        if self.lang == Lang::Vi { vi } else { en }
    }

    /// A test that failed: expected, actual, and how that came about.
    fn failed(&self, trial: &Trial<'_>) -> String {
        let model = self.rules.model();
        let place = self.place(trial.then.span);
        let target = self.target(trial.then.target);
        let mut expected = self.verdict(trial.then.verdict);
        let mut actual = match &trial.judgement {
            Some(judgement) => self.verdict(judgement.verdict),
            None => self.pick("phép thử không có ngày", "the test has no day").to_owned(),
        };
        if let Some(wanted) = trial.then.attainment {
            let word = self.pick("mức đạt", "attainment");
            let _ = write!(expected, ", {word} {}", self.number(&wanted.to_string()));
            let reached =
                trial.judgement.as_ref().and_then(|judgement| judgement.attainment.as_ref());
            let reached = reached.map_or_else(
                || self.pick("không có", "none").to_owned(),
                |reached| self.number(&reached.rounded(wanted.scale())),
            );
            let _ = write!(actual, ", {word} {reached}");
        }
        if let Some(wanted) = &trial.then.points {
            let reached = trial.judgement.as_ref().and_then(|judgement| judgement.points.as_ref());
            let reached = reached.map(|points| (points.worst.clone(), points.best.clone()));
            let word = self.pick("điểm", "points");
            let _ = write!(expected, ", {word} {}", self.points(Some(wanted)));
            let _ = write!(actual, ", {word} {}", self.points(reached.as_ref()));
        }
        let why = trial::explained(model, trial, self.lang);
        let name = &trial.test.name;
        let (want, got) = (self.pick("mong đợi", "expected"), self.pick("thực tế", "actual"));
        let text = format!("{name}: {target}: {want} {expected}, {got} {actual}");
        let error = self.pick("lỗi", "error");
        match self.format {
            Findings::Short => format!("{}:{}:{}: {error}: {text}\n", place.0, place.1, place.2),
            Findings::Json => {
                let actual = trial.judgement.as_ref().map(|judgement| judgement.verdict.code());
                finding("test_failed", "error", &text, &place)
                    .with([
                        ("test", name.into()),
                        ("target", model.target(trial.then.target).map(|it| &it.code).into()),
                        ("expected", trial.then.verdict.code().into()),
                        ("actual", actual.into()),
                        ("sentence", why.as_ref().map(|why| &why.sentence).into()),
                        ("steps", why.as_ref().map(|why| as_json(&why.steps)).into()),
                    ])
                    .line()
            }
            Findings::Human => {
                let (title, on) =
                    (self.pick("phép thử sai", "test failed"), self.pick("chỉ tiêu", "target"));
                let mut out = format!("{title}: {name} ({}:{})\n", place.0, place.1);
                let _ = writeln!(out, "  {on}: {target}");
                let _ = writeln!(out, "  {want}: {expected}\n  {got}: {actual}");
                if let Some(why) = why {
                    let _ = writeln!(out, "  {}", why.sentence);
                    out.push_str(&steps(&why.steps, 2, self.lang));
                }
                out.push('\n');
                out
            }
        }
    }

    /// `15`, `0 đến 20`.
    fn points(&self, points: Option<&(Rational, Rational)>) -> String {
        let number = |points: &Rational| match points.exact_decimal() {
            Some(decimal) => self.number(&decimal),
            None => points.to_string(),
        };
        match points {
            None => self.pick("không có", "none").to_owned(),
            Some((worst, best)) if worst == best => number(worst),
            Some((worst, best)) => {
                format!("{} {} {}", number(worst), self.pick("đến", "to"), number(best))
            }
        }
    }

    /// What no test has shown of a target; nothing where all was.
    fn uncovered(&self, shown: Shown) -> String {
        if shown.is_complete() {
            return String::new();
        }
        let mut lacking = Vec::new();
        let mut codes = Vec::new();
        for (is_shown, code, words) in [
            (shown.met, "met", ("đạt", "met")),
            (shown.not_met, "not_met", ("chưa đạt", "not met")),
            (shown.undecided, "undecided", ("chưa kết luận được", "undecided")),
        ] {
            if !is_shown {
                lacking.push(self.pick(words.0, words.1));
                codes.push(code);
            }
        }
        let target = self.target(shown.target);
        let found = self.rules.model().target(shown.target);
        let span = found.and_then(|target| target.versions.first()).map(|version| version.span);
        let place = self.place(span.unwrap_or_default());
        let lacking = lacking.join(", ");
        let text = match self.lang {
            Lang::Vi => format!("{target}: chưa có phép thử {lacking}"),
            Lang::En => format!("{target}: no test shows {lacking}"),
        };
        let warning = self.pick("cảnh báo", "warning");
        match self.format {
            Findings::Human => format!("{text}\n"),
            Findings::Short => format!("{}:{}:{}: {warning}: {text}\n", place.0, place.1, place.2),
            Findings::Json => finding("not_covered", "warning", &text, &place)
                .with([
                    ("target", found.map(|it| &it.code).into()),
                    ("not_shown", codes.as_slice().into()),
                ])
                .line(),
        }
    }

    fn summary(&self, all: usize, failed: usize) -> String {
        let held = all - failed;
        let tests = self.rules.model().tests.len();
        match (self.lang, all) {
            (Lang::Vi, 0) => "luật không có phép thử nào\n".to_owned(),
            (Lang::En, 0) => "the rules hold no test\n".to_owned(),
            (Lang::Vi, _) => {
                format!("{tests} phép thử, {all} kết luận mong đợi: {held} đúng, {failed} sai\n")
            }
            (Lang::En, _) => {
                format!("tests: {tests}; verdicts expected: {all}, {held} held, {failed} failed\n")
            }
        }
    }

    /// File, line and column of a place in the rules.
    fn place(&self, span: chitieu::source::Span) -> (String, u32, u32) {
        match self.rules.sources().get(span.source) {
            Some(source) => {
                let location = source.location(span.start);
                (source.name().to_owned(), location.line, location.column)
            }
            None => (String::new(), 0, 0),
        }
    }

    fn target(&self, id: TargetId) -> String {
        let target = self.rules.model().target(id);
        target.map(|target| crate::explain::title(self.rules.model(), target)).unwrap_or_default()
    }

    fn verdict(&self, verdict: chitieu::Verdict) -> String {
        let (vi, en) = verdict.words();
        self.pick(vi, en).to_owned()
    }

    fn number(&self, plain: &str) -> String {
        match self.lang {
            Lang::Vi => chitieu::number::format_vi(plain),
            Lang::En => chitieu::number::format_en(plain),
        }
    }
}

/// What findings of tests have in common with diagnostics.
fn finding(
    code: &str,
    severity: &str,
    message: &str,
    (file, line, column): &(String, u32, u32),
) -> Json {
    object([
        ("code", code.into()),
        ("severity", severity.into()),
        ("message", message.into()),
        ("file", file.into()),
        ("line", (*line).into()),
        ("column", (*column).into()),
    ])
}
