//! What reading alone costs: `peers simd-json FILE`, `peers csv FILE`.
//!
//! Enters: a file. Leaves: how many records it has. The one idea: these readers understand nothing
//! of what they read, so that a program that does can be measured against them.
#![forbid(unsafe_code)]

use std::error::Error;
use std::io::{Read, Write};
use std::{env, fs, io, thread};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().collect();
    let count = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "simd-json", file] => simd_json(file)?,
        [_, "csv", file] => csv(file)?,
        [_, "read", file] => read(file)?,
        _ => return Err("peers simd-json|csv|read FILE".into()),
    };
    writeln!(io::stdout(), "{count}")?;
    Ok(())
}

/// The tapes of all lines, by two threads.
fn simd_json(file: &str) -> Result<usize, Box<dyn Error>> {
    let mut bytes = fs::read(file)?;
    let middle = bytes.len() / 2;
    let cut = bytes.iter().skip(middle).position(|byte| *byte == b'\n');
    let (first, second) = bytes.split_at_mut(cut.map_or(middle, |at| middle + at + 1));
    thread::scope(|scope| {
        let other = scope.spawn(|| tapes(second));
        let count = tapes(first)?;
        Ok(count + other.join().map_err(|_| "a thread broke")??)
    })
}

fn tapes(bytes: &mut [u8]) -> Result<usize, simd_json::Error> {
    let mut buffers = simd_json::Buffers::new(1 << 14);
    let mut count = 0;
    for line in bytes.split_mut(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let tape = simd_json::to_tape_with_buffers(line, &mut buffers)?;
        count += usize::from(!tape.0.is_empty());
    }
    Ok(count)
}

/// The raw records of a table.
fn csv(file: &str) -> Result<usize, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file)?;
    let (mut record, mut count) = (csv::ByteRecord::new(), 0);
    while reader.read_byte_record(&mut record)? {
        count += 1;
    }
    Ok(count)
}

/// The bytes alone.
fn read(file: &str) -> Result<usize, Box<dyn Error>> {
    let (mut file, mut buffer, mut all) = (fs::File::open(file)?, vec![0; 1 << 20], 0);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(all),
            count => all += count,
        }
    }
}
