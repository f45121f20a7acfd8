//! What serde_json says of broken JSON, in both languages.
//!
//! Enters: its error. Leaves: a message without a place. The one idea: its English words are the
//! key of a small table; words that are not in it still get a true sentence.

use crate::diagnostic::Message;

/// How serde_json begins, and what a person reads.
const WORDS: &[(&str, &str, &str)] = &[
    ("EOF while parsing a string", "chuỗi không có ngoặc kép đóng", "a text is not closed"),
    ("EOF while parsing an object", "đối tượng không có `}` đóng", "an object is not closed"),
    ("EOF while parsing a list", "danh sách không có `]` đóng", "a list is not closed"),
    ("EOF while parsing", "văn bản kết thúc giữa chừng", "the text ends too early"),
    ("expected `:`", "thiếu dấu `:` sau tên trường", "a `:` is missing behind the field"),
    ("expected `,` or `}`", "thiếu `,` hoặc `}`", "a `,` or `}` is missing"),
    ("expected `,` or `]`", "thiếu `,` hoặc `]`", "a `,` or `]` is missing"),
    ("trailing comma", "thừa dấu phẩy", "a comma too many"),
    ("trailing characters", "thừa chữ sau bản ghi", "there is more behind the record"),
    (
        "key must be a string",
        "tên trường phải nằm trong ngoặc kép",
        "a field must stand in double quotes",
    ),
    ("expected value", "ở đây phải là một giá trị", "a value must stand here"),
    ("expected ident", "từ này không phải true, false hay null", "not true, false or null"),
    ("invalid number", "số viết sai", "not a number of JSON"),
    ("invalid escape", "dấu `\\` đứng sai chỗ trong chuỗi", "a wrong `\\` in a text"),
    (
        "control character",
        "chuỗi chứa ký tự điều khiển hoặc xuống dòng",
        "a control character or line break in a text",
    ),
    ("lone leading surrogate", "mã `\\u` thiếu nửa sau", "half a `\\u` pair"),
    ("unexpected end of hex escape", "mã `\\u` thiếu nửa sau", "half a `\\u` pair"),
    ("invalid unicode code point", "mã `\\u` không có ký tự", "a `\\u` of no character"),
    ("recursion limit exceeded", "lồng nhau quá nhiều tầng", "nested too deeply"),
];

pub(super) fn message(error: &serde_json::Error) -> Message {
    let said = error.to_string();
    match WORDS.iter().find(|(start, _, _)| said.starts_with(start)) {
        Some((_, vi, en)) => Message::new(format!("JSON sai: {vi}"), format!("broken JSON: {en}")),
        None => Message::new("JSON sai cú pháp", "broken JSON"),
    }
}
