//! Draws README's picture of a session: types into a real shell on a pseudo terminal, beside a throwaway node, and writes
//! what the screen shows then as SVG, in the colours of a dark or a light page.
//!
//!     cargo build --release && cargo run --example picture -- target/release/cqlsh examples/session.svg

use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;
use std::{env, fs, thread};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use vt100::{Cell, Color, Parser};

const ROWS: NonZeroU16 = NonZeroU16::new(36).unwrap();
const COLUMNS: NonZeroU16 = NonZeroU16::new(100).unwrap();

/// What is set up before the picture begins.
const SETUP: &str = "\
CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TABLE shop.orders (customer text, placed timestamp, id uuid, total decimal, items map<text, int>, paid boolean, \
PRIMARY KEY (customer, placed, id)) WITH CLUSTERING ORDER BY (placed DESC, id ASC);
INSERT INTO shop.orders (customer, placed, id, total, items, paid) VALUES ('ada', '2026-11-02 09:30:00+0000', \
3f06af63-a93c-11e4-9795-1ba1ff2a2b8d, 149.50, {'card reader': 1, 'punched cards': 240}, true);
INSERT INTO shop.orders (customer, placed, id, total, items, paid) VALUES ('ada', '2026-11-21 17:05:00+0000', \
5b6962dd-3f90-4c93-8f61-eabfa4a803e2, 12.00, {'ink': 3}, false);
";

/// What is typed, each piece after the screen has come to rest.
const TYPED: [&str; 8] = [
    "USE shop;\r",
    "SELECT placed, total, items, paid FROM orders\r",
    "WHERE customer = 'ada' AND placed > '2026-01-01';\r",
    "SELECT total FROM ordrs;\r",
    "SELECT id, paid FROM orders LIMIT 1\\G\r",
    "\\format box\r",
    "SELECT placed, total FROM orders;\r",
    "UPDATE orders SET paid = true WHERE ",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(program), Some(picture)) = (arguments.next(), arguments.next()) else {
        return Err("give the program and the picture's name".into());
    };
    let home = tempfile::tempdir()?;
    let setup = home.path().join("setup.cql");
    fs::write(&setup, SETUP)?;

    let size = PtySize { rows: ROWS.get(), cols: COLUMNS.get(), pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size)?;
    let mut command = CommandBuilder::new(fs::canonicalize(program)?);
    command.args(["--sandbox", "--disable-history"]);
    command.env("TERM", "xterm-256color");
    command.env("CQL_HISTORY", home.path().join("history"));
    let mut child = pair.slave.spawn_command(command)?;
    drop(pair.slave);
    let (mut keyboard, screen) = (pair.master.take_writer()?, reader(pair.master.try_clone_reader()?));

    let mut terminal = Parser::new(ROWS, COLUMNS, 0);
    while !terminal.screen().contents().contains("cqlsh> ") {
        terminal.process(&screen.recv()?);
    }
    keyboard.write_all(format!("SOURCE '{}'\r", setup.display()).as_bytes())?;
    settle(&screen, &mut terminal);
    keyboard.write_all(b"CLEAR\r")?;
    settle(&screen, &mut terminal);
    for keys in TYPED {
        keyboard.write_all(keys.as_bytes())?;
        settle(&screen, &mut terminal);
    }
    // The first TAB completes, the second lists.
    for _ in 0..2 {
        keyboard.write_all(b"\t")?;
        settle(&screen, &mut terminal);
    }
    fs::write(picture, svg(&terminal))?;
    // Ctrl-C leaves the line, Ctrl-D the shell, and with it the node.
    keyboard.write_all(b"\x03\x04")?;
    while screen.recv().is_ok() {}
    child.wait()?;
    Ok(())
}

