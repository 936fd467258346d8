//! One row for each client, for spreadsheets.

use super::columns;
use crate::audit::Inventory;
use std::borrow::Cow;
use std::io;

pub(super) fn write(inventory: &Inventory, out: &mut dyn io::Write) -> io::Result<()> {
    let columns = columns::all(inventory);
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns.iter().map(|(name, _)| name))?;
    for entry in &inventory.clients {
        let cells = columns.iter().map(|column| columns::text(column, entry));
        writer.write_record(cells.map(|text| plain(&text).into_owned()))?;
    }
    writer.flush()
}

/// Text that no spreadsheet takes for a formula.
fn plain(text: &str) -> Cow<'_, str> {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}
