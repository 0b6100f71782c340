//! COPY through the real binary: what goes out comes back, files are whole or not there, and every row is answered for.

mod apache;
mod bytes;
mod cluster;
mod custom;
mod disk;
mod faults;
mod input;
mod interrupted;
mod large;
mod lossless;
mod named;
mod network;
mod options;
mod place;
mod progress;
mod random;
mod rejected;
mod split;
mod targets;
mod values;
