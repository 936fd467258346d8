const body = document.querySelector("tbody");
const heads = document.querySelectorAll("th");
document.querySelectorAll("th button").forEach((button, column) => {
  button.addEventListener("click", () => {
    const down = heads[column].getAttribute("aria-sort") === "ascending";
    const text = (row) => row.cells[column].dataset.rank ?? row.cells[column].textContent;
    const order = (a, b) => text(a).localeCompare(text(b), "en", { numeric: true });
    const ranked = (a, b) => text(a) - text(b);
    const inOrder = body.querySelector(`td:nth-child(${column + 1})[data-rank]`) ? ranked : order;
    const rows = [...body.rows].sort((a, b) => (down ? inOrder(b, a) : inOrder(a, b)));
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...rows);
  });
});
