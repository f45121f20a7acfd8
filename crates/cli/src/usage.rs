//! What is wrong with a command line, in both languages.
//!
//! Enters: clap's error. Leaves: a message and, where there is one, what was perhaps meant. The
//! one idea: clap finds the fault, we say it. Options and commands that users may know from the
//! documentation but that this version lacks are told apart from those that never were.

use chitieu::diagnostic::Message;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Options and commands of the interface that this version does not have.
const LATER: [&str; 2] = ["serve", "lsp"];

/// The message of an error that is neither help nor version.
pub(crate) fn message(error: &clap::Error) -> Message {
    let of = |kind| context(error, kind);
    match error.kind() {
        ErrorKind::UnknownArgument => unknown(
            ("tùy chọn", "option"),
            &of(ContextKind::InvalidArg),
            &of(ContextKind::SuggestedArg),
        ),
        ErrorKind::InvalidSubcommand => unknown(
            ("lệnh", "command"),
            &of(ContextKind::InvalidSubcommand),
            &of(ContextKind::SuggestedSubcommand),
        ),
        ErrorKind::InvalidValue if of(ContextKind::InvalidValue).is_empty() => {
            let option = of(ContextKind::InvalidArg);
            let vi = format!("`{option}` cần một giá trị");
            Message::new(vi, format!("`{option}` needs a value"))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => wrong_value(error),
        ErrorKind::MissingRequiredArgument => {
            let what = of(ContextKind::InvalidArg);
            Message::new(format!("thiếu {what}"), format!("{what} is missing"))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Message::new(
                "thiếu lệnh: `chitieu eval` hoặc `chitieu check`",
                "a command is missing: `chitieu eval` or `chitieu check`",
            )
        }
        ErrorKind::ArgumentConflict => {
            let option = of(ContextKind::InvalidArg);
            let vi = format!("`{option}` chỉ được viết một lần");
            Message::new(vi, format!("`{option}` may be written once only"))
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            let option = of(ContextKind::InvalidArg);
            let vi = format!("`{option}` có số giá trị không đúng");
            Message::new(vi, format!("`{option}` has the wrong number of values"))
        }
        ErrorKind::InvalidUtf8 => {
            Message::new("có tham số không phải Unicode (UTF-8)", "an argument is not UTF-8")
        }
        _ => Message::new("dòng lệnh sai", "the command line is wrong"),
    }
}

fn unknown((vi, en): (&str, &str), wrong: &str, near: &str) -> Message {
    let name = wrong.split('=').next().unwrap_or_default();
    if LATER.contains(&name) {
        return Message::new(
            format!("{vi} `{name}` chưa có trong bản này"),
            format!("{en} `{name}` is not available in this version"),
        );
    }
    let (more_vi, more_en) = match near {
        "" => (String::new(), String::new()),
        near => (format!("; có phải là `{near}`?"), format!("; did you mean `{near}`?")),
    };
    Message::new(
        format!("không có {vi} `{wrong}`{more_vi}"),
        format!("there is no {en} `{wrong}`{more_en}"),
    )
}

fn wrong_value(error: &clap::Error) -> Message {
    let option = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    let valid = match context(error, ContextKind::ValidValue) {
        list if !list.is_empty() => list,
        // Our own parsers and number ranges say what is valid as the source of the error.
        _ => std::error::Error::source(error).map(ToString::to_string).unwrap_or_default(),
    };
    let (vi, en) = match valid.as_str() {
        "" => (String::new(), String::new()),
        valid => (format!("; dùng được: {valid}"), format!("; valid: {valid}")),
    };
    Message::new(
        format!("`{option}`: giá trị `{value}` không dùng được{vi}"),
        format!("`{option}`: `{value}` is no valid value{en}"),
    )
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        Some(ContextValue::Number(number)) => number.to_string(),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Cli;

    #[test]
    fn faults_are_said_in_vietnamese() {
        let cases = [
            ("eval a --data b --treads 2", "không có tùy chọn `--treads`; có phải là `--threads`?"),
            ("evl", "không có lệnh `evl`; có phải là `eval`?"),
            ("serve a", "lệnh `serve` chưa có trong bản này"),
            ("eval a", "thiếu --data <TỆP>..."),
            ("check", "thiếu <LUẬT>..."),
            ("eval a --data", "`--data <TỆP>...` cần một giá trị"),
            ("", "thiếu lệnh: `chitieu eval` hoặc `chitieu check`"),
            (
                "eval a --data b --format pdf",
                "`--format <DẠNG>`: giá trị `pdf` không dùng được; dùng được: table, ndjson, \
                 json, csv, parquet, arrow, xlsx, html, junit",
            ),
            (
                "eval a --data b --only good",
                "`--only <KẾT LUẬN>`: giá trị `good` không dùng được; dùng được: exceeded, met, \
                 not_met, …",
            ),
            ("eval a --data b --summary --summary", "`--summary` chỉ được viết một lần"),
        ];
        for (line, expected) in cases {
            let words = std::iter::once("chitieu").chain(line.split_whitespace());
            let error = Cli::try_parse_from(words).unwrap_err();
            assert_eq!(message(&error).vi, expected, "{line}");
        }
    }
}
