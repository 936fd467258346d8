const body = document.querySelector("tbody");
document.querySelectorAll("th button").forEach((button, column) => {
  let down = true;
  button.addEventListener("click", () => {
    const text = (row) => row.cells[column].textContent;
    const order = (a, b) => text(a).localeCompare(text(b), "en", { numeric: true });
    const rows = [...body.rows].sort((a, b) => (down ? order(a, b) : order(b, a)));
    down = !down;
    body.append(...rows);
  });
});
