// Lays the text of a source beside its claims, for whoever has the file. The file is read in the
// browser and checked against the SHA-256 of the source; nothing is sent anywhere.
// Offsets count code points over the whole document, the end exclusive.

const reader = document.getElementById("reader");
const file = document.getElementById("file");
const outcome = document.getElementById("outcome");

const spanOf = (element) => element.dataset.span.split("-").map(Number);

const tell = (text) => { outcome.textContent = text; };

async function sha256(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function read(chosen) {
  if (!chosen) return;
  tell("Reading …");
  const bytes = await chosen.arrayBuffer().catch(() => null);
  if (!bytes) {
    tell("The browser cannot read this; choose the file itself.");
    return;
  }
  if (await sha256(bytes) !== reader.dataset.sha256) {
    clear();
    tell("This is another file: its SHA-256 is not the one of the source. Nothing is shown, for the places of the words would be wrong.");
    return;
  }
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const points = Array.from(text);
  document.querySelectorAll(".paragraph").forEach((section) => lay(section, points));
  tell(`This is the file: ${points.length} characters. Point at a claim and its words light up, and the other way round; in a text the arrow keys go from one stretch to the next.`);
}

function clear() {
  document.querySelectorAll(".text").forEach((text) => text.remove());
  document.querySelectorAll(".read").forEach((section) => section.classList.remove("read"));
  document.querySelectorAll(".lit").forEach((each) => each.classList.remove("lit"));
}

// Puts the words of a paragraph before its claims, cut wherever a span begins or ends.
function lay(section, points) {
  section.querySelector(".text")?.remove();
  const [start, end] = spanOf(section);
  const claims = Array.from(section.querySelectorAll(".marks > li"));
  const spans = claims.map(spanOf);
  const cuts = [...new Set([start, end, ...spans.flat()])]
    .filter((cut) => cut >= start && cut <= end).sort((a, b) => a - b);
  const text = document.createElement("p");
  text.className = "text";
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", `The words of ${section.querySelector("h2").firstChild.textContent.trim()}`);
  cuts.slice(0, -1).forEach((cut, i) => {
    const words = points.slice(cut, cuts[i + 1]).join("");
    const of = claims.filter((_, n) => spans[n][0] <= cut && cut < spans[n][1]);
    text.append(of.length ? stretch(words, of) : words);
  });
  const first = text.querySelector("span");
  if (first) first.tabIndex = 0;
  text.addEventListener("keydown", step);
  section.querySelector("h2").after(text);
  section.classList.add("read");
  claims.forEach((claim, n) => {
    const own = Array.from(text.querySelectorAll("span")).filter((each) => each.claims.includes(claim));
    claim.words = own;
    if (!claim.listens) listen(claim, () => [claim, ...claim.words]);
    claim.listens = true;
  });
}

function stretch(words, claims) {
  const span = document.createElement("span");
  span.textContent = words;
  span.tabIndex = -1;
  span.claims = claims;
  listen(span, () => [span, ...claims]);
  span.addEventListener("click", () => claims[0].scrollIntoView({ block: "nearest" }));
  return span;
}

function listen(element, lit) {
  const light = () => {
    document.querySelectorAll(".lit").forEach((each) => each.classList.remove("lit"));
    lit().forEach((each) => each.classList.add("lit"));
  };
  element.addEventListener("pointerenter", light);
  element.addEventListener("focusin", light);
}

// One stop of the tab key a paragraph; the arrow keys go on from there.
function step(event) {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const all = Array.from(event.currentTarget.querySelectorAll("span"));
  const next = all[all.indexOf(document.activeElement) + by];
  if (!by || !next) return;
  event.preventDefault();
  all.forEach((each) => { each.tabIndex = -1; });
  next.tabIndex = 0;
  next.focus();
}

const isOfFiles = (event) => event.dataTransfer.types.includes("Files");

function begin() {
  const canCheck = Boolean(globalThis.crypto?.subtle);
  reader.hidden = false;
  file.disabled = !canCheck;
  if (!canCheck) tell("The browser checks files only on pages that come over https or from localhost, and this one does not.");
  file.addEventListener("change", () => read(file.files[0]));
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!isOfFiles(event)) return;
      event.preventDefault(); // else the browser opens the file in place of the page
      reader.classList.toggle("over", canCheck);
    });
  }
  document.addEventListener("dragleave", () => reader.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    if (!isOfFiles(event)) return;
    event.preventDefault();
    reader.classList.remove("over");
    if (canCheck) read(event.dataTransfer.files[0]);
  });
}

if (reader) begin();
