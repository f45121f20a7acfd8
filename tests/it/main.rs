//! One binary for all tests that see the library from outside.

#[cfg(test)]
mod arithmetic;
#[cfg(test)]
mod differential;
