// What a script adds to a drawn figure: tips where the pointer rests, a closer look, and files to keep.

const SVG = "http://www.w3.org/2000/svg";
const STEP = 1.25;
const CLOSEST = 8; // times the whole figure
const SHEET = { width: 800, margin: 28, top: 46, foot: 40 }; // as in views/drawing/figure.py
const INK = "#1b2430", QUIET = "#5b6472";

const within = (value, low, up) => Math.min(Math.max(value, low), up);
const say = (text) => { const said = document.getElementById("said"); if (said) said.textContent = text; };

/** What a mark says. Its title becomes an attribute: the browser would show it a second time. */
function tipOf(mark) {
  const title = [...mark.children].find((child) => child.localName === "title");
  if (title) {
    mark.dataset.tip = title.textContent;
    title.remove();
  }
  return mark.dataset.tip ?? "";
}

const tip = document.createElement("div");
tip.id = "tip";
tip.hidden = true;

function showTip(text, x, y) {
  tip.textContent = text;
  tip.hidden = !text;
  if (!text) return;
  if (!tip.isConnected) document.querySelector("main").append(tip);
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${within(x + 12, 4, Math.max(4, innerWidth - width - 4))}px`;
  tip.style.top = `${y + 16 + height > innerHeight ? y - height - 8 : y + 16}px`;
}

document.addEventListener("pointermove", (event) => {
  const mark = event.target.closest?.(".plot svg *");
  showTip(mark ? tipOf(mark) : "", event.clientX, event.clientY);
});

/** Words in lines that fit the sheet. */
function wrapped(text, font, width) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function made(tag, look, text = "") {
  const found = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(look)) found.setAttribute(name, value);
  if (text) found.textContent = text;
  return found;
}

/** The figure with its title, its subtitle and its foot as an SVG document. */
function sheetOf(figure, whole) {
  const drawn = figure.querySelector(".plot svg");
  const body = drawn.cloneNode(true);
  const family = getComputedStyle(drawn).fontFamily;
  const parts = [];
  let y = SHEET.top;
  const write = (selector, size, step, fill, bold = "normal") => {
    const words = figure.querySelector(selector)?.textContent.trim() ?? "";
    for (const line of wrapped(words, `${bold} ${size}px ${family}`, SHEET.width - 2 * SHEET.margin)) {
      parts.push(made("text", { x: SHEET.margin, y, "font-size": size, "font-weight": bold, fill }, line));
      y += step;
    }
  };
  write("figcaption h2, figcaption h3", 21, 27, INK, "bold");
  write("figcaption p", 14, 20, QUIET);
  body.querySelectorAll(".brush").forEach((rect) => rect.remove());
  body.querySelectorAll("[data-tip]").forEach((mark) => {
    mark.append(made("title", {}, mark.dataset.tip));
    mark.removeAttribute("data-tip");
  });
  const [x, , width, tall] = whole;
  for (const [name, value] of Object.entries({ x, y, width, height: tall, viewBox: whole.join(" ") })) body.setAttribute(name, value);
  y += tall + SHEET.foot - 16;
  write(".foot", 12, 17, QUIET);
  const size = { width: SHEET.width, height: Math.ceil(y + SHEET.margin - 17) };
  const sheet = made("svg", { ...size, viewBox: `0 0 ${size.width} ${size.height}`, "font-family": family, role: "img",
    "aria-label": body.getAttribute("aria-label") });
  sheet.append(made("rect", { ...size, fill: "#ffffff" }), ...parts, body);
  return { text: new XMLSerializer().serializeToString(sheet), ...size };
}

/** A file that the browser keeps, made here: nothing is sent anywhere. */
function keep(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function save(figure, whole, ending) {
  const { text, width, height } = sheetOf(figure, whole);
  const name = `${figure.dataset.chart}.${ending}`;
  if (ending === "svg") {
    keep(new Blob([text], { type: "image/svg+xml" }), name);
    return;
  }
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => keep(blob, name), "image/png");
}

function button(name, act) {
  const found = Object.assign(document.createElement("button"), { type: "button", textContent: name });
  found.addEventListener("click", act);
  return found;
}

/** A closer look at a figure: buttons, keys and the pointer move a frame over it. */
function explore(figure, start) {
  const svg = figure.querySelector(".plot svg");
  const whole = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
  const ending = new AbortController();
  let frame = [...whole];
  const show = () => svg.setAttribute("viewBox", frame.join(" "));
  const move = (dx, dy) => {
    frame[0] = within(frame[0] + dx, whole[0], whole[0] + whole[2] - frame[2]);
    frame[1] = within(frame[1] + dy, whole[1], whole[1] + whole[3] - frame[3]);
    show();
  };
  const zoom = (by, [x, y] = [frame[0] + frame[2] / 2, frame[1] + frame[3] / 2]) => {
    const part = within(frame[2] / by, whole[2] / CLOSEST, whole[2]) / frame[2];
    frame = [x - (x - frame[0]) * part, y - (y - frame[1]) * part, frame[2] * part, frame[3] * part];
    move(0, 0);
  };
  const reset = () => { frame = [...whole]; show(); };
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  const marks = [...svg.querySelectorAll("*")].filter(tipOf);
  let current = -1;
  const read = (step) => {
    marks[current]?.classList.remove("pointed");
    current = (Math.max(current, step < 0 ? 0 : -1) + step + marks.length) % marks.length;
    const box = marks[current].getBoundingClientRect();
    marks[current].classList.add("pointed");
    showTip(tipOf(marks[current]), box.x + box.width / 2, box.y + box.height / 2);
    say(tipOf(marks[current]));
  };
  const end = () => {
    ending.abort();
    marks[current]?.classList.remove("pointed");
    showTip("");
    reset();
    bar.remove();
    start.parentElement.hidden = false;
    start.focus();
    say("The whole chart is shown.");
  };

  const bar = document.createElement("p");
  bar.className = "explore";
  const actions = [["Closer", () => zoom(STEP)], ["Further", () => zoom(1 / STEP)], ["Whole chart", reset],
    ...(marks.length ? [["Previous value", () => read(-1)], ["Next value", () => read(1)]] : []),
    ["Save as PNG", () => save(figure, whole, "png")], ["Save as SVG", () => save(figure, whole, "svg")],
    ["Close", end]];
  for (const [name, act] of actions) bar.append(button(name, act), " ");
  start.parentElement.hidden = true;
  start.parentElement.after(bar);
  bar.querySelector("button").focus();
  say("Look closely with the buttons, or with plus, minus and the arrow keys.");

  const keys = {
    "+": () => zoom(STEP), "-": () => zoom(1 / STEP), 0: reset, Escape: end,
    ArrowLeft: () => move(-frame[2] / 10, 0), ArrowRight: () => move(frame[2] / 10, 0),
    ArrowUp: () => move(0, -frame[3] / 10), ArrowDown: () => move(0, frame[3] / 10),
  };
  // What is done here is done before the map's brush hears of it.
  const first = { capture: true, signal: ending.signal };
  figure.addEventListener("keydown", (event) => {
    const act = !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, first);
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return; // a plain wheel scrolls the page
    event.preventDefault();
    zoom(event.deltaY < 0 ? STEP : 1 / STEP, at(event));
  }, { ...first, passive: false });
  let from = null;
  figure.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch" || !svg.contains(event.target)) return;
    event.stopPropagation();
    from = at(event);
  }, first);
  figure.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = at(event);
    move(from[0] - x, from[1] - y);
  }, first);
  for (const name of ["pointerup", "pointerleave"]) figure.addEventListener(name, () => { from = null; }, first);
}

/** Give every figure of a fresh page the button that starts a closer look. */
export function prepareFigures() {
  for (const figure of document.querySelectorAll("figure.chart")) {
    if (figure.querySelector("p.explore") || !figure.querySelector(".plot svg")) continue;
    const line = Object.assign(document.createElement("p"), { className: "explore" });
    const start = button("Explore this chart", () => explore(figure, start));
    const which = Object.assign(document.createElement("span"), { className: "away" });
    which.textContent = `: ${figure.querySelector("figcaption h2, figcaption h3")?.textContent ?? ""}`;
    start.append(which);
    line.append(start);
    figure.querySelector(".foot").after(line);
  }
}
