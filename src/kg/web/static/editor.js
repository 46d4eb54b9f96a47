// Makes an editor of the query form at /sparql: colours, matching brackets, completion of names.
// The form stays what is sent; without this file, or where it fails, the form works by itself.

const form = document.querySelector("form[data-editor]");
if (form) await enhance(form);

async function enhance(form) {
  const { default: Yasqe } = await import(form.dataset.editor);
  const area = form.elements.query;

  declarePrefixes(Yasqe);
  Yasqe.registerAutocompleter(completer(askOnce(form.dataset.completions)));
  Yasqe.defaults.autocompleters = ["variables", "names"]; // its own ones ask other hosts
  const editor = new Yasqe(area.parentElement.insertBefore(document.createElement("div"), area), {
    value: area.value,
    mode: "sparql-here",
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    viewportMargin: Infinity,
    screenReaderLabel: "Query",
    extraKeys: {
      "Ctrl-Enter": () => form.requestSubmit(),
      "Cmd-Enter": () => form.requestSubmit(),
      "Ctrl-S": false,
      Tab: false,
      "Shift-Tab": false,
    },
  });
  area.hidden = true;
  area.required = false; // what is hidden cannot be asked for
  describe(form, area, editor);
  editor.on("change", () => { area.value = editor.getValue(); });
  form.querySelector(`label[for="${area.id}"]`).addEventListener("click", () => editor.focus());
  form.addEventListener("submit", () => prepare(form, area));
  showProblem(form, editor);
}

// The service declares prefixes by itself: the editor must not take them for mistakes.
function declarePrefixes(Yasqe) {
  const written = document.getElementById("prefixes").textContent;
  const prefixes = Object.fromEntries(
    [...written.matchAll(/PREFIX (\S*): <(.*)>/g)].map(([, prefix, iri]) => [prefix, iri]),
  );
  Yasqe.defineMode("sparql-here", (options) => {
    const mode = Yasqe.getMode(options, "sparql11");
    const startState = () => ({ ...mode.startState(), prefixes: { ...prefixes } });
    return { ...mode, startState };
  });
}

// Returns a function that fetches the names the first time they are wanted.
function askOnce(address) {
  let names;
  const ask = async () => {
    const answer = await fetch(address);
    return answer.ok ? answer.json() : [];
  };
  return () => (names ??= ask().catch(() => []));
}

// Tells a screen reader what the text area told: its keys, and what is wrong.
function describe(form, area, editor) {
  const keys = document.getElementById("keys");
  keys.hidden = false;
  const input = editor.getInputField();
  const described = [area.getAttribute("aria-describedby"), keys.id].filter(Boolean);
  input.setAttribute("aria-describedby", described.join(" "));
  if (area.hasAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
  explainMarks(editor.getWrapperElement());
}

// The editor's own words at a mark carry styles of their own, which the page forbids.
function explainMarks(editor) {
  for (const name of ["mouseover", "mouseout"]) {
    editor.addEventListener(name, (event) => {
      const mark = event.target.closest(".parseErrorIcon");
      if (!mark) return;
      event.stopPropagation();
      mark.title = "The query does not parse from here on";
    }, true);
  }
}

// A short query goes into the address, where it can be linked to; a long one would not fit.
function prepare(form, area) {
  form.method = encodeURIComponent(area.value).length > 6000 ? "post" : "get";
  if (!form.elements.format.value && form.method === "get") form.elements.format.disabled = true;
  // Whoever comes back finds the form as it was.
  setTimeout(() => { form.elements.format.disabled = false; });
}

// Puts the cursor where the service found the mistake, and marks the line.
function showProblem(form, editor) {
  const line = Number(form.dataset.line) - 1;
  if (!(line >= 0)) return;
  editor.addLineClass(line, "background", "mistaken");
  editor.getDoc().setCursor({ line, ch: Number(form.dataset.column) - 1 });
  editor.focus();
}

// Completes the names of the graph: by how they are written, or by their label.
function completer(names) {
  const labels = new Map();
  return {
    name: "names",
    bulk: false,
    autoShow: false,
    isValidCompletionPosition(editor) {
      const token = editor.getCompleteToken();
      const isName = !/^[?$"'#]/.test(token.string) && !token.state.inPrefixDecl;
      return isName && token.string.trim() !== "";
    },
    async get(editor, token) {
      const wanted = kindsAt(token);
      const found = await names();
      for (const [name, label] of found) labels.set(name, label);
      return search(found.filter(([, , kind]) => wanted.includes(kind)), token.string.trim());
    },
    postprocessHints: (editor, hints) =>
      hints.map((hint) => ({ ...hint, displayText: `${hint.text}  ${labels.get(hint.text) ?? ""}` })),
  };
}

// The kinds of names that fit where the token stands.
function kindsAt(token) {
  if (["a", "rdf:type"].includes(token.state.lastProperty)) return ["class"];
  if (token.state.possibleCurrent.includes("a")) return ["property"];
  return ["thing", "concept", "class"];
}

// The names that begin so come first, then what is called so, then where some word begins so.
function search(found, text) {
  const wanted = text.toLowerCase();
  const rank = ([name, label]) => {
    const [written, called] = [name.toLowerCase(), label.toLowerCase()];
    if (written.startsWith(wanted)) return 0;
    if (called.startsWith(wanted)) return 1;
    const words = `${written} ${called}`.split(/[\s:/-]+/);
    return words.some((word) => word.startsWith(wanted)) ? 2 : 3;
  };
  return found
    .map((each) => [rank(each), each[1].length, each[0]])
    .filter(([place]) => place < 3)
    .sort(([a, short], [b, long]) => a - b || short - long)
    .slice(0, 50)
    .map(([, , name]) => name);
}
