//! The command line of chitieu: arguments in, verdicts out.
//!
//! Enters: arguments, files, standard input. Leaves: results on standard output or in a file, what
//! is to be said on standard error, and an exit status: 0 done, 1 done and something asked for was
//! found, 2 not done. One file holds one subcommand.

mod args;
mod audit;
mod check;
mod console;
mod diff;
mod eval;
mod explain;
mod fmt;
mod interrupt;
mod json;
mod load;
mod new;
mod template;
mod test;
mod usage;

use std::io::Write;
use std::process::ExitCode;

use args::{Cli, Command, When};
use chitieu::diagnostic::Lang;
use clap::Parser;
use clap::error::ErrorKind;
use console::{Console, Failure};

/// How a command ended that did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// Nothing that was asked for was found.
    Clean,
    /// Something was.
    Found,
}

fn main() -> ExitCode {
    let said = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // A decoder that breaks on a broken file becomes an error that names the file.
        if !chitieu_arrow::is_decoding() {
            said(panic);
        }
    }));
    interrupt::outlive_limits();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let words = match &cli.command {
        Command::Eval(eval) => &eval.words,
        Command::Check(check) => &check.words,
        Command::Fmt(fmt) => &fmt.words,
        Command::Test(test) => &test.words,
        Command::Explain(explain) => &explain.words,
        Command::Audit(audit) => &audit.words,
        Command::Diff(diff) => &diff.words,
        Command::New(new) => &new.words,
        Command::Template(template) => &template.words,
    };
    let console = Console::new(words.lang.unwrap_or_default(), words.color);
    let done = match &cli.command {
        Command::Eval(eval) => eval::run(eval, console),
        Command::Check(check) => check::run(check, console),
        Command::Fmt(fmt) => fmt::run(fmt, console),
        Command::Test(test) => test::run(test, console),
        Command::Explain(explain) => explain::run(explain, console),
        Command::Audit(audit) => audit::run(audit, console),
        Command::Diff(diff) => diff::run(diff, console),
        Command::New(new) => new::run(new, console),
        Command::Template(template) => template::run(template, console),
    };
    match done {
        Ok(Status::Clean) | Err(Failure::Pipe) => ExitCode::SUCCESS,
        Ok(Status::Found) => ExitCode::from(1),
        Err(Failure::Shown) => ExitCode::from(2),
        Err(Failure::Said(message)) => {
            console.error(&message);
            ExitCode::from(2)
        }
    }
}

/// Prints help or version, or says what is wrong with the arguments.
fn refuse(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that is gone needs no help.
        let _ = write!(std::io::stdout().lock(), "{}", error.render());
        return ExitCode::SUCCESS;
    }
    let words: Vec<_> = std::env::args_os().collect();
    let is_english = words.iter().any(|word| word == "--lang=en")
        || words.windows(2).any(|pair| pair.iter().eq(["--lang", "en"].iter()));
    let console = Console::new(if is_english { Lang::En } else { Lang::Vi }, When::Auto);
    console.error(&usage::message(error));
    console
        .note(&chitieu::diagnostic::Message::new("xem `chitieu --help`", "see `chitieu --help`"));
    ExitCode::from(2)
}
