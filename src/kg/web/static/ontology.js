// A box that filters the terms of a page, and buttons that copy IRIs. The page works without both.

const DONE = 1500; // milliseconds for which a button says that it has copied

function copier(code) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy ${code.textContent}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, DONE);
  });
  code.after(" ", button);
}

// A term is shown where it has all words, or a term below it does.
function filter(terms, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = terms.filter((term) => words.every((word) => term.words.includes(word)));
  const shown = new Set(found.map((term) => term.item));
  for (const term of terms) {
    term.item.hidden = !(shown.has(term.item) || [...shown].some((item) => term.item.contains(item)));
  }
  return found.length;
}

function filterBox(region) {
  const terms = [...region.querySelectorAll(".term")].map((item) => {
    const own = item.cloneNode(true);
    own.querySelectorAll(".term").forEach((inner) => inner.remove());
    return { item, words: own.textContent.toLowerCase() };
  });
  const form = document.createElement("form");
  form.className = "filter";
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", region.dataset.filter);
  const label = document.createElement("label");
  label.htmlFor = "filter-box";
  label.textContent = region.dataset.filter;
  const input = document.createElement("input");
  input.id = "filter-box";
  input.type = "search";
  input.autocomplete = "off";
  const status = document.createElement("p");
  status.className = "small muted";
  status.setAttribute("role", "status");
  form.append(label, input, status);
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => {
    const number = filter(terms, input.value);
    for (const section of region.querySelectorAll("section")) {
      section.hidden = !section.querySelector(".term:not([hidden])");
    }
    status.textContent = input.value ? `${number} of ${terms.length}` : "";
  });
  region.prepend(form);
}

if (navigator.clipboard) {
  document.querySelectorAll("[data-copy]").forEach(copier);
}
document.querySelectorAll("[data-filter]").forEach(filterBox);
