//! The outputs, over reports made by hand, through the library as anybody calls it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod colour;
mod hostile;
mod human;
mod programs;
mod report;
mod sarif;

use coldcall::output::{Format, Style, write};
use report::{describe, render};

/// A terminal of 80 columns without colour.
const PLAIN: Style = Style { colour: false, width: 80, unicode: true, hyperlinks: false };

const FORMATS: [Format; 5] = [Format::Human, Format::Concise, Format::Json, Format::Sarif, Format::Github];

#[test]
fn the_order_of_findings_does_not_matter() {
    for format in FORMATS {
        let wanted = render(&report::demo(), format, &PLAIN);
        let count = report::demo().findings.len();
        for turn in 1..count {
            let mut report = report::demo();
            report.findings.rotate_left(turn);
            assert_eq!(render(&report, format, &PLAIN), wanted, "{format:?}, rotated by {turn}");
            report.findings.reverse();
            assert_eq!(render(&report, format, &PLAIN), wanted, "{format:?}, rotated by {turn} and reversed");
        }
    }
}

/// Takes `room` bytes, then breaks like a pipe that nobody reads.
struct Pipe {
    room: usize,
}

impl std::io::Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.room == 0 {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        }
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_broken_pipe_is_returned_as_one() {
    for format in FORMATS {
        let length = render(&report::demo(), format, &PLAIN).len();
        for room in [0, 1, length / 2, length - 1] {
            let result = write(&report::demo(), format, &PLAIN, &describe, &mut Pipe { room });
            assert_eq!(result.unwrap_err().kind(), std::io::ErrorKind::BrokenPipe, "{format:?} after {room} bytes");
        }
        write(&report::demo(), format, &PLAIN, &describe, &mut Pipe { room: length }).unwrap();
    }
}