fn reader(mut output: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = output.read(&mut bytes) {
            if sender.send(bytes[..read].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Reads until nothing more comes.
fn settle(screen: &Receiver<Vec<u8>>, terminal: &mut Parser) {
    loop {
        match screen.recv_timeout(Duration::from_millis(1500)) {
            Ok(bytes) => terminal.process(&bytes),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Width and height of a character, and the room around all of them, in pixels.
const WIDTH: f64 = 8.4;
const HEIGHT: f64 = 18.0;
const MARGIN: f64 = 14.0;

/// The terminal's colours on a dark and on a light page: background, text, then the sixteen.
const DARK: [&str; 18] = [
    "#1b1e24", "#d5d9e0", "#3a3f4b", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
    "#7f8896", "#ff7a85", "#b5e890", "#ffd68a", "#80c4ff", "#de94f5", "#6fd3e0", "#ffffff",
];
const LIGHT: [&str; 18] = [
    "#fafafa", "#2b2f38", "#2b2f38", "#c0392b", "#3d8b37", "#9a6700", "#2563c9", "#8b2fb0", "#0f7b8a", "#a0a4ac",
    "#7a808c", "#d64541", "#4a9e43", "#b07800", "#3b7ae0", "#a046c4", "#168f9f", "#50545c",
];

fn svg(terminal: &Parser) -> String {
    let (width, height) =
        (f64::from(COLUMNS.get()) * WIDTH + 2.0 * MARGIN, f64::from(ROWS.get()) * HEIGHT + 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xml:space='preserve' viewBox='0 0 {width} {height}' width='{width}' height='{height}'>\n\
         <title>A session</title>\n<style>\n\
         text {{ font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre }}\n\
         .bold {{ font-weight: 600 }} .dim {{ opacity: 0.6 }}\n{}\
         @media (prefers-color-scheme: dark) {{\n{}}}\n</style>\n\
         <rect class='page' width='{width}' height='{height}' rx='8'/>\n",
        rules(&LIGHT),
        rules(&DARK),
    );
    for row in 0..ROWS.get() {
        draw_row(terminal, row, &mut svg);
    }
    svg.push_str("</svg>\n");
    svg
}

fn rules(colours: &[&str; 18]) -> String {
    let [page, text, indexed @ ..] = colours;
    let mut rules = format!(".page {{ fill: {page} }} text, .cursor {{ fill: {text} }}\n");
    for (index, colour) in indexed.iter().enumerate() {
        let _ = writeln!(rules, ".c{index} {{ fill: {colour} }}");
    }
    rules
}

/// A row, the cells of one look in one piece.
fn draw_row(terminal: &Parser, row: u16, svg: &mut String) {
    let screen = terminal.screen();
    let mut column = 0;
    while column < COLUMNS.get() {
        let look = screen.cell(row, column).map(look).unwrap_or_default();
        let (start, mut text) = (column, String::new());
        while column < COLUMNS.get() && screen.cell(row, column).map(self::look).unwrap_or_default() == look {
            let shown = screen.cell(row, column).filter(|cell| cell.has_contents()).map_or(" ", Cell::contents);
            text.push_str(shown);
            column += 1;
        }
        let (x, y) = (MARGIN + f64::from(start) * WIDTH, MARGIN + f64::from(row) * HEIGHT);
        let length = f64::from(column - start) * WIDTH;
        if !text.trim().is_empty() {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let (baseline, class) = (y + 13.5, look.trim());
            let _ = writeln!(
                svg,
                "<text x='{x:.1}' y='{baseline:.1}' textLength='{length:.1}' class='{class}'>{escaped}</text>"
            );
        }
    }
    let (cursor_row, cursor_column) = screen.cursor_position();
    if cursor_row == row {
        let (x, y) = (MARGIN + f64::from(cursor_column) * WIDTH, MARGIN + f64::from(row) * HEIGHT);
        let _ = writeln!(svg, "<rect class='cursor' x='{x:.1}' y='{y:.1}' width='{WIDTH}' height='17' opacity='0.5'/>");
    }
}

/// The classes of a cell.
fn look(cell: &Cell) -> String {
    let mut look = String::new();
    if let Color::Idx(index @ 0..16) = cell.fgcolor() {
        let _ = write!(look, "c{index}");
    }
    if cell.bold() {
        look.push_str(" bold");
    }
    if cell.dim() {
        look.push_str(" dim");
    }
    look
}
