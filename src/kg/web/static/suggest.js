// Suggestions below a search box: a combobox with a list, as ARIA 1.2 has it. The box works without.

const WAIT = 150; // milliseconds after the last letter
const NONE = -1;

function option(id, label, kind) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const name = document.createElement("bdi");
  name.textContent = label;
  const what = document.createElement("span");
  what.className = "small kind";
  what.textContent = kind;
  item.append(what, name);
  return item;
}

function suggestAt(input) {
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let urls = [];
  let active = NONE;
  let timer = 0;
  let asked = new AbortController();

  list.id = `${input.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  input.after(list, status);
  input.autocomplete = "off";
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) {
    input.setAttribute(name, value);
  }

  function choose(number) {
    active = number;
    [...list.children].forEach((item, place) => {
      item.setAttribute("aria-selected", String(place === number));
    });
    if (number === NONE) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", list.children[number].id);
      list.children[number].scrollIntoView({ block: "nearest" });
    }
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    choose(NONE);
  }

  function stop() {
    clearTimeout(timer);
    asked.abort();
    open(false);
  }

  async function ask(text) {
    asked.abort();
    asked = new AbortController();
    const mine = asked;
    const address = `${input.dataset.suggest}?q=${encodeURIComponent(text)}`;
    try {
      const response = await fetch(address, { signal: mine.signal });
      if (!response.ok) return open(false);
      const [, labels, kinds, found] = await response.json();
      if (mine.signal.aborted || document.activeElement !== input) return undefined;
      urls = found;
      list.replaceChildren(...labels.map((each, i) => option(`${list.id}-${i}`, each, kinds[i])));
      status.textContent = labels.length === 1 ? "1 suggestion" : `${labels.length} suggestions`;
      open(labels.length > 0);
    } catch (error) {
      if (error.name !== "AbortError") open(false);
    }
    return undefined;
  }

  function follow(number) {
    const target = new URL(urls[number], location.href);
    if (target.protocol === "https:" || target.protocol === "http:") location.assign(target);
  }

  input.addEventListener("input", () => {
    stop();
    const text = input.value.trim();
    if (text) timer = setTimeout(ask, WAIT, text);
  });
  input.addEventListener("blur", stop);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = list.children.length;
    if (event.key === "Escape" && !list.hidden) {
      stop();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      if (list.hidden) open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = active === NONE && step < 0 ? 0 : active;
      choose((from + step + count) % count);
    } else if (event.key === "Enter" && !list.hidden && active !== NONE) {
      follow(active);
    } else {
      return;
    }
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) follow([...list.children].indexOf(item));
  });
}

document.querySelectorAll("input[data-suggest]").forEach(suggestAt);
