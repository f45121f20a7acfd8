//! How much memory data may take.
//!
//! Enters: what is held. Leaves: nothing, or why the run ends. The one idea: what has to be held
//! depends on what is asked, so that the end of a run names the option that helps there. Invariant:
//! what is said to be held is at least what these data take.

use chitieu::Rules;
use chitieu::diagnostic::Message;

use super::plan::Plan;
use super::stream::{Way, hindrance};
use crate::args::Eval;
use crate::console::Failure;

/// The bytes of an entity and day that are only watched, with the room of a set.
pub(super) const KEY: u64 = 9;
/// About the bytes of an entity that stands above or below another.
pub(super) const ENTITY: u64 = 300;
/// About the bytes of a name of the data, kept twice.
pub(super) const NAME: u64 = 200;
/// About the bytes of a gathered record, or of an entity, in the columns that it is judged by.
pub(super) const ROW: u64 = 50;
/// The same for a figure that some record gives; those that lack it have room for it too.
pub(super) const FIGURE: u64 = 8;

/// How much may be held, and what to do where that is too little.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    most: Option<u64>,
    advice: Message,
}

impl Bound {
    pub(super) const fn new(most: Option<u64>, advice: Message) -> Self {
        Self { most, advice }
    }

    /// Ends the run where more is held than may be.
    pub(super) fn check(&self, held: u64) -> Result<(), Failure> {
        let Some(most) = self.most.filter(|most| held > *most) else { return Ok(()) };
        let (held, most) = (mib(held), mib(most));
        let Message { vi, en } = &self.advice;
        Err(Failure::Said(Message::new(
            format!("số liệu cần hơn {held} bộ nhớ, `--max-memory` cho {most}; {vi}"),
            format!("the data take more than {held} of memory, `--max-memory` allows {most}; {en}"),
        )))
    }
}

/// What helps where data are judged as they are read.
pub(super) fn while_reading(way: Way) -> Message {
    match way {
        Way::Watching => complete(),
        Way::Complete => Message::new(
            "phải giữ tên các đơn vị cấp trên (`parent`) và các tên mà luật không biết; hãy tăng \
             `--max-memory`",
            "entities above entities (`parent`) and names that no rule knows are kept; raise \
             `--max-memory`",
        ),
    }
}

/// What helps where all data are gathered, perhaps after this way of reading them was given up.
pub(super) fn advice(args: &Eval, plan: &Plan, rules: &Rules, tried: Option<Way>) -> Message {
    if rules.is_linked() {
        return Message::new(
            "có chỉ tiêu cần số liệu của đơn vị khác hoặc ngày khác nên phải giữ hết, \
             `--complete-records` không giúp được; hãy tăng `--max-memory`, hoặc chia việc: mỗi \
             lần một chương trình (chỉ số không chỉ tiêu nào hỏi thì không giữ), hoặc chỉ đưa vào \
             những đơn vị và những ngày mà luật cần",
            "a target needs figures of other entities or other days, so that all are held and \
             `--complete-records` does not help; raise `--max-memory`, or divide the work: one \
             programme at a time (indicators that no target asks are not held), or only the \
             entities and days that the rules need",
        );
    }
    match (hindrance(args, plan, rules, true), tried) {
        (Some((vi, en)), _) => Message::new(
            format!("{vi}, và dùng `--complete-records`; nếu không thì tăng `--max-memory`"),
            format!("{en}, and use `--complete-records`; else raise `--max-memory`"),
        ),
        (None, None) => complete(),
        (None, Some(Way::Watching)) => Message::new(
            "có bộ số liệu nằm ở nhiều bản ghi; hãy gộp mỗi bộ vào một bản ghi (bảng dọc: xếp các \
             hàng của nó liền nhau) rồi dùng `--complete-records`, hoặc tăng `--max-memory`",
            "records of one snapshot stand apart; make one record of each snapshot (in a long \
             table: let its rows stand together) and use `--complete-records`, or raise \
             `--max-memory`",
        ),
        (None, Some(Way::Complete)) => Message::new(
            "có bản ghi ghi thuộc tính mà luật hỏi, có bản ghi không; hãy ghi ở mọi bản ghi, hoặc \
             chỉ ghi ở bảng đơn vị (`--entities`), hoặc tăng `--max-memory`",
            "some records give an attribute that the rules ask and some do not; give it in every \
             record, or in the table of entities (`--entities`) alone, or raise `--max-memory`",
        ),
    }
}

fn complete() -> Message {
    Message::new(
        "nếu mỗi bản ghi là cả bộ số liệu thì dùng `--complete-records`, nếu không thì tăng \
         `--max-memory`",
        "if each record is a whole snapshot use `--complete-records`, else raise `--max-memory`",
    )
}

/// `512 MiB`, `900 KiB`.
fn mib(bytes: u64) -> String {
    match bytes >> 20 {
        0 => format!("{} KiB", bytes >> 10),
        mib => format!("{mib} MiB"),
    }
}
