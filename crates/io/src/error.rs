//! What keeps a run from reading or writing a file.
//!
//! Enters: an error of the platform or of the text. Leaves: a sentence in both languages that
//! names the file. The one idea: the file is named by the words of the user.

use std::io;

use chitieu::calendar::Date;
use chitieu::diagnostic::Message;
use chitieu::number::Decimal;
use chitieu::source::SourceError;

/// Why a file cannot be read or written; nothing of it is judged.
///
/// ```
/// let error = chitieu_io::load(&["không-có.chitieu".into()]).unwrap_err();
/// assert!(error.message().vi.starts_with("không đọc được tệp `không-có.chitieu`"));
/// ```
#[derive(Debug, thiserror::Error)]
pub enum IoError {
    /// A file or folder cannot be opened or read.
    #[error("cannot read `{name}`: {source}")]
    Read {
        /// The path, as typed.
        name: String,
        /// What the platform says.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write `{name}`: {source}")]
    Write {
        /// The path, as typed.
        name: String,
        /// What the platform says.
        source: io::Error,
    },
    /// A folder holds no file of the kind that is wanted.
    #[error("folder `{name}` holds no {wanted} file")]
    Empty {
        /// The path, as typed.
        name: String,
        /// The kind: `.chitieu` or `.json`.
        wanted: &'static str,
    },
    /// A folder is nested deeper than anybody nests folders.
    #[error("folder `{name}` is nested too deeply")]
    TooDeep {
        /// The path.
        name: String,
    },
    /// The file is of a format that this version does not read.
    #[error("`{name}` is {format}, which this version does not read")]
    Format {
        /// The path, as typed.
        name: String,
        /// The format.
        format: &'static str,
    },
    /// A file changed between its first and its second reading.
    #[error("`{name}` changed while it was read")]
    Changed {
        /// The path, as typed.
        name: String,
    },
    /// A file is not what it was when an earlier run read it.
    #[error("`{name}` is not what it was")]
    Otherwise {
        /// The path, as typed.
        name: String,
    },
    /// A pattern of paths fits no file.
    #[error("no file fits `{pattern}`")]
    NoMatch {
        /// The pattern, as typed.
        pattern: String,
    },
    /// A table cannot be read at this place.
    #[error("{place}: {}", .message.en)]
    Table {
        /// The file, the row and the column: `s.csv:1:C`.
        place: String,
        /// What is wrong there.
        message: Message,
    },
    /// A cell of a table has two different readings.
    #[error("{place}: `{cell}` is {vi} or {en}: say `--number-format vi` or `en`")]
    TwoReadings {
        /// The file, the row and the column.
        place: String,
        /// The cell.
        cell: String,
        /// Its number as Vietnamese reads it.
        vi: Decimal,
        /// Its number as English reads it.
        en: Decimal,
    },
    /// Cells of one table prove both number formats.
    #[error("`{}` at {} is Vietnamese and `{}` at {} English", .vi.1, .vi.0, .en.1, .en.0)]
    TwoFormats {
        /// The first cell that is a number in Vietnamese only: its place and its text.
        vi: (String, String),
        /// The first cell that is a number in English only.
        en: (String, String),
    },
    /// Records that are said to be whole snapshots, and are not.
    #[error("{place}: `{entity}` on {day} stands in the record before too")]
    Twice {
        /// Where the second record stands.
        place: String,
        /// Of whom both speak.
        entity: String,
        /// As of which day.
        day: Date,
    },
    /// The file is no text.
    #[error(transparent)]
    Text(#[from] SourceError),
}

impl IoError {
    /// The sentence that a person reads.
    #[must_use]
    pub fn message(&self) -> Message {
        let (vi, en) = match self {
            Self::Read { name, source } => {
                let (vi, en) = reason(source);
                (
                    format!("không đọc được tệp `{name}`: {vi}"),
                    format!("cannot read `{name}`: {en}"),
                )
            }
            Self::Write { name, source } => {
                let (vi, en) = reason(source);
                let vi = format!("không ghi được tệp `{name}`: {vi}");
                (vi, format!("cannot write `{name}`: {en}"))
            }
            Self::Empty { name, wanted } => (
                format!("thư mục `{name}` không có tệp {wanted} nào"),
                format!("folder `{name}` holds no {wanted} file"),
            ),
            Self::TooDeep { name } => (
                format!("thư mục `{name}` lồng quá sâu"),
                format!("folder `{name}` is nested too deeply"),
            ),
            Self::Format { name, format } => (
                format!("tệp `{name}` là {format}: bản này không đọc được; hãy dùng JSON hoặc CSV"),
                format!("`{name}` is {format}, which cannot be read here; use JSON or CSV"),
            ),
            Self::Changed { name } => {
                (format!("tệp `{name}` bị thay đổi trong khi đọc"), self.to_string())
            }
            Self::Otherwise { name } => (
                format!("tệp `{name}` không còn như lúc được đọc lần trước"),
                format!("`{name}` is not what it was when it was read before"),
            ),
            Self::NoMatch { pattern } => (
                format!("không có tệp nào khớp với `{pattern}`"),
                format!("no file fits `{pattern}`"),
            ),
            Self::Table { place, message } => {
                (format!("{place}: {}", message.vi), format!("{place}: {}", message.en))
            }
            Self::TwoReadings { place, cell, vi, en } => two_readings(place, cell, *vi, *en),
            Self::TwoFormats { vi, en } => two_formats(vi, en),
            Self::Twice { place, entity, day } => twice(place, entity, *day),
            Self::Text(error) => text(error),
        };
        Message::new(vi, en)
    }
}

fn two_readings(place: &str, cell: &str, vi: Decimal, en: Decimal) -> (String, String) {
    let comma = |number: Decimal| number.to_string().replace('.', ",");
    (
        format!(
            "{place}: `{cell}` có hai cách đọc: {} (kiểu Việt) hoặc {} (kiểu Anh); hãy thêm \
             `--number-format vi` hoặc `--number-format en` (xem E0604)",
            comma(vi),
            comma(en)
        ),
        format!(
            "{place}: `{cell}` has two readings: {vi} (Vietnamese) or {en} (English); add \
             `--number-format vi` or `--number-format en` (see E0604)"
        ),
    )
}

fn two_formats(vi: &(String, String), en: &(String, String)) -> (String, String) {
    let ((vi_place, vi_cell), (en_place, en_cell)) = (vi, en);
    (
        format!(
            "một tệp có số viết hai kiểu: {vi_place}: `{vi_cell}` (kiểu Việt), {en_place}: \
             `{en_cell}` (kiểu Anh); hãy sửa tệp, hoặc thêm `--number-format vi` hoặc \
             `--number-format en` (xem E0604)"
        ),
        format!(
            "one file writes numbers in two ways: {vi_place}: `{vi_cell}` (Vietnamese), \
             {en_place}: `{en_cell}` (English); mend the file, or add `--number-format vi` or \
             `--number-format en` (see E0604)"
        ),
    )
}

fn twice(place: &str, entity: &str, day: Date) -> (String, String) {
    (
        format!(
            "{place}: bản ghi ngay trước cũng của `{entity}`, ngày {day}; với \
             `--complete-records` mỗi bản ghi phải là cả bộ số liệu: gộp các bản ghi lại, hoặc bỏ \
             `--complete-records`"
        ),
        format!(
            "{place}: the record before it is of `{entity}` on {day} too; under \
             `--complete-records` each record is a whole snapshot: join the records, or leave off \
             `--complete-records`"
        ),
    )
}

fn text(error: &SourceError) -> (String, String) {
    match error {
        SourceError::TooLong { name } => (
            format!("không đọc được tệp `{name}`: tệp lớn từ 4 GiB trở lên"),
            format!("cannot read `{name}`: it has 4 GiB or more"),
        ),
        SourceError::NotUtf8 { name, line, column, .. } => (
            format!(
                "không đọc được tệp `{name}`: dòng {line}, cột {column} không phải Unicode \
                 (UTF-8); hãy lưu lại tệp với bảng mã UTF-8 (xem E0001)"
            ),
            format!(
                "cannot read `{name}`: line {line}, column {column} is not UTF-8; save the file \
                 as UTF-8 (see E0001)"
            ),
        ),
    }
}

/// Why, in the words of a person where they are known.
fn reason(error: &io::Error) -> (String, String) {
    let vi = match error.kind() {
        io::ErrorKind::NotFound => "không có tệp hoặc thư mục này",
        io::ErrorKind::PermissionDenied => "không có quyền truy cập",
        io::ErrorKind::IsADirectory => "đây là một thư mục",
        io::ErrorKind::NotADirectory => "một phần của đường dẫn không phải là thư mục",
        io::ErrorKind::ReadOnlyFilesystem => "ổ đĩa chỉ cho đọc",
        io::ErrorKind::StorageFull => "ổ đĩa đã đầy",
        io::ErrorKind::QuotaExceeded => "đã hết hạn mức đĩa",
        io::ErrorKind::FileTooLarge => "vượt cỡ tệp cho phép (`ulimit -f`)",
        io::ErrorKind::UnexpectedEof => "tệp bị cắt giữa chừng",
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => "nội dung tệp bị hỏng",
        _ => return (error.to_string(), error.to_string()),
    };
    (vi.to_owned(), error.to_string())
}
