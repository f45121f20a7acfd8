//! chitieu judges public targets: `chỉ tiêu`, as a plan writes them.
//!
//! A rule text states the targets of a programme; a snapshot holds what was measured for one entity
//! at a date; a report says for each target whether it is exceeded, met, not met, not due, without
//! data, undetermined, not applicable or contradictory, with exact figures and the reason. No
//! binary floating point stands between a number's text and its verdict.
//!
//! ```
//! use chitieu::{Measurement, Rules, Snapshot, Verdict};
//!
//! let rules = Rules::parse(
//!     "chương trình: Kế hoạch chuyển đổi số 2023
//!      hiệu lực: năm 2023
//!
//!      [CQS-01] tỷ lệ DVC toàn trình tích hợp >= 40%
//!      [CQS-02] số hồ sơ đúng hạn / tổng số hồ sơ >= 96%",
//! )?;
//! let snapshot = Snapshot::new("br-vt")
//!     .on("30/06/2023")?
//!     .measure("tỉ lệ DVC toàn trình tích hợp", Measurement::text("74%"))
//!     .measure("số hồ sơ đúng hạn", Measurement::number(955))
//!     .measure("tổng số hồ sơ", Measurement::number(1000));
//!
//! let report = rules.evaluate(&snapshot);
//! let [integrated, in_time] = report.verdicts() else { panic!("two targets") };
//! assert_eq!(integrated.verdict, Verdict::Exceeded);
//! assert_eq!(in_time.verdict, Verdict::NotDue);
//! assert_eq!(in_time.step.as_ref().map(|step| step.add().to_string()).as_deref(), Some("5"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Vocabulary
//!
//! A *programme* (chương trình) is one document's set of targets. An *indicator* (chỉ số) is what
//! is measured; a *target* (chỉ tiêu) is an indicator with the *threshold* (ngưỡng) that it must
//! reach, and by when. An *entity* (đơn vị) is who is judged; a *measurement* (số liệu) is one
//! observed value, perhaps a fraction, a bound or yes/no; a *snapshot* is all measurements of one
//! entity as of a date. A *judgement* is a *verdict* (kết luận) with its figures.
//!
//! # Map
//!
//! Data flow one way: [`source`] text → [`syntax`] tree → [`check`] model → [`mod@reference`]
//! judgements → [`report`] rows; [`snapshot`] holds data, [`number`], [`mod@unit`], [`calendar`]
//! and [`text`] are what all of them speak, [`diagnostic`] is what an author reads. The library
//! opens no file, reads no clock and prints nothing; files are the matter of the crate
//! `chitieu-io`.
#![forbid(unsafe_code)]

// What pest derives names it: pest stands without `std`, whose part is a guard of the stack that a
// grammar without recursion does not need.
extern crate alloc;

pub mod audit;
pub mod calendar;
pub mod check;
pub mod diagnostic;
pub mod diff;
pub mod eval;
pub mod explain;
mod imports;
pub mod number;
pub mod program;
pub mod reference;
pub mod report;
mod rules;
pub mod score;
pub mod snapshot;
pub mod source;
pub mod syntax;
pub mod text;
pub mod trial;
pub mod unit;
mod verdict;

pub use eval::{Verdicts, Whole};
pub use imports::{ImportError, Imports, NoImports};
pub use rules::{Judged, Judging, Layout, Records, Report, Rules};
pub use snapshot::{Measurement, Snapshot};
pub use verdict::{
    InForce, Judgement, Measured, Part, Points, Progress, Reason, Shift, Step, Stretch, UnitCounts,
    Verdict,
};

/// The examples of the README are run as tests; the documentation has a first page of its own.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
