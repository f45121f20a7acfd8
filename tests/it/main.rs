//! One binary for all tests that see the library from outside.

#[cfg(test)]
// What pest derives names it.
extern crate alloc;

#[cfg(test)]
mod alike;
#[cfg(test)]
mod arithmetic;
#[cfg(test)]
mod audits;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod cover;
#[cfg(test)]
mod differential;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod format;
#[cfg(test)]
mod guide;
#[cfg(test)]
mod history;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod packs;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod units;
