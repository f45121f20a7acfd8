//! stub
use crate::Status;
use crate::args::Template;
use crate::console::{Console, Failure};
pub(crate) fn run(_args: &Template, _console: Console) -> Result<Status, Failure> {
    Ok(Status::Clean)
}
