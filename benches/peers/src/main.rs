//! What reading alone costs: `peers simd-json FILE`, `peers csv FILE`,
//! `peers parquet FILE`.
//!
//! Enters: a file. Leaves: how many records it has. The one idea: these readers understand nothing
//! of what they read, so that a program that does can be measured against them.
#![forbid(unsafe_code)]

use std::error::Error;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{env, fs, io, thread};

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().collect();
    let count = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "simd-json", file] => simd_json(file)?,
        [_, "csv", file] => csv(file)?,
        [_, "parquet", file] => parquet(file)?,
        [_, "read", file] => read(file)?,
        _ => return Err("peers simd-json|csv|parquet|read FILE".into()),
    };
    writeln!(io::stdout(), "{count}")?;
    Ok(())
}

/// The tapes of all lines, by two threads that take chunks of 1 MiB in turn.
fn simd_json(file: &str) -> Result<usize, Box<dyn Error>> {
    let input = Mutex::new((fs::File::open(file)?, Vec::new()));
    thread::scope(|scope| {
        let other = scope.spawn(|| tapes(&input));
        let count = tapes(&input).map_err(|fault| fault.to_string())?;
        let other = other.join().map_err(|_| "a thread broke")?;
        Ok(count + other.map_err(|fault| fault.to_string())?)
    })
}

/// The arrays of all columns, by two threads that take groups of rows in turn.
fn parquet(file: &str) -> Result<usize, Box<dyn Error>> {
    let whole = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(file)?)?;
    let groups = whole.metadata().num_row_groups();
    let next = AtomicUsize::new(0);
    let decode = || -> Result<usize, Box<dyn Error + Send + Sync>> {
        let mut count = 0;
        loop {
            let group = next.fetch_add(1, Ordering::Relaxed);
            if group >= groups {
                return Ok(count);
            }
            // Each group has a file of its own: threads that share one share its place.
            let group = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(file)?)?
                .with_row_groups(vec![group])
                .with_batch_size(8_192)
                .build()?;
            for batch in group {
                count += batch?.num_rows();
            }
        }
    };
    thread::scope(|scope| {
        let other = scope.spawn(decode);
        let count = decode().map_err(|fault| fault.to_string())?;
        let other = other.join().map_err(|_| "a thread broke")?;
        Ok(count + other.map_err(|fault| fault.to_string())?)
    })
}

type Input = Mutex<(fs::File, Vec<u8>)>;

/// The next whole lines, in `chunk`; the rest of the last one is kept for the next.
fn lines(input: &Input, chunk: &mut Vec<u8>) -> io::Result<usize> {
    let mut input = input.lock().unwrap_or_else(PoisonError::into_inner);
    let (file, rest) = &mut *input;
    chunk.resize(1 << 20, 0);
    chunk[..rest.len()].copy_from_slice(rest);
    let mut len = rest.len();
    loop {
        match file.read(&mut chunk[len..])? {
            0 => break,
            count => len += count,
        }
    }
    let end = chunk[..len].iter().rposition(|byte| *byte == b'\n').map_or(len, |at| at + 1);
    *rest = chunk[end..len].to_vec();
    Ok(end)
}

fn tapes(input: &Input) -> Result<usize, Box<dyn Error + Send + Sync>> {
    let mut buffers = simd_json::Buffers::new(1 << 14);
    let (mut chunk, mut count) = (Vec::new(), 0);
    loop {
        let end = lines(input, &mut chunk)?;
        if end == 0 {
            return Ok(count);
        }
        for line in chunk[..end].split_mut(|byte| *byte == b'\n') {
            if !line.is_empty() {
                let tape = simd_json::to_tape_with_buffers(line, &mut buffers)?;
                count += usize::from(!tape.0.is_empty());
            }
        }
    }
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
